// The lesson's network in training, recorded.

namespace Nudge.Tests.Recordings;

internal static class LessonRun
{
    internal static Trainer Trainer(int steps, ulong seed = 1, double rate = 0.05, GraphEngine engine = GraphEngine.Eager)
    {
        var net = new Mlp(3, [4, 4, 1], new Rng(seed));
        return new Trainer(
            net, Objective.SumOfSquares, new Sgd(net.Parameters, rate), Generate.Lesson(),
            options: new TrainerOptions { Epochs = steps, BatchSize = 0, KeepBest = false, Engine = engine });
    }

    internal static byte[] Record(
        int steps, Action<Value>? backward = null, Action<Network>? state = null, Action<TrainingStep>? made = null,
        RecorderOptions? options = null, ulong seed = 1, Action<Trainer, int>? before = null, GraphEngine engine = GraphEngine.Eager)
    {
        Trainer trainer = Trainer(steps, seed, engine: engine);
        using var stream = new MemoryStream();
        var recorder = new RunRecorder(stream, new RunInfo { Title = "lesson" }, trainer.Optimizer.Parameters, options);
        trainer.AfterBackward = (loss, expression) =>
        {
            backward?.Invoke(expression());
            state?.Invoke((Network)trainer.Model);
            recorder.Backward(loss, expression, trainer.Batch);
        };
        before?.Invoke(trainer, 0);
        foreach (TrainingStep step in trainer.Run())
        {
            recorder.Updated(step.LearningRate, step.Epoch, mistakes: trainer.Mistakes);
            made?.Invoke(step);
            before?.Invoke(trainer, step.Step + 1);
        }
        recorder.End("finished");
        return stream.ToArray();
    }

    /// <summary>The nodes of an expression in creation order.</summary>
    internal static IEnumerable<Value> NodesOf(Value root)
    {
        var found = new HashSet<Value> { root };
        var waiting = new Queue<Value>([root]);
        while (waiting.TryDequeue(out Value? node))
        {
            foreach (Value input in node.Inputs.Where(found.Add))
                waiting.Enqueue(input);
        }
        return found.OrderBy(node => node.Order);
    }
}
