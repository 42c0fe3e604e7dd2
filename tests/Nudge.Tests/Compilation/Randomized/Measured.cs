// What a program must give, and how far from it it may be.

namespace Nudge.Tests.Compilation.Randomized;

/// <summary>How a number compares with what it should be.</summary>
internal enum Verdict
{
    Right,

    /// <summary>The expression itself is not finite, or so ill-conditioned that no bound holds.</summary>
    LeftOut,

    Wrong,
}

/// <summary>A number of the expression itself.</summary>
/// <param name="Exact">In double.</param>
/// <param name="Rounded">With every value and every gradient rounded to float32.</param>
/// <param name="Bound">The error to first order if every operation were off by one unit of rounding, in such units.</param>
/// <param name="HasInfinities">
/// Whether the expression holds numbers that are not finite: a program multiplies these by 0 where the expression leaves them out.
/// </param>
internal readonly record struct Measured(double Exact, double Rounded, double Bound, bool HasInfinities = false)
{
    // A double is exact enough within 64 units in the last place of the bound. In float32 the same expression, computed
    // one operation at a time, says how exact one can be.
    private const double UlpsOfDouble = 64, TimesRounded = 4;

    /// <summary>How far a program may be off.</summary>
    internal double Allowance(Precision precision) => precision == Precision.Double
        ? UlpsOfDouble * double.BitIncrement(1) % 1 * Bound
        : TimesRounded * Math.Abs(Rounded - Exact) + float.BitIncrement(1) % 1 * Bound;

    internal Verdict Judge(double got, Precision precision)
    {
        if (!double.IsFinite(Exact))
            return Exact.Equals(got) ? Verdict.Right : Verdict.LeftOut;
        double allowance = Allowance(precision);
        // What is off so far may be off beyond all that there is.
        if (precision == Precision.Single && Math.Abs(Exact) + allowance > float.MaxValue && !double.IsFinite(got))
            return Verdict.LeftOut;
        if (!double.IsFinite(allowance) || (HasInfinities && !double.IsFinite(got)))
            return Verdict.LeftOut;
        return Math.Abs(got - Exact) <= allowance ? Verdict.Right : Verdict.Wrong;
    }

    public static Measured operator +(Measured a, Measured b) => new(a.Exact + b.Exact, (float)(a.Rounded + b.Rounded), a.Bound + b.Bound, a.HasInfinities || b.HasInfinities);
}
