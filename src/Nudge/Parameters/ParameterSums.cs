// Sums over parameters side by side: many numbers at a time, added up in double in an order that is the same everywhere.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Nudge;

// Two vectors of 128 bits wait for their sums no longer than one of 256 does, and every machine has them.
internal static class ParameterSums
{
    /// <summary>Σ a².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double OfSquares(ReadOnlySpan<double> a)
    {
        Vector128<double> sums = default, others = default;
        int i = 0;
        for (; i <= a.Length - 4; i += 4)
        {
            Vector128<double> low = Vector128.Create(a[i..]), high = Vector128.Create(a[(i + 2)..]);
            sums += low * low;
            others += high * high;
        }
        double sum = Vector128.Sum(sums) + Vector128.Sum(others);
        for (; i < a.Length; i++)
            sum += a[i] * a[i];
        return sum;
    }

    /// <summary>Σ a².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double OfSquares(ReadOnlySpan<float> a)
    {
        Vector128<double> sums = default, others = default;
        int i = 0;
        for (; i <= a.Length - 4; i += 4)
        {
            (Vector128<double> low, Vector128<double> high) = Vector128.Widen(Vector128.Create(a[i..]));
            sums += low * low;
            others += high * high;
        }
        double sum = Vector128.Sum(sums) + Vector128.Sum(others);
        for (; i < a.Length; i++)
            sum += (double)a[i] * a[i];
        return sum;
    }

    /// <summary>Σ g·(after − before).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double OfChanges(ReadOnlySpan<double> g, ReadOnlySpan<double> after, ReadOnlySpan<double> before)
    {
        Vector128<double> sums = default, others = default;
        int i = 0;
        for (; i <= g.Length - 4; i += 4)
        {
            int j = i + 2;
            sums += Vector128.Create(g[i..]) * (Vector128.Create(after[i..]) - Vector128.Create(before[i..]));
            others += Vector128.Create(g[j..]) * (Vector128.Create(after[j..]) - Vector128.Create(before[j..]));
        }
        double sum = Vector128.Sum(sums) + Vector128.Sum(others);
        for (; i < g.Length; i++)
            sum += g[i] * (after[i] - before[i]);
        return sum;
    }

    /// <summary>Σ g·(after − before).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double OfChanges(ReadOnlySpan<float> g, ReadOnlySpan<float> after, ReadOnlySpan<float> before)
    {
        Vector128<double> sums = default, others = default;
        int i = 0;
        for (; i <= g.Length - 4; i += 4)
        {
            (Vector128<double> low, Vector128<double> high) = Vector128.Widen(Vector128.Create(g[i..]));
            (Vector128<double> lowChange, Vector128<double> highChange) = Vector128.Widen(Vector128.Create(after[i..]) - Vector128.Create(before[i..]));
            sums += low * lowChange;
            others += high * highChange;
        }
        double sum = Vector128.Sum(sums) + Vector128.Sum(others);
        for (; i < g.Length; i++)
            sum += (double)g[i] * (after[i] - before[i]);
        return sum;
    }
}
