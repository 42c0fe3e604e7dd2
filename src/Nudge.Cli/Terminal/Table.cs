// Columns of text: as wide as they need to be, and cut where the screen ends.

using System.Text;

namespace Nudge.Cli;

/// <summary>A cell: its text, and how it stands out.</summary>
internal readonly record struct Cell(string Text, Style Style = Style.Plain)
{
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>A table without lines. The first column gives way where the whole would be too wide.</summary>
/// <param name="rightAligned">For each column, whether it is aligned to the right, as numbers are.</param>
internal sealed class Table(params bool[] rightAligned)
{
    private const string Gap = "  ";
    private const int NarrowestFirst = 8;

    private readonly List<Cell[]> _rows = [];

    internal void Add(params Cell[] row) => _rows.Add(row);

    internal void Write(Terminal terminal, string indent = "  ")
    {
        int[] widths = [.. Enumerable.Range(0, rightAligned.Length)
            .Select(c => _rows.Max(row => c < row.Length ? row[c].Text.Length : 0))];
        int tooMuch = indent.Length + widths.Sum() + Gap.Length * (widths.Length - 1) - terminal.LineLimit;
        if (tooMuch > 0)
            widths[0] = Math.Max(Math.Min(NarrowestFirst, widths[0]), widths[0] - tooMuch);
        foreach (Cell[] row in _rows)
            terminal.WriteLine(Line(terminal, row, widths, indent));
    }

    private string Line(Terminal terminal, Cell[] row, int[] widths, string indent)
    {
        var line = new StringBuilder();
        int room = terminal.LineLimit - indent.Length, pending = 0;
        for (int c = 0; c < row.Length; c++)
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
