// Row LR: logistic regression.

namespace Nudge.Benchmarks;

internal static class LogisticRow
{
    internal static Row Of(Kit kit)
    {
        var task = new Lazy<MlpTask>(MlpTask.Logistic);
        var file = new Lazy<string>(() => kit.Workspace.Write("LR.txt", task.Value.Lines()));
        return new Row("LR", "logistic regression, 10,000 examples of 30 numbers, cross-entropy, SGD on all at once: one training step",
        [
            new(Kinds.C, "C", () => kit.Tools.C("logistic.c", "logistic", file.Value)),
            kit.OnOneCore("LR", () => CompiledMlp.Logistic(task.Value)),
            kit.OnAllCores("LR", () => CompiledMlp.Logistic(task.Value)),
            new(Kinds.Eager, "eager", () => EagerMlp.Logistic(task.Value)),
            new(Kinds.PyTorch, "PyTorch", () => kit.Tools.Torch("pytorch_eager.py", "LR", file.Value)),
        ])
        {
            Operations = () => task.Value.Operations,
        };
    }
}
