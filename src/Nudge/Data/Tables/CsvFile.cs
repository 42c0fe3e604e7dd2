// A text file as a table of cells, each of which knows where it stands in the file.

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Nudge;

/// <summary>
/// A table in a text file: rows of equally many fields, plain or packed with gzip. How it is written is found, or said by
/// a <see cref="CsvFormat"/>. What its columns mean is the matter of a <see cref="TableSchema"/>. The rules are in
/// docs/data-files.md.
/// </summary>
public sealed class CsvFile
{
    /// <summary>How long a text may be, unpacked: more is refused before it fills the memory.</summary>
    internal const int MaxLength = 1 << 30;

    private readonly CheckedText _text;
    private readonly byte _quote;
    private readonly List<int> _starts = []; // for each row, where each of its fields begins, and where one more would
    private readonly int _stride, _columnCount;
    private readonly List<string> _remarks = [];

    private CsvFile(CheckedText text, CsvFormat format)
    {
        _text = text;
        CsvLayout layout = CsvLayout.Find(text, format);
        _quote = layout.Quote;
        var scanner = new CsvScanner(text, layout);
        scanner.SkipComments();
        if (scanner.AtEnd)
            throw text.Error(text.Start, "all lines are comments; expected rows of fields");
        var firstStarts = new List<int>();
        int firstCount = scanner.Scan(firstStarts);
        string[] first = [.. Enumerable.Range(0, firstCount).Select(i => TextBetween(firstStarts[i], firstStarts[i + 1]))];
        bool namesClasses = false, hasRowNames = false;
        int width = firstCount, empty = 0, odd = 0;
        int? announced = null;
        DataFormatException? oddError = null;
        for (bool isFirst = true; !scanner.AtEnd;)
        {
            scanner.SkipComments();
            if (scanner.AtEnd)
                break;
            int start = scanner.Position, begin = _starts.Count, count = scanner.Scan(_starts);
            if (IsEmpty(begin, count) && (width > 1 || count > 1))
            {
                _starts.RemoveRange(begin, count + 1);
                empty++;
                continue;
            }
            if (isFirst && format.Header is null)
            {
                announced = AnnouncedRows(first, count - 1);
                // R writes no name above its row names.
                hasRowNames = announced is null && layout.Separator is (byte)' ' or (byte)'\t' && count == firstCount + 1 && !IsEmpty(begin + count - 1, 1)
                    && !Array.Exists(first, field => CsvHeader.IsNumber(Encoding.UTF8.GetBytes(field), out _));
                if (announced is not null || hasRowNames)
                    width = count;
            }
            if (isFirst)
                ReserveRows(text.Bytes[start..], width);
            isFirst = false;
            if (count > width && IsEmpty(begin + width, count - width))
            {
                _starts.RemoveRange(begin + width + 1, count - width);
            }
            else if (count != width)
            {
                odd++;
                oddError ??= text.Error(start, Invariant($"this row has {count} fields; expected {width}, as in the rows before it"));
                _starts.RemoveRange(begin, count + 1);
            }
        }
        _stride = width + 1;
        int rows = _starts.Count / _stride;
        if (announced is not null && announced == rows && odd == 0)
            (ClassNames, namesClasses) = (first[2..], true);
        if (odd > 0)
            throw odd == 1 ? oddError! : new DataFormatException(oddError!.Path, oddError.Line, oddError.Column, $"{oddError.Problem}; {odd - 1} more {(odd == 2 ? "row has" : "rows have")} another number of fields, too");
        if (!namesClasses && firstCount != width && !hasRowNames)
            throw text.Error(layout.Start, Invariant($"this line announces {announced} rows, and there are {rows}; expected the two to agree"));

        RowCount = rows;
        if (!namesClasses)
            HasHeader = hasRowNames || IsHeader(format, first, rows);
        if (!namesClasses && !HasHeader)
        {
            _starts.InsertRange(0, firstStarts);
            RowCount++;
        }
        if (RowCount == 0)
            throw text.Error(layout.Start, "this header has no row after it; expected at least one (--header no if it is a row)");
        string[] names = HasHeader
            ? CsvHeader.Names(hasRowNames ? ["", .. first] : first, _remarks)
            : [.. Enumerable.Range(0, width).Select(CsvHeader.PositionName)];
        int used = HasHeader ? UsedColumns(hasRowNames ? ["", .. first] : first) : width;
        if (used < width)
            _remarks.Add(Invariant($"{width - used} empty {(width - used == 1 ? "column" : "columns")} at the end left out"));
        if (empty > 0)
            _remarks.Add(Invariant($"{empty} empty {(empty == 1 ? "row" : "rows")} left out"));
        ColumnNames = used < width ? names[..used] : names;
        _columnCount = used;
        Format = format with
        {
            Separator = (char)layout.Separator,
            Quotes = (char)layout.Quote,
            Comment = Encoding.UTF8.GetString(layout.Comment),
            Header = HasHeader,
            Expected = null,
        };
    }

    /// <summary>The path it was read from, as given.</summary>
    public string Path => _text.Path;

    /// <summary>How it is written, as found or as said. The decimal mark is that of the whole file only where it was said.</summary>
    public CsvFormat Format { get; }

    /// <summary>The names of the columns: those of the header, or c1, c2 and so on for a column without one.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>Whether the first row names the columns.</summary>
    public bool HasHeader { get; }

    /// <summary>How many rows of data there are.</summary>
    public int RowCount { get; }

    /// <summary>
    /// The names of the classes, where the first line is <c>rows,inputs,name,name…</c> as in the files that come with
    /// scikit-learn; the last column then holds places in this list, from 0. Otherwise null.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>What was decided or left out in reading, where another reader might not have: in words.</summary>
    public IReadOnlyList<string> Remarks => _remarks;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, plain or packed with gzip.</param>
    /// <param name="format">How it is written, where that should not be found.</param>
    /// <exception cref="DataFormatException">The file is no table of equally long rows.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CsvFile Read(string path, CsvFormat? format = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        return Read(stream, format, path);
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The text, plain or packed with gzip.</param>
    /// <param name="format">How it is written, where that should not be found.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="DataFormatException">The text is no table of equally long rows.</exception>
    public static CsvFile Read(Stream stream, CsvFormat? format = null, string name = "the table")
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Parse(name, stream, MaxLength, format);
    }

    /// <summary>Reads a table that lies in memory.</summary>
    /// <param name="bytes">The text, plain or packed with gzip.</param>
    /// <param name="format">How it is written, where that should not be found.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="DataFormatException">The text is no table of equally long rows.</exception>
    public static CsvFile Read(ReadOnlyMemory<byte> bytes, CsvFormat? format = null, string name = "the table")
    {
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        return Read(stream, format, name);
    }

    /// <summary>Reads text to its end.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="format">How it is written, where that should not be found. Its encoding does not count.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="DataFormatException">The text is no table of equally long rows.</exception>
    public static CsvFile Read(TextReader reader, CsvFormat? format = null, string name = "the table")
    {
        ArgumentNullException.ThrowIfNull(reader);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(reader.ReadToEnd()));
        return Read(stream, (format ?? new CsvFormat()) with { Encoding = "utf-8" }, name);
    }

    /// <summary>The text of a field, without the quotes and without the spaces around it.</summary>
    /// <param name="row">From 0 to <see cref="RowCount"/> − 1.</param>
    /// <param name="column">From 0 to the number of columns − 1.</param>
    public string Field(int row, int column) => Encoding.UTF8.GetString(Cell(row, column));

    /// <summary>The same as bytes of UTF-8.</summary>
    /// <param name="row">From 0 to <see cref="RowCount"/> − 1.</param>
    /// <param name="column">From 0 to the number of columns − 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Cell(int row, int column)
    {
        int index = IndexOf(row, column);
        return Content(_starts[index], _starts[index + 1]);
    }

    /// <summary>Where a field stands in the file: the line, and the character within it, both from 1.</summary>
    /// <param name="row">From 0 to <see cref="RowCount"/> − 1.</param>
    /// <param name="column">From 0 to the number of columns − 1.</param>
    public (int Line, int Column) PositionOf(int row, int column) => _text.PositionOf(_starts[IndexOf(row, column)]);

    internal static CsvFile Parse(string path, Stream stream, int maxLength = MaxLength, CsvFormat? format = null) =>
        new(CheckedText.Read(path, stream, maxLength, "rows of fields", format?.Encoding), format ?? new CsvFormat());

    internal DataFormatException Error(int row, int column, string problem)
    {
        (int line, int character) = PositionOf(row, column);
        return new DataFormatException(Path, line, character, problem);
    }

    /// <summary>An error about the columns as such, placed at the first line.</summary>
    internal DataFormatException Error(string problem) => new(Path, 1, 1, problem);

    // A list that outgrows its room needs three times as much for a moment. A row takes a line and a byte for each field; and
    // there may be one more before these, which turns out to be no header.
    private void ReserveRows(ReadOnlySpan<byte> rest, int width)
    {
        long rows = Math.Min(rest.Count((byte)'\n'), rest.Length / width) + 1;
        _starts.EnsureCapacity((int)Math.Min((rows + 2) * (width + 1), Array.MaxLength / 8));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int IndexOf(int row, int column)
    {
        if ((uint)row >= (uint)RowCount || (uint)column >= (uint)_columnCount)
            ThrowOutOfRange(row, column);
        return row * _stride + column;
    }

    private void ThrowOutOfRange(int row, int column) => throw ((uint)row >= (uint)RowCount
        ? new ArgumentOutOfRangeException(nameof(row), row, Invariant($"Expected a row from 0 to {RowCount - 1}."))
        : new ArgumentOutOfRangeException(nameof(column), column, Invariant($"Expected a column from 0 to {_columnCount - 1}.")));

    private string TextBetween(int start, int next) => Encoding.UTF8.GetString(Content(start, next));

    // Most fields are plain: neither blanks nor quotes around them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Content(int start, int next)
    {
        ReadOnlySpan<byte> content = _text.Bytes[start..(next - 1)];
        return content.Length > 0 && content[0] > ' ' && content[^1] > ' ' && content[0] != _quote ? content : Unwrapped(content);
    }

    private ReadOnlySpan<byte> Unwrapped(ReadOnlySpan<byte> content)
    {
        // A carriage return alone has been refused, so one at the end belongs to the line end.
        if (content is [.., (byte)'\r'])
            content = content[..^1];
        content = content.Trim(" \t"u8);
        if (_quote == 0 || content.Length < 2 || content[0] != _quote)
            return content;
        content = content[1..^1];
        return content.Contains(_quote) ? Unescaped(content) : content;
    }

    // A quote within a quoted field is written twice.
    private byte[] Unescaped(ReadOnlySpan<byte> content)
    {
        var plain = new byte[content.Length];
        int length = 0;
        for (int i = 0; i < content.Length; i++)
        {
            plain[length++] = content[i];
            if (content[i] == _quote)
                i++;
        }
        return plain[..length];
    }

    private bool IsEmpty(int begin, int count)
    {
        for (int i = begin; i < begin + count; i++)
        {
            if (!Content(_starts[i], _starts[i + 1]).IsEmpty)
                return false;
        }
        return true;
    }

    private bool IsHeader(CsvFormat format, string[] first, int rows)
    {
        if (format.Header is { } said)
            return said;
        if (format.Expected is { Count: > 0 } expected && expected.All(name => first.Contains(name, StringComparer.Ordinal)))
            return true;
        bool isHeader = CsvHeader.IsIn(first, rows, (row, column) => Content(_starts[row * _stride + column], _starts[row * _stride + column + 1]), out bool isSure, out string remark);
        if (format.Expected is { Count: 0 })
            return isSure;
        if (remark.Length > 0 && format.Expected is null)
            _remarks.Add(remark);
        return isHeader;
    }

    /// <summary>How many columns there are without those at the end that have neither name nor value.</summary>
    private int UsedColumns(string[] header)
    {
        int used = header.Length;
        while (used > 1 && header[used - 1].Length == 0 && Enumerable.Range(0, RowCount).All(row => IsEmpty(row * _stride + used - 1, 1)))
            used--;
        return used;
    }

    /// <summary>The number of rows that a first line <c>rows,inputs,name,name…</c> announces; null for any other line.</summary>
    private static int? AnnouncedRows(string[] first, int inputs)
    {
        bool announces = first.Length >= 4
            && Whole(first[1]) == inputs
            && !Array.Exists(first[2..], name => name.Length == 0 || NumberText.TryParse(Encoding.UTF8.GetBytes(name), out _))
            && first[2..].Distinct(StringComparer.Ordinal).Count() == first.Length - 2;
        return announces ? Whole(first[0]) : null;

        static int? Whole(string text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
