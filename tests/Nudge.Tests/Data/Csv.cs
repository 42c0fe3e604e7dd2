// Short ways to make CSV files out of text.

using System.Text;

namespace Nudge.Tests.Data;

internal static class Csv
{
    internal static CsvFile Of(string text, CsvFormat? format = null) => Of(Encoding.UTF8.GetBytes(text), format: format);

    internal static CsvFile Of(byte[] bytes, int maxLength = CsvFile.MaxLength, CsvFormat? format = null) =>
        CsvFile.Parse("data.csv", new MemoryStream(bytes), maxLength, format);

    internal static LoadedTable Load(string text, TableOptions? options = null) => Load(Of(text), options);

    internal static LoadedTable Load(CsvFile file, TableOptions? options = null)
    {
        TableSchema schema = TableSchema.Infer(file, options);
        TableReading reading = schema.Read(file);
        return new LoadedTable(schema, reading, reading.Data!);
    }

    /// <summary>Asserts that reading fails at a place, with words that the message must have.</summary>
    internal static void Refused(int line, int column, string words, Action read)
    {
        DataFormatException error = Assert.Throws<DataFormatException>(read);
        Assert.Equal(("data.csv", line, column), (error.Path, error.Line, error.Column));
        Assert.StartsWith($"data.csv:{line}:{column}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("expected", error.Message, StringComparison.Ordinal);
    }
}

/// <summary>A table that was understood and read.</summary>
internal sealed record LoadedTable(TableSchema Schema, TableReading Reading, Dataset Data)
{
    internal LearningTask Task => Schema.Target.Task;

    internal string Reason => Schema.Target.Reason;

    internal TableColumn this[string column] => Schema.Columns.Single(candidate => candidate.Name == column);

    /// <summary>The inputs of a row by their names.</summary>
    internal Dictionary<string, double> Row(int row) =>
        Data.InputNames.Zip(Data.Inputs[row]).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
}
