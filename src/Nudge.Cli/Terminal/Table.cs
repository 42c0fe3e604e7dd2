// Columns of text: as wide as they need to be, and below each other where the screen ends.

using System.Text;

namespace Nudge.Cli;

/// <summary>A cell: its text, and how it stands out.</summary>
internal readonly record struct Cell(string Text, Style Style = Style.Plain)
{
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>
/// A table without lines. Where the whole is too wide, the first column gives way, and then a text in the last; columns for
/// which there is still no room stand below, beside the first column once more.
/// </summary>
/// <param name="rightAligned">For each column, whether it is aligned to the right, as numbers are.</param>
internal sealed class Table(params bool[] rightAligned)
{
    private const string Gap = "  ";
    private const int NarrowestFirst = 10, NarrowestText = 16;

    private readonly List<Cell[]> _rows = [];

    /// <summary>Whether the last column is sentences, which are broken between words and not cut.</summary>
    internal bool EndsInSentences { private get; init; }

    internal void Add(params Cell[] row) => _rows.Add([.. row.Select(cell => cell with { Text = Text.OneLine(cell.Text) })]);

    internal void Write(Terminal terminal, string indent = "  ")
    {
        int[] widths = [.. Enumerable.Range(0, rightAligned.Length)
            .Select(c => _rows.Max(row => c < row.Length ? row[c].Text.Length : 0))];
        int limit = terminal.LineLimit - indent.Length;
        int[][] blocks = [.. Blocks(widths, limit)];
        foreach (int[] columns in blocks)
        {
            if (columns != blocks[0])
                terminal.WriteLine();
            int others = columns[1..].Sum(c => Gap.Length + widths[c]), first = Math.Min(widths[0], Math.Max(NarrowestFirst, limit - others));
            int[] own = [.. widths];
            own[0] = first;
            // The title of the first column says what the rows are, which "tru…" does not.
            bool hasLongTitle = _rows[0][0] is { Style: Style.Dim, Text: var title } && title.Length > first;
            if (hasLongTitle)
                terminal.WriteLine(indent + terminal.Paint(Text.Fit(_rows[0][0].Text, limit), _rows[0][0].Style));
            IEnumerable<Cell[]> rows = hasLongTitle ? [[new Cell(""), .. _rows[0][1..]], .. _rows[1..]] : _rows;
            if (blocks.Length > 1)
                rows = rows.Where(row => columns[1..].Any(c => c < row.Length && row[c].Text.Length > 0));
            foreach (Cell[] row in EndsInSentences && columns[^1] == widths.Length - 1 ? rows.SelectMany(row => Broken(row, limit - first - others + widths[^1])) : rows)
                terminal.WriteLine(Line(terminal, row, columns, own, indent));
        }
    }

    // The rest of a sentence stands below it, beside nothing.
    private static IEnumerable<Cell[]> Broken(Cell[] row, int room)
    {
        Cell last = row[^1];
        bool isFirst = true;
        foreach (string line in Text.Wrap(last.Text, Math.Max(NarrowestText, room)))
        {
            yield return [.. row[..^1].Select(cell => isFirst ? cell : new Cell("")), last with { Text = line }];
            isFirst = false;
        }
    }

    /// <summary>The columns that stand beside each other, each time behind the first.</summary>
    private IEnumerable<int[]> Blocks(int[] widths, int limit)
    {
        List<int> block = [0];
        int used = Math.Min(NarrowestFirst, widths[0]);
        for (int c = 1; c < widths.Length;)
        {
            // A column without a title belongs to the one before, as a spread to its number.
            int next = c + 1;
            while (next < widths.Length && next < _rows[0].Length && _rows[0][next].Text.Length == 0)
                next++;
            int[] group = [.. Enumerable.Range(c, next - c)];
            int needed = group.Sum(one => Gap.Length + (rightAligned[one] ? widths[one] : Math.Min(widths[one], NarrowestText)));
            if (used + needed > limit && block.Count > 1)
            {
                yield return [.. block];
                block = [0];
                used = Math.Min(NarrowestFirst, widths[0]);
            }
            block.AddRange(group);
            used += group.Sum(one => Gap.Length + widths[one]);
            c = next;
        }
        yield return [.. block];
    }

    private string Line(Terminal terminal, Cell[] row, int[] columns, int[] widths, string indent)
    {
        var line = new StringBuilder();
        int room = terminal.LineLimit - indent.Length, pending = 0;
        foreach (int c in columns.Where(c => c < row.Length))
        {
            string text = Text.Fit(Text.Fit(row[c].Text, widths[c]), room);
            int padding = Math.Min(widths[c], room) - text.Length;
            if (rightAligned[c])
                pending += padding;
            if (text.Length > 0)
            {
                line.Append(' ', pending).Append(terminal.Paint(text, row[c].Style));
                pending = 0;
            }
            if (!rightAligned[c])
                pending += padding;
            pending += Gap.Length;
            room = Math.Max(0, room - widths[c] - Gap.Length);
        }
        return line.Length == 0 ? "" : indent + line;
    }
}
