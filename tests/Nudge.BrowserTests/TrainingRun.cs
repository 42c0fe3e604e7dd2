// Trainings that come out the same wherever they run: thousands of steps, since the code of a browser changes as it gets hot.

using System.Diagnostics;
using System.Globalization;

namespace Nudge.BrowserTests;

/// <summary>A training from a seed.</summary>
/// <param name="Name">What is trained.</param>
/// <param name="Precision">The numbers it is trained with.</param>
/// <param name="Steps">How many steps.</param>
/// <param name="Start">Makes the network, and the step that gives the loss before it.</param>
public sealed record TrainingRun(string Name, Precision Precision, int Steps, Func<Precision, (Module Network, Func<int, double> Step)> Start)
{
    /// <summary>Each training, in both precisions.</summary>
    public static IEnumerable<TrainingRun> All =>
        from training in new (string Name, int Steps, Func<Precision, (Module, Func<int, double>)> Start)[]
        {
            ("lesson", 10_000, Lesson), ("moons", 3_000, Moons), ("names", 300, Names), ("gpt", 300, Transformer),
        }
        from precision in new[] { Precision.Double, Precision.Single }
        select new TrainingRun($"{training.Name}, {precision}", precision, training.Steps, training.Start);

    /// <summary>Trains.</summary>
    public TrainedNumbers Make()
    {
        (Module network, Func<int, double> step) = Start(Precision);
        var losses = new List<double>();
        long begin = Stopwatch.GetTimestamp();
        // Close together at first, then further and further apart.
        for (int i = 0, next = 0; i < Steps; i++)
        {
            double loss = step(i);
            if (i < next && i < Steps - 1)
                continue;
            losses.Add(loss);
            next = i + 1 + i / 4;
        }
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return new(Steps / seconds, [.. losses], [.. network.Parameters.Select(parameter => parameter.Data)]);
    }

    private static (Module, Func<int, double>) Lesson(Precision precision)
    {
        Dataset data = Generate.Lesson();
        var network = new Mlp(3, [4, 4, 1], new Rng(1));
        var optimizer = new Sgd(network.Parameters, 0.05);
        double[] batch = [.. data.Inputs.Zip(data.Targets).SelectMany(example => example.First.Concat(example.Second))];
        CompiledLoss loss = CompiledLoss.Compile(network.Parameters, 4, x => (network.Forward(x.AsSpan(0, 3))[0] - x[3]).Pow(2), precision);
        return (network, _ => loss.Step(optimizer, batch));
    }

    private static (Module, Func<int, double>) Moons(Precision precision)
    {
        const int size = 32, batches = 8;
        Dataset data = Generate.Moons(size * batches, 0.1, new Rng(1));
        var network = new Mlp(2, [16, 16, 1], new Rng(2));
        var optimizer = new Adam(network.Parameters, 0.005);
        double[] numbers = [.. data.Inputs.Zip(data.Targets).SelectMany(example => example.First.Append(2 * example.Second[0] - 1))];
        CompiledLoss loss = CompiledLoss.Compile(network.Parameters, 3, x => Loss.Hinge(network.Forward(x.AsSpan(0, 2))[0], x[2]), precision);
        return (network, i => loss.Step(optimizer, numbers.AsSpan(i % batches * size * 3, size * 3)));
    }

    private static (Module, Func<int, double>) Names(Precision precision) =>
        Language(new CharacterMlp(27, 8, new Rng(3), window: 3, embedding: 6, hidden: 24), 16, precision);

    private static (Module, Func<int, double>) Transformer(Precision precision) =>
        Language(new Gpt(27, 8, new Rng(4), new GptOptions { Layers = 1, Width = 8, Heads = 2 }), 4, precision);

    private static (Module, Func<int, double>) Language(LanguageModel model, int size, Precision precision)
    {
        int[][] names = [.. TextDataset.Names().Documents.Where(document => document.Length <= model.ContextLength + 1).Take(256)];
        var optimizer = new Adam(model.Parameters, 0.003);
        CompiledSequenceLoss loss = CompiledSequenceLoss.Compile(model, null, precision);
        return (model, i => loss.Step(optimizer, names.AsSpan(i * size % names.Length, size)));
    }
}

/// <summary>What came of a training.</summary>
/// <param name="StepsPerSecond">How fast it was.</param>
/// <param name="Losses">Some of its losses.</param>
/// <param name="Parameters">What the parameters are at last.</param>
public sealed record TrainedNumbers(double StepsPerSecond, double[] Losses, double[] Parameters)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static TrainedNumbers Parse(string text)
    {
        double[][] numbers = [.. text.Split('\t').Select(part => part.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())];
        return new(numbers[0][0], numbers[1], numbers[2]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Text(StepsPerSecond)}\t{Text(Losses)}\t{Text(Parameters)}";

    private static string Text(params double[] numbers) => string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
}
