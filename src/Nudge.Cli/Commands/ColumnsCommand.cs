// nudge columns: what the columns of a file are, and what they become.

using System.CommandLine;
using System.Text.Json.Nodes;

namespace Nudge.Cli;

internal static class ColumnsCommand
{
    private static readonly string[] s_titles = ["column", "kind", "distinct", "missing", "inputs", "becomes"];

    internal static Command Create(Terminal terminal)
    {
        Argument<string> path = Choices.File("data.csv", "A table, or - for standard input");
        var columns = new ColumnOptions();
        var format = new TableFileOptions();
        Option<bool> json = Choices.Switch("--json", "Print one JSON object");
        var command = new Subcommand(
            "columns",
            "Show what the columns of a file are, and what they become as inputs of a network",
            ("nudge columns titanic.csv --target survived", "a line for each column: kind, values, missing cells, inputs"),
            ("nudge columns export.csv --categories zip --missing-marks -200", "the same, where something is said and not found"))
        {
            path,
        };
        foreach (Option option in (IEnumerable<Option>)[.. columns.All, .. format.All, json])
            command.Add(option);
        command.SetAction(parsed =>
        {
            (CsvFile file, TableSchema schema) = TableFileOptions.ReadTable(
                terminal, command, parsed.GetRequiredValue(path), format.Read(parsed), table => (table, TableSchema.Infer(table, columns.Read(parsed))));
            if (parsed.GetValue(json))
                terminal.WriteJson(ToJson(file, schema));
            else
                Write(terminal, file, schema);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(Terminal terminal, CsvFile file, TableSchema schema)
    {
        terminal.WriteLine();
        terminal.WriteFact("file", $"{file.Path}: {Text.Plural(file.RowCount, "row")}, {Text.Plural(file.ColumnNames.Count, "column")}, {SchemaReport.FormatOf(file)}");
        terminal.WriteFact("task", SchemaReport.TaskOf(schema.Target.Reason, [.. schema.Target.Columns.Select(column => column.Name)], [.. schema.Target.Columns.Select(column => column.Classes)]));
        terminal.WriteLine();
        var table = new Table(false, false, true, true, true, false) { EndsInSentences = true };
        table.Add([.. s_titles.Select(title => new Cell(title, Style.Dim))]);
        foreach (TableColumn column in schema.Columns)
        {
            table.Add(
                column.Name, SchemaReport.NameOf(column.Kind), column.Facts.Distinct is { } distinct ? Text.Count(distinct) : "many",
                column.Facts.Missing + column.Facts.Unreadable is > 0 and int missing ? Text.Count(missing) : "·",
                column.InputNames.Count == 0 ? "·" : Text.Count(column.InputNames.Count),
                column.HasIndicator ? $"{column.Becomes}, and whether it is missing" : column.Becomes);
        }
        table.Write(terminal);
        terminal.WriteLine();
        SchemaReport.WriteColumns(terminal, schema);
        SchemaReport.WriteRemarks(terminal, [.. file.Remarks, .. schema.Remarks]);
    }

    private static JsonObject ToJson(CsvFile file, TableSchema schema) => new()
    {
        ["rows"] = file.RowCount,
        ["separator"] = file.Format.Separator.ToString(),
        ["header"] = file.HasHeader,
        ["missingMarks"] = Json.Array(schema.MissingMarks),
        ["target"] = schema.Target.Name,
        ["targets"] = Json.Array(schema.Target.Columns.Select(column => column.Name)),
        ["task"] = schema.Target.Task.ToString().ToLowerInvariant(),
        ["reason"] = schema.Target.Reason,
        ["classes"] = schema.Target.Classes is null ? null : Json.Array(schema.Target.Classes),
        ["columns"] = Json.Array(schema.Columns, SchemaReport.ToJson),
        ["remarks"] = Json.Array([.. file.Remarks, .. schema.Remarks]),
    };
}
