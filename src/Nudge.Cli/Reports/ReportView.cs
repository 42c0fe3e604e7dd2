// A run as a report: it watches, and writes when the run has ended, however it ended.

namespace Nudge.Cli;

/// <param name="path">Where to write.</param>
internal sealed class ReportView(string path) : ITrainingView
{
    private readonly List<Diagnosis> _findings = [];
    private LossCourse _course = new();

    /// <summary>Why it could not be written; null if it could.</summary>
    internal Exception? Failure { get; private set; }

    public void Started(TrainingPlan plan)
    {
        _course = new LossCourse();
        _findings.Clear();
    }

    public void Made(TrainingPlan plan, TrainingStep step) => _course.Add(plan, step);

    public void Found(TrainingPlan plan, Diagnosis diagnosis) => _findings.Add(diagnosis);

    public void Ended(TrainingPlan plan, TrainingOutcome outcome)
    {
        try
        {
            ReportPage.Save(path, ContentOf(plan, outcome));
            plan.ReportedTo = path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The summary of a long run is worth printing all the same.
            Failure = error;
        }
    }

    private ReportContent ContentOf(TrainingPlan plan, TrainingOutcome outcome)
    {
        var content = new ReportContent
        {
            Source = plan.Source.Name,
            TargetName = plan.Training.TargetName,
            Command = plan.Settings.CommandLine,
            Facts = [.. FactsOf(plan)],
            Notes = [.. plan.Source.Remarks, .. DataFindings.Of(plan), .. OutcomeFindings.Of(plan, outcome)],
            Findings = [.. _findings.Select(finding => new ReportFinding(
                $"Step {Text.Count(finding.Step + 1)}: {finding.Title}", $"{finding.Evidence} {plan.Mend(finding)}", finding.LikelyLine))],
            Schema = plan.Source.Schema,
            Course = _course,
            BestEpoch = outcome.Result.BestEpoch,
            End = EndOf(outcome.Result),
        };
        if (outcome.Last is not { } last)
            return content;
        (ColumnImportances importances, IReadOnlyList<ColumnDependence> dependences) =
            ColumnEffects.Measure(plan.Model, last.Evaluation.Data, plan.Settings.Seed, plan.Settings.Engine, plan.Settings.Precision);
        return content with
        {
            Notes = [.. content.Notes, .. ThresholdChoice.Advice(plan, outcome) is { } advice ? [advice + "."] : Array.Empty<string>()],
            Parts = [.. PartsOf(plan, outcome)],
            Where = $"the {last.Part} part",
            Shown = (plan.Model, last.Evaluation),
            Importances = importances,
            Dependences = dependences,
            Worst = WorstRows.Of(plan.Model, last.Evaluation, importances, plan.Source.File, plan.Source.Reading),
        };
    }

    private static IEnumerable<ReportPart> PartsOf(TrainingPlan plan, TrainingOutcome outcome)
    {
        yield return new ReportPart("training", plan.Training.Count, outcome.Result.Training, outcome.Line?.Training);
        if (outcome.Result.Validation is { } validation)
            yield return new ReportPart("validation", plan.Validation!.Count, validation, outcome.Line?.Validation);
        if (outcome.Test is { } test)
            yield return new ReportPart("test", plan.Test!.Count, test, outcome.Line?.Test);
    }

    private static string EndOf(TrainingResult result) => result.End switch
    {
        TrainingEnd.Diverged => $"The loss became infinite or NaN at step {Text.Count(result.Steps + 1)}: there is no result. Try a smaller learning rate.",
        TrainingEnd.Cancelled => $"The run was interrupted after {Text.Plural(result.Epochs, "epoch")}.",
        TrainingEnd.EarlyStopped => $"The run stopped early, after {Text.Plural(result.Epochs, "epoch")}, since the validation loss got no better.",
        _ => $"The run made all its {Text.Plural(result.Epochs, "epoch")}.",
    } + (result.BestEpoch is { } best && best != result.Epochs && result.End != TrainingEnd.Diverged ? $" The network is the one of epoch {Text.Count(best)}, the best on the {(result.Validation is null ? "training" : "validation")} part." : "");

    private static IEnumerable<(string Label, string Text)> FactsOf(TrainingPlan plan)
    {
        TrainSettings settings = plan.Settings;
        yield return ("data", $"{plan.Source.Name}: {Text.Plural(plan.Source.Data.Count, "example")}, {Text.Plural(plan.Training.InputCount, "input")}");
        yield return ("task", plan.Source.Reason);
        yield return ("split", TrainingReport.Split(plan));
        yield return ("network", $"{TrainingReport.Shape(plan.Model.Mlp)}, {settings.Activation.Name}, {Text.Plural(plan.Model.Mlp.ParameterCount, "parameter")}");
        yield return ("training", RunReport.Training(plan.Problem.Objective.ToString(), settings, $"{TrainingReport.Batches(plan)}, "));
        yield return ("schedule", settings.ScheduleCode(plan.TotalSteps) ?? "constant");
        if (plan.Weights is { } weights)
            yield return ("weights", weights.ToText(plan.Training));
        yield return ("engine", RunReport.EngineOf(settings));
    }
}
