// Which classes are taken for which and how far probabilities can be trusted, or numbers predicted against true ones.

using System.Globalization;

namespace Nudge.Cli;

internal static class ReportMistakes
{
    private const int MostClasses = 12, MostScores = 30, MostCurveRows = 20, MostTargets = 20;

    internal static void Write(HtmlWriter html, ReportContent content, TrainedModel model, ModelEvaluation evaluation)
    {
        html.Text("p", $"In {content.Where}.", "class=\"quiet\"");
        int count = Math.Min(MostTargets, evaluation.OfEach.Count);
        for (int t = 0; t < count; t++)
        {
            if (evaluation.OfEach[t].ClassScores is null)
                continue;
            if (evaluation.OfEach.Count > 1)
                html.Text("h3", Text.Fit(model.TargetNames[t], 60));
            WriteClasses(html, model.EachTarget[t], evaluation.OfEach[t]);
        }
        ModelEvaluation[] numbers = [.. evaluation.OfEach.Take(count).Where(one => one.ClassScores is null)];
        if (numbers.Length > 0)
        {
            if (numbers.Length < count)
                html.Text("h3", "Numbers");
            html.Open("div", "class=\"figures\"");
            foreach (ModelEvaluation one in numbers)
                WriteNumbers(html, one);
            html.Close("div");
        }
        if (evaluation.OfEach.Count > count)
            html.Text("p", $"And {Text.Plural(evaluation.OfEach.Count - count, "target")} more.", "class=\"quiet\"");
    }

    private static void WriteClasses(HtmlWriter html, ModelTarget target, ModelEvaluation evaluation)
    {
        IReadOnlyList<int[]> confusion = evaluation.Metrics.Confusion!;
        IReadOnlyList<string> classes = target.Classes!;
        html.Open("div", "class=\"tables\"");
        if (classes.Count <= MostClasses)
            WriteConfusion(html, confusion, classes);
        else
            WriteMostConfused(html, confusion, classes);
        WriteScores(html, evaluation.ClassScores!, classes);
        html.Close("div");
        html.Open("div", "class=\"figures\"");
        if (evaluation.RocCurves.Any(curve => double.IsFinite(curve.Area)))
            WriteRoc(html, evaluation, classes, target.Objective.Threshold);
        if (evaluation.Calibration is { } calibration)
            WriteCalibration(html, calibration, classes);
        html.Close("div");
    }

    private static void WriteConfusion(HtmlWriter html, IReadOnlyList<int[]> confusion, IReadOnlyList<string> classes) => html.Table(
        "True classes in rows, predicted ones in columns",
        ["true ↓ predicted →", .. classes.Select(HtmlCell.Number)],
        classes.Select((name, expected) => (IReadOnlyList<HtmlCell>)
        [
            name,
            .. confusion[expected].Select((count, got) => new HtmlCell(
                count == 0 ? "·" : Text.Count(count), IsNumber: true,
                string.Create(CultureInfo.InvariantCulture, $"data-{(expected == got ? "right" : "wrong")}=\"\" style=\"--share:{(count == 0 ? 0 : (double)count / confusion[expected].Sum()):0.###}\""))),
        ]), "confusion");

    private static void WriteMostConfused(HtmlWriter html, IReadOnlyList<int[]> confusion, IReadOnlyList<string> classes) => html.Table(
        "Classes that are taken for others most often",
        ["true", "predicted", HtmlCell.Number("rows")],
        Enumerable.Range(0, classes.Count)
            .SelectMany(expected => Enumerable.Range(0, classes.Count).Where(got => got != expected && confusion[expected][got] > 0).Select(got => (expected, got, count: confusion[expected][got])))
            .OrderByDescending(one => one.count).Take(MostClasses)
            .Select(one => (IReadOnlyList<HtmlCell>)[classes[one.expected], classes[one.got], HtmlCell.Number(Text.Count(one.count))]));

    private static void WriteScores(HtmlWriter html, ClassScores scores, IReadOnlyList<string> classes)
    {
        int[] shown = [.. Enumerable.Range(0, classes.Count).OrderByDescending(c => scores.Classes[c].Count).Take(MostScores).Order()];
        html.Table(
            "Scores of each class" + (shown.Length < classes.Count ? $", the {shown.Length} most frequent of {classes.Count}" : ""),
            ["class", HtmlCell.Number("rows"), HtmlCell.Number("recall"), HtmlCell.Number("precision"), HtmlCell.Number("F1")],
            shown.Select(c => Row(classes[c], scores.Classes[c])).Append(Row("mean of the classes", scores.Mean)));

        static IReadOnlyList<HtmlCell> Row(string name, ClassScore score) =>
            [name, HtmlCell.Number(Text.Count(score.Count)), Share(score.Recall), Share(score.Precision), Share(score.F1)];

        static HtmlCell Share(double share) => HtmlCell.Number(double.IsNaN(share) ? "–" : Text.Percent(share));
    }

    private static void WriteRoc(HtmlWriter html, ModelEvaluation evaluation, IReadOnlyList<string> classes, double threshold)
    {
        bool isBinary = classes.Count == 2;
        string[] names = isBinary ? [classes[1]] : [.. classes];
        Figure figure = EvaluationPlot.Roc(evaluation.RocCurves, names, isBinary && evaluation.Calibration is not null ? threshold : null);
        if (isBinary)
        {
            html.Figure(
                figure, $"Rates at thresholds of the probability of '{Text.Fit(classes[1], 40)}'", ["threshold", HtmlCell.Number("false positive rate"), HtmlCell.Number("true positive rate")],
                evaluation.RocCurves[0].Outline(MostCurveRows).Select(point => (IReadOnlyList<HtmlCell>)
                    [Text.Short(point.Threshold), HtmlCell.Number(Text.Percent(point.FalsePositiveRate)), HtmlCell.Number(Text.Percent(point.TruePositiveRate))]));
            return;
        }
        html.Figure(
            figure, "Area under the curve of each class against the rest", ["class", HtmlCell.Number("area")],
            classes.Zip(evaluation.RocCurves).Select(one => (IReadOnlyList<HtmlCell>)[one.First, HtmlCell.Number(double.IsNaN(one.Second.Area) ? "–" : Text.Short(one.Second.Area))]));
    }

    private static void WriteCalibration(HtmlWriter html, Calibration calibration, IReadOnlyList<string> classes) => html.Figure(
        EvaluationPlot.Reliability(calibration),
        classes.Count == 2 ? $"Probabilities of '{Text.Fit(classes[1], 40)}', and how often it is that" : "Probabilities of the class predicted, and how often it is right",
        ["probability", HtmlCell.Number("rows"), HtmlCell.Number("mean"), HtmlCell.Number("observed")],
        calibration.Bins.Where(bin => bin.Count > 0).Select(bin => (IReadOnlyList<HtmlCell>)
        [
            $"{Text.Short(bin.Low)} to {Text.Short(bin.High)}", HtmlCell.Number(Text.Count(bin.Count)), HtmlCell.Number(Text.Percent(bin.MeanProbability)), HtmlCell.Number(Text.Percent(bin.ObservedShare)),
        ]));

    private static void WriteNumbers(HtmlWriter html, ModelEvaluation evaluation)
    {
        double[] predicted = [.. evaluation.Predictions.Select(row => row[0])], actual = [.. evaluation.Data.Targets.Select(row => row[0])];
        int[] sorted = [.. Enumerable.Range(0, actual.Length).OrderBy(i => actual[i])];
        const int groups = 10;
        int count = Math.Min(groups, sorted.Length);
        IEnumerable<int[]> parts = Enumerable.Range(0, count).Select(g => sorted[(int)((long)g * sorted.Length / count)..(int)((long)(g + 1) * sorted.Length / count)]);
        html.Figure(
            EvaluationPlot.PredictedAgainstTrue(predicted, actual, Text.Fit(evaluation.Data.TargetName, 60)),
            "Rows in groups from the least to the greatest true number",
            ["true", HtmlCell.Number("rows"), HtmlCell.Number("mean true"), HtmlCell.Number("mean predicted"), HtmlCell.Number("mean error")],
            parts.Select(part => (IReadOnlyList<HtmlCell>)
            [
                $"{Text.Size(actual[part[0]])} to {Text.Size(actual[part[^1]])}", HtmlCell.Number(Text.Count(part.Length)),
                HtmlCell.Number(Text.Size(part.Average(i => actual[i]))), HtmlCell.Number(Text.Size(part.Average(i => predicted[i]))),
                HtmlCell.Number(Text.Size(part.Average(i => Math.Abs(predicted[i] - actual[i])))),
            ]));
    }
}
