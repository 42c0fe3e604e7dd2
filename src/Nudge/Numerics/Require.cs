// Ranges of numbers that people choose, refused with the range in the message.

using System.Runtime.CompilerServices;

namespace Nudge;

internal static class Require
{
    internal static double NonNegative(double number, [CallerArgumentExpression(nameof(number))] string name = "") =>
        number >= 0 && double.IsFinite(number) ? number : throw Outside(number, name, "a finite number of at least 0");

    internal static double Positive(double number, [CallerArgumentExpression(nameof(number))] string name = "") =>
        number > 0 && double.IsFinite(number) ? number : throw Outside(number, name, "a finite number above 0");

    internal static double BelowOne(double number, [CallerArgumentExpression(nameof(number))] string name = "") =>
        number is >= 0 and < 1 ? number : throw Outside(number, name, "a number from 0 to below 1");

    internal static double Fraction(double number, [CallerArgumentExpression(nameof(number))] string name = "") =>
        number is >= 0 and <= 1 ? number : throw Outside(number, name, "a number from 0 to 1");

    internal static int AtLeast(int least, int number, [CallerArgumentExpression(nameof(number))] string name = "") =>
        number >= least ? number : throw Outside(number, name, $"a whole number of at least {least}");

    private static ArgumentOutOfRangeException Outside(object number, string name, string expected) =>
        new(name, number, $"Expected {expected}.");
}
