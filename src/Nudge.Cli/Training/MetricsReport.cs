// How good a model is, as tables.

using System.Globalization;

namespace Nudge.Cli;

internal static class MetricsReport
{
    private const int MostClasses = 12, WidestClass = 12, ScoresWidth = 30;

    private static readonly bool[] s_scoresAlignment = [true, true, true];
    private static readonly Cell[] s_scoreTitles = [new("recall", Style.Dim), new("precision", Style.Dim), new("F1", Style.Dim)];

    /// <summary>
    /// A row for each part of the data: examples, loss, accuracy beside the share of the largest class, or R²; and beside them,
    /// where it is known, what a straight line has there.
    /// </summary>
    internal static void WriteTable(
        Terminal terminal, IReadOnlyList<(string Part, int Count, Metrics Metrics)> parts, IReadOnlyList<Metrics>? line = null)
    {
        bool isClassification = parts[0].Metrics.Accuracy is not null;
        var table = new Table(false, true, true, true, true, true);
        table.Add("", new("examples", Style.Dim), new("loss", Style.Dim), new(QualityName(parts[0].Metrics), Style.Dim), new(isClassification ? "largest class" : "", Style.Dim), new(line is null ? "" : "straight line", Style.Dim));
        for (int i = 0; i < parts.Count; i++)
        {
            (string part, int count, Metrics metrics) = parts[i];
            table.Add(
                part, Text.Count(count), Text.Short(metrics.Loss), new(Quality(metrics), Style.Bold),
                isClassification ? Text.Percent(LargestShare(metrics)) : "", line is null ? "" : Quality(line[i]));
        }
        table.Write(terminal);
    }

    /// <summary>The accuracy, or R²; of classes and numbers together both.</summary>
    internal static string Quality(Metrics metrics) => Joined(metrics, Text.Percent, Text.Short);

    /// <summary>What that is.</summary>
    internal static string QualityName(Metrics metrics) => Joined(metrics, _ => "accuracy", _ => "R²");

    /// <summary>Both.</summary>
    internal static string NamedQuality(Metrics metrics) => Joined(metrics, accuracy => $"accuracy {Text.Percent(accuracy)}", r => $"R² {Text.Short(r)}");

    /// <summary>The share of the largest class: how often one is right who always says that. Of several targets the mean.</summary>
    internal static double LargestShare(Metrics metrics) => metrics.OfEach.Select(one => one.Confusion).OfType<IReadOnlyList<int[]>>()
        .Average(confusion => (double)confusion.Max(row => row.Sum()) / confusion.Sum(row => row.Sum()));

    /// <summary>The confusion of each target of classes.</summary>
    internal static void WriteConfusions(Terminal terminal, string part, Metrics metrics, IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<string>?> targetClasses)
    {
        for (int t = 0; t < targetClasses.Count; t++)
            WriteConfusion(terminal, targetClasses.Count == 1 ? part : $"{part}{(part.Length > 0 ? ", " : "")}{names[t]}", metrics.OfEach[t], targetClasses[t]);
    }

    private static string Joined(Metrics metrics, Func<double, string> accuracy, Func<double, string> rSquared) => string.Join(
        ", ", new[] { metrics.Accuracy is { } share ? accuracy(share) : null, metrics.RSquared is { } r ? rSquared(r) : null }.OfType<string>());

    /// <summary>
    /// Which classes of a part of the data are taken for which, with recall, precision and F1 of each; nothing for regression, or
    /// where there are too many to read.
    /// </summary>
    private static void WriteConfusion(Terminal terminal, string part, Metrics metrics, IReadOnlyList<string>? classes)
    {
        if (metrics.Confusion is not { } confusion || classes is null || classes.Count > MostClasses)
            return;
        terminal.WriteLine();
        string corner = $"{part}{(part.Length > 0 ? ": " : "")}true ↓ predicted →";
        string[] names = [.. classes.Select(name => Text.Fit(name, WidestClass))];
        ClassScores scores = ClassScores.Of(confusion);
        // Where both do not fit beside each other, the scores stand below.
        int width = Math.Max(corner.Length, classes.Max(name => Math.Min(2 * WidestClass, name.Length))) + names.Sum(name => 2 + Math.Max(4, name.Length)) + ScoresWidth;
        bool fits = width <= Math.Max(terminal.LineLimit, 0);
        var table = new Table([false, .. classes.Select(_ => true), .. fits ? s_scoresAlignment : []]);
        table.Add([new(corner, Style.Dim), .. names.Select(name => new Cell(name, Style.Dim)), .. fits ? s_scoreTitles : []]);
        for (int expected = 0; expected < classes.Count; expected++)
            table.Add([Text.Fit(classes[expected], 2 * WidestClass), .. Enumerable.Range(0, classes.Count).Select(got => Count(expected, got)), .. fits ? Scores(scores.Classes[expected]) : []]);
        if (fits)
            table.Add([new("mean of the classes", Style.Dim), .. classes.Select(_ => new Cell("")), .. Scores(scores.Mean)]);
        table.Write(terminal);
        if (fits)
            return;
        terminal.WriteLine();
        var below = new Table([false, .. s_scoresAlignment]);
        below.Add([new(part, Style.Dim), .. s_scoreTitles]);
        for (int c = 0; c < classes.Count; c++)
            below.Add([Text.Fit(classes[c], 2 * WidestClass), .. Scores(scores.Classes[c])]);
        below.Add([new("mean of the classes", Style.Dim), .. Scores(scores.Mean)]);
        below.Write(terminal);

        static Cell[] Scores(ClassScore score) => [Share(score.Recall), Share(score.Precision), Share(score.F1)];

        static Cell Share(double share) => new(double.IsNaN(share) ? "–" : Text.Percent(share), Style.Dim);

        Cell Count(int expected, int got) => (confusion[expected][got], expected == got) switch
        {
            (0, _) => new("·", Style.Dim),
            (int right, true) => new(right.ToString(CultureInfo.InvariantCulture), Style.Green),
            (int wrong, false) => new(wrong.ToString(CultureInfo.InvariantCulture), Style.Red),
        };
    }
}
