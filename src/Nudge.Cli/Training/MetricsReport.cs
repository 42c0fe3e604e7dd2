// How good a model is, as tables.

using System.Globalization;

namespace Nudge.Cli;

internal static class MetricsReport
{
    private const int MostClasses = 12, WidestClass = 12;

    /// <summary>
    /// A row for each part of the data: examples, loss, accuracy beside the share of the largest class, or R²; and beside them,
    /// where it is known, what a straight line has there.
    /// </summary>
    internal static void WriteTable(
        Terminal terminal, IReadOnlyList<(string Part, int Count, Metrics Metrics)> parts, IReadOnlyList<Metrics>? line = null)
    {
        bool isClassification = parts[0].Metrics.Accuracy is not null;
        var table = new Table(false, true, true, true, true, true);
        table.Add("", new("examples", Style.Dim), new("loss", Style.Dim), new(isClassification ? "accuracy" : "R²", Style.Dim), new(isClassification ? "largest class" : "", Style.Dim), new(line is null ? "" : "straight line", Style.Dim));
        for (int i = 0; i < parts.Count; i++)
        {
            (string part, int count, Metrics metrics) = parts[i];
            table.Add(
                part, Text.Count(count), Text.Short(metrics.Loss), new(Quality(metrics), Style.Bold),
                isClassification ? Text.Percent(LargestShare(metrics.Confusion!)) : "", line is null ? "" : Quality(line[i]));
        }
        table.Write(terminal);
    }

    /// <summary>The accuracy, or R².</summary>
    internal static string Quality(Metrics metrics) => metrics.Accuracy is { } accuracy ? Text.Percent(accuracy) : Text.Short(metrics.RSquared!.Value);

    /// <summary>The share of the largest class: how often one is right who always says that.</summary>
    internal static double LargestShare(IReadOnlyList<int[]> confusion) => (double)confusion.Max(row => row.Sum()) / confusion.Sum(row => row.Sum());

    /// <summary>Which classes of a part of the data are taken for which; nothing for regression, or where there are too many to read.</summary>
    internal static void WriteConfusion(Terminal terminal, string part, Metrics metrics, IReadOnlyList<string>? classes)
    {
        if (metrics.Confusion is not { } confusion || classes is null || classes.Count > MostClasses)
            return;
        terminal.WriteLine();
        var table = new Table([false, .. classes.Select(_ => true), true]);
        table.Add([new($"{part}{(part.Length > 0 ? ": " : "")}true ↓ predicted →", Style.Dim), .. classes.Select(name => new Cell(Text.Fit(name, WidestClass), Style.Dim)), new("found", Style.Dim)]);
        for (int expected = 0; expected < classes.Count; expected++)
            table.Add([Text.Fit(classes[expected], 2 * WidestClass), .. Enumerable.Range(0, classes.Count).Select(got => Count(expected, got)), Found(expected)]);
        table.Write(terminal);

        // The share of a class that is recognised: its recall.
        Cell Found(int expected) => confusion[expected].Sum() is > 0 and int all ? new(Text.Percent((double)confusion[expected][expected] / all), Style.Dim) : new("–", Style.Dim);

        Cell Count(int expected, int got) => (confusion[expected][got], expected == got) switch
        {
            (0, _) => new("·", Style.Dim),
            (int right, true) => new(right.ToString(CultureInfo.InvariantCulture), Style.Green),
            (int wrong, false) => new(wrong.ToString(CultureInfo.InvariantCulture), Style.Red),
        };
    }
}
