// How a file is written, found from its first lines.

using System.Text;

namespace Nudge;

/// <summary>What a scanner must know.</summary>
/// <param name="Start">Where the first row begins.</param>
/// <param name="Separator">The byte between fields; a blank for any number of blanks and tabs.</param>
/// <param name="Quote">The byte around fields; 0 for none.</param>
/// <param name="Comment">What lines begin with that are no rows; empty for none.</param>
internal sealed record CsvLayout(int Start, byte Separator, byte Quote, byte[] Comment)
{
    private const int MostLines = 50, MostBytes = 1 << 18;

    private static readonly byte[][] s_comments = [[(byte)'#'], [(byte)'/', (byte)'/']];

    // A comma may stand in the names or numbers of the others, rarely the other way round, and blanks stand everywhere.
    private static readonly byte[] s_separators = [(byte)'\t', (byte)';', (byte)'|', (byte)',', (byte)' '];

    /// <summary>Finds what the format leaves open.</summary>
    internal static CsvLayout Find(CheckedText text, CsvFormat format)
    {
        int start = text.Start;
        byte? separator = (byte?)format.Separator;
        if (AnnouncedSeparator(LineAt(text, start)) is { } announced)
        {
            separator ??= announced;
            start = NextLine(text, start);
        }
        byte[] comment = Encoding.UTF8.GetBytes(format.Comment ?? "");
        int first = start;
        if (format.Comment is null)
        {
            comment = Array.Find(s_comments, mark => LineAt(text, start).StartsWith(mark)) ?? [];
            first = SkipComments(text, start, comment);
        }
        byte quote = format.Quotes is { } chosen ? (byte)chosen : QuoteOf(text, first, separator);
        separator ??= SeparatorOf(text, first, quote, comment);
        // A line that begins like a comment and has the fields of a row is one: "#Label,length,width".
        if (format.Comment is null && comment.Length > 0)
        {
            int fields = CountFields(LineAt(text, first), separator.Value, quote);
            if (fields > 1 && CountFields(LineAt(text, start), separator.Value, quote) == fields)
                (comment, first) = ([], start);
        }
        return new CsvLayout(first, separator.Value, quote, comment);
    }

    private static byte? AnnouncedSeparator(ReadOnlySpan<byte> line) =>
        line.Length is 5 && Ascii.EqualsIgnoreCase(line[..4], "sep="u8) ? line[4] : null;

    private static int SkipComments(CheckedText text, int start, byte[] comment)
    {
        if (comment.Length > 0)
        {
            while (start < text.Length && LineAt(text, start).StartsWith(comment))
                start = NextLine(text, start);
        }
        return start < text.Length ? start : text.Start;
    }

    // Single quotes are quotes where a whole field stands in them and nothing stands in double ones.
    private static byte QuoteOf(CheckedText text, int start, byte? separator)
    {
        ReadOnlySpan<byte> line = LineAt(text, start);
        if (line.Contains((byte)'"') || line is not [(byte)'\'', ..])
            return (byte)'"';
        int close = line[1..].IndexOf((byte)'\'') + 1;
        bool isWhole = close > 0 && (close == line.Length - 1 || (separator is { } known ? line[close + 1] == known : s_separators.AsSpan().Contains(line[close + 1])));
        return isWhole ? (byte)'\'' : (byte)'"';
    }

    /// <summary>The separator that gives most lines the same number of fields, at least two.</summary>
    private static byte SeparatorOf(CheckedText text, int start, byte quote, byte[] comment)
    {
        byte best = (byte)',';
        double bestShare = 0;
        foreach (byte candidate in s_separators)
        {
            double share = ShareOfUsual(text, start, candidate, quote, comment);
            if (share > bestShare)
                (best, bestShare) = (candidate, share);
        }
        return best;
    }

    private static double ShareOfUsual(CheckedText text, int start, byte separator, byte quote, byte[] comment)
    {
        var lines = new Dictionary<int, int>();
        int count = 0;
        for (int at = start; at < text.Length && count < MostLines && at - start < MostBytes;)
        {
            int end = EndOfRecord(text, at, quote);
            ReadOnlySpan<byte> line = text.Bytes[at..end];
            at = end + 1;
            if (line.Trim((byte)'\r').Trim((byte)' ').IsEmpty || (comment.Length > 0 && line.StartsWith(comment)))
                continue;
            int fields = CountFields(line, separator, quote);
            lines[fields] = lines.GetValueOrDefault(fields) + 1;
            count++;
        }
        return lines.Where(pair => pair.Key > 1).Select(pair => (double)pair.Value / count).DefaultIfEmpty(0).Max();
    }

    private static int CountFields(ReadOnlySpan<byte> line, byte separator, byte quote)
    {
        if (separator == CsvFormat.Blanks)
            line = line.Trim(" \t\r"u8);
        int fields = 1;
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            byte b = line[i];
            if (b == quote && quote != 0)
                quoted = !quoted;
            else if (quoted)
                continue;
            else if (separator == CsvFormat.Blanks ? b is (byte)' ' or (byte)'\t' && line[i - 1] is not ((byte)' ' or (byte)'\t') : b == separator)
                fields++;
        }
        return fields;
    }

    private static int EndOfRecord(CheckedText text, int start, byte quote)
    {
        bool quoted = false;
        ReadOnlySpan<byte> bytes = text.Bytes;
        int i = start;
        for (; i < bytes.Length && (bytes[i] != '\n' || quoted); i++)
        {
            if (bytes[i] == quote && quote != 0)
                quoted = !quoted;
            if (i - start > MostBytes) // a quote that is never closed
                break;
        }
        return i;
    }

    private static ReadOnlySpan<byte> LineAt(CheckedText text, int start)
    {
        ReadOnlySpan<byte> rest = text.Bytes[start..];
        int end = rest.IndexOf((byte)'\n');
        return (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
    }

    private static int NextLine(CheckedText text, int start)
    {
        int end = text.Bytes[start..].IndexOf((byte)'\n');
        return end < 0 ? text.Length : start + end + 1;
    }
}
