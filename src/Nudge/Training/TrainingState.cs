// Where a run is: everything about it that is not the model, the optimizer or a setting.

namespace Nudge;

/// <summary>The order of the examples, the place in it, and the best that was seen.</summary>
internal sealed class TrainingState
{
    private readonly Rng _rng;
    private readonly int[] _order;
    private int _next; // the place in the order where the next batch begins

    internal TrainingState(int count, ulong seed)
    {
        _rng = new Rng(seed);
        _order = [.. Enumerable.Range(0, count)];
        _next = count;
    }

    /// <summary>How many steps were made.</summary>
    internal int Step { get; private set; }

    /// <summary>How many epochs were finished.</summary>
    internal int Epoch { get; private set; }

    /// <summary>Whether the step just made was the last of an epoch.</summary>
    internal bool IsEndOfEpoch => _next == _order.Length;

    internal double BestLoss { get; private set; } = double.PositiveInfinity;

    internal int BestStep { get; private set; }

    internal int BestEpoch { get; private set; }

    /// <summary>The parameters of the best measurement; null where none was kept.</summary>
    internal double[]? Best { get; private set; }

    /// <summary>How many measurements there were since the best.</summary>
    internal int MeasurementsSinceBest { get; private set; }

    /// <summary>
    /// Makes it as it was after so many steps. The order of the examples follows from the seed, and so is gone through
    /// once more.
    /// </summary>
    internal void Restore(int steps, int batchSize, double bestLoss, int bestStep, int bestEpoch, int measurementsSinceBest, double[]? best)
    {
        while (Step < steps)
        {
            NextBatch(batchSize);
            EndStep();
        }
        (BestLoss, BestStep, BestEpoch, MeasurementsSinceBest, Best) = (bestLoss, bestStep, bestEpoch, measurementsSinceBest, best);
    }

    /// <summary>The examples of the next step; each epoch goes through all of them in a new order.</summary>
    internal int[] NextBatch(int size)
    {
        if (IsEndOfEpoch)
        {
            _rng.Shuffle<int>(_order);
            _next = 0;
        }
        int start = _next;
        _next = Math.Min(start + size, _order.Length);
        return _order[start.._next];
    }

    /// <summary>Counts a step, and gives how many were made and how many epochs finished before it.</summary>
    internal (int Step, int Epoch) EndStep()
    {
        (int, int) before = (Step, Epoch);
        Step++;
        Epoch += IsEndOfEpoch ? 1 : 0;
        return before;
    }

    /// <summary>Notes the loss of a measurement, and where it is the best so far the parameters, if they are to be kept.</summary>
    internal void Note(double loss, ParameterList? parameters)
    {
        MeasurementsSinceBest++;
        if (!(loss < BestLoss))
            return;
        (BestLoss, BestStep, BestEpoch, MeasurementsSinceBest) = (loss, Step, Epoch + (IsEndOfEpoch ? 0 : 1), 0);
        parameters?.CopyTo(Best ??= new double[parameters.Count]);
    }
}
