// What an evaluation found, beside the table of losses: a few lines for a person.

namespace Nudge.Cli;

internal static class EvaluationText
{
    private const int MostColumns = 12, MostTargets = 6;

    /// <summary>How well classes are told apart, or how far numbers are off.</summary>
    internal static void WriteFacts(Terminal terminal, string part, ModelEvaluation evaluation, bool withCalibration)
    {
        string where = part.Length > 0 ? $" in the {part} part" : "";
        if (evaluation.ClassScores is null)
        {
            // Of several, which have units of their own, none can stand for all.
            string errors = evaluation.MeanAbsoluteErrorOfEach is { } each
                ? $"{Text.List([.. evaluation.Data.TargetNames.Zip(each, (name, size) => $"{name} {Text.Size(size)}")])} on average"
                : $"{Text.Size(evaluation.MeanAbsoluteError)} on average, {Text.Size(evaluation.RootMeanSquaredError)} root mean square";
            terminal.WriteFact("errors", $"{errors}{(where.Length > 0 ? "," : "")}{where}");
            return;
        }
        if (double.IsFinite(evaluation.RocArea))
            terminal.WriteFact("ROC", $"area {Text.Short(evaluation.RocArea)}{where}{(evaluation.RocCurves.Count > 1 ? ", the mean of the classes (0.5 is chance)" : " (0.5 is chance, 1 is perfect)")}");
        if (withCalibration && evaluation.Calibration is { } calibration)
            terminal.WriteFact("trust", $"probabilities are off by {Text.Percent(calibration.ExpectedError)} on average, Brier score {Text.Short(calibration.BrierScore)}");
    }

    /// <summary>The columns that matter most, with what mixing them up costs.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="importances">What was measured.</param>
    /// <param name="isClassification">Whether classes are told apart.</param>
    /// <param name="targets">The names of the numbers predicted; of several each has a column.</param>
    internal static void WriteImportances(Terminal terminal, ColumnImportances importances, bool isClassification, IReadOnlyList<string> targets)
    {
        if (importances.Columns.Count < 2)
            return;
        terminal.WriteLine();
        var table = new Table(false, true, false, true, false);
        table.Add(new("column, mixed up among rows", Style.Dim), new("loss", Style.Dim), "", new(isClassification ? "accuracy" : "R²", Style.Dim), "");
        foreach (ColumnImportance one in importances.Columns.Take(MostColumns))
        {
            string score = isClassification ? Signed(-100 * one.ScoreDrop, "F1") + " %" : Signed(-one.ScoreDrop, "F3");
            string scoreSpread = isClassification ? (100 * one.ScoreSpread).ToString("F1", System.Globalization.CultureInfo.InvariantCulture) : Text.Brief(one.ScoreSpread);
            table.Add(Text.Fit(one.Column.Name, 40), Signed(one.LossRise, "F3"), new($"± {Text.Brief(one.LossSpread)}", Style.Dim), score, new($"± {scoreSpread}", Style.Dim));
        }
        table.Write(terminal);
        if (targets.Count > 1)
            WriteImportancesOfEach(terminal, importances, targets);
        if (importances.Columns.Count > MostColumns)
            terminal.WriteParagraph($"and {Text.Plural(importances.Columns.Count - MostColumns, "column")} more, of less effect (--json, --report)", Style.Dim);
    }

    private static void WriteImportancesOfEach(Terminal terminal, ColumnImportances importances, IReadOnlyList<string> targets)
    {
        int shown = Math.Min(MostTargets, targets.Count);
        terminal.WriteLine();
        var table = new Table([false, .. Enumerable.Repeat(true, shown)]);
        table.Add([new("R² of each", Style.Dim), .. targets.Take(shown).Select(name => new Cell(Text.Fit(name, 20), Style.Dim))]);
        foreach (ColumnImportance one in importances.Columns.Take(MostColumns))
            table.Add([Text.Fit(one.Column.Name, 40), .. one.ScoreDropOfEach!.Take(shown).Select(drop => new Cell(Signed(-drop, "F3")))]);
        table.Write(terminal);
        if (targets.Count > shown)
            terminal.WriteParagraph($"and {Text.Plural(targets.Count - shown, "target")} more (--json)", Style.Dim);
    }

    private static string Signed(double number, string format)
    {
        string text = Math.Abs(number).ToString(format, System.Globalization.CultureInfo.InvariantCulture);
        return text.Trim('0', '.').Length == 0 ? text : (number < 0 ? "-" : "+") + text;
    }
}
