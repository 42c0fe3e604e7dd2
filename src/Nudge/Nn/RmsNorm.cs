// Brings a list of numbers to one size, whatever size it had.

namespace Nudge;

/// <summary>
/// yᵢ = gᵢ xᵢ / √(mean(x²) + ε): divides by the root of the mean square, so that the result has size 1. Without a gain
/// gᵢ is 1. Zhang and Sennrich, "Root mean square layer normalization", 2019; PyTorch's <c>RMSNorm</c>.
/// </summary>
public sealed class RmsNorm : Network
{
    private readonly Value[]? _gain;

    /// <summary>A norm.</summary>
    /// <param name="width">How many numbers it takes and gives, at least 1.</param>
    /// <param name="gain">Whether each number has a trainable factor g, which starts at 1.</param>
    /// <param name="epsilon">ε, at least 0: keeps a list of zeros from being divided by 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no number, or ε is negative.</exception>
    public RmsNorm(int width, bool gain = false, double epsilon = 1e-5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(epsilon);
        InputCount = width;
        Epsilon = epsilon;
        if (gain)
            _gain = AddParameters("gain", width, () => 1);
    }

    /// <inheritdoc/>
    public override int InputCount { get; }

    /// <inheritdoc/>
    public override int OutputCount => InputCount;

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override Value[] Forward(params ReadOnlySpan<Value> inputs)
    {
        RequireInputs(inputs);
        Value squares = inputs[0] * inputs[0];
        for (int i = 1; i < inputs.Length; i++)
            squares += inputs[i] * inputs[i];
        Value scale = 1 / (squares / inputs.Length + Epsilon).Sqrt();

        var outputs = new Value[inputs.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            Value scaled = inputs[i] * scale;
            outputs[i] = _gain is null ? scaled : scaled * _gain[i];
        }
        return outputs;
    }
}
