// A loss that somebody wrote, with where it starts: what rows of programs have in common.

namespace Nudge.Benchmarks;

/// <summary>The loss of one example as people write it, and the parameters that it trains.</summary>
internal sealed record LossModel(ParameterList Parameters, Func<Value[], IndexValue[], Value> Loss)
{
    /// <summary>A loss over plain parameters, which are there for the loss to use.</summary>
    internal static LossModel Of(int parameters, Func<Value[], Value[], Value> loss)
    {
        Value[] p = [.. Enumerable.Range(0, parameters).Select(_ => new Value(0))];
        return new([.. p], (x, _) => loss(p, x));
    }
}

/// <summary>The mean loss of some examples, and gradient descent.</summary>
internal sealed record LossTask
{
    /// <summary>Makes the model anew.</summary>
    internal required Func<LossModel> Model { get; init; }

    /// <summary>The first parameters.</summary>
    internal required double[] Parameters { get; init; }

    /// <summary>The numbers of all examples, example by example.</summary>
    internal double[] Inputs { get; init; } = [];

    /// <summary>The classes of all examples.</summary>
    internal int[] Indices { get; init; } = [];

    /// <summary>What else the loss is made of; peers read it behind the examples.</summary>
    internal double[][] Tables { get; init; } = [];

    internal int Examples { get; init; } = 1;

    internal required double Rate { get; init; }

    internal Precision Precision { get; init; } = Precision.Single;

    /// <summary>Numbers of the normal distribution, as float32 has them.</summary>
    internal static double[] Normal(Rng rng, int count, double deviation = 1) =>
        [.. Enumerable.Range(0, count).Select(_ => (double)(float)rng.Normal(0, deviation))];

    /// <summary>Numbers between two.</summary>
    internal static double[] Uniform(Rng rng, int count, double least, double most) =>
        [.. Enumerable.Range(0, count).Select(_ => (double)(float)rng.Uniform(least, most))];

    /// <summary>The task as peers read it.</summary>
    internal IEnumerable<IEnumerable<double>> Lines() =>
        [[Parameters.Length, Examples, Inputs.Length / Examples, Indices.Length / Examples, Rate], Parameters, Inputs, Indices.Select(index => (double)index), .. Tables];
}

/// <summary>A step of it, compiled.</summary>
internal sealed class CompiledTask : InProcessContender
{
    private readonly LossTask _task;
    private readonly ParameterList _parameters;
    private readonly CompiledProgram<CompiledLoss> _loss;
    private Sgd _optimizer;
    private CompiledData? _batch; // laid out once, as the peers have theirs

    internal CompiledTask(LossTask task)
    {
        _task = task;
        LossModel model = task.Model();
        _parameters = model.Parameters;
        _parameters.Load(task.Parameters);
        _optimizer = new(_parameters, task.Rate);
        _loss = new(
            recorder => CompiledLoss.Compile(
                _parameters,
                task.Inputs.Length / task.Examples,
                task.Indices.Length / task.Examples,
                (numbers, indices) => recorder.Record(() => model.Loss(numbers, indices)),
                task.Precision),
            program => program.Backward(task.Inputs, task.Indices));
    }

    internal override string Note => $"{_loss.Note}; {_loss.Program.ToString().Split('\n')[^1]}";

    internal override CompilingCosts Compile(int repeats) => _loss.Measure(repeats);

    protected override void Restart()
    {
        _parameters.Load(_task.Parameters);
        _parameters.ZeroGradients();
        _optimizer = new(_parameters, _task.Rate);
    }

    protected override double Step(int k) => _loss.Program.Step(_optimizer, _batch ??= _loss.Program.Prepare(_task.Inputs, _task.Indices));
}

/// <summary>A step of it with eager values, a graph for each example.</summary>
internal sealed class EagerTask : InProcessContender
{
    private readonly LossTask _task;
    private readonly LossModel _model;
    private Sgd _optimizer;

    internal EagerTask(LossTask task)
    {
        _task = task;
        _model = task.Model();
        _optimizer = new(_model.Parameters, task.Rate);
    }

    protected override void Restart()
    {
        _model.Parameters.Load(_task.Parameters);
        _optimizer = new(_model.Parameters, _task.Rate);
    }

    protected override double Step(int k)
    {
        _model.Parameters.ZeroGradients();
        int inputs = _task.Inputs.Length / _task.Examples, indices = _task.Indices.Length / _task.Examples;
        double sum = 0;
        for (int i = 0; i < _task.Examples; i++)
        {
            Value[] numbers = Array.ConvertAll(_task.Inputs[(i * inputs)..((i + 1) * inputs)], number => new Value(number));
            IndexValue[] classes = Array.ConvertAll(_task.Indices[(i * indices)..((i + 1) * indices)], IndexValue.FromInt32);
            Value loss = _model.Loss(numbers, classes) / _task.Examples;
            loss.Backward();
            sum += loss.Data;
        }
        _optimizer.Step();
        return sum;
    }
}
