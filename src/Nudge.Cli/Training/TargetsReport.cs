// Several targets that are predicted together, each by itself.

namespace Nudge.Cli;

internal static class TargetsReport
{
    /// <summary>How good each target is on each part of the data, beside always the largest class in the last; nothing where there is one.</summary>
    internal static void Write(Terminal terminal, IReadOnlyList<string> names, IReadOnlyList<(string Part, int Count, Metrics Metrics)> parts, Metrics? line = null)
    {
        IReadOnlyList<Metrics> last = parts[^1].Metrics.OfEach;
        if (last.Count == 1)
            return;
        bool hasClasses = last.Any(one => one.Confusion is not null);
        terminal.WriteLine();
        var table = new Table([false, .. parts.Select(_ => true), true, true]);
        table.Add([
            Title($"{MetricsReport.QualityName(parts[0].Metrics).Replace(", ", " or ", StringComparison.Ordinal)} of each"), .. parts.Select(part => Title(part.Part)),
            Title(hasClasses ? "largest class" : ""), Title(line is null ? "" : "straight line")]);
        for (int i = 0; i < names.Count; i++)
        {
            table.Add([
                names[i], .. parts.Select(part => new Cell(MetricsReport.Quality(part.Metrics.OfEach[i]), Style.Bold)),
                last[i].Confusion is null ? "" : Text.Percent(MetricsReport.LargestShare(last[i])), line is null ? "" : MetricsReport.Quality(line.OfEach[i])]);
        }
        table.Write(terminal);

        static Cell Title(string text) => new(text, Style.Dim);
    }
}
