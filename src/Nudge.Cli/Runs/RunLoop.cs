// The steps of a run, with all that may happen between them: a look, a finding, a pause, Ctrl-C, a checkpoint.

using System.Diagnostics;

namespace Nudge.Cli;

internal sealed class RunLoop
{
    // Runs of thousands of short epochs should not spend their time on writing.
    private static readonly TimeSpan s_checkpointInterval = TimeSpan.FromSeconds(1);

    private readonly RunPlan _plan;
    private readonly Interruption _interruption;
    private readonly LiveControl? _control;
    private readonly Stopwatch _sinceSaved = Stopwatch.StartNew();

    /// <summary>A run at its beginning, or where a checkpoint left it.</summary>
    /// <param name="plan">What is run.</param>
    /// <param name="interruption">Ends the run after the step that it is in.</param>
    /// <param name="control">Who may pause and change the run between steps; null for nobody.</param>
    /// <exception cref="ModelFormatException">The checkpoint is not one of this run.</exception>
    internal RunLoop(RunPlan plan, Interruption interruption, LiveControl? control = null)
    {
        (_plan, _interruption, _control) = (plan, interruption, control);
        if (plan.Settings.Resume is { } from)
            plan.StepsMade = Checkpoint.Load(plan.Trainer, from);
    }

    /// <summary>The course of the loss.</summary>
    internal LossHistory Losses { get; } = new();

    /// <summary>The loss before anything was learnt; NaN if there was no such step.</summary>
    internal double FirstLoss { get; private set; } = double.NaN;

    /// <summary>Makes the steps.</summary>
    /// <param name="made">Is told each step.</param>
    /// <param name="found">Is told each fault that the doctor finds, once.</param>
    /// <returns>How it ended; null where the run was broken off to be started anew.</returns>
    internal TrainingResult? Make(Action<TrainingStep> made, Action<Diagnosis> found)
    {
        Trainer trainer = _plan.Trainer;
        int told = 0;
        bool hasStepped = false;
        _control?.Begin(trainer);
        _plan.Clock.Start();
        using var stop = new CancellationTokenSource();
        using (IEnumerator<TrainingStep> steps = trainer.Run(stop.Token).GetEnumerator())
        {
            while (GoesOn() && steps.MoveNext())
            {
                TrainingStep step = steps.Current;
                hasStepped = true;
                if (step.Step == 0)
                    FirstLoss = step.Loss;
                Losses.Add(step.Loss);
                made(step);
                Tell();
                if (step.Monitored is not null && (_sinceSaved.Elapsed >= s_checkpointInterval || step.Step + 1 == _plan.TotalSteps))
                    Save();
            }
            if (_interruption.Token.IsCancellationRequested && trainer.Result is null)
            {
                // Before the trainer ends, which puts the best parameters in place.
                Save();
                stop.Cancel();
                steps.MoveNext();
            }
        }
        Tell();
        _plan.Clock.Stop();
        return _control?.TakeRestart() == true ? null : trainer.Result!;

        bool GoesOn() => _control is null ? !_interruption.Token.IsCancellationRequested : _control.BeforeStep(trainer, _plan.Clock, _interruption.Token);

        void Save()
        {
            // Where no step was made there is nothing to lose but the checkpoint of another run.
            if (_plan.Settings.Checkpoint is not { } path || (!hasStepped && File.Exists(path)))
                return;
            Checkpoint.Save(trainer, path);
            _sinceSaved.Restart();
        }

        void Tell()
        {
            for (; told < _plan.Doctor.Findings.Count; told++)
                found(_plan.Doctor.Findings[told]);
        }
    }

    /// <summary>Writes a result; the summary of a long run is worth printing although it cannot be written.</summary>
    /// <param name="path">Where; null for nowhere.</param>
    /// <param name="write">Writes it.</param>
    /// <returns>Why it could not be written; null where it was.</returns>
    internal static Exception? Written(string? path, Action<string> write)
    {
        try
        {
            if (path is not null)
                write(path);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error;
        }
    }

    /// <summary>The exit code of a run that has been shown.</summary>
    /// <exception cref="RunFailedException">It diverged, or its model could not be written.</exception>
    internal int ExitCodeOf(TrainingResult result, Exception? unsaved)
    {
        if (unsaved is not null)
            throw new RunFailedException($"the model could not be saved: {unsaved.Message}");
        return result.End switch
        {
            TrainingEnd.Diverged => throw new RunFailedException(
                $"the loss became infinite or NaN at step {Text.Count(result.Steps + 1)}; try a smaller learning rate: {_plan.SmallerLearningRate}"),
            TrainingEnd.Cancelled => ExitCode.Interrupted,
            _ => ExitCode.Done,
        };
    }
}
