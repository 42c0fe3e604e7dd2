// What a run starts from and what it came to, in words and tables.

namespace Nudge.Cli;

internal static class TrainingReport
{
    /// <param name="terminal">Where.</param>
    /// <param name="plan">The run.</param>
    /// <param name="split">How the data is divided, where it is for more than this run.</param>
    internal static void WriteStart(Terminal terminal, TrainingPlan plan, string? split = null)
    {
        TrainSettings settings = plan.Settings;
        Dataset data = plan.Source.Data;
        terminal.WriteLine();
        terminal.WriteFact("data", $"{plan.Source.Name}: {string.Join(", ", DataOf(plan.Source))}");
        if (plan.Source.Schema is { } schema && (schema.Inputs.Any(column => column is not NumberColumn { HasIndicator: false }) || schema.LeftOut.Any()))
            SchemaReport.WriteColumns(terminal, schema);
        terminal.WriteFact("task", SchemaReport.TaskOf(plan.Source.Reason, data.TargetNames, data.TargetClasses));
        terminal.WriteFact("split", split ?? Split(plan));
        if (plan.Before is not null)
            terminal.WriteFact("from", Continuation.Start(plan));
        if (plan.Model.Inputs.OutputCount - plan.Model.InputNames.Count is > 0 and var ramps)
            terminal.WriteFact("ramps", $"{Text.Count(ramps)}: how far each number has come through each part of its range");
        terminal.WriteFact("network", $"{Shape(plan.Model.Mlp)}, {settings.Activation.Name}, {Text.Plural(plan.Model.Mlp.ParameterCount, "parameter")}");
        terminal.WriteFact("training", RunReport.Training(plan.Problem.Objective.ToString(), settings, $"{Batches(plan)}, "));
        RunReport.WriteResumed(terminal, plan);
        if (plan.Weights is { } weights)
            terminal.WriteFact("weights", weights.ToText(data));
        terminal.WriteFact("engine", RunReport.EngineOf(settings));
        SchemaReport.WriteRemarks(terminal, [.. plan.Source.Remarks, .. DataFindings.Of(plan)]);
        terminal.WriteLine();
    }

    private static IEnumerable<string> DataOf(DataSource source)
    {
        yield return Text.Plural(source.Data.Count, "example");
        yield return source.Schema is { } schema && schema.Inputs.Any(column => column.InputNames.Count != 1)
            ? $"{Text.Plural(schema.Inputs.Count, "column")} ({Text.List([.. schema.Inputs.Select(column => column.Name)])})"
            : $"{Text.Plural(source.Data.InputCount, "input")} ({Text.List(source.Data.InputNames)})";
        foreach (string count in source.Reading is { } reading ? SchemaReport.Counts(reading) : [])
            yield return count;
    }

    internal static void WriteEnd(Terminal terminal, TrainingPlan plan, TrainingOutcome outcome)
    {
        TrainingResult result = outcome.Result;
        terminal.WriteLine();
        string? best = result.BestEpoch is { } epoch && epoch != result.Epochs ? $"The network is the one of epoch {Text.Count(epoch)}" : null;
        terminal.WriteParagraph(RunReport.End(plan, result, Text.Plural(plan.Settings.Patience ?? 0, "epoch"), best));
        terminal.WriteLine();

        var parts = new List<(string, int, Metrics)> { ("training", plan.Training.Count, result.Training) };
        if (result.Validation is not null)
            parts.Add(("validation", plan.Validation!.Count, result.Validation));
        if (outcome.Test is not null)
            parts.Add(("test", plan.Test!.Count, outcome.Test));
        Metrics[]? line = outcome.Line is { } known ? [.. new[] { known.Training, known.Validation, known.Test }.OfType<Metrics>()] : null;
        MetricsReport.WriteTable(terminal, parts, line);
        TargetsReport.Write(terminal, plan.Training.TargetNames, parts, line?[^1]);
        MetricsReport.WriteConfusions(terminal, parts[^1].Item1, parts[^1].Item3, plan.Training.TargetNames, plan.Training.TargetClasses);
        terminal.WriteLine();
        if (outcome.Last is { } last)
            EvaluationText.WriteFacts(terminal, last.Part, last.Evaluation, withCalibration: false);
        ThresholdChoice.Write(terminal, plan, outcome);
        RunReport.WriteNotes(terminal, OutcomeFindings.Of(plan, outcome));
        (string? next, string purpose) = Next(plan, outcome);
        RunReport.WriteNext(terminal, plan, result, [outcome.SavedTo, outcome.DrawnTo, plan.ReportedTo, plan.Settings.Record], next, purpose);
    }

    internal static string Shape(Mlp network) =>
        string.Join(" → ", network.Layers.Select(layer => layer.OutputCount).Prepend(network.InputCount));

    internal static string Split(TrainingPlan plan)
    {
        var parts = new List<string> { $"{Text.Count(plan.Training.Count)} to train on" };
        if (plan.Validation is not null)
            parts.Add($"{Text.Count(plan.Validation.Count)} to validate with");
        else if (plan.Settings.Path is not null && plan.Source.Data.Count < TableDefaults.FewestToValidate)
            parts.Add("none to validate with, as they are few");
        if (plan.Test is not null)
            parts.Add($"{Text.Count(plan.Test.Count)} held back to test with");
        return string.Join(", ", parts) + (plan.Settings.SplitsByTime ? ", the last in time" : "");
    }

    internal static string Batches(TrainingPlan plan) =>
        plan.Trainer.StepsPerEpoch == 1 ? "all examples in each step" : $"batches of {Text.Count(plan.Settings.BatchSize)}";

    private static (string? Command, string Purpose) Next(TrainingPlan plan, TrainingOutcome outcome)
    {
        TrainSettings settings = plan.Settings;
        // What stood in a pipe is gone.
        string? data = settings.Path is { } path && !settings.IsPiped ? UserFile.Quoted(path) : null;
        return (outcome.SavedTo, data) switch
        {
            ({ } saved, not null) => ($"nudge predict {UserFile.Quoted(saved)} {data}{settings.TypedFormat}", ""),
            ({ } saved, null) => ($"nudge inspect {UserFile.Quoted(saved)}", ""),
            _ when settings.Out is not null => (null, ""),
            (null, not null) => ($"{settings.CommandLine} --out model.safetensors", "to keep the model"),
            _ when settings.IsPiped => (null, "add --out model.safetensors to keep the model"),
            _ when settings.Generator == "spirals" => ("nudge train YOUR.csv", "with data of your own"),
            _ => ("nudge train --data spirals --plot", "or nudge train YOUR.csv"),
        };
    }
}
