// How a column writes its numbers: the decimal mark, marks between thousands, and what stands around them.

using System.Buffers;
using System.Text;

namespace Nudge;

/// <summary>How the numbers of a column are written.</summary>
/// <param name="Decimal">The decimal mark, a point or a comma.</param>
/// <param name="Thousands">What stands between thousands: a comma, point, apostrophe or blank; '\0' for nothing.</param>
/// <param name="Around">What stands before or after each number, as $ or %; empty for nothing.</param>
public sealed record NumberStyle(char Decimal = '.', char Thousands = '\0', string Around = "")
{
    private const int LongestNumber = 64, LongestAround = 8;

    private static readonly SearchValues<byte> s_digitsAndMarks = SearchValues.Create("0123456789.,' \u00A0\u202F+-eE"u8);

    private static readonly string[] s_before = ["$", "€", "£", "¥", "₹", "US$", "USD", "EUR", "GBP", "CHF"];

    /// <summary>A decimal point and nothing else.</summary>
    public static NumberStyle Plain { get; } = new();

    /// <summary>Reads a number of this style; one with a decimal point and no other mark is read by any style.</summary>
    internal bool TryRead(ReadOnlySpan<byte> cell, out double number)
    {
        bool mayBePlain = Decimal == '.' || Thousands != '.';
        if (mayBePlain && NumberText.TryParse(cell, out number))
            return true;
        number = 0;
        if (!TrySplit(cell, out ReadOnlySpan<byte> digits, out string around) || (around.Length > 0 && around != Around))
            return false;
        Span<byte> plain = stackalloc byte[LongestNumber];
        int length = 0, group = -1; // digits since the last mark between thousands; −1 before the first
        bool isDecimal = false, signed = false;
        for (int i = 0; i < digits.Length; i++)
        {
            byte b = digits[i];
            if (b == Decimal && !isDecimal)
            {
                if (group >= 0 && group != 3)
                    return false;
                (isDecimal, group) = (true, -1);
                plain[length++] = (byte)'.';
            }
            else if (Thousands != '\0' && (b == Thousands || (Thousands == ' ' && IsNarrowBlank(digits, ref i))) && !isDecimal)
            {
                if (group >= 0 ? group != 3 : length - (signed ? 1 : 0) is 0 or > 3)
                    return false;
                group = 0;
            }
            else
            {
                signed |= length == 0 && b is (byte)'-' or (byte)'+';
                if (group >= 0)
                    group++;
                plain[length++] = b;
            }
        }
        return (group < 0 || group == 3) && NumberText.TryParse(plain[..length], out number);
    }

    /// <summary>The style that reads most of some cells, none of which needs to be a plain number.</summary>
    /// <param name="cells">The cells, with how often each stands there.</param>
    /// <param name="isCommaSeparated">Whether fields stand apart by commas, so that one within a field separates thousands.</param>
    /// <param name="wanted">The decimal mark where it is said or known from other columns.</param>
    internal static NumberStyle Find(WeighedCells cells, bool isCommaSeparated, char? wanted)
    {
        long decimalCommas = 0, decimalPoints = 0, commaThousands = 0, pointThousands = 0, blanks = 0, apostrophes = 0;
        var arounds = new Dictionary<string, long>(StringComparer.Ordinal);
        cells((cell, count) =>
        {
            if (!TrySplit(cell, out ReadOnlySpan<byte> digits, out string around))
                return true;
            arounds[around] = arounds.GetValueOrDefault(around) + count;
            Note(digits, (byte)',', (byte)'.', count, ref decimalCommas, ref commaThousands);
            Note(digits, (byte)'.', (byte)',', count, ref decimalPoints, ref pointThousands);
            blanks += digits.Contains((byte)' ') || digits.IndexOf("\u00A0"u8) >= 0 || digits.IndexOf("\u202F"u8) >= 0 ? count : 0;
            apostrophes += digits.Contains((byte)'\'') ? count : 0;
            return arounds.Count < 100;
        });
        string usual = arounds.Where(pair => pair.Key.Length > 0).OrderByDescending(pair => pair.Value).Select(pair => pair.Key).FirstOrDefault("");
        char mark = wanted
            ?? (decimalCommas > decimalPoints ? ','
            : decimalPoints > 0 || commaThousands == 0 || isCommaSeparated || pointThousands > 0 ? '.'
            : ',');
        char thousands = blanks > 0 ? ' '
            : apostrophes > 0 ? '\''
            : mark == ',' && pointThousands > 0 && decimalPoints == 0 ? '.'
            : mark == '.' && commaThousands > 0 && decimalCommas == 0 ? ','
            : '\0';
        return new NumberStyle(mark, thousands, usual);
    }

    /// <summary>What is not plain about it, in words; empty for nothing.</summary>
    internal string Words
    {
        get
        {
            var words = new List<string>();
            if (Decimal == ',')
                words.Add("decimal comma");
            if (Thousands != '\0')
                words.Add($"{(Thousands == ' ' ? "blanks" : $"'{Thousands}'")} between thousands");
            if (Around.Length > 0)
                words.Add($"with {Around}");
            return string.Join(", ", words);
        }
    }

    // Three digits after a single mark may be thousands or decimals; anything else says which.
    private static void Note(ReadOnlySpan<byte> digits, byte mark, byte other, int count, ref long decimals, ref long thousands)
    {
        int at = digits.LastIndexOf(mark);
        if (at < 0)
            return;
        ReadOnlySpan<byte> before = digits[..at].TrimStart("+-"u8), after = digits[(at + 1)..];
        if (before.Contains(mark) || after.Contains(other))
            thousands += count;
        else if (after.Length != 3 || before.Length is 0 or > 3 || before[0] == '0' || before.Contains(other))
            decimals += count;
        else
            thousands += count;
    }

    /// <summary>Divides a cell into digits with their marks, and what stands around them.</summary>
    private static bool TrySplit(ReadOnlySpan<byte> cell, out ReadOnlySpan<byte> digits, out string around)
    {
        digits = default;
        around = "";
        // Accounts write minus five as (5).
        bool negative = cell is [(byte)'(', .., (byte)')'];
        if (negative)
            cell = cell[1..^1];
        int first = cell.IndexOfAnyInRange((byte)'0', (byte)'9'), last = cell.LastIndexOfAnyInRange((byte)'0', (byte)'9');
        if (first < 0 || cell.Length > LongestNumber)
            return false;
        ReadOnlySpan<byte> before = cell[..first], after = cell[(last + 1)..];
        ReadOnlySpan<byte> longMinus = "−"u8;
        if (before.IndexOf(longMinus) is >= 0 and var minus)
        {
            negative = true;
            before = minus == 0 ? before[longMinus.Length..] : before[..minus];
        }
        negative |= before.Contains((byte)'-');
        before = before.Trim("+- "u8);
        if (before is [.., (byte)'.' or (byte)','])
        {
            before = before[..^1].TrimEnd((byte)' ');
            first--;
        }
        digits = cell[first..(last + 1)];
        if (digits.ContainsAnyExcept(s_digitsAndMarks))
            return false;
        if (negative)
        {
            // "-$5" and "$-5" are both minus five.
            var signed = new byte[digits.Length + 1];
            signed[0] = (byte)'-';
            digits.CopyTo(signed.AsSpan(1));
            digits = signed;
        }
        bool hasBlank = after is [(byte)' ', ..];
        after = after.Trim((byte)' ');
        if (before.Length + after.Length == 0)
            return true;
        if (before.Length > 0 && after.Length > 0)
            return false;
        around = Encoding.UTF8.GetString(before.Length > 0 ? before : after);
        bool isMoney = s_before.Contains(around, StringComparer.Ordinal);
        return before.Length > 0
            ? isMoney
            : isMoney || around is "%" or "°C" or "°F" or "°" || (hasBlank && around.Length <= LongestAround && !around.Any(char.IsAsciiDigit));
    }

    private static bool IsNarrowBlank(ReadOnlySpan<byte> digits, ref int i)
    {
        ReadOnlySpan<byte> rest = digits[i..];
        if (rest.StartsWith("\u00A0"u8))
            i += 1;
        else if (rest.StartsWith("\u202F"u8))
            i += 2;
        else
            return false;
        return true;
    }
}
