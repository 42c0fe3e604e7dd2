// What nudge find-rate says: the loss by the learning rate, and the rate to try.

using System.Text.Json.Nodes;

namespace Nudge.Cli;

/// <param name="plan">The run.</param>
/// <param name="range">What was found.</param>
/// <param name="wasInterrupted">Whether it was broken off.</param>
/// <param name="line">The command that trains with a rate.</param>
internal sealed class FindRateReport(TrainingPlan plan, LearningRateRange range, bool wasInterrupted, Func<double, string> line)
{
    // So that an explosion does not press everything before it into one line.
    private const double HighestDrawn = 2;

    internal void Write(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.WriteJson(ToJson());
            return;
        }
        TrainingReport.WriteStart(terminal, plan);
        if (wasInterrupted)
        {
            terminal.WriteParagraph($"Interrupted after {Text.Plural(range.Points.Count, "step")}, before there was anything to suggest.");
            return;
        }
        double first = range.Points[0].Smoothed;
        PlotPoint[] curve = [.. range.Points.Select(point => new PlotPoint(point.Rate, Math.Min(point.Smoothed, HighestDrawn * first)))];
        PlotPoint[] marks = range.Suggested is { } rate ? [curve.MinBy(point => Math.Abs(Math.Log(point.X / rate)))] : [];
        bool logarithmic = curve.All(point => point.Y > 0);
        CurvePlot.Write(terminal, $"loss, smoothed, by learning rate{(logarithmic ? ", both logarithmic" : "")}{(marks.Length > 0 ? "; o the rate suggested" : "")}", curve, marks, logarithmic, logarithmicX: true);
        terminal.WriteLine();
        string exploded = range.Exploded is { } at ? $"; it exploded at {Text.Brief(at)}" : ", and it never exploded";
        terminal.WriteFact("loss", $"{Text.Short(first)} at first, lowest at a rate of {Text.Brief(range.Lowest)}{exploded}");
        terminal.WriteFact("rate", range.Suggested is { } suggested
            ? $"{Text.Number(suggested)}: {(suggested < 0.07 * range.Lowest ? "most of the fall was made there" : "a tenth of that at which the loss was lowest")}"
            : "none to suggest: the loss did not fall at any; more steps may show more (--steps), or the columns say nothing about the target");
        if (range.Suggested is { } next)
            terminal.WriteCommand("next", line(next));
    }

    private JsonObject ToJson() => new()
    {
        ["end"] = wasInterrupted ? "interrupted" : "finished",
        ["suggested"] = wasInterrupted ? null : Json.Number(range.Suggested),
        ["lowest"] = Json.Number(range.Lowest),
        ["exploded"] = Json.Number(range.Exploded),
        ["command"] = !wasInterrupted && range.Suggested is { } rate ? line(rate) : null,
        ["rates"] = Json.Array(range.Points, point => Json.Number(point.Rate)),
        ["losses"] = Json.Array(range.Points, point => Json.Number(point.Loss)),
        ["smoothed"] = Json.Array(range.Points, point => Json.Number(point.Smoothed)),
    };
}
