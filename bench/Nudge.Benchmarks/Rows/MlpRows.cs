// Rows C1 to C3, networks that are mostly matrix products, and W1024, W2048, wider ones.

namespace Nudge.Benchmarks;

internal static class MlpRows
{
    internal static IEnumerable<Row> Of(Kit kit) =>
    [
        Of(kit, "C1", "784-128-64-10 tanh, cross-entropy, Adam, batch 32", [784, 128, 64, 10], 32),
        Of(kit, "C2", "784-128-64-10 tanh, cross-entropy, Adam, batch 256", [784, 128, 64, 10], 256),
        Of(kit, "C3", "64-256-256-1 tanh, mean squared error, Adam, batch 64", [64, 256, 256, 1], 64),
        Of(kit, "W1024", "1024-1024-1024-10 tanh, cross-entropy, Adam, batch 64", [1024, 1024, 1024, 10], 64, isWide: true),
        Of(kit, "W2048", "2048-2048-10 tanh, cross-entropy, Adam, batch 64", [2048, 2048, 10], 64, isWide: true),
    ];

    // The eager graph of a wide network is left out: a step would take a minute.
    private static Row Of(Kit kit, string name, string title, int[] sizes, int batch, bool isWide = false)
    {
        bool classes = sizes[^1] > 1;
        var task = new Lazy<MlpTask>(() => MlpTask.Random(sizes, batch, rng => classes ? rng.Next(sizes[^1]) : rng.Uniform(-1, 1)));
        var file = new Lazy<string>(() => kit.Workspace.Write($"{name}.txt", task.Value.Lines()));
        return new Row(name, $"{title}: one training step",
        [
            new(Kinds.C, "C, OpenBLAS", () => classes
                ? kit.Tools.OpenBlas("mlp_blas.c", "classifier", file.Value)
                : kit.Tools.OpenBlas("mlp_blas.c", "regression", file.Value, "-DSQUARES")),
            kit.OnOneCore(name, () => classes ? CompiledMlp.Classifier(task.Value) : CompiledMlp.Regression(task.Value)),
            kit.OnAllCores(name, () => classes ? CompiledMlp.Classifier(task.Value) : CompiledMlp.Regression(task.Value)),
            .. isWide ? Array.Empty<Entry>() : [new(Kinds.Eager, "eager", () => classes ? EagerMlp.Classifier(task.Value) : EagerMlp.Regression(task.Value))],
            new(Kinds.PyTorch, "PyTorch", () => kit.Tools.Torch("pytorch_eager.py", name, file.Value)),
        ])
        {
            CheckedSteps = [0, 1, 3],
            Results = "losses at steps 0, 1, 3",
            Operations = () => task.Value.Operations,
        };
    }
}
