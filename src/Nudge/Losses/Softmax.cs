// Scores into probabilities.

namespace Nudge;

/// <summary>
/// The softmax: yᵢ = e^(zᵢ − m) / Σⱼ e^(zⱼ − m) with m = max z. Positive numbers that add up to 1, the greater the score
/// the greater. Taking off the greatest score changes no yᵢ, and no exponential can overflow.
/// </summary>
public static class Softmax
{
    /// <summary>The probabilities that belong to scores. PyTorch's <c>softmax</c>.</summary>
    /// <param name="scores">z: at least one, of any size.</param>
    /// <exception cref="ArgumentException">There is no score.</exception>
    public static Value[] Of(params ReadOnlySpan<Value> scores)
    {
        (_, Value[] powers, Value sum) = Powers(scores);
        return Array.ConvertAll(powers, power => power / sum);
    }

    /// <summary>zᵢ − m, e^(zᵢ − m) and the sum of these powers.</summary>
    internal static (Value[] Shifted, Value[] Powers, Value Sum) Powers(ReadOnlySpan<Value> scores)
    {
        // The result does not depend on m, so m needs no gradient.
        Value max = Value.Max(scores).Detach();
        var shifted = new Value[scores.Length];
        var powers = new Value[scores.Length];
        Value sum = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            shifted[i] = scores[i] - max;
            powers[i] = shifted[i].Exp();
            sum += powers[i];
        }
        return (shifted, powers, sum);
    }
}
