// How the lesson's loop goes, and how it can be broken.

namespace Nudge.Cli;

/// <param name="LearningRate">The size of a step.</param>
/// <param name="Zero">Whether gradients are zeroed before each backward pass.</param>
/// <param name="FlipSign">Whether the update goes with the gradient and not against it.</param>
/// <param name="Seed">Which network to start from.</param>
internal sealed record LessonSettings(double LearningRate, bool Zero, bool FlipSign, ulong Seed)
{
    /// <summary>The update as the loop has it, with the one token that is different in a broken loop.</summary>
    internal string Sign => FlipSign ? "+" : "-";

    /// <summary>What is added to a number for each unit of its gradient.</summary>
    internal double Step => FlipSign ? LearningRate : -LearningRate;
}
