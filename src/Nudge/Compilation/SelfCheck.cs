// A compiled program must give what the expression itself gives.

namespace Nudge;

/// <summary>Compares what a program and the expression it was compiled from gave for the example that was recorded.</summary>
internal static class SelfCheck
{
    /// <summary>The size that errors of a list of gradients are relative to: the largest, or 1.</summary>
    internal static double ScaleOf(double[] expected)
    {
        double scale = 1;
        foreach (double number in expected)
        {
            if (double.IsFinite(number))
                scale = Math.Max(scale, Math.Abs(number));
        }
        return scale;
    }

    /// <summary>Throws where two numbers differ by more than rounding explains.</summary>
    internal static void RequireClose(ParameterList parameters, int place, double expected, double got, double scale, Precision precision)
    {
        if (!IsClose(expected, got, scale, precision))
            RequireClose($"the gradient of {parameters.NameAt(place)}", expected, got, scale, precision);
    }

    /// <summary>Throws where two numbers differ by more than rounding explains.</summary>
    internal static void RequireClose(string what, double expected, double got, double scale, Precision precision)
    {
        if (!IsClose(expected, got, scale, precision))
            throw new InvalidOperationException($"The compiled program gives {got:G9} for {what}, and the expression itself gives {expected:G9}. Please report the expression.");
    }

    /// <summary>Whether a number is out of a program's range: it gives infinity there, and slopes computed from that say nothing.</summary>
    internal static bool IsOutOfRange(double number, Precision precision) => !double.IsFinite(precision == Precision.Single ? (float)number : number);

    private static bool IsClose(double expected, double got, double scale, Precision precision) =>
        IsOutOfRange(expected, precision) || Math.Abs(expected - got) <= (precision == Precision.Single ? 1e-4 : 1e-9) * Math.Max(scale, Math.Abs(expected));
}
