// The unit that everything is made of: a weighted sum and an activation.

namespace Nudge;

/// <summary>y = activation(b + w₀x₀ + w₁x₁ + …), or without b.</summary>
public sealed class Neuron : Module
{
    private readonly Value[] _weights;
    private readonly Value? _bias;

    /// <summary>A neuron.</summary>
    /// <param name="inputs">How many inputs it has, at least 1.</param>
    /// <param name="rng">Where the starting numbers come from.</param>
    /// <param name="activation">What it does to the weighted sum; tanh if left out.</param>
    /// <param name="initialization">How its numbers start; <see cref="Initialization.Uniform"/> if left out.</param>
    /// <param name="bias">Whether it has b.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no input.</exception>
    public Neuron(int inputs, Rng rng, Activation? activation = null, Initialization? initialization = null, bool bias = true)
        : this(inputs, 1, rng, activation ?? Activation.Tanh, initialization ?? Initialization.Uniform, bias)
    {
    }

    internal Neuron(int inputs, int neuronsInLayer, Rng rng, Activation activation, Initialization initialization, bool bias)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentNullException.ThrowIfNull(rng);
        Activation = activation;
        _weights = AddParameters("w", inputs, () => initialization.Weight(rng, inputs, neuronsInLayer));
        if (bias)
            _bias = AddParameter("b", initialization.Bias(rng));
    }

    /// <summary>w: one weight for each input.</summary>
    public IReadOnlyList<Value> Weights => _weights;

    /// <summary>Whether it has <see cref="Bias"/>.</summary>
    public bool HasBias => _bias is not null;

    /// <summary>b.</summary>
    /// <exception cref="InvalidOperationException">The neuron was made without one.</exception>
    public Value Bias => _bias ?? throw new InvalidOperationException("This neuron was made without a bias. Ask HasBias first.");

    /// <summary>What it does to the weighted sum.</summary>
    public Activation Activation { get; }

    internal override string Description => $"Neuron {_weights.Length} → 1, {Activation.Name}";

    /// <summary>The output for given inputs.</summary>
    /// <param name="inputs">One value for each weight.</param>
    /// <exception cref="ArgumentException">There are more or fewer inputs than weights.</exception>
    public Value Forward(params ReadOnlySpan<Value> inputs)
    {
        Value[] weights = _weights;
        if (inputs.Length != weights.Length)
            throw new ArgumentException($"Expected {weights.Length} inputs, got {inputs.Length}.", nameof(inputs));
        Value sum = _bias is null ? weights[0] * inputs[0] : _bias + weights[0] * inputs[0];
        for (int i = 1; i < weights.Length; i++)
            sum += weights[i] * inputs[i];
        return Activation.Apply(sum);
    }
}
