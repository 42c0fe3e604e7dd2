// A run of a language model for people: a line at each look, and in a window one between them that is rewritten.

using System.Diagnostics;
using System.Globalization;

namespace Nudge.Cli;

/// <param name="terminal">Where it is shown.</param>
/// <param name="summaryOnly">Whether to leave everything out but the summary.</param>
internal sealed class TextScreenView(Terminal terminal, bool summaryOnly) : ITextView
{
    private const int FinalSamples = 20, WidestLook = 140;
    private static readonly TimeSpan s_redraw = TimeSpan.FromSeconds(0.1);

    private readonly Stopwatch _sinceDrawn = Stopwatch.StartNew();
    private IReadOnlyList<TextBaseline> _baselines = [];
    private int _drawn;

    public void Started(TextPlan plan, IReadOnlyList<TextBaseline> baselines, IReadOnlyList<string> samples)
    {
        _baselines = baselines;
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
        terminal.WriteFact("training", string.Create(
            CultureInfo.InvariantCulture,
            $"{Text.Plural(settings.Steps, "step")} of {Text.Count(settings.BatchSize)} by {settings.Optimizer}, learning rate {Text.Number(settings.LearningRate)} ({settings.Schedule}), seed {settings.Seed}"));
        if (settings.Resume is { } resumed)
            terminal.WriteFact("resumed", $"{resumed}: {Text.Count(plan.StepsMade)} of {Text.Plural(settings.Steps, "step")} made; the learning rate goes on at {Text.Short(settings.LearningRate * plan.Trainer.Options.Schedule.At(plan.StepsMade))}");
        terminal.WriteFact("engine", settings.Engine == GraphEngine.Eager ? "eager" : $"compiled, {Choices.NameOf(settings.Precision)}");
        terminal.WriteFact("to beat", string.Join(", ", baselines.Select(baseline => $"{baseline.Name} {TextReport.Nats(baseline.Loss)}")) + " nats per character");
        terminal.WriteLine();
        string step = "step".PadLeft(StepWidth(plan));
        string header = $"  {step}    loss  {(plan.Problem.HasValidation ? "validation" : "training").PadLeft(10)}    bits    left  {(settings.Samples > 0 ? "what it writes" : "")}";
        terminal.WriteLine(terminal.Paint(Text.Fit(header.TrimEnd(), terminal.LineLimit), Style.Dim));
        if (samples.Count > 0)
            terminal.WriteLine(WithSamples(plan, $"  {Steps(plan, 0)}  {"",6}  {"",10}  {"",6}  {"",6}", samples));
    }

    public void Made(TextPlan plan, TrainingStep step, TimeSpan left)
    {
        if (summaryOnly || !terminal.IsInteractive || _sinceDrawn.Elapsed < s_redraw)
            return;
        _sinceDrawn.Restart();
        Rewrite(Row(plan, step, step.Loss, null, left));
    }

    public void Looked(TextPlan plan, TextLook look)
    {
        if (summaryOnly)
            return;
        string row = Row(plan, look.Step, look.Loss, look.Step.Monitored!.Loss, look.Left);
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
        string end = result.End switch
        {
            TrainingEnd.EarlyStopped => $"Stopped early: no better for {Text.Plural(plan.Settings.Patience, "look")}.",
            TrainingEnd.Cancelled => "Interrupted: the step was finished.",
            _ => "Done.",
        };
        string best = Continuation.Best(result.BestStep, result.Steps, "The model is the one after step", "The model is the one it began with: no look was better.");
        terminal.WriteParagraph($"{end} {Text.Plural(result.Steps, "step")} in {Text.Duration(outcome.Elapsed)}.{best}");
        terminal.WriteLine();
        var losses = new List<(string, double, bool)> { ("training", result.Training.Loss, true) };
        if (result.Validation is { } validation)
            losses.Add(("validation", validation.Loss, true));
        if (outcome.Test is { } test)
            losses.Add(("test", test, true));
        losses.AddRange(_baselines.Select(baseline => (baseline.Name, baseline.Loss, false)));
        TextReport.WriteLosses(terminal, losses);
        double? knowing = _baselines.Count > 0 ? _baselines[0].Loss : null;
        if (result.Training.Loss > knowing)
        {
            terminal.WriteLine();
            terminal.WriteParagraph($"It is worse than knowing nothing (all characters alike: {TextReport.Nats(knowing.Value).Trim()} nats), even on the training part: try a smaller learning rate, --learning-rate {Text.Number(plan.Settings.LearningRate / 10)}.");
        }
        WriteSamples(plan, outcome);
        terminal.WriteLine();
        if (outcome.SavedTo is { } path)
            terminal.WriteFact("saved", path);
        if (result.End == TrainingEnd.Cancelled && plan.Settings.Checkpoint is { } checkpoint)
            terminal.WriteFact("to go on", $"the same command with --resume {UserFile.Quoted(checkpoint)}");
        terminal.WriteFact("next", Next(plan, outcome));
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

    private static string Row(TextPlan plan, TrainingStep step, double loss, double? validation, TimeSpan left)
    {
        string nats = validation is { } v ? TextReport.Nats(v) : "", bits = validation is { } b ? TextReport.Bits(b) : "";
        return $"  {Steps(plan, step.Step + 1)}  {TextReport.Nats(loss)}  {nats,10}  {bits,6}  {Text.Brief(left),6}";
    }

    private static string Next(TextPlan plan, TextOutcome outcome) => (outcome.SavedTo, plan.Settings.Path) switch
    {
        ({ } saved, _) => $"nudge generate {UserFile.Quoted(saved)} --count 20",
        (null, { } path) => $"nudge train-text {UserFile.Quoted(path)} --out model.safetensors   to keep the model",
        _ => "nudge names --out names.safetensors   or nudge train-text YOUR.txt",
    };

    // Running text would fill lines, and documents seldom do.
    private string WithSamples(TextPlan plan, string row, IReadOnlyList<string> samples)
    {
        string written = string.Join(plan.Settings.ByCharacter ? " | " : ", ", samples.Select(TextReport.OneLine));
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
        terminal.WriteParagraph(string.Join(", ", outcome.Samples.Take(FinalSamples).Select(TextReport.OneLine)));
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
