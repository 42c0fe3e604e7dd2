// Schedules against PyTorch, step by step; the warm-up against its formula.

using Nudge.Tests.Reference;

namespace Nudge.Tests.Optimizers;

public class ScheduleTests
{
    [Fact]
    public void Schedules_agree_with_PyTorch()
    {
        foreach (Case reference in ReferenceData.Load<Case>("schedules"))
        {
            Schedule schedule = reference.Schedule switch
            {
                "Step" => Schedule.Step(reference.Steps, reference.Number),
                "Linear" => Schedule.Linear(reference.Steps, reference.Number),
                "Cosine" => Schedule.Cosine(reference.Steps, reference.Number),
                _ => throw new InvalidOperationException(reference.Schedule),
            };
            // PyTorch computes each rate from the one before and adds up the roundings of 100 steps: near a final rate of 0
            // they are all that is left.
            for (int step = 0; step < reference.Factors.Length; step++)
                Assert.Equal(reference.Factors[step], schedule.At(step), 1e-14);
        }
    }

    [Fact]
    public void Constant_is_the_base_rate_throughout() =>
        Assert.All(Enumerable.Range(0, 1000), step => Assert.Equal(1, Schedule.Constant.At(step)));

    [Fact]
    public void Linear_and_cosine_stay_at_their_final_rate()
    {
        Assert.Equal(0.1, Schedule.Linear(10, 0.1).At(10), 1e-15);
        Assert.Equal(0.1, Schedule.Linear(10, 0.1).At(1_000_000), 1e-15);
        Assert.Equal(0.1, Schedule.Cosine(10, 0.1).At(10), 1e-15);
        Assert.Equal(0.1, Schedule.Cosine(10, 0.1).At(1_000_000), 1e-15);
    }

    [Fact]
    public void Warm_up_climbs_in_a_straight_line_and_then_follows_the_other_from_its_beginning()
    {
        Schedule then = Schedule.Cosine(20, 0.1), warmUp = Schedule.WarmUp(5, then);
        Assert.Equal([0.2, 0.4, 0.6, 0.8, 1.0], Enumerable.Range(0, 5).Select(warmUp.At));
        Assert.All(Enumerable.Range(0, 40), step => Assert.Equal(then.At(step), warmUp.At(step + 5)));
        Assert.Equal(1, Schedule.WarmUp(5).At(100));
    }

    private sealed record Case(string Schedule, int Steps, double Number, double[] Factors);
}
