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

/// <summary>
/// One program for all batches of rows. They are prepared once; where that would take far more memory than the rows themselves,
/// as with many ramps of many rows, those of a batch whenever it comes.
/// </summary>
/// <param name="loss">The program.</param>
/// <param name="objective">How an example is laid out for it.</param>
/// <param name="training">The examples.</param>
/// <param name="mostPrepared">How many bytes may be prepared once, whatever the rows take.</param>
internal sealed class CompiledBatchLoss(CompiledLoss loss, Objective objective, Dataset training, long mostPrepared = CompiledBatchLoss.MostPrepared) : BatchLoss
{
    private const long MostPrepared = 1L << 28;

    // Where losses are added up, an example knows how large its batch is: there are whole batches, and a last one.
    private readonly Dictionary<int, CompiledData> _data = [];
    private readonly bool _isLarge = (long)training.Count * loss.InputCount * (loss.Precision == Precision.Single ? sizeof(float) : sizeof(double)) > mostPrepared;
    private double[] _numbers = [];
    private int[] _classes = [];

    internal override double Evaluate(ReadOnlySpan<int> batch)
    {
        if (!IsPackedAnew(batch))
            return loss.Evaluate(DataFor(batch.Length), RowsOf(batch));
        Pack(batch);
        return loss.Evaluate(_numbers.AsSpan(0, batch.Length * loss.InputCount), _classes.AsSpan(0, batch.Length * loss.IndexCount));
    }

    internal override double Backward(ReadOnlySpan<int> batch, bool zero)
    {
        if (zero)
            loss.Parameters.ZeroGradients();
        if (!IsPackedAnew(batch))
            return loss.Backward(DataFor(batch.Length), RowsOf(batch));
        Pack(batch);
        return loss.Backward(_numbers.AsSpan(0, batch.Length * loss.InputCount), _classes.AsSpan(0, batch.Length * loss.IndexCount));
    }

    // A batch of all examples has each of them once: in the order in which they lie they need not be brought together.
    private ReadOnlySpan<int> RowsOf(ReadOnlySpan<int> batch) => batch.Length == training.Count ? default : batch;

    // All at once they take the least where they are prepared.
    private bool IsPackedAnew(ReadOnlySpan<int> batch) => _isLarge && batch.Length < training.Count;

    private void Pack(ReadOnlySpan<int> batch)
    {
        int numbers = loss.InputCount, classes = loss.IndexCount;
        if (_numbers.Length < batch.Length * numbers || _classes.Length < batch.Length * classes)
            (_numbers, _classes) = (new double[batch.Length * numbers], new int[batch.Length * classes]);
        for (int i = 0; i < batch.Length; i++)
            objective.Pack(training.Inputs[batch[i]], training.Targets[batch[i]], batch.Length, _numbers.AsSpan(i * numbers, numbers), _classes.AsSpan(i * classes, classes));
    }

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
