// What emitted code calls where one instruction does not do: the operations as they are defined, and the ends of sums.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>
/// Steps of straight-line code over the runtime's own vectors <typeparamref name="TRaw"/>, which lie as <typeparamref name="V"/> do: the
/// arithmetic is that of the kernels, so that the bits are the same.
/// </summary>
internal static unsafe class RowSteps<V, T, TRaw>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRaw : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Of(TRaw raw) => Unsafe.BitCast<TRaw, V>(raw);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRaw Raw(V vector) => Unsafe.BitCast<V, TRaw>(vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TRaw Max(TRaw a, TRaw b) => Raw(V.Max(Of(a), Of(b)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TRaw Apply<TOperation>(TRaw a)
        where TOperation : struct, IUnaryOperation => Raw(TOperation.Apply<V, T>(Of(a)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TRaw Slope<TOperation>(TRaw g, TRaw a, TRaw y)
        where TOperation : struct, IUnaryOperation => Raw(Of(g) * TOperation.Derivative<V, T>(Of(a), Of(y)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TRaw ApplyToTwo<TOperation>(TRaw a, TRaw b)
        where TOperation : struct, IBinaryOperation => Raw(TOperation.Apply<V, T>(Of(a), Of(b)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TRaw SlopeOfFirst<TOperation>(TRaw g, TRaw a, TRaw b, TRaw y)
        where TOperation : struct, IBinaryOperation
    {
        TOperation.Derivatives<V, T>(Of(a), Of(b), Of(y), out V slope, out _);
        return Raw(Of(g) * slope);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TRaw SlopeOfSecond<TOperation>(TRaw g, TRaw a, TRaw b, TRaw y)
        where TOperation : struct, IBinaryOperation
    {
        TOperation.Derivatives<V, T>(Of(a), Of(b), Of(y), out _, out V slope);
        return Raw(Of(g) * slope);
    }

    // The same by themselves: what takes tens of instructions is compiled once, and not again wherever it stands.
    private const MethodImplOptions Apart = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    [MethodImpl(Apart)]
    internal static TRaw ApplyApart<TOperation>(TRaw a)
        where TOperation : struct, IUnaryOperation => Apply<TOperation>(a);

    [MethodImpl(Apart)]
    internal static TRaw SlopeApart<TOperation>(TRaw g, TRaw a, TRaw y)
        where TOperation : struct, IUnaryOperation => Slope<TOperation>(g, a, y);

    [MethodImpl(Apart)]
    internal static TRaw ApplyToTwoApart<TOperation>(TRaw a, TRaw b)
        where TOperation : struct, IBinaryOperation => ApplyToTwo<TOperation>(a, b);

    [MethodImpl(Apart)]
    internal static TRaw SlopeOfFirstApart<TOperation>(TRaw g, TRaw a, TRaw b, TRaw y)
        where TOperation : struct, IBinaryOperation => SlopeOfFirst<TOperation>(g, a, b, y);

    [MethodImpl(Apart)]
    internal static TRaw SlopeOfSecondApart<TOperation>(TRaw g, TRaw a, TRaw b, TRaw y)
        where TOperation : struct, IBinaryOperation => SlopeOfSecond<TOperation>(g, a, b, y);

    /// <summary>The first numbers of a vector, and 0 for the others, whatever stands there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TRaw First(TRaw a, int count) => Raw(VectorTail<V, T>.First(Of(a), count));

    /// <summary>Stores the first numbers of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreFirst(nint y, TRaw a, int count) => VectorTail<V, T>.Store(Of(a), (T*)y, count);

    /// <summary>Σ, of the parts of a sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Sum(TRaw parts) => V.Sum(Of(parts));

    /// <summary>Four of them, each added to a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddFour(TRaw a, TRaw b, TRaw c, TRaw d, nint ofA, nint ofB, nint ofC, nint ofD)
    {
        T* sums = stackalloc T[4];
        VectorFolding<V, T, SumFold>.Store(Of(a), Of(b), Of(c), Of(d), sums);
        *(T*)ofA += sums[0];
        *(T*)ofB += sums[1];
        *(T*)ofC += sums[2];
        *(T*)ofD += sums[3];
    }
}
