// How good a network is on given examples.

namespace Nudge;

/// <summary>What an evaluation measured.</summary>
/// <param name="Loss">The objective's loss: the mean over the examples, or their sum where the objective adds up.</param>
/// <param name="Accuracy">
/// The share of examples with the right class; of several targets the mean over those that are classes. Null where none is.
/// </param>
/// <param name="RSquared">
/// For numbers, the coefficient of determination R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)²: 1 is perfect, 0 is as good as always
/// predicting the mean. Of several numbers, over all of them together. NaN where every target is the same, null where none is a number.
/// </param>
/// <param name="Confusion">
/// For classes, a row for each true class with the number of examples that were given each class; null for several targets.
/// </param>
public sealed record Metrics(double Loss, double? Accuracy, double? RSquared, IReadOnlyList<int[]>? Confusion)
{
    /// <summary>What was measured of each target by itself: of one alone, this.</summary>
    public IReadOnlyList<Metrics> OfEach { get => field ?? [this]; init; }

    /// <summary>Measures a network on examples, value by value.</summary>
    /// <param name="network">The network.</param>
    /// <param name="objective">The loss, and how outputs are read.</param>
    /// <param name="data">The examples.</param>
    public static Metrics Measure(Network network, Objective objective, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(data);
        return DatasetPredictor.Eager(network).Measure(objective, data);
    }

    /// <summary>What outputs for one target are worth.</summary>
    /// <param name="loss">The objective's loss.</param>
    /// <param name="objective">How the outputs are read.</param>
    /// <param name="data">The examples that they were given for.</param>
    /// <param name="outputs">The outputs for each.</param>
    internal static Metrics OfOne(double loss, Objective objective, Dataset data, double[][] outputs) => objective.IsClassification
        ? OfClasses(loss, objective, data, outputs)
        : new Metrics(loss, null, CoefficientOfDetermination(data.Targets, outputs, [(0, 0)]), null);

    /// <summary>The same for several.</summary>
    /// <param name="loss">The objective's loss.</param>
    /// <param name="each">What was measured of each.</param>
    /// <param name="parts">The objective of each, and which of the outputs are its.</param>
    /// <param name="data">The examples that the outputs were given for.</param>
    /// <param name="outputs">The outputs for each.</param>
    internal static Metrics OfSeveral(double loss, Metrics[] each, IReadOnlyList<(Objective Objective, Range Outputs)> parts, Dataset data, double[][] outputs)
    {
        double[] accuracies = [.. each.Select(one => one.Accuracy).OfType<double>()];
        (int Target, int Output)[] numbers = [.. parts.Select((part, t) => (t, part.Outputs.Start.Value)).Where(pair => each[pair.t].Accuracy is null)];
        return new Metrics(
            loss, accuracies.Length > 0 ? accuracies.Average() : null, numbers.Length > 0 ? CoefficientOfDetermination(data.Targets, outputs, numbers) : null, null)
        {
            OfEach = each,
        };
    }

    private static Metrics OfClasses(double loss, Objective objective, Dataset data, double[][] outputs)
    {
        int classCount = data.Classes!.Count, right = 0;
        int[][] confusion = [.. Enumerable.Range(0, classCount).Select(_ => new int[classCount])];
        for (int i = 0; i < outputs.Length; i++)
        {
            int expected = (int)data.Targets[i][0], got = objective.ClassOf(outputs[i]);
            confusion[expected][got]++;
            right += expected == got ? 1 : 0;
        }
        return new Metrics(loss, (double)right / data.Count, null, confusion);
    }

    private static double CoefficientOfDetermination(IReadOnlyList<double[]> targets, double[][] outputs, (int Target, int Output)[] numbers)
    {
        double residual = 0, total = 0;
        foreach ((int target, int output) in numbers)
        {
            double mean = targets.Average(row => row[target]);
            for (int i = 0; i < targets.Count; i++)
            {
                residual += Square(targets[i][target] - outputs[i][output]);
                total += Square(targets[i][target] - mean);
            }
        }
        return total == 0 ? double.NaN : 1 - residual / total;

        static double Square(double x) => x * x;
    }
}
