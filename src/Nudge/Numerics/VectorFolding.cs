// Four vectors folded at once: their sums or maxima come out side by side, in a third of the steps that one by one takes.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Nudge.VectorConstants;

namespace Nudge;

/// <summary>How two numbers become one.</summary>
internal interface IFold
{
    static abstract V Join<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>All numbers of a vector as one.</summary>
    static abstract T One<V, T>(V vector)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

internal readonly struct SumFold : IFold
{
    [MethodImpl(Inline)]
    public static V Join<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => a + b;

    [MethodImpl(Inline)]
    public static T One<V, T>(V vector)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Sum(vector);
}

internal readonly unsafe struct MaxFold : IFold
{
    [MethodImpl(Inline)]
    public static V Join<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Max(a, b);

    [MethodImpl(Inline)]
    public static T One<V, T>(V vector)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* numbers = (T*)&vector;
        T max = numbers[0];
        for (int i = 1; i < V.Count; i++)
            max = T.Max(max, numbers[i]);
        return max;
    }
}

/// <summary>Folds vectors of one width.</summary>
internal static unsafe class VectorFolding<V, T, TFold>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFold : struct, IFold
{
    /// <summary>Whether the machine can do it at once.</summary>
    internal static bool IsSupported
    {
        [MethodImpl(Inline)]
        get => typeof(T) == typeof(float)
            && (sizeof(V) == 64 ? Avx512F.IsSupported : sizeof(V) == 32 ? Avx.IsSupported : sizeof(V) == 16 && Sse.IsSupported);
    }

    /// <summary>Stores all numbers of each of four vectors as one, four side by side.</summary>
    [MethodImpl(Inline)]
    internal static void Store(V a, V b, V c, V d, T* to)
    {
        if (IsSupported)
        {
            Wide128<T>.Store(Of(a, b, c, d), to);
            return;
        }
        to[0] = TFold.One<V, T>(a);
        to[1] = TFold.One<V, T>(b);
        to[2] = TFold.One<V, T>(c);
        to[3] = TFold.One<V, T>(d);
    }

    /// <summary>All numbers of each of four vectors of float32 as one, four side by side.</summary>
    [MethodImpl(Inline)]
    internal static Wide128<T> Of(V a, V b, V c, V d) => AcrossParts(WithinParts(a, b, c, d));

    /// <summary>Joins all numbers of each of four vectors to four numbers side by side.</summary>
    [MethodImpl(Inline)]
    internal static void JoinTo(V a, V b, V c, V d, T* to)
    {
        if (IsSupported)
        {
            Wide128<T>.Store(TFold.Join<Wide128<T>, T>(Wide128<T>.Load(to), Of(a, b, c, d)), to);
            return;
        }
        JoinTo(a, to);
        JoinTo(b, to + 1);
        JoinTo(c, to + 2);
        JoinTo(d, to + 3);
    }

    /// <summary>Joins all numbers of each of four vectors to four numbers at a distance from each other.</summary>
    [MethodImpl(Inline)]
    internal static void JoinTo(V a, V b, V c, V d, T* to, nint stride)
    {
        T* far = to + 2 * stride;
        if (IsSupported)
        {
            Vector128<T> folded = Unsafe.BitCast<Wide128<T>, Vector128<T>>(Of(a, b, c, d));
            JoinTo(folded.GetElement(0), to);
            JoinTo(folded.GetElement(1), to + stride);
            JoinTo(folded.GetElement(2), far);
            JoinTo(folded.GetElement(3), far + stride);
            return;
        }
        JoinTo(a, to);
        JoinTo(b, to + stride);
        JoinTo(c, far);
        JoinTo(d, far + stride);
    }

    [MethodImpl(Inline)]
    private static void JoinTo(V vector, T* to) =>
        JoinTo(TFold.One<V, T>(vector), to);

    [MethodImpl(Inline)]
    private static void JoinTo(T number, T* to) =>
        Wide1<T>.Store(TFold.Join<Wide1<T>, T>(Wide1<T>.Load(to), Wide1<T>.Create(number)), to);

    /// <summary>In every 128 bits, what the same 128 bits of four vectors of float32 become, side by side.</summary>
    [MethodImpl(Inline)]
    internal static V WithinParts(V a, V b, V c, V d)
    {
        V ab = TFold.Join<V, T>(Low(a, b), High(a, b)), cd = TFold.Join<V, T>(Low(c, d), High(c, d)); // a0+a2 b0+b2 a1+a3 b1+b3
        return TFold.Join<V, T>(LowPairs(ab, cd), HighPairs(ab, cd));
    }

    [MethodImpl(Inline)]
    private static Wide128<T> AcrossParts(V vector)
    {
        if (sizeof(V) == 64)
        {
            Vector512<T> whole = Unsafe.BitCast<V, Vector512<T>>(vector);
            return AcrossParts(TFold.Join<Wide256<T>, T>(new(whole.GetLower()), new(whole.GetUpper())));
        }
        return sizeof(V) == 32 ? AcrossParts(Unsafe.BitCast<V, Wide256<T>>(vector)) : Unsafe.BitCast<V, Wide128<T>>(vector);
    }

    [MethodImpl(Inline)]
    private static Wide128<T> AcrossParts(Wide256<T> vector)
    {
        Vector256<T> whole = Unsafe.BitCast<Wide256<T>, Vector256<T>>(vector);
        return TFold.Join<Wide128<T>, T>(new(whole.GetLower()), new(whole.GetUpper()));
    }

    [MethodImpl(Inline)]
    private static V Low(V a, V b) =>
        sizeof(V) == 64 ? As(Avx512F.UnpackLow(As512(a), As512(b)))
        : sizeof(V) == 32 ? As(Avx.UnpackLow(As256(a), As256(b)))
        : As(Sse.UnpackLow(As128(a), As128(b)));

    [MethodImpl(Inline)]
    private static V High(V a, V b) =>
        sizeof(V) == 64 ? As(Avx512F.UnpackHigh(As512(a), As512(b)))
        : sizeof(V) == 32 ? As(Avx.UnpackHigh(As256(a), As256(b)))
        : As(Sse.UnpackHigh(As128(a), As128(b)));

    [MethodImpl(Inline)]
    private static V LowPairs(V a, V b) =>
        sizeof(V) == 64 ? As(Avx512F.Shuffle(As512(a), As512(b), 0b01_00_01_00))
        : sizeof(V) == 32 ? As(Avx.Shuffle(As256(a), As256(b), 0b01_00_01_00))
        : As(Sse.Shuffle(As128(a), As128(b), 0b01_00_01_00));

    [MethodImpl(Inline)]
    private static V HighPairs(V a, V b) =>
        sizeof(V) == 64 ? As(Avx512F.Shuffle(As512(a), As512(b), 0b11_10_11_10))
        : sizeof(V) == 32 ? As(Avx.Shuffle(As256(a), As256(b), 0b11_10_11_10))
        : As(Sse.Shuffle(As128(a), As128(b), 0b11_10_11_10));

    [MethodImpl(Inline)]
    private static Vector512<float> As512(V vector) => Unsafe.BitCast<V, Vector512<float>>(vector);

    [MethodImpl(Inline)]
    private static Vector256<float> As256(V vector) => Unsafe.BitCast<V, Vector256<float>>(vector);

    [MethodImpl(Inline)]
    private static Vector128<float> As128(V vector) => Unsafe.BitCast<V, Vector128<float>>(vector);

    [MethodImpl(Inline)]
    private static V As(Vector512<float> vector) => Unsafe.BitCast<Vector512<float>, V>(vector);

    [MethodImpl(Inline)]
    private static V As(Vector256<float> vector) => Unsafe.BitCast<Vector256<float>, V>(vector);

    [MethodImpl(Inline)]
    private static V As(Vector128<float> vector) => Unsafe.BitCast<Vector128<float>, V>(vector);
}
