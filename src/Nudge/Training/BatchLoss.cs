// The loss of a batch of the examples to learn from and its gradient, by either engine.

namespace Nudge;

internal abstract class BatchLoss
{
    /// <summary>The loss of the examples at given indices, with the L2 penalty where there is one.</summary>
    internal abstract double Evaluate(ReadOnlySpan<int> batch);

    /// <summary>The same, and its gradient: instead of whatever gradients the parameters had, or added to them.</summary>
    internal abstract double Backward(ReadOnlySpan<int> batch, bool zero);
}

/// <summary>One graph for each batch.</summary>
internal sealed class EagerBatchLoss(TrainingProblem problem, ParameterList parameters, double l2Penalty) : BatchLoss
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
        Value loss = problem.LossOf(batch);
        return l2Penalty > 0 ? loss + Loss.L2Penalty(parameters, l2Penalty) : loss;
    }
}

/// <summary>One program for all batches of rows, which are prepared once.</summary>
internal sealed class CompiledBatchLoss(CompiledLoss loss, Objective objective, Dataset training) : BatchLoss
{
    // Where losses are added up, an example knows how large its batch is: there are whole batches, and a last one.
    private readonly Dictionary<int, CompiledData> _data = [];

    internal override double Evaluate(ReadOnlySpan<int> batch) => loss.Evaluate(DataFor(batch.Length), RowsOf(batch));

    internal override double Backward(ReadOnlySpan<int> batch, bool zero)
    {
        if (zero)
            loss.Parameters.ZeroGradients();
        return loss.Backward(DataFor(batch.Length), RowsOf(batch));
    }

    // A batch of all examples has each of them once: in the order in which they lie they need not be brought together.
    private ReadOnlySpan<int> RowsOf(ReadOnlySpan<int> batch) => batch.Length == training.Count ? default : batch;

    private CompiledData DataFor(int batchSize)
    {
        int key = objective.SumsOverBatch ? batchSize : 0;
        return _data.TryGetValue(key, out CompiledData? data) ? data : _data[key] = Prepared(batchSize);
    }

    private CompiledData Prepared(int batchSize) => loss.PreparePacked(
        training.Count, (i, numbers, classes) => objective.Pack(training.Inputs[i], training.Targets[i], batchSize, numbers, classes));
}

/// <summary>One program for all batches of documents, however long they are.</summary>
internal sealed class CompiledDocumentLoss(CompiledSequenceLoss loss, double l2Penalty, TextDataset training) : BatchLoss
{
    internal override double Evaluate(ReadOnlySpan<int> batch) => loss.Evaluate(training.At(batch)) + Penalty();

    internal override double Backward(ReadOnlySpan<int> batch, bool zero)
    {
        if (zero)
            loss.Parameters.ZeroGradients();
        double result = loss.Backward(training.At(batch)) + Penalty();
        if (l2Penalty > 0)
        {
            foreach (Value parameter in loss.Parameters)
                parameter.Grad += 2 * l2Penalty * parameter.Data;
        }
        return result;
    }

    // The penalty is of no document, and so stands outside of the program.
    private double Penalty() => l2Penalty > 0 ? l2Penalty * loss.Parameters.Sum(parameter => parameter.Data * parameter.Data) : 0;
}
