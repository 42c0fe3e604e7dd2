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
            ["part", HtmlCell.Number("rows"), HtmlCell.Number("loss"), HtmlCell.Number(MetricsReport.QualityName(last.Metrics)), .. OnlyIf(isClassification, "always the largest class"), .. OnlyIf(hasLine, "a straight line")],
            content.Parts.Select(part => (IReadOnlyList<HtmlCell>)
            [
                part.Name, HtmlCell.Number(Text.Count(part.Count)), HtmlCell.Number(Text.Short(part.Metrics.Loss)),
                HtmlCell.Number(MetricsReport.Quality(part.Metrics)),
                .. OnlyIf(isClassification, isClassification ? Text.Percent(MetricsReport.LargestShare(part.Metrics)) : ""),
                .. OnlyIf(hasLine, part.Line is { } line ? MetricsReport.Quality(line) : ""),
            ]));

        if (shown.Evaluation.OfEach is { Count: > 1 } each)
        {
            WriteClasses(html, [.. each.Where(one => one.ClassScores is not null)], last.Name);
            WriteNumbers(html, [.. each.Where(one => one.ClassScores is null)], last.Name);
        }
        html.Close("div");

        static IEnumerable<HtmlCell> OnlyIf(bool isShown, string number) => isShown ? [HtmlCell.Number(number)] : [];
    }

    private static void WriteClasses(HtmlWriter html, ModelEvaluation[] each, string part)
    {
        if (each.Length == 0)
            return;
        html.Table(
            $"Each target of classes by itself, in the {part} part",
            ["target", HtmlCell.Number("accuracy"), HtmlCell.Number("always the largest class"), HtmlCell.Number("F1, mean of the classes"), HtmlCell.Number("area under ROC")],
            each.Select(one => (IReadOnlyList<HtmlCell>)
            [
                one.Data.TargetName, HtmlCell.Number(MetricsReport.Quality(one.Metrics)), HtmlCell.Number(Text.Percent(MetricsReport.LargestShare(one.Metrics))),
                HtmlCell.Number(Text.Percent(one.ClassScores!.Mean.F1)), HtmlCell.Number(double.IsFinite(one.RocArea) ? Text.Short(one.RocArea) : "–"),
            ]));
    }

    private static void WriteNumbers(HtmlWriter html, ModelEvaluation[] each, string part)
    {
        if (each.Length == 0)
            return;
        html.Table(
            $"Each number by itself, in its own units, in the {part} part",
            ["target", HtmlCell.Number("R²"), HtmlCell.Number("mean error"), HtmlCell.Number("root mean square error"), HtmlCell.Number("mean error of always the mean")],
            each.Select(one => (IReadOnlyList<HtmlCell>)
            [
                one.Data.TargetName, HtmlCell.Number(MetricsReport.Quality(one.Metrics)), HtmlCell.Number(Text.Size(one.MeanAbsoluteError)),
                HtmlCell.Number(Text.Size(one.RootMeanSquaredError)), HtmlCell.Number(Text.Size(ErrorOfMean(one.Data))),
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
        if (evaluation.OfEach.Count > 1)
            return VerdictOfSeveral(part.Metrics, evaluation, rows);
        if (part.Metrics is { Accuracy: { } accuracy, Confusion: { } confusion })
        {
            int[] counts = [.. confusion.Select(row => row.Sum())];
            string usual = evaluation.Data.Classes![Array.IndexOf(counts, counts.Max())];
            return $"Right in {Text.Percent(accuracy)} of {rows}; always '{Text.Fit(usual, 40)}' would be right in {Text.Percent(MetricsReport.LargestShare(part.Metrics))}.";
        }
        return $"Off by {Text.Size(evaluation.MeanAbsoluteError)} on average in {rows}; always the mean would be off by {Text.Size(ErrorOfMean(evaluation.Data))}.";
    }

    private static string VerdictOfSeveral(Metrics metrics, ModelEvaluation evaluation, string rows)
    {
        int classes = evaluation.OfEach.Count(one => one.ClassScores is not null), numbers = evaluation.OfEach.Count - classes;
        string ofClasses = classes == 0 ? "" : $"Right in {Text.Percent(metrics.Accuracy!.Value)}{(classes > 1 ? $" on average over {classes} targets of classes" : $" for {Text.Fit(evaluation.OfEach.First(one => one.ClassScores is not null).Data.TargetName, 40)}")}, where always the largest class would be right in {Text.Percent(MetricsReport.LargestShare(metrics))}";
        string ofNumbers = numbers == 0 ? "" : $"R² {Text.Short(metrics.RSquared!.Value)} over {Text.Plural(numbers, "number")}, where always {(numbers > 1 ? "their means" : "the mean")} would have 0";
        return $"{string.Join("; ", new[] { ofClasses, ofNumbers }.Where(text => text.Length > 0))}: in {rows}.";
    }

    private static IEnumerable<(string Label, string Number, string Note)> Tiles(ModelEvaluation evaluation, TrainedModel model)
    {
        Metrics metrics = evaluation.Metrics;
        if (evaluation.OfEach.Count > 1)
        {
            if (metrics.Accuracy is { } share)
                yield return ("accuracy", Text.Percent(share), $"mean of the targets of classes; always the largest class: {Text.Percent(MetricsReport.LargestShare(metrics))}");
            if (metrics.RSquared is { } r)
                yield return ("R²", Text.Short(r), "over all numbers; 1 is perfect, 0 is always the mean");
            yield break;
        }
        if (evaluation.ClassScores is not { } scores)
        {
            yield return ("R²", Text.Short(metrics.RSquared!.Value), "1 is perfect, 0 is always the mean");
            yield return ("mean error", Text.Size(evaluation.MeanAbsoluteError), $"in the units of {Text.Fit(evaluation.Data.TargetName, 40)}");
            yield return ("root mean square error", Text.Size(evaluation.RootMeanSquaredError), "large errors count more");
            yield break;
        }
        yield return ("accuracy", Text.Percent(metrics.Accuracy!.Value), $"always the largest class: {Text.Percent(MetricsReport.LargestShare(metrics))}");
        yield return ("F1, mean of the classes", Text.Percent(scores.Mean.F1), "of precision and recall, rare classes count as much");
        if (double.IsFinite(evaluation.RocArea))
            yield return ("area under ROC", Text.Short(evaluation.RocArea), evaluation.RocCurves.Count > 1 ? "mean of each class against the rest; chance is 0.5" : "1 is perfect, 0.5 is chance");
        if (evaluation.Calibration is { } calibration)
            yield return ("calibration error", Text.Percent(calibration.ExpectedError), "how far probabilities are off on average");
        if (evaluation.BestThreshold is not null)
            yield return ("threshold", Text.Number(model.Objective.Threshold), $"'{Text.Fit(model.Classes![1], 30)}' above this probability");
    }

    private static double ErrorOfMean(Dataset data)
    {
        double mean = data.Targets.Average(target => target[0]);
        return data.Targets.Average(target => Math.Abs(target[0] - mean));
    }
}
