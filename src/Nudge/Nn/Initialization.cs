// The numbers that a network starts from.

namespace Nudge;

/// <summary>How the weights and the bias of a neuron start. One of your own derives from it.</summary>
public abstract class Initialization
{
    /// <summary>An initialization.</summary>
    /// <param name="name">Its name in lower case.</param>
    protected Initialization(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>The lesson's: weights and bias uniform in [−1, 1).</summary>
    public static Initialization Uniform { get; } = new UniformInitialization();

    /// <summary>
    /// Weights uniform in ±√(6 / (inputs + outputs)), bias 0: keeps the size of signals and gradients through tanh
    /// layers. Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
    /// </summary>
    public static Initialization Xavier { get; } = new XavierInitialization();

    /// <summary>
    /// Weights uniform in ±√(6 / inputs), bias 0: keeps the size of signals through ReLU layers. He et al., "Delving
    /// deep into rectifiers", 2015.
    /// </summary>
    public static Initialization Kaiming { get; } = new KaimingInitialization();

    /// <summary>Its name in lower case.</summary>
    public string Name { get; }

    /// <summary>The one that suits an activation: <see cref="Kaiming"/> for ReLU and GELU, <see cref="Xavier"/> for the others that come with Nudge.</summary>
    /// <param name="activation">The activation of the layer.</param>
    public static Initialization For(Activation activation)
    {
        ArgumentNullException.ThrowIfNull(activation);
        return activation.Initialization;
    }

    /// <summary>Weights normally distributed around 0, bias 0: what transformers start from.</summary>
    /// <param name="deviation">The standard deviation of the weights, at least 0.</param>
    public static Initialization Normal(double deviation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(deviation);
        return new NormalInitialization(deviation);
    }

    /// <summary>The next weight of a layer, whose weights are asked for neuron by neuron.</summary>
    /// <param name="rng">Where chance comes from.</param>
    /// <param name="inputs">How many inputs the layer has.</param>
    /// <param name="outputs">How many neurons it has.</param>
    public abstract double Weight(Rng rng, int inputs, int outputs);

    /// <summary>The bias of a neuron; if not overridden, 0.</summary>
    /// <param name="rng">Where chance comes from.</param>
    public virtual double Bias(Rng rng) => 0;

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    private static double Symmetric(Rng rng, double bound) => rng.Uniform(-bound, bound);

    private sealed class UniformInitialization() : Initialization("uniform")
    {
        public override double Weight(Rng rng, int inputs, int outputs) => Symmetric(rng, 1);

        public override double Bias(Rng rng) => Symmetric(rng, 1);
    }

    private sealed class XavierInitialization() : Initialization("xavier")
    {
        public override double Weight(Rng rng, int inputs, int outputs) => Symmetric(rng, Math.Sqrt(6.0 / (inputs + outputs)));
    }

    private sealed class KaimingInitialization() : Initialization("kaiming")
    {
        public override double Weight(Rng rng, int inputs, int outputs) => Symmetric(rng, Math.Sqrt(6.0 / inputs));
    }

    private sealed class NormalInitialization(double deviation) : Initialization("normal")
    {
        public override double Weight(Rng rng, int inputs, int outputs) => rng.Normal(0, deviation);
    }
}
