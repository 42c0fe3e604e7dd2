// Inputs of very different sizes brought to one scale.

namespace Nudge;

/// <summary>
/// Standardisation: z = (x − mean) / scale for each column, with the mean and scale of the training data. NaN stands for a
/// number that is missing: it is not measured, and becomes 0, as the mean does.
/// </summary>
/// <param name="Means">The mean of each column.</param>
/// <param name="Scales">The standard deviation of each column; 1 for a column that is constant.</param>
public sealed record Standardizer(IReadOnlyList<double> Means, IReadOnlyList<double> Scales)
{
    private const int MostRowsForKnots = 20_000;

    // Squares of smaller deviations are rounded to few digits or to 0.
    private const double LeastSquares = 1e-280;

    /// <summary>
    /// The knots of each column's ramps, ascending, and none for a column without; default: no column has any. A ramp from
    /// knot a to knot b is one more number, how much of that way x has come: min(max((x − a) / (b − a), 0), 1) − ½, and 0
    /// for NaN. A network of few rows then finds a step or a bend where a weight alone would have to be large. Gorishniy et
    /// al., "On embeddings for numerical features in tabular deep learning", 2022, where it is called piecewise linear.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<double>> Knots { get; init; } = [];

    /// <summary>How many numbers <see cref="Apply"/> gives: one for each column, and then the ramps of all.</summary>
    public int OutputCount => Means.Count + Knots.Sum(RampCount);

    /// <summary>Measures the columns of some rows. Fit it on training data only, never on what it is tested with.</summary>
    /// <param name="rows">Rows of the same length.</param>
    /// <exception cref="ArgumentException">There is no row.</exception>
    public static Standardizer Fit(IReadOnlyList<double[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            throw new ArgumentException("Expected at least one row, got none.", nameof(rows));
        int columns = rows[0].Length;
        var counts = new int[columns];
        var means = new double[columns];
        var scales = new double[columns];
        foreach (double[] row in rows)
        {
            for (int c = 0; c < columns; c++)
            {
                if (double.IsNaN(row[c]))
                    continue;
                counts[c]++;
                means[c] += row[c];
            }
        }
        for (int c = 0; c < columns; c++)
            means[c] = counts[c] > 0 ? means[c] / counts[c] : 0;
        foreach (double[] row in rows)
        {
            for (int c = 0; c < columns; c++)
                scales[c] += double.IsNaN(row[c]) ? 0 : (row[c] - means[c]) * (row[c] - means[c]);
        }
        for (int c = 0; c < columns; c++)
        {
            int column = c;
            double scale = scales[c] is > LeastSquares and < double.PositiveInfinity
                ? Math.Sqrt(scales[c] / counts[c])
                : RootMeanSquare.Of([.. rows.Select(row => row[column] - means[column]).Where(deviation => !double.IsNaN(deviation))]);
            // A constant column has a deviation of 0 up to rounding.
            scales[c] = scale > 1e-12 * Math.Abs(means[c]) ? scale : 1;
        }
        return new Standardizer(means, scales);
    }

    /// <summary>Measures the targets of examples: those that are classes stay as they are. Null where no target is a number.</summary>
    /// <param name="training">Examples to train on.</param>
    public static Standardizer? FitTargets(Dataset training)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (training.TargetClasses.All(classes => classes is not null))
            return null;
        Standardizer measured = Fit(training.Targets);
        return new Standardizer(
            [.. measured.Means.Select((mean, t) => training.TargetClasses[t] is null ? mean : 0)],
            [.. measured.Scales.Select((scale, t) => training.TargetClasses[t] is null ? scale : 1)]);
    }

    /// <summary>The same with ramps between the quantiles of some columns.</summary>
    /// <param name="rows">What the scales were fitted on.</param>
    /// <param name="parts">Into how many parts of equally many rows the ramps divide a column, at least 2.</param>
    /// <param name="has">Which columns have ramps, of those with more than two different quantiles.</param>
    public Standardizer WithRamps(IReadOnlyList<double[]> rows, int parts, Func<int, bool> has)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(has);
        Require.AtLeast(2, parts);
        return this with { Knots = [.. Enumerable.Range(0, Means.Count).Select(column => has(column) ? KnotsOf(rows, column, parts) : [])] };
    }

    /// <summary>x → (x − mean) / scale, and NaN → 0; after these the ramps, column after column.</summary>
    /// <param name="row">As many numbers as there are columns.</param>
    public double[] Apply(IReadOnlyList<double> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new RowScaler(this).Apply(row as double[] ?? [.. row]);
    }

    /// <summary>A name for each number that <see cref="Apply"/> gives.</summary>
    internal IReadOnlyList<string> OutputNames(IReadOnlyList<string> columns) =>
    [
        .. columns,
        .. Knots.SelectMany((knots, c) => knots.Skip(1).Select((knot, i) => FormattableString.Invariant($"{columns[c]} from {knots[i]:G4} to {knot:G4}"))),
    ];

    /// <summary>The places of what a column gives.</summary>
    internal IEnumerable<int> OutputsOf(int column)
    {
        int start = Means.Count + Knots.Take(column).Sum(RampCount), count = column < Knots.Count ? RampCount(Knots[column]) : 0;
        return Enumerable.Range(start, count).Prepend(column);
    }

    /// <summary>z → z · scale + mean: the opposite of <see cref="Apply"/>.</summary>
    /// <param name="row">As many numbers as there are columns.</param>
    public double[] Undo(IReadOnlyList<double> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Count != Means.Count)
            throw new ArgumentException($"Expected {Means.Count} numbers, got {row.Count}.", nameof(row));
        var result = new double[row.Count];
        Undo([.. row], result);
        return result;
    }

    /// <summary>The same into room for it.</summary>
    internal void Undo(ReadOnlySpan<double> row, Span<double> result)
    {
        for (int c = 0; c < row.Length; c++)
            result[c] = row[c] * Scales[c] + Means[c];
    }

    private static int RampCount(IReadOnlyList<double> knots) => Math.Max(0, knots.Count - 1);

    // Quantiles of many rows are those of some of them.
    private static double[] KnotsOf(IReadOnlyList<double[]> rows, int column, int parts)
    {
        int count = Math.Min(rows.Count, MostRowsForKnots);
        double[] known = [.. Enumerable.Range(0, count).Select(i => rows[(int)((long)i * rows.Count / count)][column]).Where(x => !double.IsNaN(x)).Order()];
        if (known.Length == 0)
            return [];
        double[] knots = [.. Enumerable.Range(0, parts + 1).Select(QuantileAt).Distinct()];
        // Between two there is nothing that the number itself does not say.
        return knots.Length > 2 ? knots : [];

        double QuantileAt(int part)
        {
            double place = (double)part * (known.Length - 1) / parts;
            int below = (int)place;
            return below + 1 < known.Length ? known[below] + (place - below) * (known[below + 1] - known[below]) : known[^1];
        }
    }
}
