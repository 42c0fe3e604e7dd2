// The first section of a report: what was reached, beside what is reached with no model at all.

namespace Nudge.Cli;

internal static class ReportResults
{
    internal static void Write(HtmlWriter html, ReportContent content)
    {
        if (content.Shown is not { } shown)
        {
            html.Text("p", content.End, "class=\"lead\"");
            return;
        }
        ReportPart last = content.Parts[^1];
        html.Text("p", Verdict(last, shown.Evaluation), "class=\"lead\"");
        html.Open("dl", "class=\"tiles\"");
        foreach ((string label, string number, string note) in Tiles(shown.Evaluation, shown.Model))
            html.Open("div").Text("dt", label).Text("dd", number, "class=\"large\"").Text("dd", note, "class=\"quiet\"").Close("div");
        html.Close("dl");
        bool isClassification = last.Metrics.Accuracy is not null, hasLine = last.Line is not null;
        html.Open("div", "class=\"tables\"");
        html.Table(
            "Results by part of the data",
            ["part", HtmlCell.Number("rows"), HtmlCell.Number("loss"), HtmlCell.Number(isClassification ? "accuracy" : "R²"), .. OnlyIf(isClassification, "always the largest class"), .. OnlyIf(hasLine, "a straight line")],
            content.Parts.Select(part => (IReadOnlyList<HtmlCell>)
            [
                part.Name, HtmlCell.Number(Text.Count(part.Count)), HtmlCell.Number(Text.Short(part.Metrics.Loss)),
                HtmlCell.Number(MetricsReport.Quality(part.Metrics)),
                .. OnlyIf(isClassification, isClassification ? Text.Percent(MetricsReport.LargestShare(part.Metrics.Confusion!)) : ""),
                .. OnlyIf(hasLine, part.Line is { } line ? MetricsReport.Quality(line) : ""),
            ]));

        if (last.Metrics.RSquaredOfEach is { } each)
            WriteTargets(html, shown.Evaluation, each);
        html.Close("div");

        static IEnumerable<HtmlCell> OnlyIf(bool isShown, string number) => isShown ? [HtmlCell.Number(number)] : [];
    }

    private static void WriteTargets(HtmlWriter html, ModelEvaluation evaluation, IReadOnlyList<double> each)
    {
        Dataset data = evaluation.Data;
        html.Table(
            "Each target by itself, in its own units",
            ["target", HtmlCell.Number("R²"), HtmlCell.Number("mean error"), HtmlCell.Number("root mean square error"), HtmlCell.Number("mean error of always the mean")],
            data.TargetNames.Select((name, t) => (IReadOnlyList<HtmlCell>)
            [
                name, HtmlCell.Number(Text.Short(each[t])), HtmlCell.Number(Text.Size(evaluation.MeanAbsoluteErrorOfEach![t])),
                HtmlCell.Number(Text.Size(evaluation.RootMeanSquaredErrorOfEach![t])), HtmlCell.Number(Text.Size(ErrorOfMean(data, t))),
            ]));
    }

    private static string Verdict(ReportPart part, ModelEvaluation evaluation)
    {
        string rows = part.Name switch
        {
            "test" => $"{Text.Plural(part.Count, "row")} held back to test",
            "validation" => $"{Text.Plural(part.Count, "row")} held back to choose the best epoch",
            "training" => $"the {Text.Plural(part.Count, "row")} that it was trained on, which says little about others",
            _ => $"the {Text.Plural(part.Count, "row")} of {part.Name}",
        };
        if (part.Metrics is { Accuracy: { } accuracy, Confusion: { } confusion })
        {
            int[] counts = [.. confusion.Select(row => row.Sum())];
            string usual = evaluation.Data.Classes![Array.IndexOf(counts, counts.Max())];
            return $"Right in {Text.Percent(accuracy)} of {rows}; always '{Text.Fit(usual, 40)}' would be right in {Text.Percent(MetricsReport.LargestShare(confusion))}.";
        }
        return evaluation.Data.TargetCount > 1
            ? $"R² {Text.Short(part.Metrics.RSquared!.Value)} over {evaluation.Data.TargetCount} targets in {rows}; always their means would have 0."
            : $"Off by {Text.Size(evaluation.MeanAbsoluteError)} on average in {rows}; always the mean would be off by {Text.Size(ErrorOfMean(evaluation.Data, 0))}.";
    }

    private static IEnumerable<(string Label, string Number, string Note)> Tiles(ModelEvaluation evaluation, TrainedModel model)
    {
        Metrics metrics = evaluation.Metrics;
        if (evaluation.ClassScores is not { } scores)
        {
            yield return ("R²", Text.Short(metrics.RSquared!.Value), $"{(metrics.RSquaredOfEach is null ? "" : "over all targets; ")}1 is perfect, 0 is always the mean");
            if (metrics.RSquaredOfEach is not null)
                yield break;
            yield return ("mean error", Text.Size(evaluation.MeanAbsoluteError), $"in the units of {Text.Fit(evaluation.Data.TargetName, 40)}");
            yield return ("root mean square error", Text.Size(evaluation.RootMeanSquaredError), "large errors count more");
            yield break;
        }
        yield return ("accuracy", Text.Percent(metrics.Accuracy!.Value), $"always the largest class: {Text.Percent(MetricsReport.LargestShare(metrics.Confusion!))}");
        yield return ("F1, mean of the classes", Text.Percent(scores.Mean.F1), "of precision and recall, rare classes count as much");
        if (double.IsFinite(evaluation.RocArea))
            yield return ("area under ROC", Text.Short(evaluation.RocArea), evaluation.RocCurves.Count > 1 ? "mean of each class against the rest; chance is 0.5" : "1 is perfect, 0.5 is chance");
        if (evaluation.Calibration is { } calibration)
            yield return ("calibration error", Text.Percent(calibration.ExpectedError), "how far probabilities are off on average");
        if (evaluation.BestThreshold is not null)
            yield return ("threshold", Text.Number(model.Objective.Threshold), $"'{Text.Fit(model.Classes![1], 30)}' above this probability");
    }

    private static double ErrorOfMean(Dataset data, int t)
    {
        double mean = data.Targets.Average(target => target[t]);
        return data.Targets.Average(target => Math.Abs(target[t] - mean));
    }
}
