// Sums and dots of rows, in the order of sixteen parts.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Rows of any length added up: see <see cref="Sixteen{T}"/>. They may be read up to the end of a vector.</summary>
internal static unsafe class VectorSums<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Σ a[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static T Sum(T* a, int count)
    {
        if (V.Count == 1)
        {
            T sum = T.Zero;
            for (int i = 0; i < count; i++)
                sum += a[i];
            return sum;
        }
        SixteenParts<V, T> parts = default;
        Add(ref parts, a, count);
        return parts.Sum;
    }

    /// <summary>Σ a[i] · b[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static T Dot(T* a, T* b, int count)
    {
        if (V.Count == 1)
        {
            V sum = default;
            for (int i = 0; i < count; i++)
                sum = V.MultiplyAdd(V.Load(a + i), V.Load(b + i), sum);
            return V.Sum(sum);
        }
        SixteenParts<V, T> parts = default;
        Add(ref parts, a, b, count);
        return parts.Sum;
    }

    /// <summary>Adds numbers to the parts of a sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Add(ref SixteenParts<V, T> parts, T* a, int count)
    {
        int i = 0;
        for (; i + SixteenParts<V, T>.Count <= count; i += SixteenParts<V, T>.Count)
            parts.Add(a + i);
        if (i < count)
            parts.AddFirst(a + i, count - i);
    }

    /// <summary>Adds products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Add(ref SixteenParts<V, T> parts, T* a, T* b, int count)
    {
        int i = 0;
        for (; i + SixteenParts<V, T>.Count <= count; i += SixteenParts<V, T>.Count)
            parts.Add(a + i, b + i);
        if (i < count)
            parts.AddFirst(a + i, b + i, count - i);
    }
}
