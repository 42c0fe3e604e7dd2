// A row of small bars: the course of the loss in one line.

namespace Nudge.Cli;

internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>
    /// A bar for each number, from the least to the greatest, on a logarithmic scale where all are above 0: a loss
    /// falls by factors.
    /// </summary>
    internal static string Draw(IReadOnlyList<double> numbers)
    {
        double[] finite = [.. numbers.Where(double.IsFinite)];
        if (finite.Length == 0)
            return "";
        Func<double, double> scale = finite.Min() > 0 ? Math.Log : x => x;
        double low = scale(finite.Min()), high = scale(finite.Max());
        return string.Concat(numbers.Select(number => Bars[double.IsFinite(number) ? Level(scale(number)) : ^1]));

        // A course that hardly moves is drawn flat, and not as if it leapt.
        Index Level(double x) => high - low < 1e-3 ? 0 : (int)Math.Round((Bars.Length - 1) * (x - low) / (high - low));
    }
}
