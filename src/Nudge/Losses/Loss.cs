// What training makes small: each loss as a formula over the outputs of one example.

namespace Nudge;

/// <summary>The field's standard losses, of one example each.</summary>
public static class Loss
{
    /// <summary>The lesson's loss: Σᵢ (outputᵢ − targetᵢ)².</summary>
    /// <param name="outputs">The predictions.</param>
    /// <param name="targets">What they should be; as many.</param>
    /// <exception cref="ArgumentException">There are more or fewer targets than outputs, or none.</exception>
    public static Value SumOfSquares(ReadOnlySpan<Value> outputs, ReadOnlySpan<Value> targets)
    {
        if (outputs.Length != targets.Length || outputs.IsEmpty)
            throw new ArgumentException($"Expected one target for each of {outputs.Length} outputs, got {targets.Length}.", nameof(targets));
        Value? sum = null;
        for (int i = 0; i < outputs.Length; i++)
        {
            Value difference = outputs[i] - targets[i];
            Value square = difference * difference;
            sum = sum is null ? square : sum + square;
        }
        return sum!;
    }

    /// <summary>The mean squared error: 1/n Σᵢ (outputᵢ − targetᵢ)². PyTorch's <c>mse_loss</c>.</summary>
    /// <param name="outputs">The predictions.</param>
    /// <param name="targets">What they should be; as many.</param>
    /// <exception cref="ArgumentException">There are more or fewer targets than outputs, or none.</exception>
    public static Value MeanSquaredError(ReadOnlySpan<Value> outputs, ReadOnlySpan<Value> targets) =>
        outputs.Length == 1 ? SumOfSquares(outputs, targets) : SumOfSquares(outputs, targets) / outputs.Length;

    /// <summary>
    /// The hinge (maximum margin) loss: max(0, 1 − label · score). It is 0 once the score has the label's sign and a
    /// size of at least 1. Its slope at the corner is 0.
    /// </summary>
    /// <param name="score">The score, of any size.</param>
    /// <param name="label">−1 or 1.</param>
    public static Value Hinge(Value score, Value label)
    {
        ArgumentNullException.ThrowIfNull(score);
        ArgumentNullException.ThrowIfNull(label);
        return (1 - label * score).Relu();
    }

    /// <summary>
    /// Binary cross-entropy of a logit z against a target t in [0, 1]: −t ln σ(z) − (1 − t) ln(1 − σ(z)), computed as
    /// max(z, 0) − z·t + ln(1 + e^−|z|), which neither overflows nor loses its gradient for large |z|. PyTorch's
    /// <c>binary_cross_entropy_with_logits</c>.
    /// </summary>
    /// <param name="logit">z, of any size.</param>
    /// <param name="target">t: 0, 1, or a probability between.</param>
    public static Value BinaryCrossEntropyWithLogits(Value logit, Value target)
    {
        ArgumentNullException.ThrowIfNull(logit);
        ArgumentNullException.ThrowIfNull(target);
        // Max and not Relu: at z = 0 the tie gives it slope ½, which makes the whole σ(0) − t as it should be.
        return logit.Max(0) - logit * target + ((-logit.Abs()).Exp() + 1).Log();
    }

    /// <summary>
    /// Softmax cross-entropy of logits z against a class c: −ln softmax(z)_c = ln Σᵢ e^(zᵢ − m) − (z_c − m) with
    /// m = max z, which neither overflows nor loses digits to large logits. PyTorch's <c>cross_entropy</c>.
    /// </summary>
    /// <param name="logits">One score for each class, of any size.</param>
    /// <param name="classIndex">c, from 0.</param>
    /// <exception cref="ArgumentException">There is no logit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public static Value CrossEntropy(ReadOnlySpan<Value> logits, IndexValue classIndex)
    {
        (Value[] shifted, _, Value sum) = Softmax.Powers(logits);
        return sum.Log() - Value.Select(shifted, classIndex);
    }

    /// <summary>The L2 penalty: strength · Σ p², over weights and biases alike.</summary>
    /// <param name="parameters">The parameters to keep small.</param>
    /// <param name="strength">Its weight in the loss.</param>
    public static Value L2Penalty(IReadOnlyList<Value> parameters, double strength)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Value? sum = null;
        foreach (Value parameter in parameters)
        {
            Value square = parameter * parameter;
            sum = sum is null ? square : sum + square;
        }
        return sum is null ? new Value(0) : sum * strength;
    }
}
