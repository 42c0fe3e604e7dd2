// How much worse a model gets without a column.

namespace Nudge.Evaluation;

/// <summary>How much worse a model gets when a column is mixed up among the rows.</summary>
/// <param name="Column">The column.</param>
/// <param name="LossRise">By how much the loss rises: the mean over the repetitions. About 0 for a column that is not used.</param>
/// <param name="LossSpread">The standard deviation of that over the repetitions.</param>
/// <param name="ScoresOfEach">By how much the accuracy, or R², of each target falls.</param>
public sealed record ColumnImportance(TableColumn Column, double LossRise, double LossSpread, IReadOnlyList<ScoreDrop> ScoresOfEach);

/// <summary>By how much a score falls.</summary>
/// <param name="Drop">The mean over the repetitions.</param>
/// <param name="Spread">The standard deviation over the repetitions.</param>
public readonly record struct ScoreDrop(double Drop, double Spread);

/// <summary>
/// Permutation importances (Breiman, "Random forests", 2001): all inputs of a column together are given to other rows at random,
/// so that the column says nothing any more and yet looks as it did, and what is measured is compared with before. Two columns
/// that say the same may both seem unimportant, since each stands in for the other.
/// </summary>
/// <param name="Columns">The columns, the most important first; of more than 100 those with the largest weights in the first layer.</param>
/// <param name="Rows">How many rows were asked about: all, or where that is too much work a sample.</param>
/// <param name="Repeats">How often each column was mixed up.</param>
public sealed record ColumnImportances(IReadOnlyList<ColumnImportance> Columns, int Rows, int Repeats)
{
    private const int MostRows = 2000, MostColumns = 100;

    /// <summary>Measures how important each column is for a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">Examples that it was not trained on, in the data's own units.</param>
    /// <param name="rng">How rows are mixed up.</param>
    /// <param name="repeats">How often, for each column.</param>
    /// <param name="engine">How the network is computed.</param>
    /// <param name="precision">The numbers that the compiled engine computes with.</param>
    /// <exception cref="ArgumentException">The examples have other inputs, targets or classes than the model.</exception>
    public static ColumnImportances Measure(
        TrainedModel model, Dataset data, Rng rng, int repeats = 5, GraphEngine engine = GraphEngine.Compiled, Precision precision = Precision.Double)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(rng);
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        IReadOnlyList<(TableColumn Column, int Start)> columns = ColumnProbe.ColumnsOf(model, MostColumns);
        var probe = new ColumnProbe(model, data, MostRows, repeats * columns.Count, rng, engine, precision);
        Metrics whole = probe.Measure();
        var importances = new List<ColumnImportance>();
        int[] permutation = [.. Enumerable.Range(0, probe.Raw.Count)];
        foreach ((TableColumn column, int start) in columns)
        {
            var mixed = new Metrics[repeats];
            for (int i = 0; i < repeats; i++)
            {
                rng.Shuffle<int>(permutation);
                mixed[i] = probe.MeasurePermuted(start, column.InputCount, permutation);
            }
            double[] rises = [.. mixed.Select(one => one.Loss - whole.Loss)];
            importances.Add(new ColumnImportance(column, rises.Average(), SpreadOf(rises), [.. whole.OfEach.Select((target, t) =>
            {
                double[] drops = [.. mixed.Select(one => ScoreOf(target) - ScoreOf(one.OfEach[t]))];
                return new ScoreDrop(drops.Average(), SpreadOf(drops));
            })]));
        }
        return new ColumnImportances([.. importances.OrderByDescending(one => one.LossRise)], probe.Raw.Count, repeats);
    }

    private static double ScoreOf(Metrics metrics) => metrics.Accuracy ?? metrics.RSquared!.Value;

    private static double SpreadOf(double[] numbers)
    {
        double mean = numbers.Average();
        return Math.Sqrt(numbers.Sum(number => (number - mean) * (number - mean)) / Math.Max(1, numbers.Length - 1));
    }
}
