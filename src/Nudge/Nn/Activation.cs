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
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
        };
    }
}
