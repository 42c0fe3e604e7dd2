// The numbers that a network starts from.

namespace Nudge;

/// <summary>How the weights and the bias of a neuron start.</summary>
public sealed class Initialization
{
    private readonly Func<Rng, int, int, double> _weight;
    private readonly Func<Rng, double> _bias;

    private Initialization(string name, Func<Rng, int, int, double> weight, Func<Rng, double> bias)
    {
        Name = name;
        _weight = weight;
        _bias = bias;
    }

    /// <summary>The lesson's: weights and bias uniform in [−1, 1).</summary>
    public static Initialization Uniform { get; } = new(
        "uniform", (rng, _, _) => rng.Uniform(-1, 1), rng => rng.Uniform(-1, 1));

    /// <summary>
    /// Weights uniform in ±√(6 / (inputs + outputs)), bias 0: keeps the size of signals and gradients through tanh
    /// layers. Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
    /// </summary>
    public static Initialization Xavier { get; } = new(
        "xavier", (rng, inputs, outputs) => Symmetric(rng, Math.Sqrt(6.0 / (inputs + outputs))), _ => 0);

    /// <summary>
    /// Weights uniform in ±√(6 / inputs), bias 0: keeps the size of signals through ReLU layers. He et al., "Delving
    /// deep into rectifiers", 2015.
    /// </summary>
    public static Initialization Kaiming { get; } = new(
        "kaiming", (rng, inputs, _) => Symmetric(rng, Math.Sqrt(6.0 / inputs)), _ => 0);

    /// <summary>Its name in lower case.</summary>
    public string Name { get; }

    /// <summary>The one that suits an activation: <see cref="Kaiming"/> for ReLU and GELU, otherwise <see cref="Xavier"/>.</summary>
    /// <param name="activation">The activation of the layer.</param>
    public static Initialization For(Activation activation) =>
        activation is Activation.Relu or Activation.Gelu ? Kaiming : Xavier;

    /// <summary>Weights normally distributed around 0, bias 0: what transformers start from.</summary>
    /// <param name="deviation">The standard deviation of the weights, at least 0.</param>
    public static Initialization Normal(double deviation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(deviation);
        return new Initialization("normal", (rng, _, _) => rng.Normal(0, deviation), _ => 0);
    }

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    internal double Weight(Rng rng, int inputs, int outputs) => _weight(rng, inputs, outputs);

    internal double Bias(Rng rng) => _bias(rng);

    private static double Symmetric(Rng rng, double bound) => rng.Uniform(-bound, bound);
}
