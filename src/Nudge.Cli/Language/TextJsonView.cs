// A run of a language model as JSON lines: how it starts, every look, and last its summary.

using System.Text.Json.Nodes;

namespace Nudge.Cli;

/// <param name="terminal">Where the lines go.</param>
/// <param name="summaryOnly">Whether to leave everything out but the last line.</param>
internal sealed class TextJsonView(Terminal terminal, bool summaryOnly) : ITextView
{
    public void Started(TextPlan plan, IReadOnlyList<string> samples)
    {
        if (summaryOnly)
            return;
        terminal.WriteJson(new JsonObject
        {
            ["event"] = "start",
            ["data"] = plan.SourceName,
            ["characters"] = plan.Whole.Tokenizer.Characters,
            ["model"] = plan.Settings.Kind.ToString().ToLowerInvariant(),
            ["parameters"] = plan.Model.Model.Parameters.Count,
            ["context"] = plan.Model.Model.ContextLength,
            ["training"] = plan.Problem.Training.Count,
            ["validation"] = plan.Problem.Validation?.Count ?? 0,
            ["test"] = plan.Test?.Count ?? 0,
            ["steps"] = plan.Settings.Steps,
            ["seed"] = plan.Settings.Seed,
            ["engine"] = plan.Settings.Engine.ToString().ToLowerInvariant(),
            ["notes"] = Json.Array([.. TextFindings.OfData(plan)]),
            ["baselines"] = Of(plan.Baselines),
            ["samples"] = Json.Array(samples),
        });
    }

    public void Made(TextPlan plan, TrainingStep step)
    {
    }

    public void Looked(TextPlan plan, TextLook look)
    {
        if (summaryOnly)
            return;
        terminal.WriteJson(new JsonObject
        {
            ["event"] = "look",
            ["step"] = look.Step.Step + 1,
            ["loss"] = Json.Number(look.Loss),
            [plan.Problem.HasValidation ? "validation" : "training"] = Json.Number(look.Step.Monitored!.Loss),
            ["learningRate"] = Json.Number(look.Step.LearningRate),
            ["gradientNorm"] = Json.Number(look.Step.GradientNorm),
            ["samples"] = Json.Array(look.Samples),
        });
    }

    public void Found(TextPlan plan, Diagnosis diagnosis)
    {
        if (!summaryOnly)
            terminal.WriteJson(RunReport.ToEvent(plan, diagnosis));
    }

    public void Ended(TextPlan plan, TextOutcome outcome)
    {
        TrainingResult result = outcome.Result;
        double? best = result.Validation?.Loss;
        terminal.WriteJson(new JsonObject
        {
            ["event"] = "summary",
            ["end"] = RunReport.NameOf(result.End),
            ["training"] = Json.Number(result.Training.Loss),
            ["validation"] = Json.Number(best),
            ["bitsPerCharacter"] = Json.Number((best ?? result.Training.Loss) / Math.Log(2)),
            ["test"] = Json.Number(outcome.Test),
            ["baselines"] = Of(plan.Baselines),
            ["steps"] = result.Steps,
            ["bestStep"] = result.BestStep,
            ["seconds"] = Json.Number(plan.Clock.Elapsed.TotalSeconds),
            ["parameters"] = plan.Model.Model.Parameters.Count,
            ["seed"] = plan.Settings.Seed,
            ["findings"] = Json.Array(plan.Doctor.Findings, finding => RunReport.ToJson(plan, finding)),
            ["notes"] = Json.Array([.. TextFindings.Of(plan, outcome)]),
            ["samples"] = Json.Array(outcome.Samples.Take(20)),
            ["shareKnown"] = Json.Number(outcome.Known),
            ["savedTo"] = outcome.SavedTo,
        });
    }

    internal static JsonObject Of(IEnumerable<TextBaseline> baselines) =>
        new(baselines.Select(baseline => KeyValuePair.Create(baseline.Name, Json.Number(baseline.Loss))));
}
