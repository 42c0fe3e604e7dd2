// exp, log, tanh and the logistic function over vectors, in plain arithmetic: the same bits on every machine with FMA.

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

    // x · 2ⁿ. In two factors, since 2ⁿ itself may be too large or too small for a normal number while the result is not.
    [MethodImpl(Inline)]
    private static unsafe V Scale<V, T>(V x, V n)
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
        V leastNormal = Number<V, T>(single ? 1.1754943508222875e-38 : 2.2250738585072014e-308);
        V subnormal = V.LessThan(x, leastNormal);
        V scaled = V.Select(subnormal, x * Number<V, T>(single ? 33554432.0 : 18014398509481984.0), x);
        V mantissa = V.Split(scaled, out V exponent);
        exponent = V.Select(subnormal, exponent - Number<V, T>(single ? 25 : 54), exponent);

        V f = mantissa - Number<V, T>(1);
        V s = f / (f + Number<V, T>(2)), square = s * s;
        V series = Number<V, T>(single ? 2.0 / 11 : 2.0 / 23);
        for (int odd = single ? 9 : 21; odd >= 3; odd -= 2)
            series = V.MultiplyAdd(series, square, Number<V, T>(2.0 / odd));
        V halfSquare = f * f * Number<V, T>(0.5);
        // ln(1 + f) = f − f²/2 + s·(f²/2 + R): the large part f is added last.
        V tail = s * V.MultiplyAdd(series, square, halfSquare);
        tail = V.MultiplyAdd(exponent, Number<V, T>(single ? -2.12194440e-4 : 1.9082149292705877e-10), tail);
        V result = V.MultiplyAdd(exponent, Number<V, T>(single ? 0.693359375 : 0.69314718036912382), f - (halfSquare - tail));

        V zero = Number<V, T>(0), infinity = V.Create(T.PositiveInfinity);
        result = V.Select(V.LessThan(x, infinity), result, x);           // ∞ and NaN stay
        result = V.Select(V.Equals(x, zero), -infinity, result);
        return V.Select(V.LessThan(x, zero), V.Create(T.NaN), result);
    }

    /// <summary>tanh x, from a table or as (e²ˣ − 1) / (e²ˣ − 1 + 2) of |x|, with its sign put back: exact near 0.</summary>
    [MethodImpl(Inline)]
    internal static V Tanh<V, T>(V x)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float) && TanhTable.IsSupported)
            return TanhByTable<V, T>(x);
        V sign = x & Number<V, T>(-0.0), size = V.Abs(x), one = Number<V, T>(1);
        V n = V.Round(size * Number<V, T>(2.8853900817779268)); // 2 / ln 2
        V power = V.PowerOfTwo(n);
        V minusOne = typeof(T) == typeof(float)
            ? ExpOfTwiceMinusOne<V, T>(V.MultiplyAdd(n, Number<V, T>(-0.34657359027997265), size), power)
            : V.MultiplyAdd(ExpMinusOne<V, T>(Reduce<V, T>(size + size, n)), power, power - one);
        // From here on it is 1, whatever came out. Nothing waits for the comparison, as it would for a bound on |x|.
        V bound = Number<V, T>(typeof(T) == typeof(float) ? 9.02 : 19.07);
        return V.Select(V.LessThan(bound, size), one, minusOne / (minusOne + Number<V, T>(2))) | sign;
    }

    // What a vector does not fill, is computed for nothing.
    [MethodImpl(Inline)]
    private static unsafe V TanhByTable<V, T>(V x)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector512<float> wide = sizeof(V) == 64 ? Unsafe.BitCast<V, Vector512<float>>(x)
            : sizeof(V) == 32 ? Unsafe.BitCast<V, Vector256<float>>(x).ToVector512Unsafe()
            : sizeof(V) == 16 ? Unsafe.BitCast<V, Vector128<float>>(x).ToVector256Unsafe().ToVector512Unsafe()
            : Vector512.CreateScalarUnsafe(Unsafe.BitCast<V, float>(x));
        wide = TanhTable.Tanh(wide);
        return sizeof(V) == 64 ? Unsafe.BitCast<Vector512<float>, V>(wide)
            : sizeof(V) == 32 ? Unsafe.BitCast<Vector256<float>, V>(wide.GetLower())
            : sizeof(V) == 16 ? Unsafe.BitCast<Vector128<float>, V>(wide.GetLower().GetLower())
            : Unsafe.BitCast<float, V>(wide.ToScalar());
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

    /// <summary>A function that has no vector form, one number at a time.</summary>
    internal static unsafe V EachLane<V, T>(V a, Func<T, T> function)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* numbers = stackalloc T[V.Count];
        V.Store(a, numbers);
        for (int i = 0; i < V.Count; i++)
            numbers[i] = function(numbers[i]);
        return V.Load(numbers);
    }

    /// <inheritdoc cref="EachLane{V, T}(V, Func{T, T})"/>
    internal static unsafe V EachLane<V, T>(V a, V b, Func<T, T, T> function)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* first = stackalloc T[V.Count], second = stackalloc T[V.Count];
        V.Store(a, first);
        V.Store(b, second);
        for (int i = 0; i < V.Count; i++)
            first[i] = function(first[i], second[i]);
        return V.Load(first);
    }

    /// <summary>A constant in the precision of the vector.</summary>
    [MethodImpl(Inline)]
    internal static V Number<V, T>(double number)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Create(T.CreateTruncating(number));

    // x − n ln 2, with ln 2 in two parts of which the first times n is exact.
    [MethodImpl(Inline)]
    private static V Reduce<V, T>(V x, V n)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(float)
        ? V.MultiplyAdd(n, Number<V, T>(2.12194440e-4), V.MultiplyAdd(n, Number<V, T>(-0.693359375), x))
        : V.MultiplyAdd(n, Number<V, T>(-1.9082149292705877e-10), V.MultiplyAdd(n, Number<V, T>(-0.69314718036912382), x));

    // 2ⁿ e²ʳ − 1 = 2ⁿ − 1 + 2ⁿ (2r + r² S(r)), in parts that wait for each other as little as may be. S = 2 + … of degree 4
    // is the minimax polynomial for |r| ≤ ¼ ln 2, changed in the last digits so that the error of tanh, with rounding, is the
    // smallest; e²ʳ − 1 is wrong by 5.4e-8 of itself at most. What r has lost by subtracting n · ½ ln 2 in one part hardly shows
    // in tanh, which is flat where n is large.
    [MethodImpl(Inline)]
    private static V ExpOfTwiceMinusOne<V, T>(V r, V power)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V square = r * r;
        V low = V.MultiplyAdd(r, Number<V, T>(1.3333304), Number<V, T>(2));
        V high = V.MultiplyAdd(r, Number<V, T>(0.26740769), Number<V, T>(0.66663468));
        V series = V.MultiplyAdd(V.MultiplyAdd(square, Number<V, T>(0.09001337), high), square, low);
        return V.MultiplyAdd(series, square * power, V.MultiplyAdd(r + r, power, power - Number<V, T>(1)));
    }

    // eʳ − 1 by its Taylor series r + r²/2! + r³/3! + …, exact enough for |r| ≤ ½ ln 2.
    [MethodImpl(Inline)]
    private static V ExpMinusOne<V, T>(V r)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V square = r * r;
        if (typeof(T) == typeof(float))
        {
            // In pairs of terms, which do not wait for each other.
            V low = V.MultiplyAdd(r, Number<V, T>(1.0 / 6), Number<V, T>(0.5)), middle = V.MultiplyAdd(r, Number<V, T>(1.0 / 120), Number<V, T>(1.0 / 24));
            V high = V.MultiplyAdd(r, Number<V, T>(1.0 / 5040), Number<V, T>(1.0 / 720));
            return V.MultiplyAdd(V.MultiplyAdd(V.MultiplyAdd(high, square, middle), square, low), square, r);
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
        series = V.MultiplyAdd(series, r, Number<V, T>(0.5));
        return V.MultiplyAdd(series, square, r);
    }
}
