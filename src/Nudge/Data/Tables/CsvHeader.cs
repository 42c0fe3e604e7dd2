// Whether the first row names the columns, judged by what stands below it.

using System.Text;

namespace Nudge;

/// <summary>What the first row is, and how columns are called.</summary>
internal static class CsvHeader
{
    // A sample is enough to see whether a name stands among the values; kinds of columns are found from all rows.
    private const int MostRows = 2000, MostColumns = 500, FewestRows = 5;

    /// <summary>Whether the first of some rows is a header.</summary>
    /// <param name="first">The fields of the first row.</param>
    /// <param name="rows">How many rows follow.</param>
    /// <param name="cell">A field of a row below the first, from 0.</param>
    /// <param name="isSure">Whether names stand above numbers, so that they can hardly be data.</param>
    /// <param name="remark">What should be said about it; empty for nothing.</param>
    internal static bool IsIn(string[] first, int rows, CellOf cell, out bool isSure, out string remark)
    {
        int textOverNumbers = 0, seenBelow = 0, numbers = 0;
        var whole = new List<double>();
        bool misfit = true;
        string? seen = null;
        for (int c = 0; c < Math.Min(first.Length, MostColumns); c++)
        {
            byte[] name = Encoding.UTF8.GetBytes(first[c]);
            if (name.Length == 0)
                continue;
            bool isNumber = IsNumber(name, out double number);
            Below below = LookBelow(name, number, Math.Min(rows, MostRows), c, cell);
            if (isNumber)
            {
                numbers++;
                whole.Add(number);
                misfit &= !below.IsNumbers || below.IsOutside || (below.HasPoints && !name.AsSpan().Contains((byte)'.'));
            }
            else if (below.IsNumbers)
            {
                textOverNumbers++;
            }
            else if (below.HasName)
            {
                seenBelow++;
                seen ??= first[c];
            }
        }
        remark = "";
        isSure = textOverNumbers > 0 && textOverNumbers >= seenBelow;
        bool countsUp = rows >= FewestRows && whole.Count >= 2 && misfit && whole.All(number => number == Math.Floor(number))
            && Enumerable.Range(1, whole.Count - 1).All(i => whole[i] == whole[i - 1] + 1);
        if (countsUp && seenBelow == 0)
        {
            remark = $"the first row ({first[0]}, {first[1]} …) is taken for names, since it counts up and does not fit the columns below it (--header no if it is data)";
            return true;
        }
        if (isSure)
        {
            if (seen is not null)
                remark = $"the first row is taken for names, and '{seen}' stands below it as a value, too (--header no if it is data)";
            return true;
        }
        if (seenBelow > 0)
        {
            remark = $"the first row is taken for data, since '{seen}' stands below it as a value, too (--header yes if it names the columns)";
            return false;
        }
        return numbers == 0;
    }

    /// <summary>The names of a header, all different; an empty one is called by its position.</summary>
    internal static string[] Names(string[] header, List<string> remarks)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var names = new string[header.Length];
        var renamed = new List<string>();
        for (int i = 0; i < header.Length; i++)
        {
            string name = header[i].Length == 0 ? PositionName(i) : header[i];
            names[i] = name;
            for (int copy = 2; !seen.Add(names[i]); copy++)
                names[i] = FormattableString.Invariant($"{name} ({copy})");
            if (names[i] != name)
                renamed.Add($"'{names[i]}'");
        }
        if (renamed.Count > 0)
            remarks.Add($"names that stand twice are numbered: {string.Join(", ", renamed.Take(10))}");
        return names;
    }

    /// <summary>What a column without a name is called.</summary>
    internal static string PositionName(int column) => FormattableString.Invariant($"c{column + 1}");

    /// <summary>A number as it may stand in a first row: infinite ones and decimal commas, too.</summary>
    internal static bool IsNumber(ReadOnlySpan<byte> field, out double number)
    {
        if (NumberText.TryParse(field, out number))
            return true;
        int comma = field.IndexOf((byte)',');
        if (comma < 0 || field.Length > 40)
            return false;
        Span<byte> point = stackalloc byte[field.Length];
        field.CopyTo(point);
        point[comma] = (byte)'.';
        return NumberText.TryParse(point, out number);
    }

    private static Below LookBelow(byte[] name, double number, int rows, int column, CellOf cell)
    {
        int numbers = 0, texts = 0;
        bool points = true, hasName = false;
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<byte> field = cell(row, column);
            if (IsNumber(field, out double value))
            {
                numbers++;
                points &= field.ContainsAny((byte)'.', (byte)',');
                (least, most) = (Math.Min(least, value), Math.Max(most, value));
            }
            else if (!MarksOfAll.Has(field))
            {
                texts++;
            }
            hasName |= field.SequenceEqual(name);
        }
        return new Below(numbers > 0 && texts <= numbers / 10, hasName, numbers > 0 && points, number < least || number > most);
    }

    private static MissingMarks MarksOfAll { get; } = new([]);

    /// <summary>What stands below a field of the first row.</summary>
    /// <param name="IsNumbers">Whether it is numbers.</param>
    /// <param name="HasName">Whether the field's text is among it.</param>
    /// <param name="HasPoints">Whether all the numbers are written with a decimal mark.</param>
    /// <param name="IsOutside">Whether the field's number is less or more than all of them.</param>
    private readonly record struct Below(bool IsNumbers, bool HasName, bool HasPoints, bool IsOutside);
}

/// <summary>A field by row and column.</summary>
internal delegate ReadOnlySpan<byte> CellOf(int row, int column);
