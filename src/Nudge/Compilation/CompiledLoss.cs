// The public face of the compiler: a loss of one example, recorded once, evaluated and differentiated for whole batches.


using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>
/// A loss compiled from the scalar expression of one example. It gives the mean loss of a batch and its gradient, the
/// same numbers as the expression itself would give, many examples at a time. The program is immutable: several threads
/// may run it at once, as long as they do not accumulate into the same parameters.
/// </summary>
public sealed class CompiledLoss
{
    private readonly Engine _engine;

    private CompiledLoss(ParameterList parameters, int inputs, int indices, Precision precision, Engine engine)
    {
        Parameters = parameters;
        InputCount = inputs;
        IndexCount = indices;
        Precision = precision;
        _engine = engine;
    }

    /// <summary>The parameters whose gradients it computes.</summary>
    public ParameterList Parameters { get; }

    /// <summary>How many numbers an example has.</summary>
    public int InputCount { get; }

    /// <summary>How many whole numbers an example has.</summary>
    public int IndexCount { get; }

    /// <summary>The numbers it computes with.</summary>
    public Precision Precision { get; }

    /// <summary>The share of the arithmetic of an example, from 0 to 1, that the compiler found to be matrix products.</summary>
    public double ShareInProducts => PlanReport.ShareInProducts(_engine.Plan);

    /// <summary>The bytes it holds for its next runs: they grow with the batch, up to a bound.</summary>
    public long BytesHeld => _engine.BytesHeld;

    /// <summary>Compiles a loss over the numbers of one example.</summary>
    /// <param name="parameters">What the loss is differentiated by. Any other leaf is taken as the constant it is now.</param>
    /// <param name="inputs">How many numbers an example has, inputs and targets together.</param>
    /// <param name="loss">Builds the loss of one example. It is called once.</param>
    /// <param name="precision">The numbers to compute with.</param>
    public static CompiledLoss Compile(ParameterList parameters, int inputs, Func<Value[], Value> loss, Precision precision = Precision.Single)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Compile(parameters, inputs, 0, (numbers, _) => loss(numbers), precision);
    }

    /// <summary>Compiles a loss over the numbers and whole numbers of one example.</summary>
    /// <param name="parameters">What the loss is differentiated by. Any other leaf is taken as the constant it is now.</param>
    /// <param name="inputs">How many numbers an example has.</param>
    /// <param name="indices">How many whole numbers an example has, such as its class.</param>
    /// <param name="loss">Builds the loss of one example. It is called once.</param>
    /// <param name="precision">The numbers to compute with.</param>
    /// <exception cref="InvalidOperationException">
    /// The expression branched on a number that depends on its inputs, or the program did not give what the expression
    /// itself gives.
    /// </exception>
    public static CompiledLoss Compile(
        ParameterList parameters, int inputs, int indices, Func<Value[], IndexValue[], Value> loss, Precision precision = Precision.Single)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentOutOfRangeException.ThrowIfNegative(inputs);
        ArgumentOutOfRangeException.ThrowIfNegative(indices);
        using Recording recording = Recording.Of(parameters, inputs, indices, (numbers, choices) => [loss(numbers, choices)]);
        Engine engine = Engine.For(recording, parameters, precision);
        SelfCheck.Require(recording, parameters, engine.Programs, precision, CheckedAs.Loss);
        return new CompiledLoss(parameters, inputs, indices, precision, engine);
    }

    /// <summary>The mean loss of a batch.</summary>
    /// <param name="inputs">The numbers of each example, one example after the other.</param>
    /// <param name="indices">The whole numbers of each example, one example after the other.</param>
    /// <exception cref="ArgumentException">The lengths do not make whole examples.</exception>
    public double Evaluate(ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices = default) =>
        _engine.Evaluate(CountExamples(inputs, indices), inputs, indices);

    /// <summary>
    /// The mean loss of a batch; adds its gradient to that of every parameter, as <see cref="Value.Backward"/> does.
    /// </summary>
    /// <param name="inputs">The numbers of each example, one example after the other.</param>
    /// <param name="indices">The whole numbers of each example, one example after the other.</param>
    /// <exception cref="ArgumentException">The lengths do not make whole examples.</exception>
    public double Backward(ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices = default) =>
        _engine.Differentiate(CountExamples(inputs, indices), inputs, indices);

    /// <summary>One step of training: zeroes the gradients, computes those of a batch, and updates the parameters.</summary>
    /// <param name="optimizer">What updates them.</param>
    /// <param name="inputs">The numbers of each example, one example after the other.</param>
    /// <param name="indices">The whole numbers of each example, one example after the other.</param>
    /// <returns>The mean loss of the batch before the update.</returns>
    public double Step(Optimizer optimizer, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices = default)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        long began = StepTimer.Begin();
        optimizer.ZeroGradients();
        StepTimer.End(StepPart.Optimizer, began);
        double loss = Backward(inputs, indices);
        began = StepTimer.Begin();
        optimizer.Step();
        StepTimer.End(StepPart.Optimizer, began);
        return loss;
    }

    /// <summary>
    /// Lays examples out once as this program reads them, so that a step of training loads what it needs at little cost.
    /// </summary>
    /// <param name="inputs">The numbers of each example, one example after the other.</param>
    /// <param name="indices">The whole numbers of each example, one example after the other.</param>
    /// <exception cref="ArgumentException">The lengths do not make whole examples.</exception>
    public CompiledData Prepare(ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices = default)
    {
        CompiledData data = _engine.Prepare(CountExamples(inputs, indices), indices.ToArray());
        data.Write(0, inputs);
        return data;
    }

    /// <summary>The same as <see cref="Prepare"/> for examples that are packed one at a time: all of them as doubles would take more than the result.</summary>
    internal CompiledData PreparePacked(int count, ExamplePacker pack)
    {
        var indices = new int[count * IndexCount];
        CompiledData data = _engine.Prepare(count, indices);
        var numbers = new double[InputCount];
        for (int i = 0; i < count; i++)
        {
            pack(i, numbers, indices.AsSpan(i * IndexCount, IndexCount));
            data.Write(i, numbers);
        }
        RequireIndices(indices);
        return data;
    }

    /// <summary>The mean loss of examples that have been prepared.</summary>
    /// <param name="data">The examples.</param>
    /// <param name="rows">Which of them, in this order; all if left out.</param>
    /// <exception cref="ArgumentException">They were prepared by a program of another kind, or a row is out of range.</exception>
    public double Evaluate(CompiledData data, ReadOnlySpan<int> rows = default)
    {
        RequireRows(data, rows);
        return _engine.Evaluate(data, rows);
    }

    /// <summary>The same; adds its gradient to that of every parameter.</summary>
    /// <param name="data">The examples.</param>
    /// <param name="rows">Which of them, in this order; all if left out.</param>
    /// <exception cref="ArgumentException">They were prepared by a program of another kind, or a row is out of range.</exception>
    public double Backward(CompiledData data, ReadOnlySpan<int> rows = default)
    {
        RequireRows(data, rows);
        return _engine.Differentiate(data, rows);
    }

    /// <summary>One step of training over examples that have been prepared.</summary>
    /// <param name="optimizer">What updates the parameters.</param>
    /// <param name="data">The examples.</param>
    /// <param name="rows">Which of them, in this order; all if left out.</param>
    /// <returns>The mean loss of these examples before the update.</returns>
    /// <exception cref="ArgumentException">They were prepared by a program of another kind, or a row is out of range.</exception>
    public double Step(Optimizer optimizer, CompiledData data, ReadOnlySpan<int> rows = default)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        RequireRows(data, rows);
        long began = StepTimer.Begin();
        optimizer.ZeroGradients();
        StepTimer.End(StepPart.Optimizer, began);
        double loss = _engine.Differentiate(data, rows);
        began = StepTimer.Begin();
        optimizer.Step();
        StepTimer.End(StepPart.Optimizer, began);
        return loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RequireRows(CompiledData data, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!_engine.Knows(data))
            throw new ArgumentException($"Expected data of {InputCount} numbers and {IndexCount} whole numbers an example in {Precision}, as Prepare of this loss lays it out.", nameof(data));
        foreach (int row in rows)
        {
            if ((uint)row >= (uint)data.Count)
                throw new ArgumentException($"Row {row} is none of the {data.Count} that have been prepared.", nameof(rows));
        }
    }

    /// <summary>What the compiler found: its statements, and the share of arithmetic in matrix products.</summary>
    public override string ToString() => PlanReport.Of(_engine);

    private int CountExamples(ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices)
    {
        int count = InputCount > 0 ? inputs.Length / InputCount : IndexCount > 0 ? indices.Length / IndexCount : 1;
        if (count == 0 || inputs.Length != count * InputCount || indices.Length != count * IndexCount)
            throw WrongLengths(inputs.Length, indices.Length);
        RequireIndices(indices);
        return count;
    }

    private void RequireIndices(ReadOnlySpan<int> indices)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)_engine.Plan.IndexBounds[i % IndexCount])
                throw OutOfRange(indices, i);
        }
    }

    private ArgumentException WrongLengths(int inputs, int indices) => new(
        $"Expected {InputCount} numbers and {IndexCount} whole numbers for each example and at least one example, got {inputs} and {indices}.", nameof(inputs));

    private ArgumentOutOfRangeException OutOfRange(ReadOnlySpan<int> indices, int place)
    {
        (int example, int number) = Math.DivRem(place, IndexCount);
        int choices = _engine.Plan.IndexBounds[number];
        return new(
            nameof(indices), indices[place], $"Index {number} of example {example} chooses from {choices} values, so it is one of 0 to {choices - 1}.");
    }
}

/// <summary>Writes the numbers and the whole numbers of an example.</summary>
internal delegate void ExamplePacker(int example, Span<double> numbers, Span<int> indices);
