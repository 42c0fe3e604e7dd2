// Where each field of a table begins: RFC 4180, with a choice of separators and quotes.

using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Goes through a text record by record.</summary>
internal sealed class CsvScanner
{
    /// <summary>How long one field may be, in bytes, and how many fields a row may have.</summary>
    internal const int MaxFieldLength = 1 << 16, MaxColumns = 1 << 16;

    private readonly CheckedText _text;
    private readonly CsvLayout _layout;
    private readonly byte _separator, _quote;
    private readonly NotableBytes _notable;
    private int _position;

    internal CsvScanner(CheckedText text, CsvLayout layout)
    {
        _text = text;
        _layout = layout;
        (_separator, _quote) = (layout.Separator, layout.Quote);
        _position = layout.Start;
        _notable = new NotableBytes(layout.Separator, layout.Separator == ' ' ? (byte)'\t' : layout.Separator);
    }

    internal bool AtEnd => _position > _text.Length;

    /// <summary>Where the next record begins; after the last one this is one more than the text's length.</summary>
    internal int Position => _position;

    /// <summary>Passes over lines that are comments.</summary>
    internal void SkipComments()
    {
        if (_layout.Comment.Length == 0)
            return;
        while (_position < _text.Length && _text.Bytes[_position..].StartsWith(_layout.Comment))
        {
            int end = _text.Bytes[_position..].IndexOf((byte)'\n');
            _position = end < 0 ? _text.Length + 1 : _position + end + 1;
        }
    }

    /// <summary>
    /// Adds where each field of the next record begins, and where one more would: a field ends one byte before the next
    /// begins. Returns how many fields there are.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal int Scan(List<int> starts)
    {
        int count = 0, record = _position, start = record;
        ReadOnlySpan<byte> bytes = _text.Bytes;
        bool blanks = _separator == ' ';
        if (blanks)
            start = SkipBlanks(bytes, start);
        while (true)
        {
            starts.Add(start);
            if (++count > MaxColumns)
                throw _text.Error(record, $"this row has more than {MaxColumns} fields; expected no more than that");
            int end = EndOfField(bytes, start);
            if (end - start > MaxFieldLength)
                throw _text.Error(start, $"this field is longer than {MaxFieldLength} bytes; expected no more than that");
            if (blanks && end < bytes.Length && bytes[end] is (byte)' ' or (byte)'\t')
            {
                int next = SkipBlanks(bytes, end);
                if (next < bytes.Length && bytes[next] is not ((byte)'\r' or (byte)'\n'))
                {
                    start = next;
                    continue;
                }
                end = next;
            }
            start = end + 1;
            if (end < bytes.Length && bytes[end] == _separator)
                continue;
            if (end < bytes.Length && bytes[end] == '\r')
                start++;
            starts.Add(start);
            _position = start;
            return count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int EndOfField(ReadOnlySpan<byte> bytes, int start)
    {
        if (_quote != 0 && start < bytes.Length && (bytes[start] == _quote || bytes[start] == ' '))
        {
            int open = SkipSpaces(bytes, start);
            if (open < bytes.Length && bytes[open] == _quote)
                return EndOfQuoted(bytes, open);
        }
        int end = _notable.Next(bytes, start);
        if (end < bytes.Length && bytes[end] == '\r')
            RequireWholeLineEnd(bytes, end);
        return end;
    }

    private int EndOfQuoted(ReadOnlySpan<byte> bytes, int open)
    {
        int i = open + 1;
        while (true)
        {
            int length = bytes[i..].IndexOf(_quote);
            if (length < 0)
                throw _text.Error(open, "this quote is never closed; expected another one at the end of the field, or quotes that are characters like others (--quotes none)");
            i += length + 1;
            if (i == bytes.Length || bytes[i] != _quote)
                break;
            i++;
        }
        int end = i;
        i = SkipSpaces(bytes, i);
        if (i < bytes.Length && bytes[i] != _separator && bytes[i] is not ((byte)'\n' or (byte)'\r') && !(_separator == ' ' && (bytes[i] == '\t' || i > end)))
            throw _text.Error(i, "there is text after the closing quote; expected the end of the field and each quote in it written twice, or quotes that are characters like others (--quotes none)");
        i = _separator == ' ' ? end : i;
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
        while (i < bytes.Length && bytes[i] == ' ')
            i++;
        return i;
    }

    private static int SkipBlanks(ReadOnlySpan<byte> bytes, int i)
    {
        while (i < bytes.Length && bytes[i] is (byte)' ' or (byte)'\t')
            i++;
        return i;
    }
}
