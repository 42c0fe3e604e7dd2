// What all runs are told of in the same words and the same JSON.

using System.Globalization;
using System.Text.Json.Nodes;

namespace Nudge.Cli;

internal static class RunReport
{
    /// <summary>By what steps are made: the optimizer, its rate, the seed.</summary>
    /// <param name="what">What is made small, or how much of it there is.</param>
    /// <param name="settings">What was asked for.</param>
    /// <param name="more">What else there is to say, before the seed.</param>
    internal static string Training(string what, RunSettings settings, string more = "") => string.Create(
        CultureInfo.InvariantCulture,
        $"{what} by {settings.Optimizer}, learning rate {Text.Number(settings.LearningRate)}{(settings.Schedule == "constant" ? "" : $" ({settings.Schedule})")}, {(settings.WeightDecay is > 0 and { } decay ? $"weight decay {Text.Short(decay)}, " : "")}{more}seed {settings.Seed}");

    /// <summary>Where a run goes on that was broken off, or that is to be longer.</summary>
    internal static void WriteResumed(Terminal terminal, RunPlan plan)
    {
        if (plan.Settings.Resume is not { } path)
            return;
        double rate = plan.Settings.LearningRate * plan.Trainer.Options.Schedule.At(plan.StepsMade);
        terminal.WriteFact("resumed", $"{path}: {Text.Count(plan.StepsMade)} of {Text.Plural(plan.TotalSteps, "step")} made; the learning rate goes on at {Text.Short(rate)}");
    }

    internal static string EngineOf(RunSettings settings) => settings.Engine == GraphEngine.Eager ? "eager" : $"compiled, {Choices.NameOf(settings.Precision)}";

    /// <summary>What ended the run, how long it was, and which of its models is kept.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="result">What the trainer says.</param>
    /// <param name="patience">For how long it was no better, where that ended it.</param>
    /// <param name="best">The model that is kept, in words; null where it is the last.</param>
    internal static string End(RunPlan plan, TrainingResult result, string patience, string? best)
    {
        string end = result.End switch
        {
            TrainingEnd.EarlyStopped => $"Stopped early: no better for {patience}.",
            TrainingEnd.Cancelled when result.Steps == 0 => $"Interrupted before the first step{(plan.Settings.Out is null ? "" : ", so that there is no model to save")}.",
            TrainingEnd.Cancelled => "Interrupted: the step was finished.",
            _ => "Done.",
        };
        string epochs = plan.Trainer.Options.Steps > 0 ? "" : $"{Text.Plural(result.Epochs, "epoch")}, ";
        if (result.BestStep == 0 && result.Steps > 0)
            best = " The model is the one it began with: none after it was better.";
        else
            best = best is null ? "" : $" {best}, the best on the {(result.Validation is null ? "training" : "validation")} part.";
        return $"{end} {epochs}{Text.Plural(result.Steps, "step")} in {Text.Duration(plan.Clock.Elapsed)}.{best}";
    }

    /// <summary>Where the results are, and what comes next.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="plan">The run.</param>
    /// <param name="result">What the trainer says.</param>
    /// <param name="written">The files that were written.</param>
    /// <param name="command">The command to type next; null where its file could not be written, which is said below.</param>
    /// <param name="purpose">What that is for.</param>
    internal static void WriteNext(Terminal terminal, RunPlan plan, TrainingResult result, IEnumerable<string?> written, string? command, string purpose)
    {
        terminal.WriteLine();
        string[] saved = [.. written.OfType<string>()];
        if (saved.Length > 0)
            terminal.WriteFact("saved", string.Join(", ", saved));
        if (result.End == TrainingEnd.Cancelled && plan.Settings.Checkpoint is { } checkpoint && File.Exists(checkpoint))
            WriteResume(terminal, plan.Settings, checkpoint);
        if (command is not null)
            terminal.WriteCommand("next", command, purpose);
        else if (purpose.Length > 0)
            terminal.WriteFact("next", purpose);
    }

    private static void WriteResume(Terminal terminal, RunSettings settings, string checkpoint)
    {
        if (settings.IsPiped || (settings.Resume is { } resume && resume != checkpoint))
            terminal.WriteFact("to go on", $"the same command with --resume {UserFile.Quoted(checkpoint)}");
        else
            terminal.WriteCommand("to go on", settings.Resume is null ? $"{settings.CommandLine} --resume {UserFile.Quoted(checkpoint)}" : settings.CommandLine);
    }

    /// <summary>What the doctor has found, where errors are told.</summary>
    internal static void WriteFinding(Terminal terminal, RunPlan plan, Diagnosis diagnosis)
    {
        terminal.Out.Flush();
        terminal.Error.WriteLine(terminal.Paint($"  warning at step {Text.Count(diagnosis.Step + 1)}: {diagnosis.Title}", Style.Yellow));
        foreach (string line in Text.Wrap($"{diagnosis.Evidence} {plan.Mend(diagnosis)}", Math.Max(20, Math.Min(terminal.Width, 80) - 5)))
            terminal.Error.WriteLine("    " + line);
        terminal.Error.WriteLine(terminal.Paint($"    line: {diagnosis.LikelyLine}", Style.Dim));
    }

    /// <summary>What is odd about a result.</summary>
    internal static void WriteNotes(Terminal terminal, IEnumerable<string> notes)
    {
        foreach (string note in notes)
        {
            terminal.WriteLine();
            terminal.WriteParagraph(note);
        }
    }

    /// <summary>How a run ended, in a word for programs.</summary>
    internal static string NameOf(TrainingEnd end) => end switch
    {
        TrainingEnd.Finished => "finished",
        TrainingEnd.EarlyStopped => "early-stopped",
        TrainingEnd.Cancelled => "interrupted",
        TrainingEnd.Diverged => "diverged",
        _ => throw new InvalidOperationException($"There is no name for {end}."),
    };

    internal static JsonObject ToJson(RunPlan plan, Diagnosis diagnosis) => new()
    {
        ["fault"] = diagnosis.Title.Replace(' ', '-'),
        ["step"] = diagnosis.Step + 1,
        ["evidence"] = diagnosis.Evidence,
        ["numbers"] = new JsonObject(diagnosis.Numbers.Select(number => KeyValuePair.Create(number.Key, Json.Number(number.Value)))),
        ["line"] = diagnosis.LikelyLine,
        ["mend"] = plan.Mend(diagnosis),
    };

    /// <summary>The same as a line of its own.</summary>
    internal static JsonObject ToEvent(RunPlan plan, Diagnosis diagnosis)
    {
        JsonObject line = ToJson(plan, diagnosis);
        line.Insert(0, "event", "finding");
        return line;
    }
}
