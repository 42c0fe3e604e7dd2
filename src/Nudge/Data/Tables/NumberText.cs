// Which texts are numbers, and which stand for a value that is missing.

using System.Globalization;
using System.Runtime.CompilerServices;

namespace Nudge;

internal static class NumberText
{
    private static readonly double[] s_powersOfTen = [.. Enumerable.Range(0, 23).Select(power => double.Parse($"1e{power}", CultureInfo.InvariantCulture))];

    /// <summary>Reads a finite number with a decimal point and perhaps an exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static bool TryParse(ReadOnlySpan<byte> text, out double number)
    {
        int i = 0, digits = 0, decimals = 0;
        bool negative = false;
        if (text is [(byte)'-' or (byte)'+', ..])
            negative = text[i++] == '-';
        ulong mantissa = 0;
        for (; i < text.Length && (uint)(text[i] - '0') <= 9; i++, digits++)
            mantissa = mantissa * 10 + text[i] - '0';
        if (i < text.Length && text[i] == '.')
        {
            int start = ++i;
            for (; i < text.Length && (uint)(text[i] - '0') <= 9; i++, digits++)
                mantissa = mantissa * 10 + text[i] - '0';
            decimals = i - start;
        }
        if (digits == 0)
        {
            number = 0;
            return false;
        }
        // Both are whole and exact below 2⁵³, so that their quotient is the nearest double.
        if (i == text.Length && digits <= 15)
        {
            number = mantissa / s_powersOfTen[decimals];
            if (negative)
                number = -number;
            return true;
        }
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    /// <summary>A number as the name of a class: 1 for 1, 1.0 and 1e0.</summary>
    internal static string NameOf(double number) => (number + 0.0).ToString(CultureInfo.InvariantCulture);
}
