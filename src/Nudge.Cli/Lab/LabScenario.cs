// A way to break the training loop, beside the loop as it should be.

namespace Nudge.Cli;

/// <summary>How a loop of the lab goes.</summary>
/// <param name="LearningRate">The size of a step.</param>
/// <param name="Mistakes">What is done wrong.</param>
/// <param name="Scale">By how much the starting numbers are multiplied.</param>
internal sealed record LabSettings(double LearningRate, TrainingMistakes Mistakes = TrainingMistakes.None, double Scale = 1)
{
    internal bool Zeroes => !Mistakes.HasFlag(TrainingMistakes.SkipZeroing);

    internal string Sign => Mistakes.HasFlag(TrainingMistakes.FlipSign) ? "+" : "-";

    /// <summary>What is added to a number for each unit of its gradient.</summary>
    internal double Step => Mistakes.HasFlag(TrainingMistakes.FlipSign) ? LearningRate : -LearningRate;
}

/// <summary>A scenario: two loops from the same numbers, one token apart.</summary>
/// <param name="Name">What is typed.</param>
/// <param name="Title">What it is, in a few words.</param>
/// <param name="Why">Why what happens happens, in one sentence.</param>
/// <param name="IsNetwork">Whether it is the lesson's network, and not one weight.</param>
/// <param name="Right">The loop as it should be.</param>
/// <param name="Broken">The loop with the mistake.</param>
internal sealed record LabScenario(string Name, string Title, string Why, bool IsNetwork, LabSettings Right, LabSettings Broken)
{
    private bool ShowsStart => Right.Scale != Broken.Scale;

    /// <summary>The loop as C#: the four beats, and before them how the numbers start where that is the mistake.</summary>
    internal IReadOnlyList<string> CodeOf(LabSettings settings)
    {
        IReadOnlyList<string> beats = LabRun.Beats(settings, IsNetwork);
        return ShowsStart ? [$"foreach (Value p in net.Parameters) p.Data *= {Text.Number(settings.Scale)}; // once, before the first step", .. beats] : beats;
    }
}
