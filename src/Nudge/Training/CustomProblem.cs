// A training problem of one's own: any model, any numbers, and a loss of one example.

namespace Nudge;

/// <summary>
/// A problem to derive your own from: a model of any kind, examples that are some numbers and whole numbers each, and what the
/// loss of one is. The loss of a batch is their mean. It is written once and computed by either engine; trainers, checkpoints and
/// the doctor work with it as with any problem.
/// </summary>
public abstract class CustomProblem : TrainingProblem
{
    // How many examples are measured together by the eager engine, each with its expression.
    private const int Together = 64;

    private (Precision Precision, CompiledLoss Loss, CompiledData Data)? _measuring;

    /// <summary>A problem.</summary>
    /// <param name="model">What is trained.</param>
    /// <param name="count">How many examples there are to learn from, at least 1.</param>
    /// <param name="validationCount">How many there are that are only looked at, at least 0.</param>
    protected CustomProblem(Module model, int count, int validationCount = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        Count = Require.AtLeast(1, count);
        ValidationCount = Require.AtLeast(0, validationCount);
    }

    /// <inheritdoc/>
    public override Module Model { get; }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <summary>How many examples are only looked at.</summary>
    public int ValidationCount { get; }

    /// <inheritdoc/>
    public override bool HasValidation => ValidationCount > 0;

    /// <summary>How many numbers an example has.</summary>
    public abstract int NumberCount { get; }

    /// <summary>How many whole numbers an example has, that look something up. If not overridden, none.</summary>
    public virtual int IndexCount => 0;

    /// <summary>The loss of one example. It must not branch on its numbers where it is to be compiled.</summary>
    /// <param name="numbers">The numbers of the example.</param>
    /// <param name="indices">Its whole numbers.</param>
    public abstract Value LossOf(ReadOnlySpan<Value> numbers, ReadOnlySpan<IndexValue> indices);

    /// <summary>Reads an example. It gives the same each time.</summary>
    /// <param name="example">Which: first those to learn from, and behind them those that are only looked at.</param>
    /// <param name="numbers">Room for its numbers, all 0.</param>
    /// <param name="indices">Room for its whole numbers, all 0.</param>
    protected abstract void Read(int example, Span<double> numbers, Span<int> indices);

    internal override Value LossOf(ReadOnlySpan<int> batch)
    {
        var numbers = new double[NumberCount];
        var indices = new int[IndexCount];
        var losses = new Value[batch.Length];
        for (int i = 0; i < batch.Length; i++)
        {
            ReadInto(batch[i], numbers, indices);
            losses[i] = LossOf(Array.ConvertAll(numbers, number => new Value(number)), Array.ConvertAll(indices, IndexValue.FromInt32));
        }
        return Value.Sum(losses) / losses.Length;
    }

    internal override BatchLoss Compile(ParameterList parameters, double l2Penalty, Precision precision)
    {
        CompiledLoss loss = CompiledLoss.Compile(
            parameters, NumberCount, IndexCount,
            (numbers, indices) => l2Penalty > 0 ? LossOf(numbers, indices) + Loss.L2Penalty(parameters, l2Penalty) : LossOf(numbers, indices), precision);
        return new CompiledCustomLoss(loss, loss.PreparePacked(Count, ReadInto));
    }

    internal override Metrics MeasureTraining(GraphEngine engine, Precision precision) => Measure(0, Count, engine, precision);

    internal override Metrics MeasureValidation(GraphEngine engine, Precision precision) => Measure(Count, ValidationCount, engine, precision);

    internal override ulong Fingerprint()
    {
        var hash = new Fingerprint();
        hash.Add(Count);
        var numbers = new double[NumberCount];
        var indices = new int[IndexCount];
        for (int i = 0; i < Count + ValidationCount; i++)
        {
            ReadInto(i, numbers, indices);
            foreach (double number in numbers)
                hash.Add(BitConverter.DoubleToInt64Bits(number));
            foreach (int index in indices)
                hash.Add(index);
        }
        return hash.Result;
    }

    private void ReadInto(int example, Span<double> numbers, Span<int> indices)
    {
        numbers.Clear();
        indices.Clear();
        Read(example, numbers, indices);
    }

    private Metrics Measure(int first, int count, GraphEngine engine, Precision precision)
    {
        int[] examples = [.. Enumerable.Range(first, count)];
        if (engine == GraphEngine.Eager)
            return new Metrics(examples.Chunk(Together).Sum(some => LossOf(some).Data * some.Length) / count, null, null, null);
        if (_measuring is not { } measuring || measuring.Precision != precision)
        {
            CompiledLoss loss = CompiledLoss.Compile(Model.Parameters, NumberCount, IndexCount, (numbers, indices) => LossOf(numbers, indices), precision);
            _measuring = measuring = (precision, loss, loss.PreparePacked(Count + ValidationCount, ReadInto));
        }
        return new Metrics(measuring.Loss.Evaluate(measuring.Data, examples), null, null, null);
    }
}

/// <summary>One program for all batches of examples that are laid out once.</summary>
internal sealed class CompiledCustomLoss(CompiledLoss loss, CompiledData data) : BatchLoss
{
    internal override double Evaluate(ReadOnlySpan<int> batch) => loss.Evaluate(data, batch);

    internal override double Backward(ReadOnlySpan<int> batch, bool zero)
    {
        if (zero)
            loss.Parameters.ZeroGradients();
        return loss.Backward(data, batch);
    }
}
