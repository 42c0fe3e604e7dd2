// What a search draws from: random search (Bergstra and Bengio 2012), which beats a grid where few of the settings matter.

namespace Nudge.Cli;

/// <param name="settings">The run as it was asked for, and what is not drawn.</param>
/// <param name="layers">Whether hidden layers are drawn.</param>
/// <param name="activation">Whether the activation is.</param>
/// <param name="rate">Whether the learning rate is.</param>
/// <param name="penalty">Whether the optimizer and what shrinks the parameters are.</param>
internal sealed class SearchSpace(TrainSettings settings, bool layers, bool activation, bool rate, bool penalty)
{
    // Around the rate that is usual for the optimizer; penalties as powers of 10.
    private const double RateDown = 20, RateUp = 5, LeastL2 = -5, MostL2 = -2, LeastDecay = -2, MostDecay = 0.5;

    private static readonly int[][] s_layers = [[], [8], [16], [32], [64], [128], [16, 16], [32, 16], [32, 32], [64, 32], [64, 64], [32, 32, 32]];
    private static readonly Activation[] s_activations = [Activation.Tanh, Activation.Relu];

    /// <summary>Whether there is nothing to draw.</summary>
    internal bool IsEmpty => !layers && !activation && !rate && !penalty;

    /// <summary>So many trials: the run as it was asked for, and others at random.</summary>
    internal IReadOnlyList<Trial> Draw(int count)
    {
        var rng = new Rng(settings.Seed);
        var trials = new List<Trial> { new(0, settings, "") };
        while (trials.Count < count)
            trials.Add(Drawn(trials.Count, rng));
        return trials;
    }

    // As many draws for each, so that what is not drawn changes nothing of the rest.
    private Trial Drawn(int number, Rng rng)
    {
        int[] drawnLayers = s_layers[rng.Next(s_layers.Length)];
        Activation drawnActivation = s_activations[rng.Next(s_activations.Length)];
        double drawnRate = Rounded(TableDefaults.RateOf(settings) * Math.Exp(rng.Uniform(-Math.Log(RateDown), Math.Log(RateUp))));
        double kind = rng.NextDouble(), size = rng.NextDouble();
        TrainSettings drawn = settings;
        var options = new List<string>();
        if (layers)
        {
            drawn = drawn.Decided(nameof(drawn.Layers)) with { Layers = drawnLayers };
            options.Add($"--layers {(drawnLayers.Length == 0 ? "none" : string.Join(',', drawnLayers))}");
        }
        if (activation && drawn.Layers.Count > 0)
        {
            drawn = drawn.Decided(nameof(drawn.Activation)) with { Activation = drawnActivation };
            options.Add($"--activation {drawnActivation.Name}");
        }
        if (rate)
        {
            drawn = drawn.Decided(nameof(drawn.LearningRate)) with { LearningRate = drawnRate };
            options.Add($"--learning-rate {Text.Number(drawnRate)}");
        }
        if (penalty && kind is >= 0.25 and < 0.625)
        {
            double l2 = Rounded(Math.Pow(10, LeastL2 + size * (MostL2 - LeastL2)));
            drawn = drawn with { L2Penalty = l2 };
            options.Add($"--l2 {Text.Number(l2)}");
        }
        else if (penalty && kind >= 0.625)
        {
            double decay = Rounded(Math.Pow(10, LeastDecay + size * (MostDecay - LeastDecay)));
            drawn = drawn.Decided(nameof(drawn.Optimizer)) with { Optimizer = "adamw", WeightDecay = decay };
            options.Add($"--optimizer adamw --weight-decay {Text.Number(decay)}");
        }
        return new Trial(number, drawn, string.Join(' ', options));
    }

    // So that it can be typed.
    private static double Rounded(double number) =>
        double.Parse(Text.Brief(number), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture);
}
