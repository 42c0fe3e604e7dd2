// A curve with its axes: the course of a loss, or a function that a network has learnt.

namespace Nudge.Cli;

/// <summary>A point in the plane of a plot.</summary>
internal readonly record struct PlotPoint(double X, double Y);

internal static class CurvePlot
{
    private const int Rows = 10, WidestPlot = 72, LabelWidth = 10;

    /// <summary>Draws a curve, and points beside it as "o".</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="title">What is drawn.</param>
    /// <param name="curve">The curve, from left to right.</param>
    /// <param name="points">Points, none if left out.</param>
    /// <param name="logarithmic">Whether equal factors are equally far apart; every y must be above 0.</param>
    /// <param name="logarithmicX">The same of x.</param>
    internal static void Write(
        Terminal terminal, string title, IReadOnlyList<PlotPoint> curve, IReadOnlyList<PlotPoint>? points = null, bool logarithmic = false, bool logarithmicX = false)
    {
        points ??= [];
        int columns = Math.Max(10, Math.Min(WidestPlot, terminal.Width - 1) - LabelWidth - 4);
        PlotPoint[] all = [.. curve, .. points];
        double left = all.Min(point => point.X), right = all.Max(point => point.X);
        double bottom = all.Min(point => point.Y), top = all.Max(point => point.Y);
        Func<double, double> scale = logarithmic ? Math.Log : y => y, scaleX = logarithmicX ? Math.Log : x => x;
        double low = scale(bottom), high = scale(top), first = scaleX(left), last = scaleX(right);

        var canvas = new BrailleCanvas(columns, Rows);
        for (int i = 0; i < curve.Count; i++)
        {
            PlotPoint from = curve[Math.Max(0, i - 1)];
            canvas.Line(X(from.X, canvas.Width), Y(from.Y, canvas.Height), X(curve[i].X, canvas.Width), Y(curve[i].Y, canvas.Height));
        }
        ILookup<(int Row, int Column), PlotPoint> places = points.ToLookup(point => (Y(point.Y, Rows), X(point.X, columns)));

        terminal.WriteLine();
        terminal.WriteParagraph(title, Style.Dim);
        int row = 0;
        foreach (string line in canvas.Rows())
        {
            string label = row == 0 ? Text.Short(top) : row == Rows - 1 ? Text.Short(bottom) : "";
            string drawn = string.Concat(line.Select((letter, column) => places.Contains((row, column))
                ? "o"
                : terminal.Paint(letter.ToString(), letter == ' ' ? Style.Plain : Style.Cyan)));
            terminal.WriteLine($"  {label,LabelWidth} {(label.Length > 0 ? '┤' : '│')}{drawn}".TrimEnd());
            row++;
        }
        string start = Text.Short(left), end = Text.Short(right);
        terminal.WriteLine($"  {"",LabelWidth} └{new string('─', columns)}");
        terminal.WriteLine($"  {"",LabelWidth}  {start}{end.PadLeft(Math.Max(end.Length + 1, columns - start.Length))}");

        int X(double x, int width) => Place((scaleX(x) - first) / (last - first), width);

        int Y(double y, int height) => height - 1 - Place((scale(y) - low) / (high - low), height);

        // 0 / 0, where everything lies at one place, is drawn at the start.
        static int Place(double part, int length) => double.IsFinite(part) ? (int)Math.Round(part * (length - 1)) : 0;
    }
}
