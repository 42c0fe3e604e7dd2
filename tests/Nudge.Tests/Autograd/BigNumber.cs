// Numbers of some hundred digits, to judge the last digit of a double by.

using System.Numerics;

namespace Nudge.Tests.Autograd;

/// <summary>A number in steps of 2^−640, far more than doubles of moderate size need.</summary>
internal readonly record struct BigNumber(BigInteger Steps)
{
    private const int Bits = 640;

    private static readonly BigNumber s_one = 1;

    public static implicit operator BigNumber(double number)
    {
        (long significand, int exponent) = Split(number);
        int shift = exponent + Bits;
        return new(shift >= 0 ? (BigInteger)significand << shift : (BigInteger)significand >> -shift);
    }

    public static BigNumber operator +(BigNumber a, BigNumber b) => new(a.Steps + b.Steps);

    public static BigNumber operator -(BigNumber a, BigNumber b) => new(a.Steps - b.Steps);

    public static BigNumber operator -(BigNumber a) => new(-a.Steps);

    public static BigNumber operator *(BigNumber a, BigNumber b) => new((a.Steps * b.Steps) >> Bits);

    public static BigNumber operator /(BigNumber a, BigNumber b) => new((a.Steps << Bits) / b.Steps);

    /// <summary>How far a double is from it, in units of the last place of the double.</summary>
    internal double UlpsFrom(double number)
    {
        BigInteger distance = BigInteger.Abs(((BigNumber)number).Steps - Steps);
        return distance.IsZero ? 0 : (double)distance / (double)((BigNumber)(Math.BitIncrement(Math.Abs(number)) - Math.Abs(number))).Steps;
    }

    internal static BigNumber Exp(BigNumber a)
    {
        const int halvings = 12;
        var small = new BigNumber(a.Steps >> halvings);
        BigNumber sum = s_one, term = s_one;
        for (int i = 1; term.Steps > 1 || term.Steps < -1; i++)
            sum += term = new(term.Steps * small.Steps / i >> Bits);
        for (int i = 0; i < halvings; i++)
            sum *= sum;
        return sum;
    }

    // Newton's steps double the digits.
    internal static BigNumber Log(double a)
    {
        BigNumber log = Math.Log(a);
        for (int i = 0; i < 4; i++)
            log += (BigNumber)a * Exp(-log) - s_one;
        return log;
    }

    internal static BigNumber Sqrt(double a)
    {
        BigNumber root = Math.Sqrt(a);
        for (int i = 0; i < 4; i++)
            root = new((root + (BigNumber)a / root).Steps >> 1);
        return root;
    }

    internal static BigNumber Sin(BigNumber a) => Series(a, a, 2);

    internal static BigNumber Cos(BigNumber a) => Series(s_one, a, 1);

    // Each term is the one before times −a² / (next · (next + 1)).
    private static BigNumber Series(BigNumber first, BigNumber a, int next)
    {
        BigNumber square = a * a, sum = first, term = first;
        for (; term.Steps > 1 || term.Steps < -1; next += 2)
            sum += term = new(-(term.Steps * square.Steps >> Bits) / (next * (next + 1)));
        return sum;
    }

    private static (long Significand, int Exponent) Split(double number)
    {
        long bits = BitConverter.DoubleToInt64Bits(number);
        int exponent = (int)((bits >> 52) & 0x7FF);
        long significand = (bits & ((1L << 52) - 1)) | (exponent > 0 ? 1L << 52 : 0);
        return (bits < 0 ? -significand : significand, Math.Max(exponent, 1) - 1075);
    }
}
