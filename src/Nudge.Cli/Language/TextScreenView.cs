// A run of a language model for people: a line at each look, and in a window one between them that is rewritten.

using System.Diagnostics;

namespace Nudge.Cli;

/// <param name="terminal">Where it is shown.</param>
/// <param name="summaryOnly">Whether to leave everything out but the summary.</param>
internal sealed class TextScreenView(Terminal terminal, bool summaryOnly) : ITextView
{
    private const int FinalSamples = 20, WidestLook = 140;
    private static readonly TimeSpan s_redraw = TimeSpan.FromSeconds(0.1);

    private readonly Stopwatch _sinceDrawn = Stopwatch.StartNew();
    private TimeSpan? _left;
    private int _drawn;

    public void Started(TextPlan plan, IReadOnlyList<string> samples)
    {
        if (summaryOnly)
            return;
        TextSettings settings = plan.Settings;
        string documents = settings.ByCharacter ? "running text" : Text.Plural(plan.Whole.Count, "document");
        terminal.WriteLine();
        terminal.WriteFact("text", $"{plan.SourceName}: {documents}, {Text.Count(plan.Whole.PredictionCount)} characters to predict, {TextReport.Describe(plan.Whole.Tokenizer)}");
        terminal.WriteFact("split", Split(plan));
        if (settings.From is { } from)
            terminal.WriteFact("from", $"{from}: its model and characters; it may have been trained on what is held back now, unless the text and --seed, --validation and --test are the same");
        terminal.WriteFact("model", TextReport.Describe(plan.Model.Model));
        terminal.WriteFact("training", RunReport.Training($"{Text.Plural(settings.Steps, "step")} of {Text.Count(settings.BatchSize)}", settings));
        RunReport.WriteResumed(terminal, plan);
        terminal.WriteFact("engine", RunReport.EngineOf(settings));
        terminal.WriteFact("to beat", string.Join(", ", plan.Baselines.Select(baseline => $"{baseline.Name} {TextReport.Nats(baseline.Loss)}")) + " nats per character");
        SchemaReport.WriteRemarks(terminal, [.. TextFindings.OfData(plan)]);
        terminal.WriteLine();
        string step = "step".PadLeft(StepWidth(plan));
        string header = $"  {step}    loss  {(plan.Problem.HasValidation ? "validation" : "training").PadLeft(10)}    bits    left  {(settings.Samples > 0 ? "what it writes" : "")}";
        terminal.WriteLine(terminal.Paint(Text.Fit(header.TrimEnd(), terminal.LineLimit), Style.Dim));
        if (samples.Count > 0)
            terminal.WriteLine(WithSamples(plan, $"  {Steps(plan, 0)}  {"",6}  {"",10}  {"",6}  {"",6}", samples));
    }

    public void Made(TextPlan plan, TrainingStep step)
    {
        _left = plan.PaceAt(step)?.Left;
        if (summaryOnly || !terminal.IsInteractive || _sinceDrawn.Elapsed < s_redraw)
            return;
        _sinceDrawn.Restart();
        Rewrite(Row(plan, step, step.Loss, null));
    }

    public void Found(TextPlan plan, Diagnosis diagnosis)
    {
        // Below the line that is being rewritten, which goes on after it.
        if (_drawn > 0)
            terminal.WriteLine();
        _drawn = 0;
        RunReport.WriteFinding(terminal, plan, diagnosis);
    }

    public void Looked(TextPlan plan, TextLook look)
    {
        if (summaryOnly)
            return;
        string row = Row(plan, look.Step, look.Loss, look.Step.Monitored!.Loss);
        string line = WithSamples(plan, row, look.Samples);
        if (terminal.IsInteractive)
            Rewrite(line);
        else
            terminal.Out.Write(line);
        terminal.WriteLine();
        terminal.Out.Flush();
        _drawn = 0;
    }

    public void Ended(TextPlan plan, TextOutcome outcome)
    {
        TrainingResult result = outcome.Result;
        if (_drawn > 0)
            terminal.WriteLine();
        terminal.WriteLine();
        string? best = result.BestStep is { } step && step != result.Steps ? $"The model is the one after step {Text.Count(step)}" : null;
        terminal.WriteParagraph(RunReport.End(plan, result, Text.Plural(plan.Settings.Patience, "look"), best));
        terminal.WriteLine();
        var losses = new List<(string, double, bool)> { ("training", result.Training.Loss, true) };
        if (result.Validation is { } validation)
            losses.Add(("validation", validation.Loss, true));
        if (outcome.Test is { } test)
            losses.Add(("test", test, true));
        losses.AddRange(plan.Baselines.Select(baseline => (baseline.Name, baseline.Loss, false)));
        TextReport.WriteLosses(terminal, losses);
        RunReport.WriteNotes(terminal, TextFindings.Of(plan, outcome));
        WriteSamples(plan, outcome);
        (string? next, string purpose) = Next(plan, outcome);
        RunReport.WriteNext(terminal, plan, result, [outcome.SavedTo], next, purpose);
    }

    private static int StepWidth(TextPlan plan) => Math.Max(4, 2 * Text.Count(plan.Settings.Steps).Length + 1);

    private static string Split(TextPlan plan)
    {
        string documents = plan.Settings.ByCharacter ? "windows " : "";
        var parts = new List<string> { $"{Text.Count(plan.Problem.Training.Count)} {documents}to train on" };
        if (plan.Problem.Validation is { } validation)
            parts.Add($"{Text.Count(validation.Count)} to validate with");
        if (plan.Test is { } test)
            parts.Add($"{Text.Count(test.Count)} held back to test with");
        return string.Join(", ", parts);
    }

    private static string Steps(TextPlan plan, int made) =>
        $"{Text.Count(made)}/{Text.Count(plan.Settings.Steps)}".PadLeft(StepWidth(plan));

    private string Row(TextPlan plan, TrainingStep step, double loss, double? validation)
    {
        string nats = validation is { } v ? TextReport.Nats(v) : "", bits = validation is { } b ? TextReport.Bits(b) : "";
        return $"  {Steps(plan, step.Step + 1)}  {TextReport.Nats(loss)}  {nats,10}  {bits,6}  {(_left is { } left ? Text.Brief(left) : "–"),6}";
    }

    private static (string? Command, string Purpose) Next(TextPlan plan, TextOutcome outcome) => outcome.SavedTo is { } saved
        ? ($"nudge generate {UserFile.Quoted(saved)} --count 20", "")
        : plan.Settings.Out is not null ? (null, "")
        : plan.Settings.Path is not null ? ($"{plan.Settings.CommandLine} --out model.safetensors", "to keep the model")
        : ($"{plan.Settings.CommandLine} --out names.safetensors", "or nudge train-text YOUR.txt");

    // Running text would fill lines, and documents seldom do.
    private string WithSamples(TextPlan plan, string row, IReadOnlyList<string> samples)
    {
        string written = string.Join(plan.Settings.ByCharacter ? " | " : ", ", samples.Select(Text.OneLine));
        return Text.Fit($"{row}  {written}".TrimEnd(), Math.Min(terminal.LineLimit, WidestLook));
    }

    private void WriteSamples(TextPlan plan, TextOutcome outcome)
    {
        if (outcome.Samples.Count == 0)
            return;
        terminal.WriteLine();
        if (plan.Settings.ByCharacter)
        {
            foreach (string line in outcome.Samples[0].Split('\n'))
                terminal.WriteLine("  " + line);
            return;
        }
        terminal.WriteParagraph(string.Join(", ", outcome.Samples.Take(FinalSamples).Select(Text.OneLine)));
        terminal.WriteParagraph($"Of {Text.Count(outcome.Samples.Count)} written, {Text.Percent(outcome.Known!.Value)} stand in the text as they are.");
    }

    private void Rewrite(string line)
    {
        line = Text.Fit(line, terminal.LineLimit);
        terminal.Out.Write('\r' + line.PadRight(_drawn));
        terminal.Out.Flush();
        _drawn = line.Length;
    }
}
