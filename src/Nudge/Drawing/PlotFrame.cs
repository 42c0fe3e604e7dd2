// Axes: from numbers to places, with ticks at round numbers.

using System.Globalization;
using static Nudge.Drawing.SvgWriter;

namespace Nudge.Drawing;

/// <summary>A rectangle in pixels and the numbers at its sides.</summary>
internal sealed record PlotFrame(
    double PixelLeft, double PixelRight, double PixelTop, double PixelBottom,
    double Left, double Right, double Bottom, double Top, bool Logarithmic)
{
    internal double X(double x) => PixelLeft + (x - Left) / (Right - Left) * (PixelRight - PixelLeft);

    internal double Y(double y) => Logarithmic
        ? PixelBottom - (Math.Log(y) - Math.Log(Bottom)) / (Math.Log(Top) - Math.Log(Bottom)) * (PixelBottom - PixelTop)
        : PixelBottom - (y - Bottom) / (Top - Bottom) * (PixelBottom - PixelTop);

    /// <summary>Writes the title if there is one, the ticks with their lines, and the names of the axes.</summary>
    internal void Write(SvgWriter svg, string title, string xName, string yName)
    {
        WriteTitle(svg, title);
        WriteTicksOfX(svg);
        foreach (double tick in Logarithmic ? Powers() : RoundNumbers(Bottom, Top, 6))
        {
            svg.Element("path", $"class=\"rule\" d=\"M{Number(PixelLeft)} {Number(Y(tick))}H{Number(PixelRight)}\"");
            svg.Text(PixelLeft - 6, Y(tick) + 4, Label(tick), "quiet", "end", 11);
        }
        svg.Text((PixelLeft + PixelRight) / 2, PixelBottom + 34, xName, "quiet", "middle");
        if (yName.Length > 0)
            svg.Text("text", $"class=\"quiet\" text-anchor=\"middle\" transform=\"translate(14 {Number((PixelTop + PixelBottom) / 2)}) rotate(-90)\"", yName);
    }

    /// <summary>Writes the same without numbers upwards, for rows that have names.</summary>
    internal void WriteForRows(SvgWriter svg, string title, string xName)
    {
        WriteTitle(svg, title);
        WriteTicksOfX(svg);
        svg.Text((PixelLeft + PixelRight) / 2, PixelBottom + 34, xName, "quiet", "middle");
    }

    private void WriteTitle(SvgWriter svg, string title)
    {
        if (title.Length > 0)
            svg.Text("text", $"x=\"{Number(PixelLeft)}\" y=\"{Number(PixelTop - 14)}\" font-weight=\"bold\"", title);
    }

    private void WriteTicksOfX(SvgWriter svg)
    {
        foreach (double tick in RoundNumbers(Left, Right, 6))
        {
            svg.Element("path", $"class=\"rule\" d=\"M{Number(X(tick))} {Number(PixelTop)}V{Number(PixelBottom)}\"");
            svg.Text(X(tick), PixelBottom + 16, Label(tick), "quiet", "middle", 11);
        }
    }

    /// <summary>1, 2 or 5 times a power of ten apart.</summary>
    internal static IEnumerable<double> RoundNumbers(double low, double high, int most)
    {
        double rough = (high - low) / most, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = power * (rough <= power ? 1 : rough <= 2 * power ? 2 : rough <= 5 * power ? 5 : 10);
        for (double k = Math.Ceiling(low / step - 1e-9); k * step <= high + 1e-9 * step; k++)
            yield return k * step + 0.0; // never -0
    }

    private IEnumerable<double> Powers()
    {
        int first = (int)Math.Ceiling(Math.Log10(Bottom) - 1e-9), last = (int)Math.Floor(Math.Log10(Top) + 1e-9);
        int step = Math.Max(1, (last - first) / 8 + 1);
        for (int power = first; power <= last; power += step)
            yield return Math.Pow(10, power);
        // Within one power of ten there would be one tick or none.
        if (last - first < 1)
        {
            foreach (double tick in RoundNumbers(Bottom, Top, 5).Where(tick => tick > 0 && Math.Abs(Math.Log10(tick) - Math.Round(Math.Log10(tick))) > 1e-9))
                yield return tick;
        }
    }

    private static string Label(double tick) => tick == 0 ? "0" : tick.ToString(Math.Abs(tick) is >= 1e-3 and < 1e5 ? "0.####" : "0.##e0", CultureInfo.InvariantCulture);
}
