// Rows I1 and I256: the outputs of a network for given inputs, by either engine. A step returns the sum of their squares.

namespace Nudge.Benchmarks;

internal abstract class Inference : InProcessContender
{
    private protected Inference(MlpTask task)
    {
        Task = task;
        Network = new Mlp(task.Sizes[0], task.Sizes[1..], new Rng(1), Activation.Tanh, Activation.Linear);
        Network.Parameters.Load(task.Weights);
    }

    protected MlpTask Task { get; }

    protected Mlp Network { get; }

    protected override void Restart()
    {
    }
}

/// <summary>One graph for each example.</summary>
internal sealed class EagerInference(MlpTask task) : Inference(task)
{
    protected override double Step(int k) => Task.Inputs.Sum(inputs => Network.Predict(inputs).Sum(output => output * output));
}
