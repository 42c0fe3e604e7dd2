// What a loss is to be compared with: knowing nothing, and counting.

namespace Nudge.Cli;

/// <summary>A loss that something simple reaches.</summary>
/// <param name="Name">What reaches it.</param>
/// <param name="Loss">In nats per character.</param>
internal sealed record TextBaseline(string Name, double Loss)
{
    /// <summary>What counts pairs of characters.</summary>
    internal const string Pairs = "bigram";

    // Beyond it, counting takes longer than it says.
    private const long MostCounted = 2_000_000;

    private static readonly (int Order, bool Interpolates, string Name)[] s_counters =
        [(2, false, Pairs), (4, false, "4-gram"), (5, true, "5-gram, interpolated")];

    /// <summary>What counting in some documents gives for others, with the smoothing that is best for these.</summary>
    internal static IReadOnlyList<TextBaseline> Of(TextDataset training, TextDataset? validation, TextDataset? measured = null)
    {
        var baselines = new List<TextBaseline> { new("all alike", NgramCounter.UniformLoss(training.Tokenizer)) };
        if (validation is null || training.PredictionCount > MostCounted)
            return baselines;
        foreach ((int order, bool interpolates, string name) in s_counters)
        {
            // A long alphabet has more sequences than can be numbered.
            if (Math.Pow(training.Tokenizer.Count, order) < long.MaxValue)
                baselines.Add(new(name, NgramCounter.Fit(training, validation, order, interpolates).Loss(measured ?? validation)));
        }
        return baselines;
    }
}
