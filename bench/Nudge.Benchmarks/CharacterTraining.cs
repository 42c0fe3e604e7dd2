// Row E: a training step of a character-level MLP, by either engine.

namespace Nudge.Benchmarks;

internal abstract class CharacterTraining : InProcessContender
{
    private readonly CharacterTask _task;
    private readonly Sgd _optimizer;

    private protected CharacterTraining(CharacterTask task)
    {
        _task = task;
        Model = new CharacterMlp(
            CharacterTask.Vocabulary, CharacterTask.Context, new Rng(1), CharacterTask.Context, CharacterTask.Embedding, CharacterTask.Hidden);
        _optimizer = new Sgd(Model.Parameters, 0.1);
    }

    protected CharacterMlp Model { get; }

    protected override void Restart() => Model.Parameters.Load(_task.Weights);

    protected override double Step(int k)
    {
        long began = StepTimer.Begin();
        _optimizer.ZeroGradients();
        StepTimer.End(StepPart.Optimizer, began);
        double loss = Backward(k);
        began = StepTimer.Begin();
        _optimizer.Step();
        StepTimer.End(StepPart.Optimizer, began);
        return loss;
    }

    /// <summary>The mean loss of the examples of a step, and its gradients.</summary>
    protected abstract double Backward(int k);

    protected int[] Draw(int k, int i) => _task.Draw(k * CharacterTask.Batch + i);

    protected Value LossOf(ReadOnlySpan<IndexValue> tokens) => Loss.CrossEntropy(Model.Forward(tokens[..^1]), tokens[^1]);
}

/// <summary>One graph for the batch.</summary>
internal sealed class EagerCharacters(CharacterTask task) : CharacterTraining(task)
{
    protected override double Backward(int k)
    {
        var losses = new Value[CharacterTask.Batch];
        for (int i = 0; i < losses.Length; i++)
            losses[i] = LossOf(Array.ConvertAll(Draw(k, i), IndexValue.FromInt32));
        Value loss = Value.Mean(losses);
        loss.Backward();
        return loss.Data;
    }
}

/// <summary>The loss of one example, compiled, in float32; its tokens are inputs.</summary>
internal sealed class CompiledCharacters : CharacterTraining
{
    private readonly CompiledProgram<CompiledLoss> _loss;
    private readonly int[] _tokens = new int[CharacterTask.Batch * (CharacterTask.Context + 1)];

    internal CompiledCharacters(CharacterTask task)
        : base(task) => _loss = new(
            recorder => CompiledLoss.Compile(Model.Parameters, 0, CharacterTask.Context + 1, (_, tokens) => recorder.Record(() => LossOf(tokens))),
            program => program.Backward([], _tokens));

    internal override string Note => _loss.Note;

    internal override CompilingCosts Compile(int repeats) => _loss.Measure(repeats);

    protected override double Backward(int k)
    {
        for (int i = 0; i < CharacterTask.Batch; i++)
            Draw(k, i).CopyTo(_tokens, i * (CharacterTask.Context + 1));
        return _loss.Program.Backward([], _tokens);
    }
}
