// A compiled program must give what the expression itself gives.

using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Compares what a program and the expression it was compiled from gave for the example that was recorded.</summary>
internal static class SelfCheck
{
    /// <summary>Throws where gradients differ by more than rounding explains; errors are relative to the largest, or to 1.</summary>
    /// <param name="nameAt">What the gradient at a place is of.</param>
    /// <param name="expected">What the expression gives.</param>
    /// <param name="got">What the program gives.</param>
    /// <param name="precision">The numbers that the program computes with.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void RequireClose(Func<int, string> nameAt, double[] expected, double[] got, Precision precision)
    {
        double scale = 1;
        foreach (double number in expected)
        {
            if (double.IsFinite(number))
                scale = Math.Max(scale, Math.Abs(number));
        }
        for (int i = 0; i < got.Length; i++)
        {
            if (!IsClose(expected[i], got[i], scale, precision))
                throw Differs($"the gradient of {nameAt(i)}", expected[i], got[i]);
        }
    }

    /// <summary>Throws where two numbers differ by more than rounding explains.</summary>
    internal static void RequireClose(string what, double expected, double got, Precision precision)
    {
        if (!IsClose(expected, got, 1, precision))
            throw Differs(what, expected, got);
    }

    /// <summary>Whether a number is out of a program's range: it gives infinity there, and slopes computed from that say nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsOutOfRange(double number, Precision precision) => !double.IsFinite(precision == Precision.Single ? (float)number : number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsClose(double expected, double got, double scale, Precision precision) =>
        IsOutOfRange(expected, precision) || Math.Abs(expected - got) <= (precision == Precision.Single ? 1e-4 : 1e-9) * Math.Max(scale, Math.Abs(expected));

    private static InvalidOperationException Differs(string what, double expected, double got) =>
        new($"The compiled program gives {got:G9} for {what}, and the expression itself gives {expected:G9}. Please report the expression.");
}
