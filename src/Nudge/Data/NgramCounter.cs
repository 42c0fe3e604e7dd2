// What comes next, by counting: the baseline for every model of text that is trained.

namespace Nudge;

/// <summary>
/// An n-gram model by counting: the probability of a token is how often it followed the n − 1 tokens before it, with a
/// little added to every count so that nothing is impossible. At the beginning of a document there are fewer tokens
/// before it, and the boundary is one of them.
/// </summary>
public sealed class NgramCounter
{
    private static readonly double[] s_smoothings = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

    private readonly int _vocabulary;

    // By the number of tokens before it: how often a token followed them, and how often they were seen.
    private readonly Dictionary<long, int>[] _followed, _seen;

    /// <summary>Counts.</summary>
    /// <param name="training">The documents to count in.</param>
    /// <param name="order">n, at least 1: the token and n − 1 before it.</param>
    /// <exception cref="ArgumentException">n is so large that there are more than 2⁶³ possible sequences.</exception>
    public NgramCounter(TextDataset training, int order)
    {
        ArgumentNullException.ThrowIfNull(training);
        Order = Require.AtLeast(1, order);
        _vocabulary = training.Tokenizer.Count;
        if (Math.Pow(_vocabulary, order) >= long.MaxValue)
            throw new ArgumentException($"There are more than 2⁶³ sequences of {order} out of {_vocabulary} tokens; expected a smaller order.", nameof(order));
        _followed = [.. Enumerable.Range(0, order).Select(_ => new Dictionary<long, int>())];
        _seen = [.. Enumerable.Range(0, order).Select(_ => new Dictionary<long, int>())];
        foreach (int[] document in training.Documents)
        {
            for (int i = 1; i < document.Length; i++)
                Count(document.AsSpan(0, i), document[i]);
        }
    }

    /// <summary>n: the token and n − 1 before it.</summary>
    public int Order { get; }

    /// <summary>
    /// What is added to the counts, above 0. Default 0.1, to the count of each token. With
    /// <see cref="Interpolates"/>, what is shared out among all tokens together, where some 10 is usual.
    /// </summary>
    public double Smoothing { get; set => field = Require.Positive(value); } = 0.1;

    /// <summary>
    /// Whether what is added is shared out by what is likely after one token less, and so on down to all tokens being
    /// equally likely (MacKay and Bauman Peto, 1995), and not equally from the start. Better, above all for large n.
    /// </summary>
    public bool Interpolates { get; set; }

    /// <summary>The entropy of knowing nothing, ln V, in nats per token.</summary>
    /// <param name="tokenizer">The V tokens.</param>
    public static double UniformLoss(Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return Math.Log(tokenizer.Count);
    }

    /// <summary>Counts, and chooses of several smoothings the one with the smallest loss on other documents.</summary>
    /// <param name="training">The documents to count in.</param>
    /// <param name="validation">The documents to choose by.</param>
    /// <param name="order">n, at least 1.</param>
    /// <param name="interpolates">See <see cref="Interpolates"/>.</param>
    public static NgramCounter Fit(TextDataset training, TextDataset validation, int order, bool interpolates = false)
    {
        var counter = new NgramCounter(training, order) { Interpolates = interpolates };
        counter.Smoothing = s_smoothings.MinBy(smoothing =>
        {
            counter.Smoothing = smoothing;
            return counter.Loss(validation);
        });
        return counter;
    }

    /// <summary>The probability of a token after those before it.</summary>
    /// <param name="before">The tokens of the document so far, of which the last n − 1 count.</param>
    /// <param name="token">The token.</param>
    public double Probability(ReadOnlySpan<int> before, int token)
    {
        int longest = Math.Min(Order - 1, before.Length);
        double probability = 1.0 / _vocabulary;
        for (int length = Interpolates ? 0 : longest; length <= longest; length++)
        {
            long context = Key(before[^length..]);
            double added = Interpolates ? Smoothing : Smoothing * _vocabulary;
            probability = (_followed[length].GetValueOrDefault(context * _vocabulary + token) + added * probability)
                / (_seen[length].GetValueOrDefault(context) + added);
        }
        return probability;
    }

    /// <summary>The mean loss over all predictions in some documents, −ln of the probability of what came, in nats per token.</summary>
    /// <param name="data">Documents of the same tokens.</param>
    public double Loss(TextDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        double sum = 0;
        foreach (int[] document in data.Documents)
        {
            for (int i = 1; i < document.Length; i++)
                sum -= Math.Log(Probability(document.AsSpan(0, i), document[i]));
        }
        return sum / data.PredictionCount;
    }

    private void Count(ReadOnlySpan<int> before, int token)
    {
        for (int length = 0; length <= Math.Min(Order - 1, before.Length); length++)
        {
            long context = Key(before[^length..]);
            AddOne(_followed[length], context * _vocabulary + token);
            AddOne(_seen[length], context);
        }
    }

    private long Key(ReadOnlySpan<int> tokens)
    {
        long key = 0;
        foreach (int token in tokens)
            key = key * _vocabulary + token;
        return key;
    }

    private static void AddOne(Dictionary<long, int> counts, long key) => counts[key] = counts.GetValueOrDefault(key) + 1;
}
