// How much the loss of each class counts, as it was typed.

namespace Nudge.Cli;

internal static class ClassWeights
{
    private const string Balanced = "balanced";

    /// <summary>A weight for each class; null where none was typed.</summary>
    /// <exception cref="UserException">There is no such class, or its weight is no number above 0.</exception>
    internal static double[]? Read(IReadOnlyList<string> typed, Dataset training)
    {
        if (typed.Count == 0)
            return null;
        if (training.Classes is not { } classes)
            throw new UserException($"--class-weight is for classes, and '{training.TargetName}' is a number; leave it out, or add --task classification");
        if (typed is [Balanced])
            return Objective.BalancedWeights(training);
        double[] weights = [.. classes.Select(_ => 1.0)];
        foreach (string text in typed.SelectMany(words => words.Split(',')))
        {
            int equals = text.LastIndexOf('=');
            int place = equals < 0 ? -1 : classes.ToList().IndexOf(text[..equals].Trim());
            if (place < 0 || !Choices.TryNumber(text[(equals + 1)..], out weights[place]) || weights[place] <= 0)
                throw new UserException($"--class-weight: expected {Balanced}, or a class and a number above 0, as {classes[0]}=5, got '{text}'; the classes are {Text.List(classes, 20)}");
        }
        return weights;
    }
}
