// A run that is written down while it is made: into a file, into memory, or for a page that follows it.

namespace Nudge.Cli;

/// <param name="open">Makes the stream of a run, which is closed when the run ends.</param>
/// <param name="options">How much is kept.</param>
internal sealed class RecordingView(Func<Stream> open, RecorderOptions? options = null) : ITrainingView, IDisposable
{
    private Stream? _stream;
    private RunRecorder? _recorder;

    /// <summary>Why the rest of the run is not in the recording; null where all of it is. The run itself goes on.</summary>
    internal IOException? Failure { get; private set; }

    public void Started(TrainingPlan plan)
    {
        if (_stream is not null)
            _recorder?.End("restarted");
        Dispose();
        _stream = open();
        RunRecorder recorder = _recorder = new RunRecorder(_stream, RunDescription.Of(plan), plan.Trainer.Optimizer.Parameters, options);
        plan.Trainer.AfterBackward += (loss, expression) => Write(() => _recorder?.Backward(loss, expression, plan.Trainer.Batch));
        plan.Trainer.AfterLastStep += recorder.KeepParameters;
    }

    public void Found(TrainingPlan plan, Diagnosis diagnosis) => Write(() => _recorder?.Note(
        new RunFinding(diagnosis.Step, diagnosis.Title, diagnosis.Evidence, diagnosis.LikelyLine, plan.Mend(diagnosis))));

    public void Made(TrainingPlan plan, TrainingStep step) =>
        Write(() => _recorder?.Updated(step.LearningRate, step.Epoch, mistakes: plan.Trainer.MistakesMade()));

    public void Ended(TrainingPlan plan, TrainingOutcome outcome) => Write(() =>
    {
        _recorder?.End(RunReport.NameOf(outcome.Result.End));
        Dispose();
    });

    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
    }

    // A full disk costs the recording its end, and not the run its result.
    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (IOException error)
        {
            (Failure, _recorder) = (error, null);
        }
    }
}

/// <summary>Several views of one run.</summary>
internal sealed class Views(params IReadOnlyList<ITrainingView> views) : ITrainingView
{
    public void Started(TrainingPlan plan)
    {
        foreach (ITrainingView view in views)
            view.Started(plan);
    }

    public void Made(TrainingPlan plan, TrainingStep step)
    {
        foreach (ITrainingView view in views)
            view.Made(plan, step);
    }

    public void Found(TrainingPlan plan, Diagnosis diagnosis)
    {
        foreach (ITrainingView view in views)
            view.Found(plan, diagnosis);
    }

    public void Ended(TrainingPlan plan, TrainingOutcome outcome)
    {
        foreach (ITrainingView view in views)
            view.Ended(plan, outcome);
    }
}
