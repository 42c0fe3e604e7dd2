// Rows D: a training step of a GPT, by either engine.

namespace Nudge.Benchmarks;

internal abstract class GptTraining : InProcessContender
{
    private Optimizer _optimizer;

    private protected GptTraining(GptTask task)
    {
        Task = task;
        Model = new Gpt(GptTask.Vocabulary, GptTask.Context, new Rng(1), new GptOptions { Width = task.Width, Heads = GptTask.Heads });
        _optimizer = NewOptimizer();
    }

    protected GptTask Task { get; }

    protected Gpt Model { get; }

    protected override void Restart()
    {
        Model.Parameters.Load(Task.WeightsOfModel());
        Model.ZeroGradients();
        _optimizer = NewOptimizer();
    }

    protected override double Step(int k)
    {
        _optimizer.LearningRate = GptTask.LearningRate(k);
        return Step(_optimizer, Task.BatchOf(k));
    }

    protected abstract double Step(Optimizer optimizer, int[][] documents);

    private Adam NewOptimizer() => new(Model.Parameters, 0.01, beta1: 0.85, beta2: 0.99, epsilon: 1e-8);
}

/// <summary>One graph for each document, whose gradients add up.</summary>
internal sealed class EagerGpt(GptTask task) : GptTraining(task)
{
    protected override double Step(Optimizer optimizer, int[][] documents)
    {
        optimizer.ZeroGradients();
        int predictions = documents.Sum(tokens => tokens.Length - 1);
        double sum = 0;
        foreach (int[] tokens in documents)
        {
            Value loss = Model.Loss(tokens) * ((double)(tokens.Length - 1) / predictions);
            loss.Backward();
            sum += loss.Data;
        }
        optimizer.Step();
        return sum;
    }
}

/// <summary>The losses of a document, compiled, in float32.</summary>
internal sealed class CompiledGpt : GptTraining
{
    private readonly CompiledProgram<CompiledSequenceLoss> _loss;

    internal CompiledGpt(GptTask task)
        : base(task)
    {
        int[][] everyLength = [.. task.Documents.DistinctBy(tokens => tokens.Length)];
        _loss = new(
            recorder => CompiledSequenceLoss.Compile(Model.Parameters, Model.ContextLength + 1, tokens => recorder.Record(() => Model.Losses(tokens))),
            program => program.Backward(everyLength));
    }

    internal override string Note => _loss.Note;

    internal override CompilingCosts Compile(int repeats) => _loss.Measure(repeats);

    protected override double Step(Optimizer optimizer, int[][] documents) => _loss.Program.Step(optimizer, documents);
}
