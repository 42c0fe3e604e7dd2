// aᵇ and its slopes over vectors, by a logarithm of twice the digits.

using System.Numerics;
using System.Runtime.CompilerServices;
using static Nudge.VectorConstants;
using static Nudge.VectorMath;

namespace Nudge;

/// <summary>
/// |a|ᵇ = e^(b ln |a|), with ln |a| and its product with b as sums of two numbers: what is rounded is hardly more than the
/// result. a² is the product, correctly rounded.
/// </summary>
internal static class Powers
{
    /// <summary>aᵇ, with the edge rules of IEEE 754's pow.</summary>
    [MethodImpl(Inline)]
    internal static V Pow<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V isSquare = V.Equals(b, Number<V, T>(2));
        return V.Any(~isSquare) ? V.Select(isSquare, a * a, General<V, T>(a, b)) : a * a;
    }

    /// <summary>b · aᵇ⁻¹.</summary>
    [MethodImpl(Inline)]
    internal static V SlopeInBase<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V isSquare = V.Equals(b, Number<V, T>(2));
        return V.Any(~isSquare) ? V.Select(isSquare, a + a, GeneralSlopeInBase<V, T>(a, b)) : a + a;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static V General<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V size = V.Abs(a);
        V log = Log<V, T>(size, out V logRest);
        V product = Times<V, T>(b, log, logRest, out V rest);
        V power = Exp<V, T>(product, rest, out V scale);
        V result = AtEnds<V, T>(size, b, Scale<V, T>(power, scale)) | (a & Number<V, T>(-0.0) & IsOdd<V, T>(b));
        return V.Select(IsUndefined<V, T>(a, b), V.Create(T.NaN), WithOnes<V, T>(a, b, result));
    }

    // aᵇ⁻¹ = e^(b ln a − ln a): b − 1 would be rounded.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static V GeneralSlopeInBase<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V zero = Number<V, T>(0), less = b - Number<V, T>(1), size = V.Abs(a);
        V log = Log<V, T>(size, out V logRest);
        V product = Times<V, T>(b, log, logRest, out V rest);
        product = Pair<V, T>.Add(product, -log, out V error);
        rest += error - logRest;
        V power = Exp<V, T>(product, rest, out V scale);
        V isOdd = IsWhole<V, T>(b) & ~IsOdd<V, T>(b) & V.LessThan(V.Abs(b), V.Create(T.PositiveInfinity));
        // The factor before the scale: the power alone may be too large or too small for a number. A small b is made larger first.
        double shift = typeof(T) == typeof(float) ? 25 : 54;
        V isSmall = V.LessThan(V.Abs(b), Number<V, T>(1));
        V factor = V.Select(isSmall, b * V.PowerOfTwo(Number<V, T>(shift)), b);
        V finite = Scale<V, T>(factor * power, V.Select(isSmall, scale - Number<V, T>(shift), scale));
        finite = V.Select(IsUndefined<V, T>(a, b), V.Create(T.NaN), finite);
        V slope = V.Select(IsInside<V, T>(size, b), finite, b * WithOnes<V, T>(a, less, AtEnds<V, T>(size, less, power)));
        slope = V.Select(V.Equals(less, zero), Number<V, T>(1), slope);
        // a⁰ is 1 whatever a is, so its slope in a is 0, at a = 0 too where b·aᵇ⁻¹ would be 0 · ∞.
        return V.Select(V.Equals(b, zero), zero, slope ^ (a & Number<V, T>(-0.0) & isOdd));
    }

    /// <summary>aᵇ · ln a.</summary>
    [MethodImpl(Inline)]
    internal static V SlopeInExponent<V, T>(V a, V b, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V zero = Number<V, T>(0), plainLog = VectorMath.Log<V, T>(a);
        V log = Log<V, T>(V.Abs(a), out V logRest);
        V product = Times<V, T>(b, log, logRest, out V rest);
        V power = Exp<V, T>(product, rest, out V scale);
        // The factor before the scale, again.
        V slope = V.Select(IsInside<V, T>(V.Abs(a), b), Scale<V, T>(power * plainLog, scale), y * plainLog);
        // 0ᵇ is 0 for every b > 0, so its slope in b is 0 there, where y·ln a would be 0 · −∞.
        return V.Select(V.Equals(a, zero) & V.LessThanOrEqual(zero, b), zero, slope);
    }

    // ln x of positive, finite x, to about twice the digits of a number.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static V Log<V, T>(V x, out V rest)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V mantissa = Normalize<V, T>(x, out V exponent), one = Number<V, T>(1);

        // s = (m − 1) / (m + 1), and what the quotient has left over.
        V top = mantissa - one, bottom = Pair<V, T>.AddSmaller(one, mantissa, out V bottomRest);
        V s = top / bottom;
        V back = Pair<V, T>.Multiply(s, bottom, out V backRest);
        V sRest = (((top - back) - backRest) - s * bottomRest) / bottom;

        // ln m = 2s + s³ (⅔ + z Q(z)) with z = s².
        V z = Pair<V, T>.Multiply(s, s, out V zRest);
        zRest = V.MultiplyAdd(s + s, sRest, zRest);
        V inner = z * LogSeries<V, T>(z);
        V factor = Pair<V, T>.AddSmaller(Number<V, T>(2.0 / 3), inner, out V factorRest);
        factorRest += Number<V, T>(typeof(T) == typeof(float) ? 2.0 / 3 - (float)(2.0 / 3) : 3.700743415417188e-17);
        V cube = Pair<V, T>.Multiply(s, z, out V cubeRest);
        cubeRest += V.MultiplyAdd(s, zRest, sRest * z);
        V tail = Pair<V, T>.Multiply(cube, factor, out V tailRest);
        tailRest += V.MultiplyAdd(cube, factorRest, cubeRest * factor);

        V sum = Pair<V, T>.Add(exponent * LogTwoHigh<V, T>(), s + s, out V error);
        sum = Pair<V, T>.Add(sum, tail, out V error2);
        rest = (error + error2) + (tailRest + V.MultiplyAdd(exponent, LogTwoLow<V, T>(), sRest + sRest));
        return Pair<V, T>.AddSmaller(sum, rest, out rest);
    }

    // b · (log + rest). b is bounded where the power is 0, 1 or ∞ already, so that no part overflows.
    [MethodImpl(Inline)]
    private static V Times<V, T>(V b, V log, V logRest, out V rest)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V most = Number<V, T>(typeof(T) == typeof(float) ? 4294967296.0 : 36893488147419103232.0);
        b = V.Max(-most, V.Min(most, b));
        V product = Pair<V, T>.Multiply(b, log, out rest);
        rest = V.MultiplyAdd(b, logRest, rest);
        return product;
    }

    // e^(x + rest) without its last factor 2ⁿ.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static V Exp<V, T>(V x, V rest, out V n)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Beyond these bounds a power is 0 or ∞, also times its logarithm or its exponent.
        V most = Number<V, T>(typeof(T) == typeof(float) ? 130 : 800);
        V bounded = V.Max(-most, V.Min(most, x));
        rest = V.Select(V.Equals(bounded, x), rest, Number<V, T>(0));
        n = V.Round(bounded * Number<V, T>(1.4426950408889634));
        V r = Pair<V, T>.Add(bounded - n * LogTwoHigh<V, T>(), -(n * LogTwoLow<V, T>()), out V error);
        r = Pair<V, T>.Add(r, error + rest, out error);
        V one = Number<V, T>(1), sum = Pair<V, T>.AddSmaller(one, r, out V sumRest);
        V power = sum + (sumRest + V.MultiplyAdd(ExpSeries<V, T>(r), r * r, error * sum));
        return V.Select(V.LessThan(x, -most), Number<V, T>(0), power);
    }

    // What 0, ∞ and NaN give: the size of b · ln |a| decides, and |a| − 1 has the sign of ln |a|.
    [MethodImpl(Inline)]
    private static V AtEnds<V, T>(V size, V b, V inside)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V zero = Number<V, T>(0), infinity = V.Create(T.PositiveInfinity), towards = b * (size - Number<V, T>(1));
        V end = V.Select(V.LessThan(towards, zero), zero, V.Select(V.LessThan(zero, towards), infinity, towards));
        return V.Select(IsInside<V, T>(size, b), inside, end);
    }

    // 1ᵇ and a⁰ are 1 whatever the other number is, NaN too, and (−1)^±∞ is.
    [MethodImpl(Inline)]
    private static V WithOnes<V, T>(V a, V b, V result)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V one = Number<V, T>(1);
        V isOne = V.Equals(a, one) | V.Equals(b, Number<V, T>(0)) | (V.Equals(V.Abs(a), one) & V.Equals(V.Abs(b), V.Create(T.PositiveInfinity)));
        return V.Select(isOne, one, result);
    }

    // 0 < |a| < ∞ and −∞ < b < ∞.
    [MethodImpl(Inline)]
    private static V IsInside<V, T>(V size, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V infinity = V.Create(T.PositiveInfinity);
        return V.LessThan(Number<V, T>(0), size) & V.LessThan(size, infinity) & V.LessThan(V.Abs(b), infinity);
    }

    // A negative number has powers with whole exponents only.
    [MethodImpl(Inline)]
    private static V IsUndefined<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        V.LessThan(a, Number<V, T>(0)) & V.LessThan(V.Abs(a), V.Create(T.PositiveInfinity)) & ~IsWhole<V, T>(b);

    [MethodImpl(Inline)]
    private static V IsWhole<V, T>(V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Equals(V.Round(b), b);

    [MethodImpl(Inline)]
    private static V IsOdd<V, T>(V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => IsWhole<V, T>(b) & ~IsWhole<V, T>(b * Number<V, T>(0.5));

    // 2/5 + 2/7 z + 2/9 z² + …
    [MethodImpl(Inline)]
    private static V LogSeries<V, T>(V z)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool single = typeof(T) == typeof(float);
        V series = Number<V, T>(single ? 2.0 / 13 : 2.0 / 25);
        for (int odd = single ? 11 : 23; odd >= 5; odd -= 2)
            series = V.MultiplyAdd(series, z, Number<V, T>(2.0 / odd));
        return series;
    }
}
