// Row A: the lesson's network.

namespace Nudge.Benchmarks;

internal static class LessonRow
{
    internal static Row Of(Kit kit)
    {
        var task = new Lazy<MlpTask>(MlpTask.Lesson);
        var file = new Lazy<string>(() => kit.Workspace.Write("A.txt", task.Value.Lines()));
        return new Row("A", "3-4-4-1 tanh, 4 examples, sum of squares, SGD: one training step",
        [
            new(Kinds.C, "C", () => kit.Tools.C("lesson.c", "lesson", file.Value)),
            kit.OnOneCore("A", () => CompiledMlp.Lesson(task.Value)),
            new(Kinds.Eager, "eager", () => EagerMlp.Lesson(task.Value)),
            new(Kinds.PyTorch, "PyTorch", () => kit.Tools.Torch("pytorch_eager.py", "A", file.Value)),
            new(Kinds.Micrograd, "micrograd", () => kit.Tools.Python("micrograd.py", "A", file.Value)),
        ]);
    }
}
