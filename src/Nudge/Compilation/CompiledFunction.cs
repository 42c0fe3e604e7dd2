// The public face of the compiler for functions: outputs, or a value and its gradient in the inputs, for many points.

using System.Buffers;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>
/// A function compiled from its scalar expression: what a trained network predicts, or any formula. It is evaluated for
/// many points at a time, and a formula with one output gives its gradient in the inputs as well. The program is
/// immutable: several threads may run it at once. It reads parameters as they are when it runs.
/// </summary>
public sealed class CompiledFunction
{
    private readonly Engine _engine;

    private CompiledFunction(Engine engine, int inputs, int outputs, Precision precision)
    {
        _engine = engine;
        InputCount = inputs;
        OutputCount = outputs;
        Precision = precision;
    }

    /// <summary>How many numbers a point has.</summary>
    public int InputCount { get; }

    /// <summary>How many numbers the function gives for a point.</summary>
    public int OutputCount { get; }

    /// <summary>The numbers it computes with.</summary>
    public Precision Precision { get; }

    /// <summary>The bytes it holds for its next runs: they grow with the batch, up to a bound.</summary>
    public long BytesHeld => _engine.BytesHeld;

    /// <summary>Compiles a function with parameters, such as a network.</summary>
    /// <param name="parameters">What it reads anew in each run. Any other leaf is taken as the constant it is now.</param>
    /// <param name="inputs">How many numbers a point has.</param>
    /// <param name="function">Builds the outputs for one point. It is called once.</param>
    /// <param name="precision">The numbers to compute with.</param>
    /// <exception cref="InvalidOperationException">
    /// The expression branched on a number that depends on its inputs, or the program did not give what the expression
    /// itself gives.
    /// </exception>
    public static CompiledFunction Compile(
        ParameterList parameters, int inputs, Func<Value[], Value[]> function, Precision precision = Precision.Single)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(function);
        ArgumentOutOfRangeException.ThrowIfNegative(inputs);
        using Recording recording = Recording.Of(parameters, inputs, 0, (numbers, _) => function(numbers));
        Engine engine = Engine.For(recording, parameters, precision);
        SelfCheck.Require(recording, parameters, engine.Programs, precision, CheckedAs.Function);
        return new CompiledFunction(engine, inputs, recording.Roots.Length, precision);
    }

    /// <summary>Compiles what a network gives.</summary>
    /// <param name="network">The network. Its parameters are read anew in each run.</param>
    /// <param name="precision">The numbers to compute with.</param>
    /// <exception cref="InvalidOperationException">As for a function with parameters.</exception>
    public static CompiledFunction Compile(Network network, Precision precision = Precision.Single)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Compile(network.Parameters, network.InputCount, inputs => network.Forward(inputs), precision);
    }

    /// <summary>Compiles a formula without parameters.</summary>
    /// <param name="inputs">How many numbers a point has.</param>
    /// <param name="formula">Builds the value for one point. It is called once.</param>
    /// <param name="precision">The numbers to compute with.</param>
    /// <exception cref="InvalidOperationException">As for a function with parameters.</exception>
    public static CompiledFunction Compile(int inputs, Func<Value[], Value> formula, Precision precision = Precision.Single)
    {
        ArgumentNullException.ThrowIfNull(formula);
        return Compile([], inputs, numbers => [formula(numbers)], precision);
    }

    /// <summary>The outputs for points. Nothing is allocated once as many have been evaluated before.</summary>
    /// <param name="inputs">The numbers of each point, one point after the other.</param>
    /// <param name="outputs">The outputs of each point, one point after the other.</param>
    /// <exception cref="ArgumentException">The lengths do not make whole points, or not as many.</exception>
    [OverloadResolutionPriority(1)]
    public void Evaluate(ReadOnlySpan<double> inputs, Span<double> outputs) =>
        _engine.Outputs(CountPoints(inputs.Length, outputs.Length), inputs, [], outputs);

    /// <inheritdoc cref="Evaluate(ReadOnlySpan{double}, Span{double})"/>
    public void Evaluate(ReadOnlySpan<float> inputs, Span<float> outputs)
    {
        int count = CountPoints(inputs.Length, outputs.Length);
        double[] room = ArrayPool<double>.Shared.Rent(inputs.Length + outputs.Length);
        Span<double> wide = room.AsSpan(0, inputs.Length), results = room.AsSpan(inputs.Length, outputs.Length);
        for (int i = 0; i < inputs.Length; i++)
            wide[i] = inputs[i];
        _engine.Outputs(count, wide, [], results);
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] = (float)results[i];
        ArrayPool<double>.Shared.Return(room);
    }

    /// <summary>The value of a formula and its gradient in the inputs, for points.</summary>
    /// <param name="inputs">The numbers of each point, one point after the other.</param>
    /// <param name="values">The value at each point.</param>
    /// <param name="gradients">∂value/∂input at each point, laid out as <paramref name="inputs"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not make whole points, or not as many.</exception>
    /// <exception cref="InvalidOperationException">The function has several outputs.</exception>
    public void EvaluateWithGradients(ReadOnlySpan<double> inputs, Span<double> values, Span<double> gradients)
    {
        if (OutputCount != 1)
            throw new InvalidOperationException($"A gradient is that of one output, and this function has {OutputCount}.");
        int count = CountPoints(inputs.Length, values.Length);
        if (gradients.Length != inputs.Length)
            throw new ArgumentException($"Expected room for {inputs.Length} gradients, as many as inputs, got {gradients.Length}.", nameof(gradients));
        _engine.InputGradients(count, inputs, values, gradients);
    }

    /// <summary>What the compiler found: its statements, and the share of arithmetic in matrix products.</summary>
    public override string ToString() => PlanReport.Of(_engine);

    private int CountPoints(int inputs, int outputs)
    {
        int count = outputs / OutputCount;
        if (count == 0 || outputs != count * OutputCount || inputs != count * InputCount)
        {
            throw new ArgumentException(
                $"Expected {InputCount} inputs and room for {OutputCount} outputs for each point and at least one point, got {inputs} and {outputs}.",
                nameof(inputs));
        }
        return count;
    }
}
