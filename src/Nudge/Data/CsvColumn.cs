// Columns of a CSV file: found by name or position, and read as numbers.

using System.Globalization;

namespace Nudge;

internal static class CsvColumn
{
    /// <summary>The column of a name, or else of a position from 1.</summary>
    internal static int Find(CsvFile file, string nameOrPosition)
    {
        int column = IndexOf(file, nameOrPosition);
        if (column >= 0)
            return column;
        bool isPosition = int.TryParse(nameOrPosition, NumberStyles.None, CultureInfo.InvariantCulture, out int position);
        if (isPosition && position >= 1 && position <= file.ColumnNames.Count)
            return position - 1;
        throw Unknown(file, nameOrPosition, string.Create(CultureInfo.InvariantCulture, $", or a position from 1 to {file.ColumnNames.Count}"));
    }

    /// <summary>The columns of several names.</summary>
    internal static int[] FindAll(CsvFile file, IReadOnlyList<string> names)
    {
        bool namesArePositions = names.All(IsPositionName);
        if (!file.HasHeader && !namesArePositions)
            throw file.Error($"the first line has no column names; expected a header with {Several("", names)}, in any order");
        return [.. names.Select(name => IndexOf(file, name) is var column and >= 0 ? column : throw Unknown(file, name, ""))];
    }

    /// <summary>Whether a name only says where its column stands.</summary>
    internal static bool IsPositionName(string name) => name is ['c', .. var digits]
        && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int position)
        && position >= 1
        && CsvFile.PositionName(position - 1) == name;

    /// <summary>A field that must be a finite number.</summary>
    internal static double Number(CsvFile file, int row, int column)
    {
        if (TryRead(file, row, column, out double number))
            return number;
        string text = file.Field(row, column), name = file.ColumnNames[column];
        string hint = row == 0 && !file.HasHeader && file.ClassNames is null
            ? "; a first line with a number in it counts as data, not as a header"
            : "";
        string mark = text.Contains(',', StringComparison.Ordinal) ? " with a point as the decimal mark" : "";
        throw file.Error(row, column, $"'{text}' in the column '{name}' is not a number; expected a number{mark}, or this column to be ignored{hint}");
    }

    /// <summary>A field as a finite number; false where it is text. What is missing or infinite is refused.</summary>
    internal static bool TryRead(CsvFile file, int row, int column, out double number)
    {
        if (!file.TryNumber(row, column, out number))
        {
            string text = file.Field(row, column);
            if (!CsvNumber.IsMissing(text))
                return false;
            string seen = text.Length == 0 ? "nothing" : $"'{text}'";
            throw file.Error(row, column, $"there is {seen} in the column '{file.ColumnNames[column]}'; expected a value, and none can be missing");
        }
        if (!double.IsFinite(number))
            throw file.Error(row, column, $"'{file.Field(row, column)}' in the column '{file.ColumnNames[column]}' is not finite; expected a number of at most {double.MaxValue.ToString("E2", CultureInfo.InvariantCulture)} in size");
        return true;
    }

    /// <summary>Names as a list, cut short where it would be long.</summary>
    internal static string Several(string before, IReadOnlyList<string> names)
    {
        const int shown = 20;
        string list = string.Join(", ", names.Take(shown).Select(name => $"'{name}'"));
        string rest = names.Count > shown ? string.Create(CultureInfo.InvariantCulture, $" … ({names.Count} in all)") : "";
        return before + list + rest;
    }

    private static int IndexOf(CsvFile file, string name)
    {
        for (int column = 0; column < file.ColumnNames.Count; column++)
        {
            if (string.Equals(file.ColumnNames[column], name, StringComparison.Ordinal))
                return column;
        }
        return -1;
    }

    private static DataFormatException Unknown(CsvFile file, string name, string orElse) =>
        file.Error($"there is no column '{name}'; expected {Several("one of ", file.ColumnNames)}{orElse}");
}
