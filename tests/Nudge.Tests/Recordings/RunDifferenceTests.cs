// Comparing runs: the first number that differs is the one that is named.

namespace Nudge.Tests.Recordings;

public sealed class RunDifferenceTests
{
    [Fact]
    public void The_same_run_twice_agrees_in_every_bit() =>
        Assert.Null(RunDifference.Between(Run(LessonRun.Record(20)), Run(LessonRun.Record(20))));

    [Fact]
    public void A_nudged_parameter_is_found_at_its_step_with_its_size()
    {
        byte[] nudged = LessonRun.Record(20, before: (trainer, step) =>
        {
            if (step == 7)
                trainer.Model.Parameters[5].Data += 1e-9;
        });
        RunDifference difference = RunDifference.Between(Run(LessonRun.Record(20)), Run(nudged))!;
        Assert.Equal((7, "start", "layers.0.neurons.1.w[1]"), (difference.Step, difference.Beat, difference.What));
        Assert.Equal(1e-9, difference.Absolute, 1e-15);
    }

    [Fact]
    public void Skipped_zeroing_is_found_in_the_gradients_of_the_second_step()
    {
        byte[] broken = LessonRun.Record(5, before: (trainer, _) => trainer.Mistakes = TrainingMistakes.SkipZeroing);
        RunDifference difference = RunDifference.Between(Run(LessonRun.Record(5)), Run(broken))!;
        Assert.Equal((1, "backward"), (difference.Step, difference.Beat));
        Assert.StartsWith("the gradient of layers.2.", difference.What);
    }

    [Fact]
    public void Another_sign_is_found_in_the_first_update()
    {
        byte[] broken = LessonRun.Record(5, before: (trainer, _) => trainer.Mistakes = TrainingMistakes.FlipSign);
        RunDifference difference = RunDifference.Between(Run(LessonRun.Record(5)), Run(broken))!;
        Assert.Equal((0, "update"), (difference.Step, difference.Beat));
        Assert.Equal(-difference.First, difference.Second, 1e-12);
    }

    [Fact]
    public void A_shorter_run_and_another_network_are_named()
    {
        RunDifference shorter = RunDifference.Between(Run(LessonRun.Record(5)), Run(LessonRun.Record(3)))!;
        Assert.Equal((3, "end", "the second run has no such step"), (shorter.Step, shorter.Beat, shorter.What));
        RunDifference seed = RunDifference.Between(Run(LessonRun.Record(5)), Run(LessonRun.Record(5, seed: 2)))!;
        Assert.Equal((0, "start", "layers.0.neurons.0.w[0]"), (seed.Step, seed.Beat, seed.What));
    }

    private static RunRecording Run(byte[] file) => RunRecording.Open(file, "run");
}
