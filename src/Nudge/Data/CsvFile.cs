// A CSV file as a table of fields, each of which knows where it stands in the file.

using System.Globalization;
using System.Text;

namespace Nudge;

/// <summary>
/// A CSV file: rows of equally many fields, separated by commas, semicolons or tabs, as RFC 4180 has it; plain or
/// packed with gzip. The rules are in docs/data-files.md.
/// </summary>
public sealed class CsvFile
{
    /// <summary>How long a text may be, unpacked: more is refused before it fills the memory.</summary>
    internal const int MaxLength = 256 << 20;

    private readonly CheckedText _text;
    private readonly List<int> _starts = []; // where each field begins, row by row, and where one more would
    private readonly int _first; // the place of the first row's first field among them

    private CsvFile(CheckedText text)
    {
        _text = text;
        var scanner = new CsvScanner(text);
        int firstCount = scanner.Scan(_starts), width = firstCount, rows = 0;
        int? announcedRows = null;
        while (!scanner.AtEnd)
        {
            int start = scanner.Position;
            int count = scanner.Scan(_starts);
            if (rows++ == 0 && (announcedRows = AnnouncedRows(FirstLine(firstCount), count - 1)) is not null)
                width = count;
            if (count != width)
                throw text.Error(start, Invariant($"this row has {count} fields; expected {width}, as in the rows before it"));
        }
        _starts.Add(scanner.Position);

        string[] first = FirstLine(firstCount);
        if (announcedRows == rows)
            ClassNames = first[2..];
        else if (firstCount != width)
            throw text.Error(text.Start, Invariant($"this line announces {announcedRows} rows, and there are {rows}; expected the two to agree"));
        else if (!Array.Exists(first, IsNumber))
            HasHeader = true;
        bool firstIsData = ClassNames is null && !HasHeader;
        _first = firstIsData ? 0 : firstCount;
        RowCount = firstIsData ? rows + 1 : rows;
        if (RowCount == 0)
            throw text.Error(text.Start, "this header has no row after it; expected at least one");
        ColumnNames = HasHeader ? Names(first) : [.. Enumerable.Range(0, width).Select(PositionName)];
    }

    /// <summary>The path it was read from, as given.</summary>
    public string Path => _text.Path;

    /// <summary>The names of the columns: those of the header, or c1, c2 and so on for a column without one.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>Whether the first line names the columns, which it does if none of its fields is a number.</summary>
    public bool HasHeader { get; }

    /// <summary>How many rows of data there are.</summary>
    public int RowCount { get; }

    /// <summary>
    /// The names of the classes, where the first line is <c>rows,inputs,name,name…</c> as in the files that come with
    /// scikit-learn; the last column then holds places in this list, from 0. Otherwise null.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, plain or packed with gzip.</param>
    /// <exception cref="DataFormatException">The file is not a CSV file of equally long rows.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CsvFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        return Parse(path, stream);
    }

    /// <summary>The text of a field, without the quotes and without the spaces around it.</summary>
    /// <param name="row">From 0 to <see cref="RowCount"/> − 1.</param>
    /// <param name="column">From 0 to the number of columns − 1.</param>
    public string Field(int row, int column) => Text(IndexOf(row, column));

    /// <summary>Where a field stands in the file: the line, and the character within it, both from 1.</summary>
    /// <param name="row">From 0 to <see cref="RowCount"/> − 1.</param>
    /// <param name="column">From 0 to the number of columns − 1.</param>
    public (int Line, int Column) PositionOf(int row, int column) => _text.PositionOf(_starts[IndexOf(row, column)]);

    internal static CsvFile Parse(string path, Stream stream, int maxLength = MaxLength) =>
        new(CheckedText.Read(path, stream, maxLength, "rows of fields"));

    /// <summary>What a column without a name is called.</summary>
    internal static string PositionName(int column) => Invariant($"c{column + 1}");

    /// <summary>A field as a number, which may be infinite; false where it is none.</summary>
    internal bool TryNumber(int row, int column, out double number) =>
        CsvNumber.TryParse(Content(IndexOf(row, column), out _), out number);

    internal DataFormatException Error(int row, int column, string problem)
    {
        (int line, int character) = PositionOf(row, column);
        return new DataFormatException(Path, line, character, problem);
    }

    /// <summary>An error about the columns as such, placed at the first line.</summary>
    internal DataFormatException Error(string problem) => new(Path, 1, 1, problem);

    private int IndexOf(int row, int column)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, RowCount);
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, ColumnNames.Count);
        return _first + row * ColumnNames.Count + column;
    }

    private string[] FirstLine(int count) => [.. Enumerable.Range(0, count).Select(Text)];

    private string Text(int index)
    {
        string text = Encoding.UTF8.GetString(Content(index, out bool quoted));
        return quoted ? text.Replace("\"\"", "\"", StringComparison.Ordinal) : text;
    }

    /// <summary>What stands in a field; a quote within a quoted field is still written twice.</summary>
    private ReadOnlySpan<byte> Content(int index, out bool quoted)
    {
        ReadOnlySpan<byte> content = _text.Bytes[_starts[index]..(_starts[index + 1] - 1)];
        // A carriage return alone has been refused, so one at the end belongs to the line end.
        if (content is [.., (byte)'\r'])
            content = content[..^1];
        content = content.Trim((byte)' ');
        quoted = content is [(byte)'"', ..];
        return quoted ? content[1..^1] : content;
    }

    private string[] Names(string[] header)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < header.Length; i++)
        {
            if (header[i].Length == 0)
                header[i] = PositionName(i);
            if (!seen.Add(header[i]))
                throw _text.Error(_starts[i], $"the column name '{header[i]}' stands here a second time; expected different names");
        }
        return header;
    }

    /// <summary>The number of rows that a first line <c>rows,inputs,name,name…</c> announces; null for any other line.</summary>
    private static int? AnnouncedRows(string[] first, int inputs)
    {
        bool announces = first.Length >= 4
            && Whole(first[1]) == inputs
            && !Array.Exists(first[2..], name => name.Length == 0 || IsNumber(name))
            && first[2..].Distinct(StringComparer.Ordinal).Count() == first.Length - 2;
        return announces ? Whole(first[0]) : null;

        static int? Whole(string text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }

    private static bool IsNumber(string field) => CsvNumber.TryParse(Encoding.UTF8.GetBytes(field), out _);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
