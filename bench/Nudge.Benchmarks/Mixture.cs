// Row F: value and gradient of the mixture's objective, by either engine.

namespace Nudge.Benchmarks;

/// <summary>A step computes the objective and its gradient; there is no training.</summary>
internal abstract class Mixture(MixtureTask task) : InProcessContender
{
    private readonly Value[] _alphas = Leaves(task.Alphas), _means = Leaves(task.Means), _factors = Leaves(task.Factors);
    private ParameterList? _parameters;

    /// <summary>α, μ, then the factors.</summary>
    internal ParameterList Parameters => _parameters ??= [.. _alphas, .. _means, .. _factors];

    protected MixtureTask Task { get; } = task;

    internal override double[] Check(IReadOnlyList<int> steps)
    {
        double value = Step(0);
        return [value, Math.Sqrt(Parameters.Sum(p => p.Grad * p.Grad))];
    }

    protected MixtureObjective Write() => new(Task, _alphas, _means, _factors);

    protected override void Restart()
    {
    }

    private static Value[] Leaves(double[] numbers) => Array.ConvertAll(numbers, number => new Value(number));
}

/// <summary>One graph for all points.</summary>
internal sealed class EagerMixture(MixtureTask task) : Mixture(task)
{
    protected override double Step(int k)
    {
        MixtureObjective objective = Write();
        Value sum = objective.OfParameters();
        foreach (double[] point in Task.Points.Chunk(Task.Dimensions))
            sum += objective.OfPoint(Array.ConvertAll(point, number => new Value(number)));
        Parameters.ZeroGradients();
        sum.Backward();
        return sum.Data;
    }
}

/// <summary>The objective of one point, compiled; the points are the batch.</summary>
internal sealed class CompiledMixture : Mixture
{
    private readonly CompiledProgram<CompiledLoss> _objective;

    internal CompiledMixture(MixtureTask task)
        : base(task)
    {
        // A compiled loss is a mean over examples: each point counts as often as there are points.
        _objective = new(
            recorder => CompiledLoss.Compile(
                Parameters,
                task.Dimensions,
                point => recorder.Record(() =>
                {
                    MixtureObjective objective = Write();
                    return task.Count * objective.OfPoint(point) + objective.OfParameters();
                }),
                Precision.Double),
            program => program.Backward(task.Points));
    }

    internal override string Note => _objective.Note;

    internal override CompilingCosts Compile(int repeats) => _objective.Measure(repeats);

    protected override double Step(int k)
    {
        Parameters.ZeroGradients();
        return _objective.Program.Backward(Task.Points);
    }
}
