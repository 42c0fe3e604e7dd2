// Short ways to make CSV files out of text.

using System.Text;

namespace Nudge.Tests.Data;

internal static class Csv
{
    internal static CsvFile Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    internal static CsvFile Of(byte[] bytes, int maxLength = CsvFile.MaxLength) =>
        CsvFile.Parse("data.csv", new MemoryStream(bytes), maxLength);

    internal static CsvLoad Load(string text, CsvOptions? options = null) => CsvDataset.Load(Of(text), options);

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
