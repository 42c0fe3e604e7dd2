// The settings of a run on a table that were not asked for: how many rows there are to learn from decides.

namespace Nudge.Cli;

/// <summary>
/// Few rules, chosen by measuring on many tables (docs/command-line.md#defaults-for-a-table): a few rows are learnt by heart
/// before long, so that weights are held back the more the fewer there are, and the rate falls to 0 instead of a part being
/// given away to say when to stop.
/// </summary>
internal static class TableDefaults
{
    /// <summary>Of fewer rows no part is split off to validate with: all are needed to learn from, and a few choose by chance.</summary>
    internal const int FewestToValidate = 2000;

    private const int ManyRows = 2000, Width = 64, RampsOfFewRows = 4, RampsOfManyRows = 8;
    private const int LeastBatch = 16, MostBatch = 256, BatchesPerEpoch = 50;
    private const int LeastSteps = 1000, LeastEpochs = 40;
    private const double LearningRate = 0.005;
    private const double LeastWeightDecay = 0.1, MostWeightDecay = 1, WeightDecayOfAllRows = 500, MostWithRamps = 2, OfAllRowsWithRamps = 750;

    /// <summary>The settings with those filled in that were left open.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="rows">How many rows there are to learn from.</param>
    internal static TrainSettings Fill(TrainSettings settings, int rows)
    {
        IReadOnlySet<string> open = settings.Open;
        bool IsOpen(string name) => open.Contains(name);
        bool isOwnOptimizer = IsOpen(nameof(settings.Optimizer));
        int batch = IsOpen(nameof(settings.BatchSize)) ? BatchOf(rows) : settings.BatchSize;
        int steps = batch == 0 ? 1 : (rows + batch - 1) / batch;
        // A network of one's own sees the numbers as they are.
        int ramps = !IsOpen(nameof(settings.Layers)) ? settings.Ramps : rows < ManyRows ? RampsOfFewRows : RampsOfManyRows;
        return settings with
        {
            Open = TrainSettings.NothingOpen,
            Layers = IsOpen(nameof(settings.Layers)) ? (rows < ManyRows ? [Width] : [Width, Width]) : settings.Layers,
            Ramps = ramps,
            Activation = IsOpen(nameof(settings.Activation)) ? Activation.Relu : settings.Activation,
            Optimizer = isOwnOptimizer ? "adamw" : settings.Optimizer,
            // Who chose an optimizer or a penalty has said how weights are held back.
            WeightDecay = settings.WeightDecay ?? (isOwnOptimizer && settings.L2Penalty == 0 ? DecayOf(rows, ramps)
                : isOwnOptimizer ? 0 : null),
            LearningRate = RateOf(settings),
            Schedule = IsOpen(nameof(settings.Schedule)) ? "linear" : settings.Schedule,
            BatchSize = batch,
            Epochs = IsOpen(nameof(settings.Epochs)) ? Math.Max(LeastEpochs, (LeastSteps + steps - 1) / steps) : settings.Epochs,
        };
    }

    /// <summary>The learning rate, which rows do not decide.</summary>
    internal static double RateOf(TrainSettings settings) =>
        settings.Open.Contains(nameof(settings.LearningRate)) && settings.Open.Contains(nameof(settings.Optimizer)) ? LearningRate : settings.LearningRate;

    // Ramps are more to learn by heart with.
    private static double DecayOf(int rows, int ramps) => ramps > 0
        ? Math.Clamp(OfAllRowsWithRamps / rows, LeastWeightDecay, MostWithRamps)
        : Math.Clamp(WeightDecayOfAllRows / rows, LeastWeightDecay, MostWeightDecay);

    // A power of two near a fiftieth of the rows.
    private static int BatchOf(int rows) =>
        Math.Clamp(1 << (int)Math.Round(Math.Log2(Math.Max(1, (double)rows / BatchesPerEpoch))), LeastBatch, MostBatch);
}
