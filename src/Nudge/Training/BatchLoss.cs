// The loss of a batch of the training set and its gradient, by either engine.

namespace Nudge;

internal abstract class BatchLoss
{
    /// <summary>The loss of the examples at given places, with the L2 penalty where there is one.</summary>
    internal abstract double Evaluate(ReadOnlySpan<int> batch);

    /// <summary>The same, and its gradient: instead of whatever gradients the parameters had, or added to them.</summary>
    internal abstract double Backward(ReadOnlySpan<int> batch, bool zero);
}

/// <summary>One graph for each batch.</summary>
internal sealed class EagerBatchLoss(Network network, Objective objective, ParameterList parameters, double l2Penalty, Dataset training) : BatchLoss
{
    internal override double Evaluate(ReadOnlySpan<int> batch) => Build(batch).Data;

    /// <summary>The loss whose gradient was computed last.</summary>
    internal Value? Last { get; private set; }

    internal override double Backward(ReadOnlySpan<int> batch, bool zero)
    {
        Last = Build(batch);
        if (zero)
            parameters.ZeroGradients();
        Last.Backward();
        return Last.Data;
    }

    /// <summary>The loss as an expression.</summary>
    internal Value Build(ReadOnlySpan<int> batch)
    {
        Value? sum = null;
        foreach (int i in batch)
        {
            Value loss = objective.LossOf(network.Forward(training.Inputs[i]), training.Targets[i]);
            sum = sum is null ? loss : sum + loss;
        }
        Value total = objective.SumsOverBatch ? sum! : sum! / batch.Length;
        return l2Penalty > 0 ? total + Loss.L2Penalty(parameters, l2Penalty) : total;
    }
}

/// <summary>One program for all batches.</summary>
internal sealed class CompiledBatchLoss(CompiledLoss loss, Objective objective, Dataset training) : BatchLoss
{
    private double[] _numbers = [];
    private int[] _classes = [];

    internal override double Evaluate(ReadOnlySpan<int> batch)
    {
        Gather(batch);
        return loss.Evaluate(_numbers.AsSpan(0, batch.Length * loss.InputCount), _classes.AsSpan(0, batch.Length * loss.IndexCount));
    }

    internal override double Backward(ReadOnlySpan<int> batch, bool zero)
    {
        Gather(batch);
        if (zero)
            loss.Parameters.ZeroGradients();
        return loss.Backward(_numbers.AsSpan(0, batch.Length * loss.InputCount), _classes.AsSpan(0, batch.Length * loss.IndexCount));
    }

    private void Gather(ReadOnlySpan<int> batch)
    {
        if (_numbers.Length < batch.Length * loss.InputCount)
            _numbers = new double[batch.Length * loss.InputCount];
        if (_classes.Length < batch.Length * loss.IndexCount)
            _classes = new int[batch.Length * loss.IndexCount];
        for (int place = 0; place < batch.Length; place++)
        {
            objective.Pack(
                training.Inputs[batch[place]],
                training.Targets[batch[place]],
                batch.Length,
                _numbers.AsSpan(place * loss.InputCount, loss.InputCount),
                _classes.AsSpan(place * loss.IndexCount, loss.IndexCount));
        }
    }
}
