// Rows F: a Gaussian mixture's objective.

namespace Nudge.Benchmarks;

internal static class MixtureRows
{
    internal static IEnumerable<Row> Of(Kit kit) =>
    [
        Of(kit, 5, [-31302.5409109107, 5668.08794017]),
        Of(kit, 10, [-30292.9419592422, 4598.90445571]),
        Of(kit, 25, [-25649.6526211976, 2662.39860131]),
    ];

    private static Row Of(Kit kit, int parts, double[] expected)
    {
        var task = new Lazy<MixtureTask>(() => MixtureTask.Load(kit.Workspace, parts));
        string name = $"F{parts}";
        return new Row(name, $"Gaussian mixture objective, 1,000 points in 10 dimensions, {parts} parts: value and gradient in double",
        [
            new(Kinds.C, "C", () => kit.Tools.C("mixture_simd.c", "mixture-simd", task.Value.File)),
            new(Kinds.C, "C, plain loops", () => kit.Tools.C("mixture.c", "mixture", task.Value.File)),
            kit.OnOneCore(name, () => new CompiledMixture(task.Value)),
            kit.OnAllCores(name, () => new CompiledMixture(task.Value)),
            new(Kinds.Eager, "eager", () => new EagerMixture(task.Value)),
        ])
        {
            CheckedSteps = [0],
            Results = "value and length of the gradient",
            Expected = Workspace.Known(expected),
            Tolerance = 1e-9,
        };
    }
}
