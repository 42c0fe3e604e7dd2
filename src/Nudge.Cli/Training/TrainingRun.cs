// A run from its first step to its exit code.

using System.Diagnostics;

namespace Nudge.Cli;

/// <summary>How a run ended.</summary>
/// <param name="Result">What the trainer says.</param>
/// <param name="Test">How good the model is on the examples held back, if there are any.</param>
/// <param name="Elapsed">How long the steps took.</param>
/// <param name="SavedTo">Where the model was saved, if it was.</param>
internal sealed record TrainingOutcome(TrainingResult Result, Metrics? Test, TimeSpan Elapsed, string? SavedTo);

/// <summary>Shows a run to somebody: a person or a program.</summary>
internal interface ITrainingView
{
    void Started(TrainingPlan plan);

    void Made(TrainingPlan plan, TrainingStep step);

    void Ended(TrainingPlan plan, TrainingOutcome outcome);
}

internal static class TrainingRun
{
    /// <summary>Trains, saves where that was asked for, and shows it all.</summary>
    /// <exception cref="RunFailedException">The run diverged.</exception>
    /// <exception cref="IOException">The model could not be saved.</exception>
    internal static int Make(TrainingPlan plan, ITrainingView view, CancellationToken cancellation)
    {
        using var interruption = new Interruption(cancellation);
        view.Started(plan);
        var clock = Stopwatch.StartNew();
        foreach (TrainingStep step in plan.Trainer.Run(interruption.Token))
            view.Made(plan, step);
        TimeSpan elapsed = clock.Elapsed;

        TrainingResult result = plan.Trainer.Result!;
        bool diverged = result.End == TrainingEnd.Diverged;
        Exception? unsaved = diverged ? null : Save(plan);
        view.Ended(plan, new TrainingOutcome(
            result,
            plan.Test is null || diverged ? null : plan.Model.Measure(plan.Test),
            elapsed,
            diverged || unsaved is not null ? null : plan.Settings.Out));
        if (unsaved is not null)
            throw new RunFailedException($"the model could not be saved: {unsaved.Message}");
        if (diverged)
        {
            throw new RunFailedException(
                $"the loss became infinite or NaN at step {Text.Count(result.Steps + 1)}; " +
                $"try a smaller learning rate: --learning-rate {Text.Number(plan.Settings.LearningRate / 10)}");
        }
        return result.End == TrainingEnd.Cancelled ? ExitCode.Interrupted : ExitCode.Done;
    }

    private static Exception? Save(TrainingPlan plan)
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
