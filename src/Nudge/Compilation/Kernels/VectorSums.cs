// Sums and dots of rows.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Rows of any length added up. They may be read up to the end of a vector.</summary>
internal static unsafe class VectorSums<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Σ a[i].</summary>
    internal static T Sum(T* a, int count) => V.Sum(Sums(a, count));

    /// <summary>Σ a[i] · b[i].</summary>
    internal static T Dot(T* a, T* b, int count) => V.Sum(Dots(a, b, count));

    /// <summary>The sums of every so many numbers as a vector has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Sums(T* a, int count)
    {
        V sums = default;
        int i = 0;
        for (; i + V.Count <= count; i += V.Count)
            sums += V.Load(a + i);
        return i < count ? sums + VectorTail<V, T>.First(V.Load(a + i), count - i) : sums;
    }

    /// <summary>The same of products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Dots(T* a, T* b, int count)
    {
        V sums = default;
        int i = 0;
        for (; i + V.Count <= count; i += V.Count)
            sums = V.MultiplyAdd(V.Load(a + i), V.Load(b + i), sums);
        return i < count
            ? V.MultiplyAdd(VectorTail<V, T>.First(V.Load(a + i), count - i), VectorTail<V, T>.First(V.Load(b + i), count - i), sums)
            : sums;
    }
}
