// Leaves numbers out at random while training, so that no number is relied on alone.

namespace Nudge;

/// <summary>
/// While training, each number becomes 0 with probability p and is otherwise divided by 1 − p, which keeps the mean;
/// afterwards nothing happens to it. Srivastava et al., "Dropout: a simple way to prevent neural networks from
/// overfitting", 2014; PyTorch's <c>Dropout</c>.
/// </summary>
/// <remarks>
/// Each forward pass draws anew which numbers are left out. A compiled program is recorded in one forward pass and would
/// leave out the same ones for ever, so what is being recorded is refused while training.
/// </remarks>
public sealed class Dropout
{
    private readonly Rng _rng;

    /// <summary>Dropout, which begins in training.</summary>
    /// <param name="probability">p, from 0 to below 1.</param>
    /// <param name="rng">What draws the numbers to leave out.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is no such probability.</exception>
    public Dropout(double probability, Rng rng)
    {
        if (probability is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "Expected a probability from 0 to below 1.");
        ArgumentNullException.ThrowIfNull(rng);
        Probability = probability;
        _rng = rng;
    }

    /// <summary>p.</summary>
    public double Probability { get; }

    /// <summary>Whether numbers are left out; set it to false to use what has been trained.</summary>
    public bool IsTraining { get; set; } = true;

    /// <summary>The inputs, some of them left out while training.</summary>
    /// <param name="inputs">Any number of values.</param>
    /// <exception cref="InvalidOperationException">It is training, and the inputs belong to a recording.</exception>
    public Value[] Forward(params ReadOnlySpan<Value> inputs)
    {
        Value[] outputs = inputs.ToArray();
        if (!IsTraining || Probability == 0)
            return outputs;
        for (int i = 0; i < outputs.Length; i++)
        {
            if (outputs[i].IsRecorded)
                throw new InvalidOperationException("Dropout draws anew in each forward pass, and a compiled program would leave out the same numbers for ever. Train eagerly, or set IsTraining to false before compiling.");
            outputs[i] *= _rng.NextDouble() < Probability ? 0 : 1 / (1 - Probability);
        }
        return outputs;
    }
}
