// Sums over parameters side by side: many numbers at a time, added up in double in an order that is the same everywhere.

using System.Runtime.Intrinsics;

namespace Nudge;

internal static class ParameterSums
{
    /// <summary>Σ a².</summary>
    internal static double OfSquares(ReadOnlySpan<double> a)
    {
        Vector256<double> sums = Vector256<double>.Zero;
        int i = 0;
        for (; i <= a.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            Vector256<double> numbers = Vector256.Create(a[i..]);
            sums += numbers * numbers;
        }
        double sum = Vector256.Sum(sums);
        for (; i < a.Length; i++)
            sum += a[i] * a[i];
        return sum;
    }

    /// <summary>Σ a².</summary>
    internal static double OfSquares(ReadOnlySpan<float> a)
    {
        Vector256<double> sums = Vector256<double>.Zero;
        int i = 0;
        for (; i <= a.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Create(a[i..]));
            sums += low * low;
            sums += high * high;
        }
        double sum = Vector256.Sum(sums);
        for (; i < a.Length; i++)
            sum += (double)a[i] * a[i];
        return sum;
    }

    /// <summary>Σ g·(after − before).</summary>
    internal static double OfChanges(ReadOnlySpan<double> g, ReadOnlySpan<double> after, ReadOnlySpan<double> before)
    {
        Vector256<double> sums = Vector256<double>.Zero;
        int i = 0;
        for (; i <= g.Length - Vector256<double>.Count; i += Vector256<double>.Count)
            sums += Vector256.Create(g[i..]) * (Vector256.Create(after[i..]) - Vector256.Create(before[i..]));
        double sum = Vector256.Sum(sums);
        for (; i < g.Length; i++)
            sum += g[i] * (after[i] - before[i]);
        return sum;
    }

    /// <summary>Σ g·(after − before).</summary>
    internal static double OfChanges(ReadOnlySpan<float> g, ReadOnlySpan<float> after, ReadOnlySpan<float> before)
    {
        Vector256<double> sums = Vector256<double>.Zero;
        int i = 0;
        for (; i <= g.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Create(g[i..]));
            (Vector256<double> lowChange, Vector256<double> highChange) = Vector256.Widen(Vector256.Create(after[i..]) - Vector256.Create(before[i..]));
            sums += low * lowChange;
            sums += high * highChange;
        }
        double sum = Vector256.Sum(sums);
        for (; i < g.Length; i++)
            sum += (double)g[i] * (after[i] - before[i]);
        return sum;
    }
}
