// exp, log, tanh and the logistic function over vectors, in plain arithmetic: the same bits at every width, wherever there is FMA.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Nudge.VectorConstants;

namespace Nudge;

/// <summary>
/// Elementary functions for float32 and float64, of any width. Errors stay within a few units in the last place, and
/// ±0, ±∞, NaN and subnormals come out as they should.
/// </summary>
internal static class VectorMath
{
    /// <summary>eˣ = 2ⁿ · eʳ with n = round(x / ln 2) and |r| ≤ ½ ln 2.</summary>
    [MethodImpl(Inline)]
    internal static V Exp<V, T>(V x)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Outside these bounds the result is 0 or ∞ already. Written so that NaN stays.
        V low = Number<V, T>(typeof(T) == typeof(float) ? -104 : -746), high = Number<V, T>(typeof(T) == typeof(float) ? 89 : 710);
        x = V.Select(V.LessThan(x, low), low, V.Select(V.LessThan(high, x), high, x));
        V n = V.Round(x * Number<V, T>(1.4426950408889634));
        V series = ExpMinusOne<V, T>(Reduce<V, T>(x, n)) + Number<V, T>(1);
        return Scale<V, T>(series, n);
    }

    /// <summary>x · 2ⁿ. In two factors, since 2ⁿ itself may be too large or too small for a normal number while the result is not.</summary>
    [MethodImpl(Inline)]
    internal static unsafe V Scale<V, T>(V x, V n)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float) && sizeof(V) == 64 && Avx512F.IsSupported)
            return Unsafe.BitCast<Vector512<float>, V>(Avx512F.Scale(Unsafe.BitCast<V, Vector512<float>>(x), Unsafe.BitCast<V, Vector512<float>>(n)));
        V half = V.Round(n * Number<V, T>(0.5));
        return x * V.PowerOfTwo(half) * V.PowerOfTwo(n - half);
    }

    /// <summary>ln x = e ln 2 + ln(1 + f) with x = (1 + f) · 2ᵉ, by the series of artanh(f / (2 + f)).</summary>
    [MethodImpl(Inline)]
    internal static V Log<V, T>(V x)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool single = typeof(T) == typeof(float);
        V f = Normalize<V, T>(x, out V exponent) - Number<V, T>(1);
        V s = f / (f + Number<V, T>(2)), square = s * s;
        V series = Number<V, T>(single ? 2.0 / 11 : 2.0 / 23);
        for (int odd = single ? 9 : 21; odd >= 3; odd -= 2)
            series = V.MultiplyAdd(series, square, Number<V, T>(2.0 / odd));
        V halfSquare = f * f * Number<V, T>(0.5);
        // ln(1 + f) = f − f²/2 + s·(f²/2 + R): the large part f is added last.
        V tail = s * V.MultiplyAdd(series, square, halfSquare);
        tail = V.MultiplyAdd(exponent, LogTwoLow<V, T>(), tail);
        V result = V.MultiplyAdd(exponent, LogTwoHigh<V, T>(), f - (halfSquare - tail));

        V zero = Number<V, T>(0), infinity = V.Create(T.PositiveInfinity);
        result = V.Select(V.LessThan(x, infinity), result, x);           // ∞ and NaN stay
        result = V.Select(V.Equals(x, zero), -infinity, result);
        return V.Select(V.LessThan(x, zero), V.Create(T.NaN), result);
    }

    /// <summary>x = mantissa · 2^exponent with the mantissa in [√½, √2), for positive x.</summary>
    [MethodImpl(Inline)]
    internal static V Normalize<V, T>(V x, out V exponent)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool single = typeof(T) == typeof(float);
        V subnormal = V.LessThan(x, Number<V, T>(single ? 1.1754943508222875e-38 : 2.2250738585072014e-308));
        V scaled = V.Select(subnormal, x * Number<V, T>(single ? 33554432.0 : 18014398509481984.0), x);
        V mantissa = V.Split(scaled, out exponent);
        exponent = V.Select(subnormal, exponent - Number<V, T>(single ? 25 : 54), exponent);
        return mantissa;
    }

    /// <summary>ln 2 but for its last digits: times the exponent of a number it is exact.</summary>
    [MethodImpl(Inline)]
    internal static V LogTwoHigh<V, T>()
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Number<V, T>(typeof(T) == typeof(float) ? 0.693359375 : 0.69314718036912382);

    /// <summary>The last digits of ln 2.</summary>
    [MethodImpl(Inline)]
    internal static V LogTwoLow<V, T>()
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Number<V, T>(typeof(T) == typeof(float) ? -2.12194440e-4 : 1.9082149292705877e-10);

    /// <summary>tanh x: in float32 from a table, in float64 as (e²ˣ − 1) / (e²ˣ − 1 + 2) of |x|, with its sign put back. Exact near 0.</summary>
    [MethodImpl(Inline)]
    internal static V Tanh<V, T>(V x)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
            return TanhTable.Tanh<V, T>(x);
        V sign = x & Number<V, T>(-0.0), size = V.Abs(x), one = Number<V, T>(1);
        V n = V.Round(size * Number<V, T>(2.8853900817779268)); // 2 / ln 2
        V power = V.PowerOfTwo(n);
        V minusOne = V.MultiplyAdd(ExpMinusOne<V, T>(Reduce<V, T>(size + size, n)), power, power - one);
        // From here on it is 1, whatever came out. Nothing waits for the comparison, as it would for a bound on |x|.
        return V.Select(V.LessThan(Number<V, T>(19.07), size), one, minusOne / (minusOne + Number<V, T>(2))) | sign;
    }

    /// <summary>1 / (1 + e⁻ˣ), from e^−|x| so that both ends keep their precision.</summary>
    [MethodImpl(Inline)]
    internal static V Sigmoid<V, T>(V x)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V one = Number<V, T>(1), power = Exp<V, T>(-V.Abs(x));
        return V.Select(V.LessThan(x, Number<V, T>(0)), power, one) / (one + power);
    }

    /// <summary>1 for a above 0, two other numbers at 0 and below, NaN for NaN: the slope of ReLU and of |a|.</summary>
    [MethodImpl(Inline)]
    internal static V Step<V, T>(V a, double below, double at)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V zero = Number<V, T>(0);
        V rest = V.Select(V.LessThan(a, zero), Number<V, T>(below), V.Select(V.Equals(a, zero), Number<V, T>(at), V.Create(T.NaN)));
        return V.Select(V.LessThan(zero, a), Number<V, T>(1), rest);
    }

    /// <summary>1 where a is the greater, 0 where b is, ½ at a tie, NaN for NaN: the slope of max(a, b) in a.</summary>
    [MethodImpl(Inline)]
    internal static V Greater<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V rest = V.Select(V.LessThan(a, b), Number<V, T>(0), V.Select(V.Equals(a, b), Number<V, T>(0.5), V.Create(T.NaN)));
        return V.Select(V.LessThan(b, a), Number<V, T>(1), rest);
    }

    /// <summary>A constant in the precision of the vector.</summary>
    [MethodImpl(Inline)]
    internal static V Number<V, T>(double number)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Create(T.CreateTruncating(number));

    [MethodImpl(Inline)]
    private static V Reduce<V, T>(V x, V n)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.MultiplyAdd(n, -LogTwoLow<V, T>(), V.MultiplyAdd(n, -LogTwoHigh<V, T>(), x));

    // eʳ − 1 by its Taylor series r + r²/2! + r³/3! + …, exact enough for |r| ≤ ½ ln 2.
    [MethodImpl(Inline)]
    private static V ExpMinusOne<V, T>(V r)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.MultiplyAdd(ExpSeries<V, T>(r), r * r, r);

    /// <summary>1/2! + r/3! + r²/4! + …, of which r² makes eʳ − 1 − r.</summary>
    [MethodImpl(Inline)]
    internal static V ExpSeries<V, T>(V r)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            // In pairs of terms, which do not wait for each other.
            V square = r * r;
            V low = V.MultiplyAdd(r, Number<V, T>(1.0 / 6), Number<V, T>(0.5)), middle = V.MultiplyAdd(r, Number<V, T>(1.0 / 120), Number<V, T>(1.0 / 24));
            V high = V.MultiplyAdd(r, Number<V, T>(1.0 / 5040), Number<V, T>(1.0 / 720));
            return V.MultiplyAdd(V.MultiplyAdd(high, square, middle), square, low);
        }
        V series = Number<V, T>(1.0 / 6227020800);
        series = V.MultiplyAdd(series, r, Number<V, T>(1.0 / 479001600));
        series = V.MultiplyAdd(series, r, Number<V, T>(1.0 / 39916800));
        series = V.MultiplyAdd(series, r, Number<V, T>(1.0 / 3628800));
        series = V.MultiplyAdd(series, r, Number<V, T>(1.0 / 362880));
        series = V.MultiplyAdd(series, r, Number<V, T>(1.0 / 40320));
        series = V.MultiplyAdd(series, r, Number<V, T>(1.0 / 5040));
        series = V.MultiplyAdd(series, r, Number<V, T>(1.0 / 720));
        series = V.MultiplyAdd(series, r, Number<V, T>(1.0 / 120));
        series = V.MultiplyAdd(series, r, Number<V, T>(1.0 / 24));
        series = V.MultiplyAdd(series, r, Number<V, T>(1.0 / 6));
        return V.MultiplyAdd(series, r, Number<V, T>(0.5));
    }
}
