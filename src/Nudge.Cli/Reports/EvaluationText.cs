// What an evaluation found, beside the table of losses: a few lines for a person.

namespace Nudge.Cli;

internal static class EvaluationText
{
    private const int MostColumns = 12, MostTargets = 4;

    /// <summary>How well classes are told apart, or how far numbers are off.</summary>
    internal static void WriteFacts(Terminal terminal, string part, ModelEvaluation evaluation, bool withCalibration)
    {
        string where = part.Length > 0 ? $" in the {part} part" : "";
        ModelEvaluation[] numbers = [.. evaluation.OfEach.Where(one => one.ClassScores is null)];
        if (numbers.Length > 0)
        {
            // Of several, which have units of their own, none can stand for all.
            string errors = evaluation.OfEach.Count > 1
                ? $"{Text.List([.. numbers.Select(one => $"{one.Data.TargetName} {Text.Size(one.MeanAbsoluteError)}")])} on average"
                : $"{Text.Size(evaluation.MeanAbsoluteError)} on average, {Text.Size(evaluation.RootMeanSquaredError)} root mean square";
            terminal.WriteFact("errors", $"{errors}{(where.Length > 0 ? "," : "")}{where}");
        }
        foreach (ModelEvaluation one in evaluation.OfEach.Where(one => one.ClassScores is not null))
            WriteClasses(terminal, where, evaluation.OfEach.Count > 1 ? $"{one.Data.TargetName}: " : "", one, withCalibration);
    }

    private static void WriteClasses(Terminal terminal, string where, string target, ModelEvaluation evaluation, bool withCalibration)
    {
        if (double.IsFinite(evaluation.RocArea))
            terminal.WriteFact("ROC", $"{target}area {Text.Short(evaluation.RocArea)}{where}{(evaluation.RocCurves.Count > 1 ? ", the mean of the classes (0.5 is chance)" : " (0.5 is chance, 1 is perfect)")}");
        if (withCalibration && evaluation.Calibration is { } calibration)
            terminal.WriteFact("trust", $"{target}probabilities are off by {Text.Percent(calibration.ExpectedError)} on average, Brier score {Text.Short(calibration.BrierScore)}");
    }

    /// <summary>The columns that matter most, with what mixing them up costs.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="importances">What was measured.</param>
    /// <param name="targets">The targets; each has a column.</param>
    internal static void WriteImportances(Terminal terminal, ColumnImportances importances, IReadOnlyList<ModelTarget> targets)
    {
        if (importances.Columns.Count < 2)
            return;
        terminal.WriteLine();
        ModelTarget[] shown = [.. targets.Take(MostTargets)];
        string Title(ModelTarget target) => $"{(targets.Count == 1 ? "" : $"{Text.Fit(target.Name, 20)}: ")}{(target.Classes is null ? "R²" : "accuracy")}";
        var table = new Table([false, true, false, .. Enumerable.Range(0, 2 * shown.Length).Select(place => place % 2 == 0)]);
        table.Add([new("column, mixed up among rows", Style.Dim), new("loss", Style.Dim), "", .. shown.SelectMany(target => new Cell[] { new(Title(target), Style.Dim), "" })]);
        foreach (ColumnImportance one in importances.Columns.Take(MostColumns))
        {
            table.Add([
                Text.Fit(one.Column.Name, 40), Signed(one.LossRise, "F3"), new($"± {Text.Brief(one.LossSpread)}", Style.Dim),
                .. shown.SelectMany((target, t) => Score(target, one.ScoresOfEach[t]))]);
        }
        table.Write(terminal);
        if (targets.Count > shown.Length)
            terminal.WriteParagraph($"and {Text.Plural(targets.Count - shown.Length, "target")} more (--json)", Style.Dim);
        if (importances.Columns.Count > MostColumns)
            terminal.WriteParagraph($"and {Text.Plural(importances.Columns.Count - MostColumns, "column")} more, of less effect (--json, --report)", Style.Dim);
    }

    private static Cell[] Score(ModelTarget target, ScoreDrop score)
    {
        bool isClass = target.Classes is not null;
        string spread = isClass ? (100 * score.Spread).ToString("F1", System.Globalization.CultureInfo.InvariantCulture) : Text.Brief(score.Spread);
        return [isClass ? Signed(-100 * score.Drop, "F1") + " %" : Signed(-score.Drop, "F3"), new($"± {spread}", Style.Dim)];
    }

    private static string Signed(double number, string format)
    {
        string text = Math.Abs(number).ToString(format, System.Globalization.CultureInfo.InvariantCulture);
        return text.Trim('0', '.').Length == 0 ? text : (number < 0 ? "-" : "+") + text;
    }
}
