// tanh where a machine can pick one of 32 numbers at once: shorter to wait for than an exponential and a division.

using System.Runtime.CompilerServices;
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
    // From here on the result is 1.
    private const float Bound = 9.5f;

    // The exponent and two bits of the mantissa, and the least of them: that of 5/128.
    private const int KeyShift = 21, LeastKey = 489;

    internal static bool IsSupported
    {
        [MethodImpl(Inline)]
        get => Avx512F.IsSupported;
    }

    [MethodImpl(Inline)]
    internal static Vector512<float> Tanh(Vector512<float> x)
    {
        Vector512<float> sign = Vector512.Create(-0f);
        Vector512<float> size = Avx512F.Min(Vector512.Create(Bound), Vector512.Abs(x)); // NaN, as the second, stays
        Vector512<int> key = Vector512.ShiftRightLogical(Avx512F.Max(size.AsInt32(), Vector512.Create(LeastKey << KeyShift)), KeyShift);
        Vector512<float> t = size - Pick(CenterLow, key, CenterHigh), square = t * t;
        Vector512<float> low = Avx512F.FusedMultiplyAdd(Pick(Term1Low, key, Term1High), t, Pick(Term0Low, key, Term0High));
        Vector512<float> middle = Avx512F.FusedMultiplyAdd(Pick(Term3Low, key, Term3High), t, Pick(Term2Low, key, Term2High));
        Vector512<float> high = Avx512F.FusedMultiplyAdd(Pick(Term5Low, key, Term5High), t, Pick(Term4Low, key, Term4High));
        Vector512<float> result = Avx512F.FusedMultiplyAdd(Avx512F.FusedMultiplyAdd(high, square, middle), square, low);
        return Vector512.ConditionalSelect(sign, x, result);
    }

    [MethodImpl(Inline)]
    private static Vector512<float> Pick(Vector512<float> low, Vector512<int> key, Vector512<float> high) => Avx512F.PermuteVar16x32x2(low, key, high);

    private static Vector512<float> CenterLow
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            2.2495773f, 2.749523f, 3.2493773f, 3.7507064f, 4.500294f, 5.4985805f, 6.498972f, 7.5014305f,
            9.5f, 0f, 0.05077219f, 0.058593407f, 0.07032413f, 0.085925296f, 0.101560496f, 0.11719151f);
    }

    private static Vector512<float> CenterHigh
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            0.1405984f, 0.17188764f, 0.20316914f, 0.23441929f, 0.28121307f, 0.34375155f, 0.40618768f, 0.4688358f,
            0.56240565f, 0.6874732f, 0.8123744f, 0.9374493f, 1.1253259f, 1.3747424f, 1.625279f, 1.8746567f);
    }

    private static Vector512<float> Term0Low
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            0.97800773f, 0.991852f, 0.9969939f, 0.998896f, 0.99975336f, 0.9999665f, 0.99999547f, 0.9999994f,
            1f, 0f, 0.050728608f, 0.058526445f, 0.07020843f, 0.08571445f, 0.10121275f, 0.11665794f);
    }

    private static Vector512<float> Term0High
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            0.13967922f, 0.17021458f, 0.20041908f, 0.23021765f, 0.27402744f, 0.3308225f, 0.3852309f, 0.43725818f,
            0.50976014f, 0.5963563f, 0.670898f, 0.7340481f, 0.8094135f, 0.8797685f, 0.9253863f, 0.9540144f);
    }

    private static Vector512<float> Term1Low
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            0.043500867f, 0.016229643f, 0.0060031665f, 0.0022067768f, 0.00049324177f, 6.6996225e-5f, 9.060129e-6f, 1.2201127e-6f,
            3.9206353e-7f, 1f, 0.9974266f, 0.99657464f, 0.99507076f, 0.992653f, 0.989756f, 0.98639095f);
    }

    private static Vector512<float> Term1High
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            0.98048973f, 0.971027f, 0.9598322f, 0.94699985f, 0.92490894f, 0.89055645f, 0.85159713f, 0.8088053f,
            0.7401446f, 0.6443592f, 0.5498958f, 0.46117336f, 0.3448498f, 0.2260074f, 0.14366017f, 0.08985648f);
    }

    private static Vector512<float> Term2Low
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            -0.042542975f, -0.01609648f, -0.0059847096f, -0.002204179f, -0.0004925037f, -6.691002e-5f, -9.048714e-6f, -1.6614446e-6f,
            1.9468573e-6f, 0f, -0.050598007f, -0.05832584f, -0.06986234f, -0.08508461f, -0.10017582f, -0.115070246f);
    }

    private static Vector512<float> Term2High
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            -0.13695407f, -0.16528295f, -0.19236866f, -0.21801609f, -0.2534504f, -0.29461607f, -0.32806152f, -0.3536567f,
            -0.37729597f, -0.38426757f, -0.36892408f, -0.33852354f, -0.27912802f, -0.19883534f, -0.13294159f, -0.08572445f);
    }

    private static Vector512<float> Term3Low
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            0.027108809f, 0.010556008f, 0.0039658644f, 0.0014661805f, 0.00032814167f, 4.4606277e-5f, 6.0325337e-6f, 8.078005e-7f,
            3.6939136e-6f, -0.33333334f, -0.32990882f, -0.32877794f, -0.32678533f, -0.32359138f, -0.31977957f, -0.3153731f);
    }

    private static Vector512<float> Term3High
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            -0.30770028f, -0.2955421f, -0.2813897f, -0.26547548f, -0.2388506f, -0.19938652f, -0.15748627f, -0.11496251f,
            -0.054384723f, 0.014373604f, 0.064211495f, 0.09476792f, 0.110979676f, 0.09959325f, 0.075136065f, 0.05183043f);
    }

    private static Vector512<float> Term4Low
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            -0.012393857f, -0.0051520383f, -0.001980258f, -0.0007381961f, -0.00017184965f, -2.338238e-5f, -3.1628306e-6f, 1.3404648e-6f,
            2.802535e-6f, 0f, 0.030000627f, 0.030011727f, 0.045943763f, 0.0544879f, 0.06407656f, 0.073706105f);
    }

    private static Vector512<float> Term4High
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            0.08871863f, 0.10538073f, 0.120397285f, 0.13384902f, 0.14983922f, 0.1640623f, 0.16993502f, 0.16808209f,
            0.15328434f, 0.1194547f, 0.07993552f, 0.043370068f, 0.0036172178f, -0.021101346f, -0.025126256f, -0.020857854f);
    }

    private static Vector512<float> Term5Low
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            0.0039756163f, 0.0019159869f, 0.00077118387f, 0.0002929397f, 6.858976e-5f, 9.318954e-6f, 1.2618506e-6f, 2.0929548e-7f,
            7.571028e-7f, 0.13333334f, 0.1389825f, 0.13025431f, 0.12757488f, 0.12639426f, 0.122148186f, 0.11789653f);
    }

    private static Vector512<float> Term5High
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            0.11191097f, 0.10214048f, 0.09089923f, 0.07879949f, 0.059054572f, 0.031956095f, 0.0059310026f, -0.017155707f,
            -0.043455485f, -0.06155094f, -0.06265585f, -0.05305521f, -0.032045554f, -0.009527196f, 0.0013868993f, 0.004597619f);
    }
}
