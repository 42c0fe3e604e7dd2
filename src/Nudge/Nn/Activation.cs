// What a neuron does to its weighted sum.

namespace Nudge;

/// <summary>The function that a neuron applies to its weighted sum.</summary>
public enum Activation
{
    /// <summary>Nothing: y = a.</summary>
    Linear,

    /// <summary>y = tanh a.</summary>
    Tanh,

    /// <summary>y = max(0, a).</summary>
    Relu,

    /// <summary>y = 1 / (1 + e⁻ᵃ).</summary>
    Sigmoid,

    /// <summary>
    /// y = ½ a (1 + tanh(√(2/π) (a + 0.044715 a³))), the usual approximation of a·Φ(a) with Φ the normal distribution's.
    /// Hendrycks and Gimpel, "Gaussian error linear units", 2016; PyTorch's <c>gelu</c> with <c>approximate="tanh"</c>.
    /// </summary>
    Gelu,
}

/// <summary>Applying activations.</summary>
public static class Activations
{
    /// <summary>Applies an activation to a value.</summary>
    /// <param name="activation">Which.</param>
    /// <param name="sum">The weighted sum.</param>
    public static Value Apply(this Activation activation, Value sum)
    {
        ArgumentNullException.ThrowIfNull(sum);
        return activation switch
        {
            Activation.Linear => sum,
            Activation.Tanh => sum.Tanh(),
            Activation.Relu => sum.Relu(),
            Activation.Sigmoid => sum.Sigmoid(),
            Activation.Gelu => Gelu(sum),
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
        };
    }

    private static Value Gelu(Value a)
    {
        Value bent = (a + a * a * a * 0.044715) * Math.Sqrt(2 / Math.PI);
        return a * 0.5 * (bent.Tanh() + 1);
    }
}
