// A run of a language model from its first step to its exit code.

using System.Diagnostics;

namespace Nudge.Cli;

/// <summary>A look at the run: how good the model is now, and what it writes.</summary>
/// <param name="Step">The step just made.</param>
/// <param name="Loss">The mean loss of the steps since the last look.</param>
/// <param name="Samples">What it writes now.</param>
/// <param name="Left">The time to the end, if nothing ends the run early.</param>
internal sealed record TextLook(TrainingStep Step, double Loss, IReadOnlyList<string> Samples, TimeSpan Left);

/// <summary>How a run ended.</summary>
/// <param name="Result">What the trainer says.</param>
/// <param name="Test">The loss on the documents held back, if there are any.</param>
/// <param name="Samples">What the model writes, if it is to.</param>
/// <param name="Known">Of those, the share that stands in the text as it is; null for running text.</param>
/// <param name="Elapsed">How long the steps and looks took.</param>
/// <param name="SavedTo">Where the model was saved, if it was.</param>
internal sealed record TextOutcome(
    TrainingResult Result, double? Test, IReadOnlyList<string> Samples, double? Known, TimeSpan Elapsed, string? SavedTo);

/// <summary>Shows a run to somebody: a person or a program.</summary>
internal interface ITextView
{
    /// <param name="plan">The run.</param>
    /// <param name="baselines">What there is to beat.</param>
    /// <param name="samples">What the model writes before it has learnt anything.</param>
    void Started(TextPlan plan, IReadOnlyList<TextBaseline> baselines, IReadOnlyList<string> samples);

    void Made(TextPlan plan, TrainingStep step, TimeSpan left);

    void Looked(TextPlan plan, TextLook look);

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
        if (settings.Resume is { } from)
            plan.StepsMade = Checkpoint.Load(plan.Trainer, from);
        var generator = new Lazy<TextGenerator>(() => MakeGenerator(plan));
        view.Started(plan, TextBaseline.Of(plan.Problem.Training, plan.Problem.Validation), settings.Resume is null ? Write(settings.Samples) : []);
        var clock = Stopwatch.StartNew();
        long first = -1;
        double lossSum = 0;
        int lossCount = 0;
        // Ctrl-C is looked for here, as the trainer would put the best parameters in place before a checkpoint is saved.
        foreach (TrainingStep step in plan.Trainer.Run(CancellationToken.None))
        {
            // The first step also compiles the model, which says nothing of the speed of the others.
            if (first < 0)
            {
                first = step.Step;
                clock.Restart();
            }
            lossSum += step.Loss;
            lossCount++;
            double perStep = clock.Elapsed.TotalSeconds / Math.Max(1, step.Step - first);
            TimeSpan left = TimeSpan.FromSeconds(Math.Min(perStep * (plan.Trainer.TotalSteps - step.Step - 1), TimeSpan.MaxValue.TotalSeconds / 2));
            view.Made(plan, step, left);
            if (step.Monitored is not null)
            {
                view.Looked(plan, new TextLook(step, lossSum / lossCount, Write(settings.Samples), left));
                (lossSum, lossCount) = (0, 0);
            }
            bool isInterrupted = interruption.Token.IsCancellationRequested;
            if (settings.Checkpoint is { } path && (isInterrupted || step.Monitored is not null))
                Checkpoint.Save(plan.Trainer, path);
            if (isInterrupted)
                break;
        }
        TimeSpan elapsed = clock.Elapsed;

        TrainingResult result = plan.Trainer.Result!;
        if (result.End == TrainingEnd.Diverged)
        {
            throw new RunFailedException(
                $"the loss became infinite or NaN at step {Text.Count(result.Steps + 1)}; " +
                $"try a smaller learning rate: --learning-rate {Text.Number(settings.LearningRate / 10)}");
        }
        Exception? unsaved = Save(plan);
        // Whoever has interrupted the run does not want to wait.
        bool isWritten = settings.Samples > 0 && result.End != TrainingEnd.Cancelled;
        string[] written = isWritten ? Write(settings.ByCharacter ? 1 : FinalSamples) : [];
        double? known = written.Length > 0 && !settings.ByCharacter ? ShareKnown(written, plan.Whole) : null;
        double? test = plan.Test is null ? null : LanguageProblem.Measure(plan.Model.Model, plan.Test, settings.Engine, settings.Precision);
        view.Ended(plan, new TextOutcome(result, test, written, known, elapsed, unsaved is null ? settings.Out : null));
        if (unsaved is not null)
            throw new RunFailedException($"the model could not be saved: {unsaved.Message}");
        return result.End == TrainingEnd.Cancelled ? ExitCode.Interrupted : ExitCode.Done;

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

    private static Exception? Save(TextPlan plan)
    {
        try
        {
            if (plan.Settings.Out is { } path)
                plan.Model.Save(path);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The summary of a long run is worth printing all the same.
            return error;
        }
    }
}
