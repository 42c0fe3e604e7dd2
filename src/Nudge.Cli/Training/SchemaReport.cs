// What the columns of a table became, in few words.

using System.Text.Json.Nodes;

namespace Nudge.Cli;

internal static class SchemaReport
{
    private static readonly ColumnKind[] s_used = [ColumnKind.Number, ColumnKind.Category, ColumnKind.YesNo, ColumnKind.Date];

    /// <summary>A kind of column as people call it.</summary>
    internal static string NameOf(ColumnKind kind) => kind switch
    {
        ColumnKind.YesNo => "yes/no",
        ColumnKind.RowNumber => "row number",
        _ => kind.ToString().ToLowerInvariant(),
    };

    /// <summary>What is predicted and why that, with the classes of each target.</summary>
    internal static string TaskOf(string reason, IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<string>?> targetClasses)
    {
        string[] classes = [.. names.Zip(targetClasses).Where(target => target.Second is not null)
            .Select(target => $"{(names.Count == 1 ? "" : $"{target.First}: ")}{Text.List(target.Second!)}")];
        return classes.Length == 0 ? reason : $"{reason} ({string.Join("; ", classes)})";
    }

    /// <summary>How a file is written.</summary>
    internal static string FormatOf(CsvFile file) =>
        $"{CsvFormat.NameOfSeparator(file.Format.Separator ?? ',')} between fields, {(file.HasHeader ? "with" : "without")} a header";

    /// <summary>The columns by kind and how many inputs they become, and in one sentence all that is left out.</summary>
    internal static void WriteColumns(Terminal terminal, TableSchema schema)
    {
        IEnumerable<string> counts = s_used
            .Select(kind => (kind, Count: schema.Inputs.Count(column => column.Kind == kind)))
            .Where(group => group.Count > 0)
            .Select(group => Text.Plural(group.Count, NameOf(group.kind), group.kind switch { ColumnKind.Category => "categories", ColumnKind.YesNo => "yes/no", _ => null }));
        terminal.WriteFact("columns", $"{string.Join(", ", counts)} → {Text.Plural(schema.InputNames.Count, "input")}");
        UnusedColumn[] leftOut = [.. schema.LeftOut];
        if (leftOut.Length == 0)
            return;
        terminal.WriteFact("left out", string.Join("; ", leftOut.Select(column => $"{column.Name} ({column.Reason})")));
        UnusedColumn[] usable = [.. leftOut.Where(column => column.Kind != ColumnKind.Constant && column.Facts.Unreadable == 0)];
        string ignore = $"to ignore {(leftOut.Length == 1 ? "it" : "them")} in silence: --ignore {string.Join(' ', leftOut.Select(column => UserFile.Quoted(column.Name)))}";
        terminal.WriteFact("", usable.Length == 0 ? ignore : $"{ignore}; to use {usable[0].Name}: {(usable[0].Kind == ColumnKind.RowNumber ? "--numbers" : "--categories")} {UserFile.Quoted(usable[0].Name)}");
    }

    /// <summary>A column as JSON.</summary>
    internal static JsonObject ToJson(TableColumn column) => new()
    {
        ["name"] = column.Name,
        ["kind"] = NameOf(column.Kind),
        ["distinct"] = column.Facts.Distinct,
        ["missing"] = column.Facts.Missing,
        ["unreadable"] = column.Facts.Unreadable,
        ["becomes"] = column.Becomes,
        ["inputs"] = Json.Array(column.InputNames),
    };

    /// <summary>Tells beside a result what had to be done to the rows that it is of.</summary>
    internal static void Warn(Terminal terminal, CsvFile file, TableReading reading)
    {
        foreach (string remark in file.Remarks.Concat(Counts(reading)).Concat(reading.Remarks))
            terminal.Error.WriteLine(Text.OneLine($"{file.Path}: {remark}"));
    }

    /// <summary>How many cells are missing, and how many rows are no examples.</summary>
    internal static IEnumerable<string> Counts(TableReading reading)
    {
        if (reading.MissingCells > 0)
            yield return $"{Text.Plural(reading.MissingCells, "missing cell")} filled";
        if (reading.RowsLeftOut > 0)
            yield return $"{Text.Plural(reading.RowsLeftOut, "row")} left out, since a value is missing there";
    }

    /// <summary>What a person should know about a table.</summary>
    internal static void WriteRemarks(Terminal terminal, IReadOnlyList<string> remarks)
    {
        for (int i = 0; i < remarks.Count; i++)
            terminal.WriteFact(i == 0 ? "note" : "", remarks[i]);
    }
}
