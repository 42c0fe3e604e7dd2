// The losses of a run by epoch, in bounded memory.

namespace Nudge.Cli;

/// <summary>The mean loss of the steps of each epoch, and the loss on the validation part after it.</summary>
internal sealed class LossCourse
{
    private readonly LossHistory _training = new(), _validation = new();
    private double _sum;
    private int _count, _epoch;

    /// <summary>How many epochs there were before the first of these, where a run goes on.</summary>
    internal int Before { get; private set; }

    internal IReadOnlyList<double> Training => _training.Means;

    /// <summary>Empty where there is no validation part.</summary>
    internal IReadOnlyList<double> Validation => _validation.Means;

    /// <summary>How many epochs each number is of.</summary>
    internal int Span => _training.Span;

    internal void Add(TrainingPlan plan, TrainingStep step)
    {
        if (step.Epoch != _epoch)
            (_sum, _count, _epoch) = (0, 0, step.Epoch);
        _sum += step.Loss;
        if (++_count < plan.Trainer.StepsPerEpoch)
            return;
        if (_training.Means.Count == 0)
            Before = step.Epoch;
        _training.Add(_sum / _count);
        if (plan.Validation is not null && step.Monitored is { } metrics)
            _validation.Add(metrics.Loss);
    }
}
