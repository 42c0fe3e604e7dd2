// Rows nodes and lesson: the eager engine by itself.

namespace Nudge.Benchmarks;

internal static class EagerRows
{
    internal static IEnumerable<Row> Of() => [Nodes(), ByHand()];

    private static Row Nodes()
    {
        var task = new Lazy<MlpTask>(MlpTask.Moons);
        return new Row("nodes", "the eager engine's cost of a node, on row B's loss",
        [
            new(Kinds.Eager, "forward + backward", () => new EagerNodes(task.Value, backward: true)),
            new(Kinds.Eager, "forward", () => new EagerNodes(task.Value, backward: false)),
        ])
        {
            CheckedSteps = [0],
            Results = "loss",
            Unit = ("node", () => new EagerNodes(task.Value, backward: false).NodeCount),
        };
    }

    private static Row ByHand()
    {
        var task = new Lazy<MlpTask>(MlpTask.Lesson);
        return new Row("lesson", "row A's step in the ways a reader of the lesson can write it",
        [
            new(Kinds.Eager, "by hand", () => new EagerByHand(task.Value)),
            new(Kinds.Eager, "optimizer", () => EagerMlp.Lesson(task.Value)),
            new(Kinds.Eager, "trainer", () => new TrainerContender(task.Value, GraphEngine.Eager)),
            new(Kinds.Compiled, "trainer, compiled", () => new TrainerContender(task.Value, GraphEngine.Compiled)),
        ]);
    }
}
