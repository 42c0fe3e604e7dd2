// Sine and cosine of any number, however large, over vectors.

using System.Numerics;
using System.Runtime.CompilerServices;
using static Nudge.VectorConstants;
using static Nudge.VectorMath;

namespace Nudge;

/// <summary>
/// sin and cos by their series in r = x − n π/2 with |r| ≤ π/4. Up to 1.6 million (1,600 in float32) π/2 is subtracted in four
/// parts, of which n times the first three is exact (Cody and Waite); beyond, the digits of 2/π that matter are looked up
/// (Payne and Hanek 1983).
/// </summary>
internal static class Trigonometry
{
    // As many times π/2 that a whole number of them, times a part of π/2, is exact.
    private const double SingleBound = 1 << 10, DoubleBound = 1 << 20;

    // 2/π in 1,280 binary digits.
    private static ReadOnlySpan<ulong> TwoOverPi =>
    [
        0xA2F9836E4E441529, 0xFC2757D1F534DDC0, 0xDB6295993C439041, 0xFE5163ABDEBBC561, 0xB7246E3A424DD2E0,
        0x06492EEA09D1921C, 0xFE1DEB1CB129A73E, 0xE88235F52EBB4484, 0xE99C7026B45F7E41, 0x3991D639835339F4,
        0x9C845F8BBDF9283B, 0x1FF897FFDE05980F, 0xEF2F118B5A0A6D1F, 0x6D367ECF27CB09B7, 0x4F463F669E5FEA2D,
        0x7527BAC7EBE5F17B, 0x3D0739F78A5292EA, 0x6BFB5FB11F8D5D08, 0x56033046FC7B6BAB, 0xF0CFBC209AF4361D,
    ];

    [MethodImpl(Inline)]
    internal static V Sin<V, T>(V x)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Of small x the result is x, and so it is of −0.
        V small = V.LessThan(V.Abs(x), Number<V, T>(typeof(T) == typeof(float) ? 1.0 / (1 << 13) : 1.0 / (1 << 27)));
        return V.Select(small, x, Wave<V, T>(x, 0));
    }

    [MethodImpl(Inline)]
    internal static V Cos<V, T>(V x)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Wave<V, T>(x, 1);

    // sin(x + quarters π/2). By itself: within a kernel it would be more than the runtime's compiler inlines, and each operation a call.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static V Wave<V, T>(V x, double quarters)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V n = V.Round(x * Number<V, T>(2 / Math.PI));
        V r = Reduce<V, T>(x, n, out V rest);
        if (V.Any(V.LessThan(Number<V, T>(typeof(T) == typeof(float) ? SingleBound : DoubleBound), V.Abs(n))))
            ReduceHuge<V, T>(x, ref n, ref r, ref rest);

        V square = r * r, half = square * Number<V, T>(0.5), one = Number<V, T>(1);
        V sin = r + V.MultiplyAdd(square * r, SinSeries<V, T>(square), rest * (one - half));
        V start = one - half;
        V cos = start + (((one - start) - half) + V.MultiplyAdd(square * square, CosSeries<V, T>(square), -(r * rest)));

        V pairs = (n + Number<V, T>(quarters)) * Number<V, T>(0.5), down = V.Round(pairs);
        V isEven = V.Equals(pairs, down);
        V turns = V.Select(isEven, pairs, pairs - Number<V, T>(0.5)) * Number<V, T>(0.5);
        V isWholeTurn = V.Equals(V.Round(turns), turns);
        return V.Select(isEven, sin, cos) ^ V.Select(isWholeTurn, Number<V, T>(0), Number<V, T>(-0.0));
    }

    [MethodImpl(Inline)]
    private static V Reduce<V, T>(V x, V n, out V rest)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool single = typeof(T) == typeof(float);
        V first = x - n * Number<V, T>(single ? 1.5706787109375 : 1.5707963267341256);
        V second = Pair<V, T>.Add(first, -(n * Number<V, T>(single ? 0.00011761486530303955 : 6.077100506303966e-11)), out V error2);
        V third = Pair<V, T>.Add(second, -(n * Number<V, T>(single ? 9.920313459588215e-10 : 2.0222662487111665e-21)), out V error3);
        rest = (error2 + error3) - n * Number<V, T>(single ? 6.223372171896613e-14 : 8.4784276603689e-32);
        return Pair<V, T>.Add(third, rest, out rest);
    }

    // What a huge number leaves, one number at a time: they are rare.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe void ReduceHuge<V, T>(V x, ref V n, ref V r, ref V rest)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V times = n, high = r, low = rest;
        for (int i = 0; i < V.Count; i++)
        {
            if (!(Math.Abs(double.CreateTruncating(((T*)&times)[i])) > (typeof(T) == typeof(float) ? SingleBound : DoubleBound)))
                continue;
            (int quarter, double remainder, double remainderRest) = ReduceHuge(double.CreateTruncating(((T*)&x)[i]));
            ((T*)&times)[i] = T.CreateTruncating(quarter);
            ((T*)&high)[i] = T.CreateTruncating(remainder);
            ((T*)&low)[i] = T.CreateTruncating(remainder - double.CreateTruncating(((T*)&high)[i]) + remainderRest);
        }
        (n, r, rest) = (times, high, low);
    }

    /// <summary>x = (4k + quarter) π/2 + remainder, for |x| above 2.</summary>
    private static (int Quarter, double Remainder, double Error) ReduceHuge(double x)
    {
        if (!double.IsFinite(x))
            return (0, double.NaN, double.NaN);
        // |x| = m · 2ᵉ. Digits of 2/π that give multiples of 4 are left out; of the product, 190 digits behind the point are kept.
        long bits = BitConverter.DoubleToInt64Bits(x);
        ulong m = (ulong)(bits & 0xfffffffffffff) | (1UL << 52);
        int e = (int)((bits >> 52) & 0x7ff) - 1075, from = e - 2;
        UInt128 low = (UInt128)m * Digits(from + 128), middle = (UInt128)m * Digits(from + 64);
        ulong high = m * Digits(from);
        middle += low >> 64;
        high += (ulong)(middle >> 64);
        UInt128 turns = ((UInt128)high << 64) | (ulong)middle;
        var quarter = (int)((turns + (UInt128.One << 125)) >> 126);
        var fraction = (Int128)(turns - ((UInt128)(uint)quarter << 126));
        var part = (double)fraction;
        double partRest = (double)(fraction - (Int128)part) * Unit;
        part *= Unit;
        // Times π/2.
        const double halfPi = 1.5707963267948966, halfPiRest = 6.123233995736766e-17;
        double product = part * halfPi;
        double rest = Math.FusedMultiplyAdd(part, halfPi, -product) + (part * halfPiRest + partRest * halfPi);
        double remainder = product + rest;
        rest -= remainder - product;
        return x < 0 ? (-quarter, -remainder, -rest) : (quarter, remainder, rest);
    }

    // 2⁻¹²⁶
    private const double Unit = 1.1754943508222875e-38;

    // 64 digits of 2/π from one of them on, or from up to 64 zeros before the first.
    private static ulong Digits(int from)
    {
        if (from < 0)
            return TwoOverPi[0] >> -from;
        int at = from >> 6, by = from & 63;
        return by == 0 ? TwoOverPi[at] : (TwoOverPi[at] << by) | (TwoOverPi[at + 1] >> (64 - by));
    }

    // (sin r − r) / r³ by Taylor's series.
    [MethodImpl(Inline)]
    private static V SinSeries<V, T>(V square)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V series = Number<V, T>(typeof(T) == typeof(float) ? 1.0 / 362880 : 1.0 / 355687428096000);
        if (typeof(T) == typeof(double))
        {
            series = V.MultiplyAdd(series, square, Number<V, T>(-1.0 / 1307674368000));
            series = V.MultiplyAdd(series, square, Number<V, T>(1.0 / 6227020800));
            series = V.MultiplyAdd(series, square, Number<V, T>(-1.0 / 39916800));
            series = V.MultiplyAdd(series, square, Number<V, T>(1.0 / 362880));
        }
        series = V.MultiplyAdd(series, square, Number<V, T>(-1.0 / 5040));
        series = V.MultiplyAdd(series, square, Number<V, T>(1.0 / 120));
        return V.MultiplyAdd(series, square, Number<V, T>(-1.0 / 6));
    }

    // (cos r − 1 + r²/2) / r⁴.
    [MethodImpl(Inline)]
    private static V CosSeries<V, T>(V square)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V series = Number<V, T>(typeof(T) == typeof(float) ? -1.0 / 3628800 : 1.0 / 20922789888000);
        if (typeof(T) == typeof(double))
        {
            series = V.MultiplyAdd(series, square, Number<V, T>(-1.0 / 87178291200));
            series = V.MultiplyAdd(series, square, Number<V, T>(1.0 / 479001600));
            series = V.MultiplyAdd(series, square, Number<V, T>(-1.0 / 3628800));
        }
        series = V.MultiplyAdd(series, square, Number<V, T>(1.0 / 40320));
        series = V.MultiplyAdd(series, square, Number<V, T>(-1.0 / 720));
        return V.MultiplyAdd(series, square, Number<V, T>(1.0 / 24));
    }
}
