// A row of a table on the scales that a network reads: what every look at an example costs.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>What <see cref="Standardizer.Apply"/> computes, with the scales in arrays, for many rows.</summary>
internal sealed class RowScaler
{
    private readonly double[] _means, _scales;
    private readonly double[][] _knots;
    private readonly int _width;

    internal RowScaler(Standardizer scales)
    {
        (_means, _scales) = (Array(scales.Means), Array(scales.Scales));
        _knots = [.. scales.Knots.Select(Array)];
        _width = scales.OutputCount;

        static double[] Array(IReadOnlyList<double> numbers) => numbers as double[] ?? [.. numbers];
    }

    internal double[] Apply(double[] row)
    {
        if (row.Length != _means.Length)
            throw new ArgumentException($"Expected {_means.Length} numbers, got {row.Length}.", nameof(row));
        var result = new double[_width];
        Apply<double>(row, result);
        return result;
    }

    /// <summary>The same into room for it, from a row of the right length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Apply<T>(ReadOnlySpan<T> row, Span<double> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int c = 0; c < row.Length; c++)
        {
            double x = double.CreateTruncating(row[c]);
            result[c] = double.IsNaN(x) ? 0 : (x - _means[c]) / _scales[c];
        }
        int at = row.Length;
        for (int c = 0; c < _knots.Length; c++)
        {
            double[] knots = _knots[c];
            double x = double.CreateTruncating(row[c]);
            bool isMissing = double.IsNaN(x);
            for (int i = 1; i < knots.Length; i++)
                result[at++] = isMissing ? 0 : Math.Min(Math.Max((x - knots[i - 1]) / (knots[i] - knots[i - 1]), 0), 1) - 0.5;
        }
    }
}
