// Rows I1 and I256: the outputs of C1's network.

namespace Nudge.Benchmarks;

internal static class InferenceRows
{
    internal static IEnumerable<Row> Of(Kit kit) => [Of(kit, 1), Of(kit, 256)];

    private static Row Of(Kit kit, int batch)
    {
        string name = $"I{batch}";
        var task = new Lazy<MlpTask>(() => MlpTask.Random([784, 128, 64, 10], batch, rng => rng.Next(10)));
        var file = new Lazy<string>(() => kit.Workspace.Write($"{name}.txt", task.Value.Lines()));
        return new Row(name, $"784-128-64-10 tanh: the outputs of {(batch == 1 ? "one example" : $"{batch} examples")}",
        [
            .. batch == 1 ? [new(Kinds.C, "C", () => kit.Tools.C("forward.c", "forward", file.Value))] : Array.Empty<Entry>(),
            new(Kinds.C, "C, OpenBLAS", () => kit.Tools.OpenBlas("mlp_blas.c", "forward-blas", file.Value, "-DFORWARD")),
            kit.OnOneCore(name, () => new CompiledInference(task.Value)),
            new(Kinds.Eager, "eager", () => new EagerInference(task.Value)),
            new(Kinds.PyTorch, "PyTorch", () => kit.Tools.Torch("pytorch_eager.py", name, file.Value)),
        ])
        {
            CheckedSteps = [0],
            Results = "sum of the outputs' squares",
            Operations = () => task.Value.ForwardOperations,
        };
    }
}
