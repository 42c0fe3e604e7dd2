// nudge lesson: the numbers of the worked example and of each way to break it.

using System.Globalization;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class LessonCommandTests
{
    [Fact]
    public void The_worked_example_has_the_lessons_numbers()
    {
        WorkedStep[] steps = Run(0.1);
        Assert.Equal([16, 0.64, 0.0256], Rounded(steps, step => step.Loss, 3));
        Assert.Equal([-16, -3.2, -0.64], Rounded(steps, step => step.Gradient, 3));
        Assert.Equal([1, 2.6, 2.92], Rounded(steps, step => step.Weight, 3));
    }

    [Fact]
    public void An_eighth_lands_in_one_step() => Assert.Equal([16, 0, 0], Rounded(Run(0.125), step => step.Loss, 3));

    [Fact]
    public void A_quarter_bounces_for_ever() => Assert.All(Run(0.25), step => Assert.Equal(16, step.Loss));

    [Fact]
    public void A_little_more_diverges() => Assert.All(Pairs(Run(0.26)), pair => Assert.Equal(1.1664, pair.Second.Loss / pair.First.Loss, 1e-9));

    [Fact]
    public void With_the_sign_flipped_the_loss_grows_by_324_hundredths() =>
        Assert.All(Pairs(Run(0.1, flipSign: true)), pair => Assert.Equal(3.24, pair.Second.Loss / pair.First.Loss, 1e-9));

    [Fact]
    public void Without_zeroing_it_never_settles() =>
        Assert.Equal([16, 0.64, 9.24, 19.78, 5.28, 2.86], Rounded(Run(0.1, zero: false), step => Math.Round(step.Loss, 2), 6));

    [Theory]
    [InlineData("So the loss goes to 0.")]
    [InlineData("lands exactly in one step", "--learning-rate", "0.125")]
    [InlineData("overshoots each time", "--learning-rate", "0.2")]
    [InlineData("for ever", "--learning-rate", "0.25")]
    [InlineData("lands higher each time", "--learning-rate", "0.26")]
    [InlineData("walks uphill", "--flip-sign")]
    [InlineData("never settles", "--no-zero")]
    public void The_lesson_says_why(string sentence, params string[] arguments)
    {
        CommandRun run = CommandRun.Of(["lesson", .. arguments]);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains(sentence, run.Out.Replace("\n  ", " "));
        Assert.Contains("new Mlp(3, [4, 4, 1], new Rng(1))", run.Out);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void The_lesson_shows_its_numbers_and_fits_on_two_screens()
    {
        CommandRun run = CommandRun.Of("lesson");
        foreach (string number in new[] { "= 16\n", "-15.996", "0.64", "0.0256", "2.92", "-3.2", "41 weights" })
            Assert.Contains(number, run.Out);
        Assert.True(run.Out.Count(c => c == '\n') < 60);
        Assert.All(run.Lines, line => Assert.True(line.Length < 80, line));
        Assert.All(CommandRun.InWindow(60, false, "lesson").Lines, line => Assert.True(line.Length < 60, line));
    }

    [Fact]
    public void Only_where_zeroing_is_left_out_a_stale_gradient_is_noticed()
    {
        Assert.Contains("stale", CommandRun.Of("lesson", "--no-zero").Out);
        Assert.DoesNotContain("stale", CommandRun.Of("lesson").Out);
    }

    [Fact]
    public void The_network_learns_the_four_examples_by_the_loop()
    {
        var network = new LessonNetwork(new LessonSettings(0.1, Zero: true, FlipSign: false, Seed: 1));
        double[] losses = network.Run(50);
        Assert.Equal(41, network.ParameterCount);
        Assert.True(losses[^1] < 0.05, losses[^1].ToString(CultureInfo.InvariantCulture));
        Assert.All(network.Predictions.Zip(network.Data.Targets), pair => Assert.Equal(pair.Second[0], pair.First, 0.2));
    }

    private static WorkedStep[] Run(double rate, bool zero = true, bool flipSign = false) =>
        [.. new WorkedExample().Run(new LessonSettings(rate, zero, flipSign, 1), 6)];

    private static double[] Rounded(WorkedStep[] steps, Func<WorkedStep, double> number, int count) =>
        [.. steps.Take(count).Select(step => Math.Round(number(step), 10))];

    private static IEnumerable<(WorkedStep First, WorkedStep Second)> Pairs(WorkedStep[] steps) => steps.Zip(steps.Skip(1));
}
