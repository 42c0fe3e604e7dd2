// Columns of a file, found by name or position.

using System.Globalization;

namespace Nudge;

internal static class TableColumns
{
    /// <summary>The column of a name, or else of a position from 1; −1 where there is none.</summary>
    internal static int Find(CsvFile file, string nameOrPosition)
    {
        int column = IndexOf(file, nameOrPosition);
        if (column >= 0)
            return column;
        bool isPosition = int.TryParse(nameOrPosition, NumberStyles.None, CultureInfo.InvariantCulture, out int position);
        return isPosition && position >= 1 && position <= file.ColumnNames.Count ? position - 1 : -1;
    }

    /// <summary>The columns of several names.</summary>
    /// <exception cref="DataFormatException">Some do not exist; the message names all.</exception>
    internal static int[] FindAll(CsvFile file, IReadOnlyList<string> names, bool hasHeader)
    {
        if (!file.HasHeader && hasHeader)
            throw file.Error($"the first line has no column names; expected a header with {Several("", names)}, in any order");
        int[] columns = [.. names.Select(name => IndexOf(file, name))];
        string[] unknown = [.. names.Where((_, i) => columns[i] < 0)];
        return unknown.Length == 0 ? columns : throw file.Error(Unknown(file, unknown, ""));
    }

    /// <summary>What to say about names that no column has.</summary>
    internal static string Unknown(CsvFile file, IReadOnlyList<string> names, string orElse) =>
        $"there is no column {Several("", names)}; expected {Several("one of ", file.ColumnNames)}{orElse}";

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
}
