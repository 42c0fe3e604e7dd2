// Which texts are numbers, and which stand for a number that is missing.

using System.Globalization;
using System.Text;

namespace Nudge;

internal static class CsvNumber
{
    private static readonly string[] s_missing = ["", "NA", "N/A", "NaN", "null", "?"];

    /// <summary>Whether a text is one of those that stand for a missing value, in whatever case.</summary>
    internal static bool IsMissing(string text) => s_missing.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Reads a number with a decimal point and perhaps an exponent. Infinity, written so or too large for a double, is
    /// a number here; NaN is none.
    /// </summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, out double number)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number))
            return !double.IsNaN(number);
        number = double.PositiveInfinity;
        ReadOnlySpan<byte> size = text is [(byte)'-' or (byte)'+', ..] ? text[1..] : text;
        return Ascii.EqualsIgnoreCase(size, "inf"u8);
    }

    /// <summary>A number as the name of a class: 1 for 1, 1.0 and 1e0.</summary>
    internal static string NameOf(double number) => (number + 0.0).ToString(CultureInfo.InvariantCulture);
}
