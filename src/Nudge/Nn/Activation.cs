// What a neuron does to its weighted sum.

namespace Nudge;

/// <summary>
/// The function that a neuron applies to its weighted sum. One of your own derives from it: there is one object of each, and a
/// model file has its name.
/// </summary>
public abstract class Activation
{
    /// <summary>An activation.</summary>
    /// <param name="name">Its name in lower case, as files spell it.</param>
    protected Activation(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>Nothing: y = a.</summary>
    public static Activation Linear { get; } = new LinearActivation();

    /// <summary>y = tanh a.</summary>
    public static Activation Tanh { get; } = new TanhActivation();

    /// <summary>y = max(0, a).</summary>
    public static Activation Relu { get; } = new ReluActivation();

    /// <summary>y = 1 / (1 + e⁻ᵃ).</summary>
    public static Activation Sigmoid { get; } = new SigmoidActivation();

    /// <summary>
    /// y = ½ a (1 + tanh(√(2/π) (a + 0.044715 a³))), the usual approximation of a·Φ(a) with Φ the normal distribution's.
    /// Hendrycks and Gimpel, "Gaussian error linear units", 2016; PyTorch's <c>gelu</c> with <c>approximate="tanh"</c>.
    /// </summary>
    public static Activation Gelu { get; } = new GeluActivation();

    /// <summary>Those that come with Nudge.</summary>
    public static IReadOnlyList<Activation> All { get; } = [Linear, Tanh, Relu, Sigmoid, Gelu];

    /// <summary>Its name in lower case, as files spell it.</summary>
    public string Name { get; }

    /// <summary>The initialization that suits it; if not overridden, <see cref="Initialization.Xavier"/>.</summary>
    public virtual Initialization Initialization => Initialization.Xavier;

    /// <summary>The function, as an expression.</summary>
    /// <param name="sum">The weighted sum.</param>
    public abstract Value Apply(Value sum);

    /// <summary>Its name.</summary>
    public override string ToString() => Name;

    private sealed class LinearActivation() : Activation("linear")
    {
        public override Value Apply(Value sum) => sum;
    }

    private sealed class TanhActivation() : Activation("tanh")
    {
        public override Value Apply(Value sum) => Value.Tanh(sum);
    }

    private sealed class ReluActivation() : Activation("relu")
    {
        public override Initialization Initialization => Initialization.Kaiming;

        public override Value Apply(Value sum) => Value.Relu(sum);
    }

    private sealed class SigmoidActivation() : Activation("sigmoid")
    {
        public override Value Apply(Value sum) => Value.Sigmoid(sum);
    }

    private sealed class GeluActivation() : Activation("gelu")
    {
        public override Initialization Initialization => Initialization.Kaiming;

        public override Value Apply(Value sum)
        {
            ArgumentNullException.ThrowIfNull(sum);
            Value bent = (sum + sum * sum * sum * 0.044715) * Math.Sqrt(2 / Math.PI);
            return sum * 0.5 * (bent.Tanh() + 1);
        }
    }
}
