// Nudge's compiled engine at the work of rows A, B and C: the same scalar expressions as the eager engine's, compiled.

namespace Nudge.Benchmarks;

/// <summary>A training step of a compiled loss, in float32.</summary>
internal sealed class CompiledMlp : InProcessContender
{
    private readonly MlpTask _task;
    private readonly Mlp _network;
    private readonly Func<ParameterList, Optimizer> _newOptimizer;
    private readonly Func<int, double>? _rate;
    private readonly CompiledProgram<CompiledLoss> _loss;
    private readonly double[] _inputs;
    private readonly int[] _classes;
    private Optimizer _optimizer;
    private CompiledData? _batch; // laid out once, as the peers have theirs

    private CompiledMlp(
        MlpTask task,
        Activation hidden,
        Activation output,
        bool hasClasses,
        Func<Mlp, Value[], IndexValue[], Value> loss,
        Func<ParameterList, Optimizer> newOptimizer,
        Func<int, double>? rate = null)
    {
        _task = task;
        _network = new Mlp(task.Sizes[0], task.Sizes[1..], new Rng(1), hidden, output);
        _newOptimizer = newOptimizer;
        _rate = rate;
        _optimizer = newOptimizer(_network.Parameters);
        _inputs = [.. task.Inputs.Zip(task.Targets).SelectMany(example => hasClasses ? example.First : [.. example.First, .. example.Second])];
        _classes = hasClasses ? [.. task.Targets.Select(target => (int)target[0])] : [];
        _loss = new(
            recorder => CompiledLoss.Compile(
                _network.Parameters,
                task.Sizes[0] + (hasClasses ? 0 : task.Targets[0].Length),
                hasClasses ? 1 : 0,
                (numbers, indices) => recorder.Record(() => loss(_network, numbers, indices))),
            program => program.Backward(_inputs, _classes));
    }

    /// <summary>Row A: sum of squares, gradient descent.</summary>
    internal static CompiledMlp Lesson(MlpTask task) => new(
        task, Activation.Tanh, Activation.Tanh, false, (network, x, _) => SquaredError(network, x) * task.Inputs.Length, parameters => new Sgd(parameters, 0.05));

    /// <summary>Row B: hinge with an L2 penalty, gradient descent with a falling rate.</summary>
    internal static CompiledMlp Moons(MlpTask task) => new(
        task,
        Activation.Relu,
        Activation.Linear,
        false,
        (network, x, _) => Loss.Hinge(network.Forward(x.AsSpan(0, 2))[0], x[2]) + Loss.L2Penalty(network.Parameters, 1e-4),
        parameters => new Sgd(parameters, 1),
        k => 1 - 0.9 * k / 100);

    /// <summary>Rows C1, C2 and the wide ones: cross-entropy.</summary>
    internal static CompiledMlp Classifier(MlpTask task) => new(
        task, Activation.Tanh, Activation.Linear, true, (network, x, classes) => Loss.CrossEntropy(network.Forward(x), classes[0]), parameters => new Adam(parameters));

    /// <summary>Row C3: squared error.</summary>
    internal static CompiledMlp Regression(MlpTask task) => new(
        task, Activation.Tanh, Activation.Linear, false, (network, x, _) => SquaredError(network, x), parameters => new Adam(parameters));

    /// <summary>Row LR: cross-entropy of one logit, gradient descent.</summary>
    internal static CompiledMlp Logistic(MlpTask task) => new(
        task, Activation.Linear, Activation.Linear, false, (network, x, _) => Loss.BinaryCrossEntropyWithLogits(network.Forward(x.AsSpan(0, x.Length - 1))[0], x[^1]), parameters => new Sgd(parameters, 0.5));

    internal override string Note => _loss.Note;

    internal override CompilingCosts Compile(int repeats) => _loss.Measure(repeats);

    protected override void Restart()
    {
        _network.Parameters.Load(_task.Weights);
        _network.ZeroGradients();
        _optimizer = _newOptimizer(_network.Parameters);
    }

    protected override double Step(int k)
    {
        if (_rate is not null)
            _optimizer.LearningRate = _rate(k);
        return _loss.Program.Step(_optimizer, _batch ??= _loss.Program.Prepare(_inputs, _classes));
    }

    private static Value SquaredError(Mlp network, Value[] x) => (network.Forward(x.AsSpan(0, x.Length - 1))[0] - x[^1]).Pow(2);
}
