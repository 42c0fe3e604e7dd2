// A run as JSON lines: how it starts, every epoch, and last its summary.

using System.Text.Json.Nodes;

namespace Nudge.Cli;

/// <param name="terminal">Where the lines go.</param>
/// <param name="summaryOnly">Whether to leave everything out but the last line.</param>
internal sealed class JsonView(Terminal terminal, bool summaryOnly) : ITrainingView
{
    private double _lossSum;
    private int _steps;

    public void Started(TrainingPlan plan)
    {
        if (summaryOnly)
            return;
        terminal.WriteJson(new JsonObject
        {
            ["event"] = "start",
            ["data"] = plan.Source.Name,
            ["reason"] = plan.Source.Reason,
            ["task"] = plan.Source.Task,
            ["inputs"] = Json.Array(plan.Training.InputNames),
            ["leftOut"] = Json.Array([.. plan.Source.Schema?.LeftOut.Select(column => column.Name) ?? []]),
            ["notes"] = Json.Array([.. plan.Source.Remarks, .. DataFindings.Of(plan)]),
            ["target"] = plan.Training.TargetName,
            ["targets"] = Json.Array(plan.Training.TargetNames),
            ["classes"] = plan.Training.Classes is null ? null : Json.Array(plan.Training.Classes),
            ["targetClasses"] = Json.Array(plan.Training.TargetClasses, classes => classes is null ? null : Json.Array(classes)),
            ["layers"] = Json.Array(plan.Model.Mlp.Layers, layer => JsonValue.Create(layer.OutputCount)),
            ["parameters"] = plan.Model.Mlp.ParameterCount,
            ["objective"] = plan.Problem.Objective.Name,
            ["stepsMade"] = plan.StepsMade,
            ["from"] = plan.Settings.From,
            ["before"] = plan.Before is null ? null : Of(plan.Before),
            ["training"] = plan.Training.Count,
            ["validation"] = plan.Validation?.Count ?? 0,
            ["test"] = plan.Test?.Count ?? 0,
            ["epochs"] = plan.Settings.Epochs,
            ["steps"] = plan.TotalSteps,
            ["seed"] = plan.Settings.Seed,
            ["engine"] = plan.Settings.Engine.ToString().ToLowerInvariant(),
        });
    }

    public void Made(TrainingPlan plan, TrainingStep step)
    {
        _lossSum += step.Loss;
        _steps++;
        if ((step.Step + 1) % plan.Trainer.StepsPerEpoch != 0)
            return;
        if (!summaryOnly)
        {
            terminal.WriteJson(new JsonObject
            {
                ["event"] = "epoch",
                ["epoch"] = step.Epoch + 1,
                ["step"] = step.Step + 1,
                ["loss"] = Json.Number(_lossSum / _steps),
                [plan.Validation is null ? "training" : "validation"] = step.Monitored is null ? null : Of(step.Monitored),
                ["learningRate"] = Json.Number(step.LearningRate),
                ["gradientNorm"] = Json.Number(step.GradientNorm),
                ["predictedChange"] = Json.Number(step.PredictedChange),
            });
        }
        (_lossSum, _steps) = (0, 0);
    }

    public void Found(TrainingPlan plan, Diagnosis diagnosis)
    {
        if (!summaryOnly)
            terminal.WriteJson(RunReport.ToEvent(plan, diagnosis));
    }

    public void Ended(TrainingPlan plan, TrainingOutcome outcome)
    {
        TrainingResult result = outcome.Result;
        terminal.WriteJson(new JsonObject
        {
            ["event"] = "summary",
            ["end"] = RunReport.NameOf(result.End),
            ["loss"] = Json.Number(result.Training.Loss),
            ["firstLoss"] = Json.Number(outcome.FirstLoss),
            ["training"] = Of(result.Training),
            ["validation"] = result.Validation is null ? null : Of(result.Validation),
            ["test"] = outcome.Test is null ? null : Of(outcome.Test),
            ["evaluation"] = Of(outcome.Last),
            ["threshold"] = outcome.Last is { Evaluation.BestThreshold: not null } ? plan.Model.Objective.Threshold : null,
            ["straightLine"] = outcome.Line is not { } line ? null : new JsonObject
            {
                ["training"] = Of(line.Training),
                ["validation"] = line.Validation is null ? null : Of(line.Validation),
                ["test"] = line.Test is null ? null : Of(line.Test),
            },
            ["epochs"] = result.Epochs,
            ["steps"] = result.Steps,
            ["bestEpoch"] = result.BestEpoch,
            ["seconds"] = Json.Number(plan.Clock.Elapsed.TotalSeconds),
            ["parameters"] = plan.Model.Mlp.ParameterCount,
            ["seed"] = plan.Settings.Seed,
            ["findings"] = Json.Array(plan.Doctor.Findings, finding => RunReport.ToJson(plan, finding)),
            ["notes"] = Json.Array([.. OutcomeFindings.Of(plan, outcome)]),
            ["savedTo"] = outcome.SavedTo,
            ["drawnTo"] = outcome.DrawnTo,
            ["report"] = plan.ReportedTo,
        });
    }

    private static JsonObject? Of((string Part, ModelEvaluation Evaluation)? last)
    {
        if (last is not { } known)
            return null;
        var json = new JsonObject { ["part"] = known.Part };
        EvaluationJson.Add(json, known.Evaluation);
        return json;
    }

    /// <summary>Metrics as JSON: the loss, and accuracy and confusion or R²; of several targets also of each.</summary>
    internal static JsonObject Of(Metrics metrics)
    {
        var json = new JsonObject { ["loss"] = Json.Number(metrics.Loss) };
        if (metrics.Accuracy is { } accuracy)
            (json["accuracy"], json["largestClass"]) = (Json.Number(accuracy), Json.Number(MetricsReport.LargestShare(metrics)));
        if (metrics.RSquared is { } r)
            json["rSquared"] = Json.Number(r);
        if (metrics.OfEach.Count > 1)
            json["each"] = Json.Array(metrics.OfEach, Of);
        if (metrics.Confusion is { } confusion)
            json["confusion"] = Json.Array(confusion, row => Json.Array(row, count => JsonValue.Create(count)));
        return json;
    }
}
