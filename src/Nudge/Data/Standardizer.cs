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
            double scale = Math.Sqrt(scales[c] / Math.Max(1, counts[c]));
            // A constant column has a deviation of 0 up to rounding.
            scales[c] = scale > 1e-12 * Math.Abs(means[c]) ? scale : 1;
        }
        return new Standardizer(means, scales);
    }

    /// <summary>x → (x − mean) / scale, and NaN → 0.</summary>
    /// <param name="row">As many numbers as there are columns.</param>
    public double[] Apply(IReadOnlyList<double> row) => Map(row, static (x, mean, scale) => double.IsNaN(x) ? 0 : (x - mean) / scale);

    /// <summary>z → z · scale + mean: the opposite of <see cref="Apply"/>.</summary>
    /// <param name="row">As many numbers as there are columns.</param>
    public double[] Undo(IReadOnlyList<double> row) => Map(row, static (z, mean, scale) => z * scale + mean);

    private double[] Map(IReadOnlyList<double> row, Func<double, double, double, double> map)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Count != Means.Count)
            throw new ArgumentException($"Expected {Means.Count} numbers, got {row.Count}.", nameof(row));
        var result = new double[row.Count];
        for (int c = 0; c < result.Length; c++)
            result[c] = map(row[c], Means[c], Scales[c]);
        return result;
    }
}
