// Functions of a float64 to about a hundred bits, in whole numbers: what the others are measured by.

using System.Numerics;

namespace Nudge.Tests.Numerics;

/// <summary>A number Mantissa · 2^Exponent of any precision.</summary>
internal readonly record struct Exactly(BigInteger Mantissa, int Exponent)
{
    // Fixed-point numbers have so many bits behind the point.
    private const int Bits = 192;

    // Of π so many more, as numbers up to 2¹⁰²⁴ are divided by it.
    private const int PiBits = 1100;

    private static readonly BigInteger s_one = BigInteger.One << Bits, s_log2 = TwiceArtanh(s_one / 3);

    // π/2 = 8 arctan(1/5) − 2 arctan(1/239) (Machin 1706).
    private static readonly BigInteger s_halfPi = 8 * ArctanOfInverse(5) - 2 * ArctanOfInverse(239);

    internal static Exactly Exp(double x) => Exp(Fixed(x));

    private static Exactly Exp(BigInteger argument)
    {
        // x = n ln 2 + r, and e^(r/256) by its series, squared eight times.
        var n = (int)((argument + s_log2 / 2) / s_log2);
        BigInteger r = (argument - n * s_log2) >> 8, term = s_one, sum = s_one;
        for (int i = 1; !term.IsZero && i < 40; i++)
        {
            term = ((term * r) >> Bits) / i;
            sum += term;
        }
        for (int i = 0; i < 8; i++)
            sum = (sum * sum) >> Bits;
        return new(sum, n - Bits);
    }

    internal static Exactly Log(double x) => new(FixedLog(x), -Bits);

    /// <summary>aᵇ for a above 0.</summary>
    internal static Exactly Pow(double a, double b) => Exp(Times(FixedLog(a), b));

    /// <summary>b · aᵇ⁻¹.</summary>
    internal static Exactly PowSlopeInBase(double a, double b)
    {
        BigInteger log = FixedLog(a);
        Exactly power = Exp(Times(log, b) - log), factor = Of(b);
        return new(power.Mantissa * factor.Mantissa, power.Exponent + factor.Exponent);
    }

    /// <summary>aᵇ · ln a.</summary>
    internal static Exactly PowSlopeInExponent(double a, double b)
    {
        BigInteger log = FixedLog(a);
        Exactly power = Exp(Times(log, b));
        return new(power.Mantissa * log, power.Exponent - Bits);
    }

    internal static Exactly Sin(double x) => Wave(x, 0);

    internal static Exactly Cos(double x) => Wave(x, 1);

    // sin(x + quarters π/2) from what is left of x after taking π/2 away as often as it goes.
    private static Exactly Wave(double x, int quarters)
    {
        BigInteger whole = Shift(Of(x).Mantissa, Of(x).Exponent + Bits + PiBits), twice = 2 * whole;
        BigInteger n = BigInteger.Divide(twice + (x < 0 ? -s_halfPi : s_halfPi), 2 * s_halfPi);
        BigInteger r = (whole - n * s_halfPi) >> PiBits, square = (r * r) >> Bits;
        int quarter = (int)(((n + quarters) % 4 + 4) % 4);
        BigInteger term = quarter % 2 == 0 ? r : s_one, sum = 0;
        for (int i = quarter % 2 == 0 ? 2 : 1; !term.IsZero && term != -1; i += 2)
        {
            sum += term;
            term = -((term * square) >> Bits) / (i * (i + 1));
        }
        if (quarter % 2 == 0 && n.IsZero && Math.Abs(x) < 1e-15)
            return Of(x);
        return new(quarter >= 2 ? -sum : sum, -Bits);
    }

    // log · b, of which log has Bits digits behind the point.
    private static BigInteger Times(BigInteger log, double b) => Shift(log * Of(b).Mantissa, Of(b).Exponent);

    private static BigInteger FixedLog(double x)
    {
        (BigInteger mantissa, int exponent) = Of(x);
        // x = m · 2ᵉ with m in [1, 2), then in [½√2, √2).
        int log = (int)mantissa.GetBitLength() - 1, e = exponent + log;
        BigInteger m = mantissa << (Bits - log);
        if (x / Math.ScaleB(1, e) > Math.Sqrt(2))
            (m, e) = (m >> 1, e + 1);
        return TwiceArtanh(((m - s_one) << Bits) / (m + s_one)) + e * s_log2;
    }

    internal static Exactly Tanh(double x)
    {
        if (Math.Abs(x) >= 1e-6)
        {
            BigInteger power = Exp(-2 * Math.Abs(x)).ToFixed();
            return new(Math.Sign(x) * ((s_one - power) << Bits) / (s_one + power), -Bits);
        }
        // x (1 − x²/3 + 2x⁴/15 − 17x⁶/315): what remains is below the hundredth bit.
        BigInteger square = (Fixed(x) * Fixed(x)) >> Bits, fourth = (square * square) >> Bits, sixth = (fourth * square) >> Bits;
        (BigInteger mantissa, int exponent) = Of(x);
        return new(mantissa * (s_one - square / 3 + 2 * fourth / 15 - 17 * sixth / 315), exponent - Bits);
    }

    internal static Exactly Sigmoid(double x)
    {
        Exactly power = Exp(-Math.Abs(x));
        BigInteger bottom = s_one + power.ToFixed();
        return x < 0 ? new((power.Mantissa << Bits) / bottom, power.Exponent) : new((s_one << Bits) / bottom, -Bits);
    }

    public static Exactly operator -(Exactly a, Exactly b) => a.Exponent > b.Exponent
        ? new((a.Mantissa << (a.Exponent - b.Exponent)) - b.Mantissa, b.Exponent)
        : new(a.Mantissa - (b.Mantissa << (b.Exponent - a.Exponent)), a.Exponent);

    public static Exactly operator *(Exactly a, Exactly b) => new(a.Mantissa * b.Mantissa, a.Exponent + b.Exponent);

    public static Exactly operator /(Exactly a, Exactly b) => new((a.Mantissa << (2 * Bits)) / b.Mantissa, a.Exponent - b.Exponent - 2 * Bits);

    /// <summary>√x.</summary>
    internal static Exactly Sqrt(double x)
    {
        (BigInteger mantissa, int exponent) = Of(x);
        int odd = exponent & 1;
        BigInteger square = mantissa << (2 * Bits + odd), root = (BigInteger)Math.Sqrt((double)square);
        for (int i = 0; i < 10; i++)
            root = (root + square / root) / 2;
        return new(root, (exponent - odd) / 2 - Bits);
    }

    /// <summary>How far a float64 is off, in units in the last place that this number would have as one. ∞ counts as 2¹⁰²⁴.</summary>
    internal double UnitsTo(double number)
    {
        int bits = (int)BigInteger.Abs(Mantissa).GetBitLength() + Exponent;
        if (double.IsNaN(number) || (double.IsInfinity(number) && bits > 1024))
            return double.IsNaN(number) ? double.PositiveInfinity : 0;
        (BigInteger mantissa, int exponent) = double.IsInfinity(number) ? new(Math.Sign(number), 1024) : Of(number);
        // Both as multiples of 2⁻⁴⁰ units.
        int last = Math.Max(bits - 53, -1074);
        BigInteger difference = Shift(Mantissa, Exponent - last + 40) - Shift(mantissa, exponent - last + 40);
        return Math.Abs((double)difference) * Math.ScaleB(1, -40);
    }

    private BigInteger ToFixed() => Shift(Mantissa, Exponent + Bits);

    private static BigInteger Fixed(double x) => Of(x).ToFixed();

    internal static Exactly Of(double x)
    {
        if (x == 0)
            return new(0, 0);
        int exponent = Math.Max(Math.ILogB(x) - 52, -1074);
        return new((BigInteger)Math.ScaleB(x, -exponent), exponent);
    }

    private static BigInteger Shift(BigInteger number, int places) => places >= 0 ? number << places : number >> -places;

    // 2 artanh s = 2 (s + s³/3 + s⁵/5 + …)
    private static BigInteger TwiceArtanh(BigInteger s)
    {
        BigInteger square = (s * s) >> Bits, sum = 0;
        for (int odd = 1; !s.IsZero && odd < 200; odd += 2)
        {
            sum += s / odd;
            s = (s * square) >> Bits;
        }
        return 2 * sum;
    }

    // arctan(1/x) with Bits + PiBits digits.
    private static BigInteger ArctanOfInverse(int x)
    {
        BigInteger term = (BigInteger.One << (Bits + PiBits)) / x, sum = 0;
        for (int odd = 1; !term.IsZero; odd += 2)
        {
            sum += odd % 4 == 1 ? term / odd : -(term / odd);
            term /= x * x;
        }
        return sum;
    }
}
