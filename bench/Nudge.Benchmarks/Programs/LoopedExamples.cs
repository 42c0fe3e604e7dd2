// Row loop: examples looped inside the loss, and the same examples as a batch.

namespace Nudge.Benchmarks;

/// <summary>A network of 4-16-16-3 on 100 examples, squared error.</summary>
internal static class LoopedExamples
{
    private const int Examples = 100, Inputs = 4, Outputs = 3;

    internal static LossTask Looped() => Task(1, (network, x) =>
    {
        Value sum = 0;
        foreach (Value[] example in x.Chunk(Inputs + Outputs))
            sum += Error(network, example);
        return sum / Examples;
    });

    internal static LossTask Batch() => Task(Examples, Error);

    private static LossTask Task(int examples, Func<Mlp, Value[], Value> loss)
    {
        return new()
        {
            Model = () =>
            {
                Mlp network = Network();
                return new(network.Parameters, (x, _) => loss(network, x));
            },
            Parameters = Network().Parameters.ToArray(),
            Inputs = LossTask.Uniform(new Rng(1), Examples * (Inputs + Outputs), -1, 1),
            Examples = examples,
            Rate = 0.1,
        };

        static Mlp Network() => new(Inputs, [16, 16, Outputs], new Rng(1), Activation.Tanh, Activation.Linear, Initialization.Xavier);
    }

    private static Value Error(Mlp network, Value[] example)
    {
        Value[] outputs = network.Forward(example.AsSpan(0, Inputs));
        Value sum = 0;
        for (int i = 0; i < Outputs; i++)
            sum += (outputs[i] - example[Inputs + i]).Pow(2);
        return sum;
    }
}
