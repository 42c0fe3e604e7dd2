// Brings a list of numbers to mean 0 and one size, wherever it was.

namespace Nudge;

/// <summary>
/// yᵢ = gᵢ (xᵢ − mean(x)) / √(variance(x) + ε) + bᵢ, with the variance as the mean of the squared distances from the
/// mean. Ba, Kiros and Hinton, "Layer normalization", 2016; PyTorch's <c>LayerNorm</c>.
/// </summary>
public sealed class LayerNorm : Network
{
    private readonly Value[] _gain;
    private readonly Value[]? _bias;

    /// <summary>A norm.</summary>
    /// <param name="width">How many numbers it takes and gives, at least 1.</param>
    /// <param name="bias">Whether it has b, which starts at 0; g starts at 1.</param>
    /// <param name="epsilon">ε, at least 0: keeps numbers that are all the same from being divided by 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no number, or ε is negative.</exception>
    public LayerNorm(int width, bool bias = true, double epsilon = 1e-5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(epsilon);
        Epsilon = epsilon;
        _gain = AddParameters("gain", width, () => 1);
        if (bias)
            _bias = AddParameters("bias", width, () => 0);
    }

    /// <inheritdoc/>
    public override int InputCount => _gain.Length;

    /// <inheritdoc/>
    public override int OutputCount => _gain.Length;

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override Value[] Forward(params ReadOnlySpan<Value> inputs)
    {
        RequireInputs(inputs);
        Value mean = Value.Mean(inputs);
        var centred = new Value[inputs.Length];
        for (int i = 0; i < centred.Length; i++)
            centred[i] = inputs[i] - mean;
        Value squares = centred[0] * centred[0];
        for (int i = 1; i < centred.Length; i++)
            squares += centred[i] * centred[i];
        Value scale = 1 / (squares / centred.Length + Epsilon).Sqrt();

        var outputs = new Value[centred.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            Value scaled = centred[i] * scale * _gain[i];
            outputs[i] = _bias is null ? scaled : scaled + _bias[i];
        }
        return outputs;
    }
}
