// A model on a table whose answers are known: on the screen, as JSON, as a report.

using System.Text.Json.Nodes;

namespace Nudge.Cli;

internal sealed class EvaluatedTable(TrainedModel model, CsvFile file, TableReading reading, ModelEvaluation evaluation)
{
    private ColumnImportances _importances = new([], 0, 0);
    private IReadOnlyList<ColumnDependence> _dependences = [];

    private string Name => Path.GetFileName(file.Path);

    internal void MeasureColumns(ulong seed, GraphEngine engine, Precision precision) =>
        (_importances, _dependences) = ColumnEffects.Measure(model, evaluation.Data, seed, engine, precision);

    internal void Write(Terminal terminal, string? report)
    {
        terminal.WriteLine();
        terminal.WriteFact("model", Model);
        terminal.WriteLine();
        MetricsReport.WriteTable(terminal, [(Name, evaluation.Data.Count, evaluation.Metrics)]);
        TargetsReport.Write(terminal, model.TargetNames, [(Name, evaluation.Data.Count, evaluation.Metrics)]);
        MetricsReport.WriteConfusions(terminal, "", evaluation.Metrics, model.TargetNames, model.TargetClasses);
        terminal.WriteLine();
        EvaluationText.WriteFacts(terminal, "", evaluation, withCalibration: true);
        if (evaluation.BestThreshold is { } best && best != model.Objective.Threshold)
            terminal.WriteFact("limit", $"on these rows '{model.Classes![1]}' above a probability of {Text.Number(best)}, and not of {Text.Number(model.Objective.Threshold)}, has the largest Youden's J; --threshold tries others");
        EvaluationText.WriteImportances(terminal, _importances, model.EachTarget);
        if (report is not null)
        {
            terminal.WriteLine();
            terminal.WriteFact("saved", report);
        }
    }

    internal JsonObject ToJson()
    {
        JsonObject json = JsonView.Of(evaluation.Metrics);
        json["objective"] = model.Objective.Name;
        json["examples"] = evaluation.Data.Count;
        json["targets"] = Json.Array(model.TargetNames);
        json["classes"] = model.Classes is null ? null : Json.Array(model.Classes);
        json["targetClasses"] = Json.Array(model.TargetClasses, classes => classes is null ? null : Json.Array(classes));
        json["threshold"] = model.Classes?.Count == 2 ? model.Objective.Threshold : null;
        EvaluationJson.Add(json, evaluation);
        EvaluationJson.AddCurves(json, evaluation);
        EvaluationJson.AddColumns(json, _importances, _dependences);
        return json;
    }

    /// <exception cref="RunFailedException">The file cannot be written.</exception>
    internal void SaveReport(string path, string command)
    {
        try
        {
            ReportPage.Save(path, new ReportContent
            {
                Source = Name,
                TargetName = model.TargetName,
                Command = command,
                Facts = [("data", $"{file.Path}: {Text.Plural(evaluation.Data.Count, "example")}"), ("model", Model)],
                Notes = [.. file.Remarks, .. SchemaReport.Counts(reading), .. reading.Remarks],
                Parts = [new ReportPart(Name, evaluation.Data.Count, evaluation.Metrics)],
                Where = Name,
                Schema = model.Schema,
                Shown = (model, evaluation),
                Importances = _importances,
                Dependences = _dependences,
                Worst = WorstRows.Of(model, evaluation, _importances, file, reading),
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RunFailedException($"the report could not be written: {error.Message}");
        }
    }

    private string Model => $"{TrainingReport.Shape(model.Mlp)}, predicts {model.TargetName}, loss {model.Objective}";
}
