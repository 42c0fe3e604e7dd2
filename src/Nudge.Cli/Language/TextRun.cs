// A run of a language model from its first step to its exit code.

namespace Nudge.Cli;

/// <summary>A look at the run: how good the model is now, and what it writes.</summary>
/// <param name="Step">The step just made.</param>
/// <param name="Loss">The mean loss of the steps since the last look.</param>
/// <param name="Samples">What it writes now.</param>
internal sealed record TextLook(TrainingStep Step, double Loss, IReadOnlyList<string> Samples);

/// <summary>How a run ended.</summary>
/// <param name="Result">What the trainer says.</param>
/// <param name="Test">The loss on the documents held back, if there are any.</param>
/// <param name="Samples">What the model writes, if it is to.</param>
/// <param name="Known">Of those, the share that stands in the text as it is; null for running text.</param>
/// <param name="SavedTo">Where the model was saved, if it was.</param>
internal sealed record TextOutcome(
    TrainingResult Result, double? Test, IReadOnlyList<string> Samples, double? Known, string? SavedTo);

/// <summary>Shows a run to somebody: a person or a program.</summary>
internal interface ITextView
{
    /// <param name="plan">The run.</param>
    /// <param name="samples">What the model writes before it has learnt anything.</param>
    void Started(TextPlan plan, IReadOnlyList<string> samples);

    void Made(TextPlan plan, TrainingStep step);

    void Looked(TextPlan plan, TextLook look);

    /// <summary>The doctor has found something; told once for each fault.</summary>
    void Found(TextPlan plan, Diagnosis diagnosis);

    void Ended(TextPlan plan, TextOutcome outcome);
}

internal static class TextRun
{
    private const int FinalSamples = 1000, LongestSample = 60;

    /// <summary>Trains, saves where that was asked for, and shows it all.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="view">Who looks on.</param>
    /// <param name="cancellation">Ends the run early.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="RunFailedException">The run diverged, or the model could not be saved.</exception>
    internal static int Make(TextPlan plan, ITextView view, CancellationToken cancellation)
    {
        TextSettings settings = plan.Settings;
        using var interruption = new Interruption(cancellation);
        using Doctor doctor = plan.Doctor;
        var loop = new RunLoop(plan, interruption);
        var generator = new Lazy<TextGenerator>(() => MakeGenerator(plan));
        view.Started(plan, settings.Resume is null ? Write(settings.Samples) : []);
        double lossSum = 0;
        int lossCount = 0;
        TrainingResult result = loop.Make(Made, finding => view.Found(plan, finding))!;
        if (result.End == TrainingEnd.Diverged)
            return loop.ExitCodeOf(result, null);
        string? output = result.Steps == 0 ? null : settings.Out;
        Exception? unsaved = RunLoop.Written(output, plan.Model.Save);
        // Whoever has interrupted the run does not want to wait.
        bool isWritten = settings.Samples > 0 && result.End != TrainingEnd.Cancelled;
        string[] written = isWritten ? Write(settings.ByCharacter ? 1 : FinalSamples) : [];
        double? known = written.Length > 0 && !settings.ByCharacter ? ShareKnown(written, plan.Whole) : null;
        double? test = plan.Test is null ? null : LanguageProblem.Measure(plan.Model.Model, plan.Test, settings.Engine, settings.Precision);
        view.Ended(plan, new TextOutcome(result, test, written, known, unsaved is null ? output : null));
        return loop.ExitCodeOf(result, unsaved);

        void Made(TrainingStep step)
        {
            lossSum += step.Loss;
            lossCount++;
            view.Made(plan, step);
            if (step.Monitored is null)
                return;
            view.Looked(plan, new TextLook(step, lossSum / lossCount, Write(settings.Samples)));
            (lossSum, lossCount) = (0, 0);
        }

        // The same draws each time, so that what is written is seen to get better.
        string[] Write(int count) =>
            count == 0 ? [] : [.. generator.Value.Generate(count, new Rng(settings.Seed), cancellation: interruption.Token)];
    }

    /// <summary>The share of written documents that stand in a text as they are.</summary>
    internal static double ShareKnown(IReadOnlyList<string> written, TextDataset text)
    {
        HashSet<string> known = [.. Enumerable.Range(0, text.Count).Select(text.TextOf)];
        return (double)written.Count(known.Contains) / written.Count;
    }

    private static TextGenerator MakeGenerator(TextPlan plan) => new(plan.Model, plan.GeneratingPrecision)
    {
        MaxLength = plan.Settings.ByCharacter ? 10 * LongestSample : Math.Max(LongestSample, plan.Whole.Longest),
    };
}
