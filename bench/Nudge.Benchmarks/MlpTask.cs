// The training of a multilayer perceptron, described once for every contender.

namespace Nudge.Benchmarks;

/// <summary>Sizes, examples and first weights; what is made small and how follows from the row.</summary>
/// <param name="Sizes">The inputs, then the neurons of each layer.</param>
/// <param name="Inputs">Of each example.</param>
/// <param name="Targets">Of each example.</param>
/// <param name="Weights">Layer by layer, neuron by neuron: weights, then bias.</param>
internal sealed record MlpTask(int[] Sizes, double[][] Inputs, double[][] Targets, double[] Weights)
{
    /// <summary>Row A: the lesson's network and examples.</summary>
    internal static MlpTask Lesson()
    {
        Dataset data = Generate.Lesson();
        return new MlpTask([3, 4, 4, 1], Rows(data.Inputs), Rows(data.Targets), FirstWeights(new Mlp(3, [4, 4, 1], new Rng(1))));
    }

    /// <summary>Row B: two moons, as given or made here; labels are −1 and 1.</summary>
    internal static MlpTask Moons()
    {
        int[] sizes = [2, 16, 16, 1];
        if (Workspace.GivenFile("moons", "points.txt") is { } points && Workspace.GivenFile("moons", "weights.txt") is { } weights)
        {
            double[][] lines = [.. Workspace.ReadNumbers(points).Chunk(3)];
            return new MlpTask(sizes, [.. lines.Select(line => line[..2])], [.. lines.Select(line => line[2..])], Workspace.ReadNumbers(weights));
        }
        Dataset data = Generate.Moons(100, 0.1, new Rng(1));
        return new MlpTask(
            sizes,
            Rows(data.Inputs),
            [.. Rows(data.Targets).Select(target => new[] { 2 * target[0] - 1 })],
            FirstWeights(new Mlp(2, [16, 16, 1], new Rng(2), Activation.Relu, Activation.Linear)));
    }

    /// <summary>Rows C: inputs uniform in [0, 1), random targets, weights and biases uniform in ±1/√inputs.</summary>
    internal static MlpTask Random(int[] sizes, int examples, Func<Rng, double> target)
    {
        var rng = new Rng(1);
        var weights = new List<double>();
        for (int layer = 1; layer < sizes.Length; layer++)
        {
            double bound = 1 / Math.Sqrt(sizes[layer - 1]);
            for (int i = 0; i < sizes[layer] * (sizes[layer - 1] + 1); i++)
                weights.Add(rng.Uniform(-bound, bound));
        }
        var inputs = new double[examples][];
        var targets = new double[examples][];
        for (int i = 0; i < examples; i++)
        {
            inputs[i] = [.. Enumerable.Range(0, sizes[0]).Select(_ => rng.NextDouble())];
            targets[i] = [target(rng)];
        }
        return new MlpTask(sizes, inputs, targets, [.. weights]);
    }

    /// <summary>Row LR: inputs and noise from the normal distribution; an example's class is the sign of a weighted sum of them.</summary>
    internal static MlpTask Logistic()
    {
        const int inputs = 30, examples = 10_000;
        var rng = new Rng(1);
        double[] truth = Numbers();
        double[][] points = [.. Enumerable.Range(0, examples).Select(_ => Numbers())];
        double[][] classes = [.. points.Select(point => new[] { point.Zip(truth, (x, w) => x * w).Sum() + rng.Normal() > 0 ? 1.0 : 0 })];
        return new MlpTask([inputs, 1], points, classes, new double[inputs + 1]);

        double[] Numbers() => [.. Enumerable.Range(0, inputs).Select(_ => rng.Normal())];
    }

    /// <summary>Additions and multiplications of the matrix products of one step: forward, and two products backward.</summary>
    internal double Operations => 2.0 * Inputs.Length
        * Enumerable.Range(1, Sizes.Length - 1).Sum(layer => (layer == 1 ? 2.0 : 3.0) * Sizes[layer - 1] * Sizes[layer]);

    /// <summary>Those of the outputs alone.</summary>
    internal double ForwardOperations => 2.0 * Inputs.Length * Enumerable.Range(1, Sizes.Length - 1).Sum(layer => (double)Sizes[layer - 1] * Sizes[layer]);

    /// <summary>The task as peers read it.</summary>
    internal IEnumerable<IEnumerable<double>> Lines()
    {
        yield return [Sizes.Length - 1, .. Sizes.Select(size => (double)size), Inputs.Length, Targets[0].Length];
        for (int i = 0; i < Inputs.Length; i++)
            yield return [.. Inputs[i], .. Targets[i]];
        yield return Weights;
    }

    private static double[][] Rows(IReadOnlyList<double[]> rows) => [.. rows];

    private static double[] FirstWeights(Mlp network) => network.Parameters.ToArray();
}
