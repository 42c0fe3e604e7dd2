// A run that is written down while it is made: into a file, into memory, or for a page that follows it.

namespace Nudge.Cli;

/// <param name="open">Makes the stream of a run, which is closed when the run ends.</param>
/// <param name="options">How much is kept.</param>
internal sealed class RecordingView(Func<Stream> open, RecorderOptions? options = null) : ITrainingView, IDisposable
{
    private Stream? _stream;
    private RunRecorder? _recorder;

    public void Started(TrainingPlan plan)
    {
        if (_stream is not null)
            _recorder!.End("restarted");
        Dispose();
        _stream = open();
        RunRecorder recorder = _recorder = new RunRecorder(_stream, RunDescription.Of(plan), plan.Trainer.Optimizer.Parameters, options);
        plan.Trainer.AfterBackward += (loss, expression) => recorder.Backward(loss, expression, plan.Trainer.Batch);
        plan.Trainer.AfterLastStep += recorder.KeepParameters;
    }

    public void Found(TrainingPlan plan, Diagnosis diagnosis) =>
        _recorder!.Note(new RunFinding(diagnosis.Step, diagnosis.Title, diagnosis.Evidence, diagnosis.LikelyLine, TrainingReport.Mend(plan, diagnosis)));

    public void Made(TrainingPlan plan, TrainingStep step) =>
        _recorder!.Updated(step.LearningRate, step.Epoch, mistakes: plan.Trainer.Mistakes);

    public void Ended(TrainingPlan plan, TrainingOutcome outcome)
    {
        _recorder!.End(JsonView.NameOf(outcome.Result.End));
        Dispose();
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
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
