// The end of a row that fills no whole vector.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Nudge.VectorConstants;

namespace Nudge;

/// <summary>
/// Vectors of which only the first numbers count. They may be read a vector past the end of a row; what stands there is
/// not written to.
/// </summary>
internal static unsafe class VectorTail<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The first numbers of a vector, and 0 for the others, whatever they are.</summary>
    [MethodImpl(Inline)]
    internal static V First(V vector, int count) => vector & Mask(count);

    /// <summary>The first numbers of a vector, and those of another for the rest.</summary>
    [MethodImpl(Inline)]
    internal static V First(V vector, int count, V rest) => V.Select(Mask(count), vector, rest);

    /// <summary>Stores the first numbers of a vector.</summary>
    [MethodImpl(Inline)]
    internal static void Store(V vector, T* to, int count)
    {
#if NET10_0_OR_GREATER
        if (Avx512F.VL.IsSupported && sizeof(V) > sizeof(T))
        {
            StoreMasked(vector, Mask(count), to);
            return;
        }
#endif
        if (Avx.IsSupported && sizeof(V) == 32)
        {
            StoreMasked256(vector, Mask(count), to);
            return;
        }
        T* numbers = (T*)&vector;
        for (int i = 0; i < count; i++)
            to[i] = numbers[i];
    }

    [MethodImpl(Inline)]
    private static void StoreMasked256(V vector, V mask, T* to)
    {
        if (typeof(T) == typeof(float))
            Avx.MaskStore((float*)to, Unsafe.BitCast<V, Vector256<float>>(mask), Unsafe.BitCast<V, Vector256<float>>(vector));
        else
            Avx.MaskStore((double*)to, Unsafe.BitCast<V, Vector256<double>>(mask), Unsafe.BitCast<V, Vector256<double>>(vector));
    }

#if NET10_0_OR_GREATER
    [MethodImpl(Inline)]
    private static void StoreMasked(V vector, V mask, T* to)
    {
        if (typeof(T) == typeof(float) && sizeof(V) == 64)
            Avx512F.MaskStore((float*)to, Unsafe.BitCast<V, Vector512<float>>(mask), Unsafe.BitCast<V, Vector512<float>>(vector));
        else if (typeof(T) == typeof(float) && sizeof(V) == 32)
            Avx512F.VL.MaskStore((float*)to, Unsafe.BitCast<V, Vector256<float>>(mask), Unsafe.BitCast<V, Vector256<float>>(vector));
        else if (typeof(T) == typeof(float))
            Avx512F.VL.MaskStore((float*)to, Unsafe.BitCast<V, Vector128<float>>(mask), Unsafe.BitCast<V, Vector128<float>>(vector));
        else if (sizeof(V) == 64)
            Avx512F.MaskStore((double*)to, Unsafe.BitCast<V, Vector512<double>>(mask), Unsafe.BitCast<V, Vector512<double>>(vector));
        else if (sizeof(V) == 32)
            Avx512F.VL.MaskStore((double*)to, Unsafe.BitCast<V, Vector256<double>>(mask), Unsafe.BitCast<V, Vector256<double>>(vector));
        else
            Avx512F.VL.MaskStore((double*)to, Unsafe.BitCast<V, Vector128<double>>(mask), Unsafe.BitCast<V, Vector128<double>>(vector));
    }
#endif

    // All bits of the first numbers: a window on as many bytes of ones as a vector has, with as many of zeros behind them.
    [MethodImpl(Inline)]
    private static V Mask(int count) =>
        V.Load((T*)((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(VectorTail.OnesThenZeros)) + 64 - count * sizeof(T)));
}

internal static class VectorTail
{
    /// <summary>64 bytes with all bits set, and 64 without.</summary>
    internal static ReadOnlySpan<byte> OnesThenZeros =>
    [
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
}
