// Drawing with braille letters: two dots across and four down in each.

namespace Nudge.Cli;

/// <param name="columns">Its width in letters.</param>
/// <param name="rows">Its height in letters.</param>
internal sealed class BrailleCanvas(int columns, int rows)
{
    private const int FirstBraille = 0x2800;

    // The bit of each dot within a letter, by row and column.
    private static readonly int[,] s_dots = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    private readonly int[,] _letters = new int[rows, columns];

    /// <summary>How many dots it is wide.</summary>
    internal int Width => 2 * columns;

    /// <summary>How many dots it is high.</summary>
    internal int Height => 4 * rows;

    /// <summary>Sets a dot; y counts from the top. A dot outside is left out.</summary>
    internal void Set(int x, int y)
    {
        if (x >= 0 && x < Width && y >= 0 && y < Height)
            _letters[y / 4, x / 2] |= s_dots[y % 4, x % 2];
    }

    /// <summary>Joins two dots by a straight line.</summary>
    internal void Line(int fromX, int fromY, int toX, int toY)
    {
        int steps = Math.Max(1, Math.Max(Math.Abs(toX - fromX), Math.Abs(toY - fromY)));
        for (int i = 0; i <= steps; i++)
        {
            double part = (double)i / steps;
            Set((int)Math.Round(fromX + part * (toX - fromX)), (int)Math.Round(fromY + part * (toY - fromY)));
        }
    }

    /// <summary>The rows from the top, with a space where there is no dot.</summary>
    internal IEnumerable<string> Rows() => Enumerable.Range(0, rows).Select(row =>
        string.Concat(Enumerable.Range(0, columns).Select(column => _letters[row, column] is > 0 and int dots ? (char)(FirstBraille + dots) : ' ')));
}
