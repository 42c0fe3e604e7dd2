// Which columns matter, and how the answer depends on them.

namespace Nudge.Cli;

internal static class ReportEffects
{
    private const int MostColumns = 40, MostAnswers = 6;

    internal static void Write(HtmlWriter html, ReportContent content, ModelEvaluation evaluation)
    {
        ColumnImportances importances = content.Importances!;
        bool isClassification = evaluation.Data.Classes is not null;
        html.Text("p", $"Each column was mixed up among the rows, {importances.Repeats} times, so that it says nothing any more: the more the loss rises, the more the model relies on it. Columns that say the same stand in for each other. Measured on {Text.Plural(importances.Rows, "row")} of {content.Where}{(importances.Rows < evaluation.Data.Count ? ", a sample" : "")}.");
        double most = Math.Max(importances.Columns[0].LossRise, 1e-300);
        html.Table(
            "What it costs to do without a column",
            ["column", new HtmlCell("loss rises", Attributes: "colspan=\"2\""), HtmlCell.Number("±"), HtmlCell.Number(isClassification ? "accuracy falls" : "R² falls"), HtmlCell.Number("±")],
            importances.Columns.Take(MostColumns).Select(one => (IReadOnlyList<HtmlCell>)
            [
                one.Column.Name, new HtmlCell("", Bar: one.LossRise / most), HtmlCell.Number(Text.Brief(one.LossRise)), HtmlCell.Number(Text.Brief(one.LossSpread)),
                HtmlCell.Number(isClassification ? Text.Percent(one.ScoreDrop) : Text.Brief(one.ScoreDrop)), HtmlCell.Number(isClassification ? Text.Percent(one.ScoreSpread) : Text.Brief(one.ScoreSpread)),
            ]), "importances");
        if (importances.Columns.Count > MostColumns)
            html.Text("p", $"And {Text.Plural(importances.Columns.Count - MostColumns, "column")} more, of less effect.", "class=\"quiet\"");
        if (content.Dependences.Count > 0)
            WriteDependences(html, content, evaluation);
    }

    private static void WriteDependences(HtmlWriter html, ReportContent content, ModelEvaluation evaluation)
    {
        IReadOnlyList<string> answers = evaluation.Data.Classes ?? [evaluation.Data.TargetName];
        int first = answers.Count == 2 ? 1 : 0, count = Math.Min(MostAnswers, answers.Count - first);
        double[] shown = [.. content.Dependences.SelectMany(one => one.Points).SelectMany(point => point.Answer.Skip(first).Take(count))];
        double low = shown.Min(), high = shown.Max(), margin = Math.Max(0.06 * (high - low), 1e-9 * Math.Abs(high));
        (low, high) = evaluation.Data.Classes is null ? (low - margin, high + margin) : (Math.Max(0, low - margin), Math.Min(1, high + margin));
        html.Text("h3", "How the answer depends on them");
        html.Text("p", $"The mean of {(evaluation.Data.Classes is null ? "what is predicted" : answers.Count == 2 ? $"the probability of '{Text.Fit(answers[1], 40)}'" : "the probabilities")} over {Text.Plural(content.Dependences[0].Rows, "row")}, when a column has the same value in all of them. All pictures have the same scale.");
        html.Open("div", "class=\"figures\"");
        foreach (ColumnDependence dependence in content.Dependences)
        {
            Figure figure = EvaluationPlot.Dependence(dependence, answers, low, high);
            html.Figure(
                figure, $"Mean answer by {figure.Title}", ["value", .. answers.Skip(first).Take(count).Select(HtmlCell.Number)],
                dependence.Points.Select(point => (IReadOnlyList<HtmlCell>)[point.Label, .. point.Answer.Skip(first).Take(count).Select(number => HtmlCell.Number(Text.Size(number)))]));
        }
        html.Close("div");
    }
}
