// The unit that everything is made of: a weighted sum and an activation.

namespace Nudge;

/// <summary>y = activation(b + w₀x₀ + w₁x₁ + …).</summary>
public sealed class Neuron : Module
{
    private readonly Value[] _weights;

    /// <summary>A neuron.</summary>
    /// <param name="inputs">How many inputs it has, at least 1.</param>
    /// <param name="rng">Where the starting numbers come from.</param>
    /// <param name="activation">What it does to the weighted sum.</param>
    /// <param name="initialization">How its numbers start; <see cref="Initialization.Uniform"/> if left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no input.</exception>
    public Neuron(int inputs, Rng rng, Activation activation = Activation.Tanh, Initialization? initialization = null)
        : this(inputs, 1, rng, activation, initialization ?? Initialization.Uniform)
    {
    }

    internal Neuron(int inputs, int neuronsInLayer, Rng rng, Activation activation, Initialization initialization)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentNullException.ThrowIfNull(rng);
        Activation = activation;
        _weights = AddParameters("w", inputs, () => initialization.Weight(rng, inputs, neuronsInLayer));
        Bias = AddParameter("b", initialization.Bias(rng));
    }

    /// <summary>w: one weight for each input.</summary>
    public IReadOnlyList<Value> Weights => _weights;

    /// <summary>b.</summary>
    public Value Bias { get; }

    /// <summary>What it does to the weighted sum.</summary>
    public Activation Activation { get; }

    /// <summary>The output for given inputs.</summary>
    /// <param name="inputs">One value for each weight.</param>
    /// <exception cref="ArgumentException">There are more or fewer inputs than weights.</exception>
    public Value Forward(params ReadOnlySpan<Value> inputs)
    {
        Value[] weights = _weights;
        if (inputs.Length != weights.Length)
            throw new ArgumentException($"Expected {weights.Length} inputs, got {inputs.Length}.", nameof(inputs));
        Value sum = Bias;
        for (int i = 0; i < weights.Length; i++)
            sum += weights[i] * inputs[i];
        return Activation.Apply(sum);
    }

    /// <summary>What it is, as <c>Neuron 3 → 1, tanh</c>.</summary>
    public override string ToString() => $"Neuron {_weights.Length} → 1, {Activation.ToString().ToLowerInvariant()}";
}
