// A run from its first step to its exit code.

using System.Diagnostics;

namespace Nudge.Cli;

/// <summary>How a run ended.</summary>
/// <param name="Result">What the trainer says.</param>
/// <param name="Test">How good the model is on the examples held back, if there are any.</param>
/// <param name="FirstLoss">The loss of the first step, before anything was learnt; NaN if there was no step.</param>
/// <param name="LastLoss">The mean loss of the last steps; NaN if there was no step.</param>
/// <param name="Elapsed">How long the steps took, without the time that the run was paused.</param>
/// <param name="SavedTo">Where the model was saved, if it was.</param>
/// <param name="DrawnTo">Where the picture was drawn, if it was.</param>
internal sealed record TrainingOutcome(
    TrainingResult Result, Metrics? Test, double FirstLoss, double LastLoss, TimeSpan Elapsed, string? SavedTo, string? DrawnTo)
{
    /// <summary>What a straight line makes of the same rows; null where there is none to compare with.</summary>
    internal StraightLine? Line { get; init; }
}

/// <summary>Shows a run to somebody: a person or a program.</summary>
internal interface ITrainingView
{
    void Started(TrainingPlan plan);

    void Made(TrainingPlan plan, TrainingStep step);

    /// <summary>The doctor has found something; told once for each fault.</summary>
    void Found(TrainingPlan plan, Diagnosis diagnosis);

    void Ended(TrainingPlan plan, TrainingOutcome outcome);
}

internal static class TrainingRun
{
    /// <summary>Trains, saves where that was asked for, and shows it all.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="view">Who looks on.</param>
    /// <param name="control">Who may pause and change the run between steps; null for nobody.</param>
    /// <param name="cancellation">Ends the run early.</param>
    /// <returns>The exit code; null where the run was broken off to be started anew.</returns>
    /// <exception cref="RunFailedException">The run diverged.</exception>
    /// <exception cref="IOException">The model could not be saved.</exception>
    internal static int? Make(TrainingPlan plan, ITrainingView view, LiveControl? control, CancellationToken cancellation)
    {
        using var interruption = new Interruption(cancellation);
        using Doctor doctor = plan.Trainer.Doctor!;
        int told = 0;
        view.Started(plan);
        control?.Begin(plan.Trainer);
        Stopwatch clock = plan.Clock;
        clock.Start();
        double firstLoss = double.NaN;
        var losses = new LossHistory();
        using (IEnumerator<TrainingStep> steps = plan.Trainer.Run(interruption.Token).GetEnumerator())
        {
            while (control?.BeforeStep(plan.Trainer, clock, interruption.Token) != false && steps.MoveNext())
            {
                if (steps.Current.Step == 0)
                    firstLoss = steps.Current.Loss;
                losses.Add(steps.Current.Loss);
                view.Made(plan, steps.Current);
                TellFindings();
            }
            if (interruption.Token.IsCancellationRequested)
                steps.MoveNext(); // where no step was asked for yet, the trainer ends here, and has a result
        }
        TellFindings();
        if (control?.TakeRestart() == true)
            return null;
        TimeSpan elapsed = clock.Elapsed;

        TrainingResult result = plan.Trainer.Result!;
        bool diverged = result.End == TrainingEnd.Diverged;
        Exception? unsaved = diverged ? null : Written(plan.Settings.Out, plan.Model.Save);
        // A run that diverged is worth seeing too, up to where it did.
        bool draws = losses.Means.Any(double.IsFinite);
        Exception? undrawn = draws
            ? Written(plan.Settings.Picture, path => File.WriteAllText(path, Plot.Training(losses.Means, plan.Model, plan.Training, losses.Span)))
            : null;
        view.Ended(plan, new TrainingOutcome(
            result,
            plan.Test is null || diverged ? null : plan.Model.Measure(plan.Test, plan.Settings.Engine, plan.Settings.Precision),
            firstLoss,
            losses.Means.DefaultIfEmpty(double.NaN).Last(),
            elapsed,
            diverged || unsaved is not null ? null : plan.Settings.Out,
            !draws || undrawn is not null ? null : plan.Settings.Picture)
        {
            Line = result.End is TrainingEnd.Diverged or TrainingEnd.Cancelled ? null : StraightLine.Of(plan),
        });
        if (unsaved is not null)
            throw new RunFailedException($"the model could not be saved: {unsaved.Message}");
        if (undrawn is not null)
            throw new RunFailedException($"the picture could not be written: {undrawn.Message}");
        if (diverged)
        {
            throw new RunFailedException(
                $"the loss became infinite or NaN at step {Text.Count(result.Steps + 1)}; " +
                $"try a smaller learning rate: {plan.SmallerLearningRate}");
        }
        return result.End == TrainingEnd.Cancelled ? ExitCode.Interrupted : ExitCode.Done;

        void TellFindings()
        {
            for (; told < doctor.Findings.Count; told++)
                view.Found(plan, doctor.Findings[told]);
        }
    }

    private static Exception? Written(string? path, Action<string> write)
    {
        try
        {
            if (path is not null)
                write(path);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The summary of a long run is worth printing all the same.
            return error;
        }
    }
}
