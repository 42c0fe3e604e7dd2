// How good a network is on given examples.

namespace Nudge;

/// <summary>What an evaluation measured.</summary>
/// <param name="Loss">The objective's loss: the mean over the examples, or their sum where the objective adds up.</param>
/// <param name="Accuracy">For classification, the share of examples with the right class.</param>
/// <param name="RSquared">
/// For regression, the coefficient of determination R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)²: 1 is perfect, 0 is as good as always
/// predicting the mean. With several targets, over all of them together. NaN where every target is the same.
/// </param>
/// <param name="Confusion">
/// For classification, a row for each true class with the number of examples that were given each class.
/// </param>
public sealed record Metrics(double Loss, double? Accuracy, double? RSquared, IReadOnlyList<int[]>? Confusion)
{
    /// <summary>For several numbers, R² of each by itself; null for one.</summary>
    public IReadOnlyList<double>? RSquaredOfEach { get; init; }

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

    /// <summary>What outputs are worth.</summary>
    /// <param name="loss">The objective's loss.</param>
    /// <param name="objective">How the outputs are read.</param>
    /// <param name="data">The examples that they were given for.</param>
    /// <param name="outputs">The outputs for each.</param>
    internal static Metrics Of(double loss, Objective objective, Dataset data, double[][] outputs) => objective.IsClassification
        ? OfClasses(loss, objective, data, outputs)
        : new Metrics(loss, null, CoefficientOfDetermination(data.Targets, outputs, 0, data.TargetCount), null)
        {
            RSquaredOfEach = data.TargetCount == 1 ? null : [.. Enumerable.Range(0, data.TargetCount).Select(i => CoefficientOfDetermination(data.Targets, outputs, i, 1))],
        };

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

    private static double CoefficientOfDetermination(IReadOnlyList<double[]> targets, double[][] outputs, int first, int count)
    {
        double residual = 0, total = 0;
        for (int column = first; column < first + count; column++)
        {
            double mean = targets.Average(row => row[column]);
            for (int i = 0; i < targets.Count; i++)
            {
                residual += Square(targets[i][column] - outputs[i][column]);
                total += Square(targets[i][column] - mean);
            }
        }
        return total == 0 ? double.NaN : 1 - residual / total;

        static double Square(double x) => x * x;
    }
}
