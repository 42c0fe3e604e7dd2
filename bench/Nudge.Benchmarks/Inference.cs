// Rows I1 and I256: the outputs of a network for given inputs, by either engine. A step returns the sum of their squares.

namespace Nudge.Benchmarks;

internal abstract class Inference : InProcessContender
{
    private protected Inference(MlpTask task)
    {
        Task = task;
        Network = new Mlp(task.Sizes[0], task.Sizes[1..], new Rng(1), Activation.Tanh, Activation.Linear);
        Network.Parameters.Load(task.Weights);
    }

    protected MlpTask Task { get; }

    protected Mlp Network { get; }

    protected override void Restart()
    {
    }
}

/// <summary>One graph for each example.</summary>
internal sealed class EagerInference(MlpTask task) : Inference(task)
{
    protected override double Step(int k) => Task.Inputs.Sum(inputs => Network.Predict(inputs).Sum(output => output * output));
}

/// <summary>The outputs of one example, compiled, in float32.</summary>
internal sealed class CompiledInference : Inference
{
    private readonly CompiledProgram<CompiledFunction> _function;
    private readonly double[] _inputs, _outputs;

    internal CompiledInference(MlpTask task)
        : base(task)
    {
        _inputs = [.. task.Inputs.SelectMany(inputs => inputs)];
        _outputs = new double[task.Inputs.Length * task.Sizes[^1]];
        _function = new(
            recorder => CompiledFunction.Compile(Network.Parameters, task.Sizes[0], inputs => recorder.Record(() => Network.Forward(inputs))),
            function => function.Evaluate(_inputs, _outputs),
            isDifferentiated: false);
    }

    internal override string Note => _function.Note;

    internal override CompilingCosts Compile(int repeats) => _function.Measure(repeats);

    protected override double Step(int k)
    {
        _function.Program.Evaluate(_inputs, _outputs);
        double sum = 0;
        foreach (double output in _outputs)
            sum += output * output;
        return sum;
    }
}
