// How the next token is chosen from the scores that a model gives.

namespace Nudge;

/// <summary>
/// Draws tokens with the probabilities softmax(logits / temperature), of which only the most likely are left in the draw
/// where <see cref="TopK"/> or <see cref="TopP"/> say so. Where both do, the first that is reached counts.
/// </summary>
public sealed record Sampler
{
    /// <summary>
    /// 1 for the probabilities as the model gives them; less for what is likelier, more for what is rarer; 0 always takes
    /// the likeliest token. At least 0. Default 1.
    /// </summary>
    public double Temperature { get; init => field = Require.NonNegative(value); } = 1;

    /// <summary>How many of the likeliest tokens stay in the draw, at least 0. Default 0: all of them.</summary>
    public int TopK { get; init => field = Require.AtLeast(0, value); }

    /// <summary>
    /// The likeliest tokens stay in the draw until their probabilities together reach this share, above 0 (Holtzman et
    /// al., "The curious case of neural text degeneration", 2020). Default 1: all of them.
    /// </summary>
    public double TopP { get; init => field = Require.Fraction(Require.Positive(value)); } = 1;

    /// <summary>Draws a token. Of equally likely ones, the first counts as the likelier.</summary>
    /// <param name="logits">A score for each token.</param>
    /// <param name="rng">Where the draw comes from; not used at temperature 0.</param>
    /// <exception cref="ArgumentException">There is no logit, or the best of them is no number.</exception>
    public int Next(ReadOnlySpan<double> logits, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best])
                best = i;
        }
        if (logits.IsEmpty || !double.IsFinite(logits[best]))
            throw new ArgumentException("Expected a finite score for at least one token.", nameof(logits));
        if (Temperature == 0 || TopK == 1)
            return best;

        var powers = new double[logits.Length];
        double sum = 0;
        for (int i = 0; i < powers.Length; i++)
            sum += powers[i] = Math.Exp((logits[i] - logits[best]) / Temperature);
        return (TopK > 0 && TopK < powers.Length) || TopP < 1 ? DrawFromLikeliest(powers, sum, rng) : Draw(powers, null, sum, rng);
    }

    private int DrawFromLikeliest(double[] powers, double sum, Rng rng)
    {
        int[] order = [.. Enumerable.Range(0, powers.Length).OrderByDescending(i => powers[i])];
        int most = TopK > 0 ? Math.Min(TopK, order.Length) : order.Length, count = 0;
        double kept = 0;
        while (count < most && (count == 0 || kept < TopP * sum))
            kept += powers[order[count++]];
        return Draw(powers, order[..count], kept, rng);
    }

    // Among the tokens in a given order, or among all.
    private static int Draw(double[] powers, int[]? order, double sum, Rng rng)
    {
        double point = rng.NextDouble() * sum;
        int last = (order?.Length ?? powers.Length) - 1;
        for (int i = 0; i < last; i++)
        {
            int token = order?[i] ?? i;
            if ((point -= powers[token]) < 0)
                return token;
        }
        return order?[last] ?? last;
    }
}
