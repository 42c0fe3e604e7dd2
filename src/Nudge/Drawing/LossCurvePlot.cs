// The course of a loss.

using System.Globalization;
using System.Text;
using static Nudge.Drawing.SvgWriter;

namespace Nudge.Drawing;

internal sealed class LossCurvePlot
{
    private readonly IReadOnlyList<double> _losses;
    private readonly string _title;
    private readonly double _stepsPerPoint;
    private readonly PlotFrame _frame;

    /// <exception cref="ArgumentException">There is no finite number.</exception>
    internal LossCurvePlot(IReadOnlyList<double> losses, string title, double stepsPerPoint)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(title);
        double[] finite = [.. losses.Where(double.IsFinite)];
        if (finite.Length == 0)
            throw new ArgumentException($"Expected at least one finite loss to draw, got none among {losses.Count}.", nameof(losses));
        _losses = losses;
        _title = title;
        _stepsPerPoint = Require.Positive(stepsPerPoint);
        double low = finite.Min(), high = finite.Max();
        bool logarithmic = low > 0;
        // A flat line lies in the middle.
        (low, high) = logarithmic
            ? (low / 1.1, high * 1.1)
            : (low - 0.05 * Span(low, high), high + 0.05 * Span(low, high));
        _frame = Plot.Frame(0, Math.Max(1, losses.Count - 1) * stepsPerPoint, low, high, logarithmic);
    }

    internal void Write(SvgWriter svg)
    {
        _frame.Write(svg, $"{_title}{(_frame.Logarithmic ? ", logarithmic" : "")}", "step", "loss");
        var path = new StringBuilder();
        bool draws = false;
        for (int i = 0; i < _losses.Count; i++)
        {
            double loss = _losses[i];
            if (double.IsFinite(loss))
                path.Append(CultureInfo.InvariantCulture, $"{(draws ? 'L' : 'M')}{Number(_frame.X(i * _stepsPerPoint))} {Number(_frame.Y(loss))}");
            draws = double.IsFinite(loss);
        }
        svg.Element("path", $"class=\"positive\" fill=\"none\" stroke-width=\"1.5\" stroke-linejoin=\"round\" d=\"{path}\"");
        int last = Enumerable.Range(0, _losses.Count).Last(i => double.IsFinite(_losses[i]));
        double x = _frame.X(last * _stepsPerPoint), y = _frame.Y(_losses[last]);
        svg.Element("circle", $"class=\"plus\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"3\"");
        svg.Text("text", $"class=\"halo\" stroke-width=\"3\" paint-order=\"stroke\" text-anchor=\"end\" x=\"{Number(x - 6)}\" y=\"{Number(y - 7)}\"", _losses[last].ToString("G4", CultureInfo.InvariantCulture).Replace('E', 'e'));
    }

    private static double Span(double low, double high) => high > low ? high - low : Math.Max(1, Math.Abs(high));
}
