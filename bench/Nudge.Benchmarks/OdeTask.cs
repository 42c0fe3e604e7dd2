// Rows V: an ordinary differential equation, as people write it, solved and differentiated.

namespace Nudge.Benchmarks;

/// <summary>Lotka–Volterra by Runge and Kutta's method of fourth order: where solutions start, and the first rates.</summary>
/// <param name="Starts">Prey and predators, start by start.</param>
/// <param name="Rates">The four rates.</param>
internal sealed record OdeTask(double[] Starts, double[] Rates)
{
    private const int Steps = 200;

    private const double Length = 0.01;

    /// <summary>So many starts around one.</summary>
    internal static OdeTask Of(int starts)
    {
        var rng = new Rng(1);
        return new([.. Enumerable.Range(0, 2 * starts).Select(_ => rng.Uniform(0.5, 1.5))], [1.1, 0.4, 0.1, 0.4]);
    }

    /// <summary>How many solutions there are.</summary>
    internal int Count => Starts.Length / 2;

    /// <summary>The task as peers read it.</summary>
    internal IEnumerable<IEnumerable<double>> Lines() => [[Count], Rates, Starts];

    internal static Optimizer NewOptimizer(ParameterList rates) => new Sgd(rates, 1e-3);

    /// <summary>The mean squared distance of all steps from (1, 1).</summary>
    internal static Value LossOf(Value u, Value v, ParameterList p)
    {
        Value sum = 0;
        for (int i = 0; i < Steps; i++)
        {
            (Value u1, Value v1) = Slope(u, v);
            (Value u2, Value v2) = Slope(u + Length / 2 * u1, v + Length / 2 * v1);
            (Value u3, Value v3) = Slope(u + Length / 2 * u2, v + Length / 2 * v2);
            (Value u4, Value v4) = Slope(u + Length * u3, v + Length * v3);
            u += Length / 6 * (u1 + 2 * u2 + 2 * u3 + u4);
            v += Length / 6 * (v1 + 2 * v2 + 2 * v3 + v4);
            sum += (u - 1).Pow(2) + (v - 1).Pow(2);
        }
        return sum / Steps;

        (Value, Value) Slope(Value a, Value b) => (p[0] * a - p[1] * a * b, p[2] * a * b - p[3] * b);
    }
}

/// <summary>A step of it, compiled.</summary>
internal sealed class CompiledOde : InProcessContender
{
    private readonly OdeTask _task;
    private readonly ParameterList _rates;
    private readonly CompiledProgram<CompiledLoss> _loss;
    private Optimizer _optimizer;
    private CompiledData? _batch;

    internal CompiledOde(OdeTask task)
    {
        _task = task;
        _rates = new([.. task.Rates.Select(rate => new Value(rate))]);
        _optimizer = OdeTask.NewOptimizer(_rates);
        _loss = new(
            recorder => CompiledLoss.Compile(_rates, 2, x => recorder.Record(() => OdeTask.LossOf(x[0], x[1], _rates))),
            program => program.Backward(task.Starts));
    }

    internal override string Note => _loss.Note;

    internal override CompilingCosts Compile(int repeats) => _loss.Measure(repeats);

    protected override void Restart()
    {
        _rates.Load(_task.Rates);
        _rates.ZeroGradients();
        _optimizer = OdeTask.NewOptimizer(_rates);
    }

    protected override double Step(int k) => _loss.Program.Step(_optimizer, _batch ??= _loss.Program.Prepare(_task.Starts));
}

/// <summary>A step of it with eager values, a graph for each start.</summary>
internal sealed class EagerOde : InProcessContender
{
    private readonly OdeTask _task;
    private readonly ParameterList _rates;
    private Optimizer _optimizer;

    internal EagerOde(OdeTask task)
    {
        _task = task;
        _rates = new([.. task.Rates.Select(rate => new Value(rate))]);
        _optimizer = OdeTask.NewOptimizer(_rates);
    }

    protected override void Restart()
    {
        _rates.Load(_task.Rates);
        _optimizer = OdeTask.NewOptimizer(_rates);
    }

    protected override double Step(int k)
    {
        _rates.ZeroGradients();
        double sum = 0;
        for (int i = 0; i < _task.Count; i++)
        {
            Value loss = OdeTask.LossOf(_task.Starts[2 * i], _task.Starts[2 * i + 1], _rates) / _task.Count;
            loss.Backward();
            sum += loss.Data;
        }
        _optimizer.Step();
        return sum;
    }
}
