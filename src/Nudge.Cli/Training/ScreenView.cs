// A run for people: one line rewritten in place, or, where nobody watches, a line every tenth of the way.

namespace Nudge.Cli;

/// <param name="terminal">Where it is shown.</param>
/// <param name="summaryOnly">Whether to leave everything out but the summary.</param>
/// <param name="plot">Whether to draw the course of the loss, and what the network has learnt if that can be drawn.</param>
internal sealed class ScreenView(Terminal terminal, bool summaryOnly, bool plot) : ITrainingView
{
    private static readonly TimeSpan s_redraw = TimeSpan.FromSeconds(0.1);

    private readonly LossHistory _losses = new();
    private LossHistory? _epochs;
    private TimeSpan _drawn = -s_redraw;
    private ProgressLine? _line;
    private double? _validation;
    private int _tenths;

    public void Started(TrainingPlan plan)
    {
        if (!summaryOnly)
        {
            TrainingReport.WriteStart(terminal, plan);
            _line = new ProgressLine(plan.Validation is not null, terminal.IsInteractive, plan.Settings.Epochs, terminal.LineLimit);
            terminal.WriteLine(_line.Header(terminal));
        }
        if (plot)
            _epochs = new LossHistory(plan.Trainer.StepsPerEpoch);
    }

    public void Made(TrainingPlan plan, TrainingStep step)
    {
        (double StepsPerSecond, TimeSpan Left)? pace = plan.PaceAt(step);
        _losses.Add(step.Loss);
        _epochs?.Add(step.Loss);
        if (plan.Validation is not null && step.Monitored is { } metrics)
            _validation = metrics.Loss;
        if (_line is null || !IsTimeToDraw(plan, step))
            return;
        // Measured right after the update, and only when it is shown: it costs a forward pass.
        double change = plan.Trainer.MeasureBatchLoss() - step.Loss;
        string row = _line.Row(terminal, new Progress(step, plan.Settings.Epochs, _validation, change, pace?.StepsPerSecond, pace?.Left, _losses));
        if (terminal.IsInteractive)
            terminal.Out.Write('\r' + row);
        else
            terminal.WriteLine(row);
        terminal.Out.Flush();
    }

    public void Found(TrainingPlan plan, Diagnosis diagnosis)
    {
        // Below the line that is being rewritten, which goes on after it.
        if (_line is not null && terminal.IsInteractive)
            terminal.WriteLine();
        RunReport.WriteFinding(terminal, plan, diagnosis);
    }

    public void Ended(TrainingPlan plan, TrainingOutcome outcome)
    {
        if (_line is not null && terminal.IsInteractive)
            terminal.WriteLine();
        if (outcome.Result.End == TrainingEnd.Diverged)
            return;
        if (_epochs is not null)
            TrainingPlots.Write(terminal, plan, _epochs);
        TrainingReport.WriteEnd(terminal, plan, outcome);
    }

    private bool IsTimeToDraw(TrainingPlan plan, TrainingStep step)
    {
        bool isLast = step.Step + 1 == plan.TotalSteps;
        if (terminal.IsInteractive)
        {
            if (!isLast && plan.Clock.Elapsed - _drawn < s_redraw)
                return false;
            _drawn = plan.Clock.Elapsed;
            return true;
        }
        int tenths = (int)(10L * (step.Step + 1) / plan.TotalSteps);
        bool isDue = tenths > _tenths || step.Step == 0;
        _tenths = tenths;
        return isDue;
    }
}
