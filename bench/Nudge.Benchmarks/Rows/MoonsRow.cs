// Row B: two moons.

namespace Nudge.Benchmarks;

internal static class MoonsRow
{
    internal static Row Of(Kit kit)
    {
        var task = new Lazy<MlpTask>(MlpTask.Moons);
        var file = new Lazy<string>(() => kit.Workspace.Write("B.txt", task.Value.Lines()));
        return new Row("B", "2-16-16-1 ReLU, 100 points, hinge + 1e-4 Σp², SGD: one training step",
        [
            new(Kinds.C, "C", () => kit.Tools.C("moons.c", "moons", file.Value)),
            kit.OnOneCore("B", () => CompiledMlp.Moons(task.Value)),
            new(Kinds.Eager, "eager", () => new EagerMoons(task.Value)),
            new(Kinds.PyTorch, "PyTorch", () => kit.Tools.Torch("pytorch_eager.py", "B", file.Value)),
            new(Kinds.Micrograd, "micrograd", () => kit.Tools.Python("micrograd.py", "B", file.Value)) { LastChecked = 1 },
        ])
        {
            Expected = Workspace.Known([0.895844, 1.723591, 0.189775, 0.010978]),
            Operations = () => task.Value.Operations,
        };
    }
}
