// Where each field of a CSV text begins: RFC 4180, strictly, with a choice of separators.

using System.Buffers;

namespace Nudge;

/// <summary>Goes through a text record by record.</summary>
internal sealed class CsvScanner
{
    /// <summary>How long one field may be, in bytes, and how many fields a row may have.</summary>
    internal const int MaxFieldLength = 1 << 16, MaxColumns = 1 << 16;

    private readonly CheckedText _text;
    private readonly byte _separator;
    private readonly SearchValues<byte> _notable;
    private int _position;

    internal CsvScanner(CheckedText text)
    {
        _text = text;
        _position = text.Start;
        _separator = FindSeparator(text);
        _notable = SearchValues.Create([_separator, (byte)'\n', (byte)'\r', (byte)'"']);
    }

    internal bool AtEnd => _position > _text.Length;

    /// <summary>
    /// Where the next record begins. After the last one this is one more than the text's length, as if a line end
    /// stood there, so that a field always ends one before the next begins.
    /// </summary>
    internal int Position => _position;

    /// <summary>Adds where each field of the next record begins, and returns how many there are.</summary>
    internal int Scan(List<int> starts)
    {
        int count = 0, record = _position;
        ReadOnlySpan<byte> bytes = _text.Bytes;
        while (true)
        {
            starts.Add(_position);
            if (++count > MaxColumns)
                throw _text.Error(record, $"this row has more than {MaxColumns} fields; expected no more than that");
            int end = EndOfField(bytes);
            if (end - _position > MaxFieldLength)
                throw _text.Error(_position, $"this field is longer than {MaxFieldLength} bytes; expected no more than that");
            _position = end + 1;
            if (end == bytes.Length)
                return count;
            if (bytes[end] == _separator)
                continue;
            if (bytes[end] == '\r')
                _position++;
            return count;
        }
    }

    // Tab, else semicolon, else comma: a comma may stand in the names or numbers of the others, rarely the other way round.
    private static byte FindSeparator(CheckedText text)
    {
        bool quoted = false, semicolon = false;
        foreach (byte b in text.Bytes[text.Start..])
        {
            if (b == '"')
                quoted = !quoted;
            else if (quoted)
                continue;
            else if (b == '\t')
                return b;
            else if (b == '\n')
                break;
            else
                semicolon |= b == ';';
        }
        return semicolon ? (byte)';' : (byte)',';
    }

    private int EndOfField(ReadOnlySpan<byte> bytes)
    {
        int i = SkipSpaces(bytes, _position);
        if (i < bytes.Length && bytes[i] == '"')
            return EndOfQuoted(bytes, i);
        int length = bytes[i..].IndexOfAny(_notable);
        i = length < 0 ? bytes.Length : i + length;
        if (i < bytes.Length && bytes[i] == '"')
            throw _text.Error(i, "there is a quote inside an unquoted field; expected the whole field in quotes, and each quote in it written twice");
        RequireWholeLineEnd(bytes, i);
        return i;
    }

    private int EndOfQuoted(ReadOnlySpan<byte> bytes, int open)
    {
        int i = open + 1;
        while (true)
        {
            int length = bytes[i..].IndexOf((byte)'"');
            if (length < 0)
                throw _text.Error(open, "this quote is never closed; expected another one at the end of the field");
            i += length + 1;
            if (i == bytes.Length || bytes[i] != '"')
                break;
            i++;
        }
        i = SkipSpaces(bytes, i);
        if (i < bytes.Length && bytes[i] != _separator && bytes[i] is not ((byte)'\n' or (byte)'\r'))
            throw _text.Error(i, "there is text after the closing quote; expected the end of the field, and each quote in it written twice");
        RequireWholeLineEnd(bytes, i);
        return i;
    }

    private void RequireWholeLineEnd(ReadOnlySpan<byte> bytes, int i)
    {
        if (i < bytes.Length && bytes[i] == '\r' && (i + 1 == bytes.Length || bytes[i + 1] != '\n'))
            throw _text.Error(i, "there is a carriage return alone; expected lines to end in LF or CR LF");
    }

    private static int SkipSpaces(ReadOnlySpan<byte> bytes, int i)
    {
        int length = bytes[i..].IndexOfAnyExcept((byte)' ');
        return length < 0 ? bytes.Length : i + length;
    }
}
