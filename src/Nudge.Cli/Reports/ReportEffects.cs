// Which columns matter, and how the answer depends on them.

namespace Nudge.Cli;

internal static class ReportEffects
{
    private const int MostColumns = 40, MostAnswers = 6, MostTargets = 6, FewestOfEach = 4;

    internal static void Write(HtmlWriter html, ReportContent content, ModelEvaluation evaluation)
    {
        ColumnImportances importances = content.Importances!;
        ModelTarget[] targets = [.. content.Shown!.Value.Model.EachTarget.Take(MostTargets)];
        int others = evaluation.Data.TargetCount - targets.Length;
        html.Text("p", $"Each column was mixed up among the rows, {importances.Repeats} times, so that it says nothing any more: the more the loss rises, the more the model relies on it. Columns that say the same stand in for each other. Measured on {Text.Plural(importances.Rows, "row")} of {content.Where}{(importances.Rows < evaluation.Data.Count ? ", a sample" : "")}.");
        double most = Math.Max(importances.Columns[0].LossRise, 1e-300);
        html.Table(
            "What it costs to do without a column",
            ["column", new HtmlCell("loss rises", Attributes: "colspan=\"2\""), HtmlCell.Number("±"), .. targets.SelectMany(target => new[] { HtmlCell.Number(Falls(target)), HtmlCell.Number("±") })],
            importances.Columns.Take(MostColumns).Select(one => (IReadOnlyList<HtmlCell>)
            [
                one.Column.Name, new HtmlCell("", Bar: one.LossRise / most), HtmlCell.Number(Text.Brief(one.LossRise)), HtmlCell.Number(Text.Brief(one.LossSpread)),
                .. targets.SelectMany((target, t) => new[] { Score(target, one.ScoresOfEach[t].Drop), Score(target, one.ScoresOfEach[t].Spread) }),
            ]), "importances");
        if (importances.Columns.Count > MostColumns)
            html.Text("p", $"And {Text.Plural(importances.Columns.Count - MostColumns, "column")} more, of less effect.", "class=\"quiet\"");
        if (content.Dependences.Count > 0)
            WriteDependences(html, content.Dependences, targets);
        if (others > 0)
            html.Text("p", $"And {Text.Plural(others, "target")} more (nudge evaluate --json has all).", "class=\"quiet\"");

        string Falls(ModelTarget target) => $"{(evaluation.Data.TargetCount == 1 ? "" : $"{Text.Fit(target.Name, 30)}: ")}{(target.Classes is null ? "R²" : "accuracy")} falls";

        static HtmlCell Score(ModelTarget target, double score) => HtmlCell.Number(target.Classes is null ? Text.Brief(score) : Text.Percent(score));
    }

    /// <summary>Each target has a scale of its own, and the more there are, the fewer columns are drawn for each.</summary>
    private static void WriteDependences(HtmlWriter html, IReadOnlyList<ColumnDependence> dependences, ModelTarget[] targets)
    {
        int columns = Math.Max(FewestOfEach, dependences.Count / targets.Length);
        foreach (ModelTarget target in targets)
        {
            WriteDependences(
                html, $"How {(targets.Length == 1 ? "the answer" : Text.Fit(target.Name, 60))} depends on them", target.Classes ?? [target.Name],
                [.. dependences.Take(columns).Select(one => one with { Points = [.. one.Points.Select(point => point with { Answer = [.. point.Answer.ToArray()[target.Results]] })] })],
                isClassification: target.Classes is not null);
        }
    }

    private static void WriteDependences(HtmlWriter html, string heading, IReadOnlyList<string> answers, IReadOnlyList<ColumnDependence> dependences, bool isClassification)
    {
        int first = answers.Count == 2 ? 1 : 0, count = Math.Min(MostAnswers, answers.Count - first);
        double[] shown = [.. dependences.SelectMany(one => one.Points).SelectMany(point => point.Answer.Skip(first).Take(count))];
        double low = shown.Min(), high = shown.Max(), margin = Math.Max(0.06 * (high - low), 1e-9 * Math.Abs(high));
        (low, high) = isClassification ? (Math.Max(0, low - margin), Math.Min(1, high + margin)) : (low - margin, high + margin);
        html.Text("h3", heading);
        html.Text("p", $"The mean of {(!isClassification ? "what is predicted" : answers.Count == 2 ? $"the probability of '{Text.Fit(answers[1], 40)}'" : "the probabilities")} over {Text.Plural(dependences[0].Rows, "row")}, when a column has the same value in all of them. These pictures have the same scale.");
        html.Open("div", "class=\"figures\"");
        foreach (ColumnDependence dependence in dependences)
        {
            Figure figure = EvaluationPlot.Dependence(dependence, answers, low, high);
            html.Figure(
                figure, $"Mean answer by {figure.Title}", ["value", .. answers.Skip(first).Take(count).Select(HtmlCell.Number)],
                dependence.Points.Select(point => (IReadOnlyList<HtmlCell>)[point.Label, .. point.Answer.Skip(first).Take(count).Select(number => HtmlCell.Number(Text.Size(number)))]));
        }
        html.Close("div");
    }
}
