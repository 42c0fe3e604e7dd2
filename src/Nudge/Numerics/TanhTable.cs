// tanh in float32: of 32 polynomials the one that belongs to the number. Shorter to wait for than an exponential and a division.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Nudge.VectorConstants;

namespace Nudge;

/// <summary>
/// tanh |x| = c₀ + c₁t + … + c₅t⁵ with t = |x| − center, in 32 intervals: four to each power of two from 3/64 to 9.5, and
/// all below as the first, x − x³/3 + 2x⁵/15.
/// </summary>
/// <remarks>
/// A center is the float32 beside the middle of its interval whose tanh is nearest to a float32, which is c₀, and of the last
/// interval its end, where tanh is 1; the other terms make the largest relative error of the interval the smallest, by least
/// squares weighted again and again. The last five bits of exponent and mantissa say where an interval stands.
/// </remarks>
internal static class TanhTable
{
    private const int Intervals = 32;

    // From here on the result is 1.
    private const float Bound = 9.5f;

    // The exponent and two bits of the mantissa, and the least of them: that of 5/128.
    private const int KeyShift = 21, LeastKey = 489;

    // The centers of all intervals, their terms c₀, their terms c₁ and so on.
    private static ReadOnlySpan<float> Numbers =>
    [
        2.2495773f, 2.749523f, 3.2493773f, 3.7507064f, 4.500294f, 5.4985805f, 6.498972f, 7.5014305f,
        9.5f, 0f, 0.05077219f, 0.058593407f, 0.07032413f, 0.085925296f, 0.101560496f, 0.11719151f,
        0.1405984f, 0.17188764f, 0.20316914f, 0.23441929f, 0.28121307f, 0.34375155f, 0.40618768f, 0.4688358f,
        0.56240565f, 0.6874732f, 0.8123744f, 0.9374493f, 1.1253259f, 1.3747424f, 1.625279f, 1.8746567f,

        0.97800773f, 0.991852f, 0.9969939f, 0.998896f, 0.99975336f, 0.9999665f, 0.99999547f, 0.9999994f,
        1f, 0f, 0.050728608f, 0.058526445f, 0.07020843f, 0.08571445f, 0.10121275f, 0.11665794f,
        0.13967922f, 0.17021458f, 0.20041908f, 0.23021765f, 0.27402744f, 0.3308225f, 0.3852309f, 0.43725818f,
        0.50976014f, 0.5963563f, 0.670898f, 0.7340481f, 0.8094135f, 0.8797685f, 0.9253863f, 0.9540144f,

        0.043500867f, 0.016229643f, 0.0060031665f, 0.0022067768f, 0.00049324177f, 6.6996225e-5f, 9.060129e-6f, 1.2201127e-6f,
        3.9206353e-7f, 1f, 0.9974266f, 0.99657464f, 0.99507076f, 0.992653f, 0.989756f, 0.98639095f,
        0.98048973f, 0.971027f, 0.9598322f, 0.94699985f, 0.92490894f, 0.89055645f, 0.85159713f, 0.8088053f,
        0.7401446f, 0.6443592f, 0.5498958f, 0.46117336f, 0.3448498f, 0.2260074f, 0.14366017f, 0.08985648f,

        -0.042542975f, -0.01609648f, -0.0059847096f, -0.002204179f, -0.0004925037f, -6.691002e-5f, -9.048714e-6f, -1.6614446e-6f,
        1.9468573e-6f, 0f, -0.050598007f, -0.05832584f, -0.06986234f, -0.08508461f, -0.10017582f, -0.115070246f,
        -0.13695407f, -0.16528295f, -0.19236866f, -0.21801609f, -0.2534504f, -0.29461607f, -0.32806152f, -0.3536567f,
        -0.37729597f, -0.38426757f, -0.36892408f, -0.33852354f, -0.27912802f, -0.19883534f, -0.13294159f, -0.08572445f,

        0.027108809f, 0.010556008f, 0.0039658644f, 0.0014661805f, 0.00032814167f, 4.4606277e-5f, 6.0325337e-6f, 8.078005e-7f,
        3.6939136e-6f, -0.33333334f, -0.32990882f, -0.32877794f, -0.32678533f, -0.32359138f, -0.31977957f, -0.3153731f,
        -0.30770028f, -0.2955421f, -0.2813897f, -0.26547548f, -0.2388506f, -0.19938652f, -0.15748627f, -0.11496251f,
        -0.054384723f, 0.014373604f, 0.064211495f, 0.09476792f, 0.110979676f, 0.09959325f, 0.075136065f, 0.05183043f,

        -0.012393857f, -0.0051520383f, -0.001980258f, -0.0007381961f, -0.00017184965f, -2.338238e-5f, -3.1628306e-6f, 1.3404648e-6f,
        2.802535e-6f, 0f, 0.030000627f, 0.030011727f, 0.045943763f, 0.0544879f, 0.06407656f, 0.073706105f,
        0.08871863f, 0.10538073f, 0.120397285f, 0.13384902f, 0.14983922f, 0.1640623f, 0.16993502f, 0.16808209f,
        0.15328434f, 0.1194547f, 0.07993552f, 0.043370068f, 0.0036172178f, -0.021101346f, -0.025126256f, -0.020857854f,

        0.0039756163f, 0.0019159869f, 0.00077118387f, 0.0002929397f, 6.858976e-5f, 9.318954e-6f, 1.2618506e-6f, 2.0929548e-7f,
        7.571028e-7f, 0.13333334f, 0.1389825f, 0.13025431f, 0.12757488f, 0.12639426f, 0.122148186f, 0.11789653f,
        0.11191097f, 0.10214048f, 0.09089923f, 0.07879949f, 0.059054572f, 0.031956095f, 0.0059310026f, -0.017155707f,
        -0.043455485f, -0.06155094f, -0.06265585f, -0.05305521f, -0.032045554f, -0.009527196f, 0.0013868993f, 0.004597619f,
    ];

    [MethodImpl(Inline)]
    internal static V Tanh<V, T>(V x)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V sign = x & VectorMath.Number<V, T>(-0.0), size = Least<V, T>(V.Abs(x)), key = Key<V, T>(size);
        V t = size - Pick(0, key), square = t * t;
        V low = V.MultiplyAdd(Pick(2, key), t, Pick(1, key));
        V middle = V.MultiplyAdd(Pick(4, key), t, Pick(3, key));
        V high = V.MultiplyAdd(Pick(6, key), t, Pick(5, key));
        return V.MultiplyAdd(V.MultiplyAdd(high, square, middle), square, low) | sign;
    }

    // At most the bound. NaN stays: as it does in the machine's own minimum, for which it stands second.
    [MethodImpl(Inline)]
    private static unsafe V Least<V, T>(V size)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (sizeof(V) == 64 && Avx512F.IsSupported)
            return Unsafe.BitCast<Vector512<float>, V>(Avx512F.Min(Vector512.Create(Bound), Unsafe.BitCast<V, Vector512<float>>(size)));
        V bound = VectorMath.Number<V, T>(Bound);
        return V.Select(V.LessThan(bound, size), bound, size);
    }

    // Whole numbers. Their last five bits count.
    [MethodImpl(Inline)]
    private static unsafe V Key<V, T>(V size)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int least = LeastKey << KeyShift;
        if (sizeof(V) == 64)
            return Unsafe.BitCast<Vector512<int>, V>(Vector512.ShiftRightLogical(Vector512.Max(Unsafe.BitCast<V, Vector512<int>>(size), Vector512.Create(least)), KeyShift));
        if (sizeof(V) == 32)
            return Unsafe.BitCast<Vector256<int>, V>(Vector256.ShiftRightLogical(Vector256.Max(Unsafe.BitCast<V, Vector256<int>>(size), Vector256.Create(least)), KeyShift));
        if (sizeof(V) == 16)
            return Unsafe.BitCast<Vector128<int>, V>(Vector128.ShiftRightLogical(Vector128.Max(Unsafe.BitCast<V, Vector128<int>>(size), Vector128.Create(least)), KeyShift));
        return Unsafe.BitCast<int, V>(Math.Max(Unsafe.BitCast<V, int>(size), least) >> KeyShift);
    }

    // Of the numbers of a kind those of each key.
    [MethodImpl(Inline)]
    private static unsafe V Pick<V>(int kind, V key)
        where V : unmanaged
    {
        ref float numbers = ref Unsafe.Add(ref MemoryMarshal.GetReference(Numbers), kind * Intervals);
        return sizeof(V) == 64 ? Unsafe.BitCast<Vector512<float>, V>(Pick(ref numbers, Unsafe.BitCast<V, Vector512<int>>(key)))
            : sizeof(V) == 32 ? Unsafe.BitCast<Vector256<float>, V>(Pick(ref numbers, Unsafe.BitCast<V, Vector256<int>>(key)))
            : sizeof(V) == 16 ? Unsafe.BitCast<Vector128<float>, V>(Pick(ref numbers, Unsafe.BitCast<V, Vector128<int>>(key)))
            : Unsafe.BitCast<float, V>(Pick(ref numbers, Unsafe.BitCast<V, int>(key)));
    }

    [MethodImpl(Inline)]
    private static Vector512<float> Pick(ref float numbers, Vector512<int> key) => Avx512F.IsSupported
        ? Avx512F.PermuteVar16x32x2(Vector512.LoadUnsafe(ref numbers), key, Vector512.LoadUnsafe(ref numbers, 16))
        : Vector512.Create(Pick(ref numbers, key.GetLower()), Pick(ref numbers, key.GetUpper()));

    [MethodImpl(Inline)]
    private static Vector256<float> Pick(ref float numbers, Vector256<int> key)
    {
        if (Avx512F.IsSupported)
            return Pick(ref numbers, key.ToVector512Unsafe()).GetLower();
        if (!Avx2.IsSupported)
            return Vector256.Create(Pick(ref numbers, key.GetLower()), Pick(ref numbers, key.GetUpper()));
        // Bits 3 and 4, as signs, choose among four lookups of eight numbers.
        Vector256<float> bit3 = Vector256.ShiftLeft(key, 28).AsSingle(), bit4 = Vector256.ShiftLeft(key, 27).AsSingle();
        Vector256<float> first = Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref numbers), key), second = Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref numbers, 8), key);
        Vector256<float> third = Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref numbers, 16), key), fourth = Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref numbers, 24), key);
        return Avx.BlendVariable(Avx.BlendVariable(first, second, bit3), Avx.BlendVariable(third, fourth, bit3), bit4);
    }

    [MethodImpl(Inline)]
    private static Vector128<float> Pick(ref float numbers, Vector128<int> key) => Avx512F.IsSupported
        ? Pick(ref numbers, key.ToVector256Unsafe()).GetLower()
        : Vector128.Create(Pick(ref numbers, key[0]), Pick(ref numbers, key[1]), Pick(ref numbers, key[2]), Pick(ref numbers, key[3]));

    [MethodImpl(Inline)]
    private static float Pick(ref float numbers, int key) => Unsafe.Add(ref numbers, key & (Intervals - 1));
}
