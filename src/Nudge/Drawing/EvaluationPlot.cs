// Pictures of how good a model is, and of what its answer depends on.

using System.Globalization;
using System.Text;
using Nudge.Evaluation;
using static Nudge.Drawing.SvgWriter;

namespace Nudge.Drawing;

/// <summary>Pictures of a trained model: the course of its losses, ROC, calibration, predictions, and what they depend on.</summary>
public static class EvaluationPlot
{
    private const int MostPoints = 200, MostDots = 400, LongestTitle = 60, LongestName = 24;

    /// <summary>The loss on the training part and on the validation part by epoch, on a logarithmic scale where all are above 0.</summary>
    /// <param name="training">The mean loss of the steps of each span of epochs.</param>
    /// <param name="validation">The loss on the validation part; empty where there is none.</param>
    /// <param name="epochsPerPoint">How many epochs a number stands for.</param>
    /// <param name="bestEpoch">The epoch that was kept, to be marked; null for the last.</param>
    /// <param name="epochsBefore">How many epochs there were before the first number.</param>
    /// <exception cref="ArgumentException">There is no finite number.</exception>
    public static Figure Losses(IReadOnlyList<double> training, IReadOnlyList<double> validation, int epochsPerPoint = 1, int? bestEpoch = null, int epochsBefore = 0)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        double[] finite = [.. training.Concat(validation).Where(double.IsFinite)];
        if (finite.Length == 0)
            throw new ArgumentException("Expected at least one finite loss to draw, got none.", nameof(training));
        double low = finite.Min(), high = finite.Max(), margin = 0.05 * (high - low);
        bool logarithmic = low > 0;
        int last = epochsBefore + Math.Max(training.Count, validation.Count) * epochsPerPoint;
        PlotFrame frame = SeriesPlot.Frame(
            epochsBefore, last, logarithmic ? low / 1.1 : low - margin, logarithmic ? high * 1.1 : high + margin, logarithmic);
        string ends = $"The training loss goes from {Text(training[0])} to {Text(training[^1])}"
            + (validation.Count > 0 ? $", the validation loss from {Text(validation[0])} to {Text(validation[^1])}" : "") + ".";
        return new Figure(SeriesPlot.Width, SeriesPlot.Height, "Loss by epoch", ends, validation.Count > 0 ? 0 : SeriesPlot.Blank, (svg, title) =>
        {
            frame.Write(svg, title, "epoch", "loss");
            SeriesPlot.WriteLegend(svg, frame, validation.Count > 0 ? ["training", "validation"] : []);
            SeriesPlot.WriteLine(svg, frame, Course(training), 0);
            SeriesPlot.WriteLine(svg, frame, Course(validation), 1);
            if (bestEpoch is not { } best || best > last || best < epochsBefore)
                return;
            double x = frame.X(best);
            svg.Element("path", $"class=\"ink\" stroke-width=\"1\" stroke-dasharray=\"3 3\" d=\"M{Number(x)} {Number(frame.PixelTop)}V{Number(frame.PixelBottom)}\"");
            bool isRight = x > (frame.PixelLeft + frame.PixelRight) / 2;
            svg.Text("text", $"class=\"halo\" stroke-width=\"3\" paint-order=\"stroke\" font-size=\"11\" text-anchor=\"{(isRight ? "end" : "start")}\" x=\"{Number(isRight ? x - 5 : x + 5)}\" y=\"{Number(frame.PixelTop + 12)}\"", string.Create(CultureInfo.InvariantCulture, $"best: epoch {best}"));
        });

        List<(double, double)> Course(IReadOnlyList<double> losses) => [.. losses.Select((loss, i) => (epochsBefore + (double)(i + 1) * epochsPerPoint, loss))];
    }

    /// <summary>How many positive examples are found, against how many negative ones are taken for positive; chance is the diagonal.</summary>
    /// <param name="curves">One curve, or one for each class, of which the first six are drawn.</param>
    /// <param name="names">What each is of.</param>
    /// <param name="chosen">A threshold to mark on the first curve; null for none.</param>
    public static Figure Roc(IReadOnlyList<RocCurve> curves, IReadOnlyList<string> names, double? chosen = null)
    {
        ArgumentNullException.ThrowIfNull(curves);
        ArgumentNullException.ThrowIfNull(names);
        (RocCurve Curve, string Name)[] drawn = [.. curves.Zip(names).Where(pair => double.IsFinite(pair.First.Area)).Take(SeriesPlot.Most)];
        PlotFrame frame = SeriesPlot.Frame(0, 1, 0, 1);
        string mark = chosen is { } marked && drawn.Length > 0 ? $" The circle is at the threshold {Text(marked)}." : "";
        string areas = "Area under the curve of " + string.Join(", ", drawn.Select(one => $"'{SeriesPlot.Short(one.Name, LongestName)}' {Text(one.Curve.Area)}")) + "." + mark;
        return new Figure(SeriesPlot.Width, SeriesPlot.Height, "ROC", areas, drawn.Length > 1 ? 0 : SeriesPlot.Blank, (svg, title) =>
        {
            frame.Write(svg, title, "false positive rate", "true positive rate");
            SeriesPlot.WriteLegend(svg, frame, [.. drawn.Select(one => one.Name)]);
            SeriesPlot.WriteDiagonal(svg, frame);
            for (int kind = 0; kind < drawn.Length; kind++)
            {
                IReadOnlyList<RocPoint> outline = drawn[kind].Curve.Outline(MostPoints);
                if (drawn.Length == 1)
                    WriteAreaBelow(svg, frame, outline);
                SeriesPlot.WriteLine(svg, frame, [.. outline.Select(point => (point.FalsePositiveRate, point.TruePositiveRate))], kind);
            }
            if (chosen is { } threshold && drawn.Length > 0)
            {
                RocPoint at = drawn[0].Curve.Points.Last(point => point.Threshold > threshold);
                SeriesPlot.WriteDot(svg, frame.X(at.FalsePositiveRate), frame.Y(at.TruePositiveRate), 1, 4.5);
            }
        });
    }

    /// <summary>The share that came true, against the probability that was given: on the diagonal where probabilities mean what they say.</summary>
    /// <param name="calibration">What was measured.</param>
    public static Figure Reliability(Calibration calibration)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        CalibrationBin[] bins = [.. calibration.Bins.Where(bin => bin.Count > 0)];
        double most = bins.Max(bin => bin.Count);
        PlotFrame frame = SeriesPlot.Frame(0, 1, 0, 1);
        string description = $"Expected calibration error {Text(calibration.ExpectedError)}; the larger a circle, the more examples.";
        return new Figure(SeriesPlot.Width, SeriesPlot.Height, "Calibration", description, SeriesPlot.Blank, (svg, title) =>
        {
            frame.Write(svg, title, "probability given", "share observed");
            SeriesPlot.WriteDiagonal(svg, frame);
            SeriesPlot.WriteLine(svg, frame, [.. bins.Select(bin => (bin.MeanProbability, bin.ObservedShare))], 0);
            foreach (CalibrationBin bin in bins)
                SeriesPlot.WriteDot(svg, frame.X(bin.MeanProbability), frame.Y(bin.ObservedShare), 0, 2.5 + 6 * Math.Sqrt(bin.Count / most));
        });
    }

    /// <summary>Each prediction against the true number: on the diagonal where it is right. Of many, 400 spread evenly.</summary>
    /// <param name="predicted">What was predicted.</param>
    /// <param name="actual">What is true.</param>
    /// <param name="name">What it is.</param>
    public static Figure PredictedAgainstTrue(IReadOnlyList<double> predicted, IReadOnlyList<double> actual, string name)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(name);
        int shown = Math.Min(MostDots, predicted.Count);
        int[] places = [.. Enumerable.Range(0, shown).Select(i => (int)((long)i * predicted.Count / shown))];
        double low = places.Min(i => Math.Min(predicted[i], actual[i])), high = places.Max(i => Math.Max(predicted[i], actual[i]));
        double margin = 0.03 * (high - low);
        PlotFrame frame = SeriesPlot.Frame(low - margin, high + margin, low - margin, high + margin);
        return new Figure(SeriesPlot.Width, SeriesPlot.Height, $"{name}: predicted against true", $"{shown} rows between {Text(low)} and {Text(high)}.", SeriesPlot.Blank, (svg, title) =>
        {
            frame.Write(svg, title, "true", "predicted");
            SeriesPlot.WriteDiagonal(svg, frame);
            foreach (int i in places)
                svg.Element("circle", $"class=\"cloud\" cx=\"{Number(frame.X(actual[i]))}\" cy=\"{Number(frame.Y(predicted[i]))}\" r=\"2.5\"");
        });
    }

    /// <summary>How the mean answer of a model changes with the value of a column.</summary>
    /// <param name="dependence">What was measured.</param>
    /// <param name="answers">What each number of an answer is, as the names of the classes; for two classes the second is drawn, of more the first six.</param>
    /// <param name="low">The least answer of the scale: the same in several pictures makes them comparable.</param>
    /// <param name="high">The greatest answer of the scale.</param>
    public static Figure Dependence(ColumnDependence dependence, IReadOnlyList<string> answers, double low, double high)
    {
        ArgumentNullException.ThrowIfNull(dependence);
        ArgumentNullException.ThrowIfNull(answers);
        int first = answers.Count == 2 ? 1 : 0, count = Math.Min(SeriesPlot.Most, answers.Count - first);
        string[] names = [.. answers.Skip(first).Take(count)];
        DependencePoint[] points = [.. dependence.Points];
        string column = SeriesPlot.Short(dependence.Column.Name, LongestTitle);
        string title = dependence.Part.Length > 0 ? $"{column}: {dependence.Part}" : column;
        string description = string.Join("; ", names.Select((name, k) =>
        {
            DependencePoint least = points.MinBy(point => point.Answer[first + k])!, most = points.MaxBy(point => point.Answer[first + k])!;
            string what = answers.Count == 1 ? SeriesPlot.Short(name, LongestName) : $"'{SeriesPlot.Short(name, LongestName)}'";
            return $"{what} from {Text(least.Answer[first + k])} at {SeriesPlot.Short(least.Label)} to {Text(most.Answer[first + k])} at {SeriesPlot.Short(most.Label)}";
        })) + ".";
        string answer = answers.Count == 1 ? SeriesPlot.Short(names[0], LongestName) : names.Length == 1 ? $"probability of '{SeriesPlot.Short(names[0], LongestName)}'" : "probability";
        return points.Count(point => point.Value is not null) > 1 ? OfNumbers() : OfRows();

        Figure OfNumbers()
        {
            DependencePoint[] placed = [.. points.Where(point => point.Value is not null)];
            PlotFrame frame = SeriesPlot.Frame(placed[0].Value!.Value, placed[^1].Value!.Value, low, high);
            return new Figure(SeriesPlot.Width, SeriesPlot.Height, title, description, names.Length > 1 ? 0 : SeriesPlot.Blank, (svg, heading) =>
            {
                frame.Write(svg, heading, SeriesPlot.Short(title, LongestName), answer);
                SeriesPlot.WriteLegend(svg, frame, names);
                foreach (DependencePoint missing in names.Length == 1 ? points.Where(point => point.Value is null) : [])
                {
                    double y = frame.Y(missing.Answer[first]);
                    svg.Element("path", $"class=\"s5\" stroke-width=\"1.5\" stroke-dasharray=\"2 3\" d=\"M{Number(frame.PixelLeft)} {Number(y)}H{Number(frame.PixelRight)}\"");
                    svg.Text("text", $"class=\"quiet halo\" stroke-width=\"3\" paint-order=\"stroke\" font-size=\"11\" text-anchor=\"end\" x=\"{Number(frame.PixelRight - 2)}\" y=\"{Number(y - 4)}\"", missing.Label);
                }
                for (int k = 0; k < names.Length; k++)
                    SeriesPlot.WriteLine(svg, frame, [.. placed.Select(point => (point.Value!.Value, point.Answer[first + k]))], k, withDots: names.Length == 1);
            });
        }

        Figure OfRows()
        {
            const double rowHeight = 19;
            double height = 76 + rowHeight * points.Length;
            int widest = points.Max(point => SeriesPlot.Short(point.Label).Length);
            var frame = new PlotFrame(18 + 6.7 * widest, SeriesPlot.Width - 12, 30, height - 46, low, high, 0, 1, false);
            return new Figure(SeriesPlot.Width, height, title, description, names.Length > 1 ? 0 : SeriesPlot.Blank, (svg, heading) =>
            {
                frame.WriteForRows(svg, heading, answer);
                SeriesPlot.WriteLegend(svg, frame, names);
                for (int i = 0; i < points.Length; i++)
                {
                    double y = frame.PixelTop + rowHeight * (i + 0.5);
                    svg.Text(frame.PixelLeft - 8, y + 4, SeriesPlot.Short(points[i].Label), anchor: "end", size: 11);
                    double x = frame.X(points[i].Answer[first]);
                    if (names.Length == 1)
                        svg.Element("path", $"class=\"s0\" stroke-width=\"2\" d=\"M{Number(frame.PixelLeft)} {Number(y)}H{Number(x)}\"");
                    else
                        svg.Element("path", $"class=\"rule\" d=\"M{Number(frame.PixelLeft)} {Number(y)}H{Number(frame.PixelRight)}\"");
                    for (int k = 0; k < names.Length; k++)
                        SeriesPlot.WriteDot(svg, frame.X(points[i].Answer[first + k]), y, k, 4);
                }
            });
        }
    }

    private static void WriteAreaBelow(SvgWriter svg, PlotFrame frame, IReadOnlyList<RocPoint> points)
    {
        var path = new StringBuilder($"M{Number(frame.PixelLeft)} {Number(frame.PixelBottom)}");
        foreach (RocPoint point in points)
            path.Append(CultureInfo.InvariantCulture, $"L{Number(frame.X(point.FalsePositiveRate))} {Number(frame.Y(point.TruePositiveRate))}");
        svg.Element("path", $"class=\"under\" d=\"{path}V{Number(frame.PixelBottom)}Z\"");
    }

    private static string Text(double number) => Math.Abs(number) is >= 1000 and < 1e7
        ? number.ToString("F0", CultureInfo.InvariantCulture)
        : number.ToString("G4", CultureInfo.InvariantCulture).Replace('E', 'e');
}
