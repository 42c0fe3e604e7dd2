// Cross-validation: as many runs as there are folds, each measured on rows that it never saw.

using System.CommandLine;

namespace Nudge.Cli;

/// <summary>A fold that has been trained and measured.</summary>
/// <param name="Number">Which, from 0.</param>
/// <param name="Training">How many examples it was trained on, those among them that it was stopped by.</param>
/// <param name="Run">How its run ended.</param>
/// <param name="Baselines">
/// What one reaches of each target who always gives the same answer, the best for the examples trained on: the accuracy, or R².
/// </param>
internal sealed record Fold(int Number, int Training, RunOutcome Run, IReadOnlyList<double> Baselines)
{
    internal Metrics HeldBack => Run.HeldBack!;

    internal int Count => Run.Test!.Count;

    /// <summary>The accuracy, or R²; of several targets with classes among them the mean accuracy of those.</summary>
    internal double Quality => HeldBack.Accuracy ?? HeldBack.RSquared!.Value;

    /// <summary>The accuracy, or R², of a target.</summary>
    internal double QualityOf(int target) => HeldBack.OfEach[target].Accuracy ?? HeldBack.OfEach[target].RSquared!.Value;
}

internal static class Folds
{
    internal static Option<int?> Option() => Choices.Whole(
        "--folds", "Cross-validate: hold back each of so many parts in turn, train on the others, and print the mean and the spread", 2, 1000);

    /// <summary>The parts of the folds; rows held back to test with are in none of them.</summary>
    /// <exception cref="UserException">There are too few rows.</exception>
    internal static IReadOnlyList<(Dataset Training, Dataset HeldBack)> Of(TrainSettings settings, DataSource source, int count, Rng rng)
    {
        Dataset data = TrainingPlan.InOrder(settings, source);
        try
        {
            if (settings.Test > 0)
                data = (settings.SplitsByTime ? data.SplitInOrder(settings.Test) : data.Split(settings.Test, rng)).First;
            return settings.SplitsByTime ? data.FoldsInOrder(count) : data.Folds(count, rng);
        }
        catch (ArgumentException error)
        {
            throw new UserException($"--folds: {source.Name}: {error.Message.Split(" (Parameter ")[0].TrimEnd('.')}; expected more rows, or fewer folds");
        }
    }

    /// <summary>The run of a fold: its scales are those of its own training part.</summary>
    internal static TrainingPlan Plan(TrainSettings settings, DataSource source, (Dataset Training, Dataset HeldBack) parts) =>
        TrainingPlan.Make(settings with { Test = 0, IsTrial = true }, source, new Rng(settings.Seed), parts);

    /// <summary>A fold whose run has ended.</summary>
    internal static Fold Ended(int number, (Dataset Training, Dataset HeldBack) parts, RunOutcome run) =>
        new(number, parts.Training.Count, run, [.. Enumerable.Range(0, parts.Training.TargetCount).Select(t => BaselineOf(parts.Training.OfTarget(t), parts.HeldBack.OfTarget(t)))]);

    private static double BaselineOf(Dataset training, Dataset heldBack)
    {
        if (training.Classes is not null)
        {
            double largest = training.Targets.GroupBy(target => target[0]).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;
            return heldBack.Targets.Average(target => target[0] == largest ? 1.0 : 0);
        }
        double mean = training.Targets.Average(target => target[0]), own = heldBack.Targets.Average(target => target[0]);
        double residual = heldBack.Targets.Sum(target => (target[0] - mean) * (target[0] - mean)), total = heldBack.Targets.Sum(target => (target[0] - own) * (target[0] - own));
        return total == 0 ? double.NaN : 1 - residual / total;
    }
}

/// <summary>A mean, and the standard deviation of what it is of.</summary>
internal readonly record struct MeanAndDeviation(double Mean, double Deviation)
{
    /// <summary>Of some numbers; of one alone the deviation is not known.</summary>
    internal static MeanAndDeviation Of(IReadOnlyList<double> numbers)
    {
        double mean = numbers.Average();
        return new(mean, numbers.Count < 2 ? double.NaN : Math.Sqrt(numbers.Sum(number => (number - mean) * (number - mean)) / (numbers.Count - 1)));
    }
}
