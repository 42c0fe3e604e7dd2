// Lines in a frame: a colour and a dash for each, and their names above.

using System.Globalization;
using System.Text;
using static Nudge.Drawing.SvgWriter;

namespace Nudge.Drawing;

/// <summary>Points to be joined.</summary>
/// <param name="Name">What they are; empty where that is clear.</param>
/// <param name="Points">The points; what is not finite leaves a gap.</param>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);

internal static class SeriesPlot
{
    /// <summary>How many series can be told apart.</summary>
    internal const int Most = 6;

    internal const double Width = 360, Height = 270;

    /// <summary>What stays empty at the top where there is neither a title nor a legend.</summary>
    internal const double Blank = 18;

    private const int LongestName = 14;

    private static readonly string[] s_dashes = ["", "7 3", "2 3", "9 3 2 3", "5 2", "1 2"];

    /// <summary>A frame of the usual size. A range of nothing gets some width.</summary>
    internal static PlotFrame Frame(double left, double right, double bottom, double top, bool logarithmic = false)
    {
        if (!(right > left))
            (left, right) = (left - 0.5 * Size(left), left + 0.5 * Size(left));
        if (!(top > bottom))
            (bottom, top) = logarithmic ? (bottom / 1.1, bottom * 1.1) : (bottom - 0.5 * Size(bottom), bottom + 0.5 * Size(bottom));
        return new PlotFrame(62, Width - 12, 30, Height - 46, left, right, bottom, top, logarithmic);

        static double Size(double x) => x == 0 ? 1 : Math.Abs(x);
    }

    internal static void WriteLine(SvgWriter svg, PlotFrame frame, IReadOnlyList<(double X, double Y)> points, int kind, bool withDots = false)
    {
        var path = new StringBuilder();
        bool draws = false;
        foreach ((double x, double y) in points)
        {
            bool isFinite = double.IsFinite(x) && double.IsFinite(y);
            if (isFinite)
                path.Append(CultureInfo.InvariantCulture, $"{(draws ? 'L' : 'M')}{Number(frame.X(x))} {Number(frame.Y(y))}");
            draws = isFinite;
        }
        if (path.Length == 0)
            return;
        svg.Element("path", $"class=\"s{kind}\" fill=\"none\" stroke-width=\"2\" stroke-linejoin=\"round\"{Dash(kind)} d=\"{path}\"");
        foreach ((double x, double y) in withDots ? points : [])
        {
            if (double.IsFinite(x) && double.IsFinite(y))
                WriteDot(svg, frame.X(x), frame.Y(y), kind);
        }
    }

    internal static void WriteDot(SvgWriter svg, double x, double y, int kind, double radius = 3) =>
        svg.Element("circle", $"class=\"dot s{kind}\" stroke-width=\"2\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(radius)}\"");

    /// <summary>From one corner to the other: what would be perfect, or by chance.</summary>
    internal static void WriteDiagonal(SvgWriter svg, PlotFrame frame) =>
        svg.Element("path", $"class=\"ink\" fill=\"none\" stroke-width=\"1\" stroke-opacity=\"0.5\" stroke-dasharray=\"4 4\" d=\"M{Number(frame.PixelLeft)} {Number(frame.PixelBottom)}L{Number(frame.PixelRight)} {Number(frame.PixelTop)}\"");

    /// <summary>The names of the series above the frame, as many as there is room for.</summary>
    internal static void WriteLegend(SvgWriter svg, PlotFrame frame, IReadOnlyList<string> names)
    {
        if (names.Count < 2)
            return;
        double x = frame.PixelLeft;
        for (int kind = 0; kind < names.Count; kind++)
        {
            string name = Short(names[kind]);
            double width = 24 + 6.7 * name.Length;
            if (x + width > Width)
                break;
            svg.Element("path", $"class=\"s{kind}\" fill=\"none\" stroke-width=\"2\"{Dash(kind)} d=\"M{Number(x)} {Number(frame.PixelTop - 14)}h16\"");
            svg.Text(x + 20, frame.PixelTop - 10, name, "quiet", size: 11);
            x += width + 10;
        }
    }

    /// <summary>A name that is not wider than its room.</summary>
    internal static string Short(string name, int longest = LongestName) => name.Length <= longest ? name : name[..(longest - 1)] + "…";

    private static string Dash(int kind) => s_dashes[kind].Length > 0 ? $" stroke-dasharray=\"{s_dashes[kind]}\"" : "";
}
