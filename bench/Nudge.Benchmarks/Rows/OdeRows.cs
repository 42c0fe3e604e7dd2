// Rows V: a differential equation.

namespace Nudge.Benchmarks;

internal static class OdeRows
{
    internal static IEnumerable<Row> Of(Kit kit) => [Of(kit, 1), Of(kit, 1024)];

    private static Row Of(Kit kit, int starts)
    {
        var task = new Lazy<OdeTask>(() => OdeTask.Of(starts));
        string name = $"V{starts}";
        var file = new Lazy<string>(() => kit.Workspace.Write($"{name}.txt", task.Value.Lines()));
        return new Row(name, $"Lotka–Volterra, Runge–Kutta, 200 steps from {(starts == 1 ? "one start" : $"{starts:N0} starts")}, mean squared distance, SGD: one training step",
        [
            new(Kinds.C, "C", () => kit.Tools.C("lotka.c", "lotka", file.Value)),
            kit.OnOneCore(name, () => new CompiledOde(task.Value)),
            kit.OnAllCores(name, () => new CompiledOde(task.Value)),
            new(Kinds.Eager, "eager", () => new EagerOde(task.Value)),
        ]);
    }
}
