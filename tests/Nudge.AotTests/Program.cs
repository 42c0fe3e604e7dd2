// Trains the lesson's network with both engines in a program that was compiled ahead of time. Exit code 1 where a loss is wrong.

using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Nudge.AotTests;

internal static class Program
{
    private const double LearningRate = 0.05;

    // Of steps 0, 1, 20 and 99, as the library gives them when it is compiled at run time.
    private static readonly (int Step, double Loss)[] s_expected = [(0, 6.06778863), (1, 4.84886948), (20, 0.23074593), (99, 0.00760249)];

    private static readonly Dataset s_data = Generate.Lesson();

    internal static int Main()
    {
        string vectors = Vector512.IsHardwareAccelerated ? "512" : Vector256.IsHardwareAccelerated ? "256" : "128";
        Console.WriteLine($"vectors of {vectors} bits");
        bool right = SameBits();
        right &= Report("eager", 2_000, 1e-8, Eager);
        right &= Report("compiled, double", 100_000, 1e-8, network => Compiled(network, Precision.Double));
        right &= Report("compiled, float", 100_000, 1e-5, network => Compiled(network, Precision.Single));
        right &= Emits();
        right &= Trains(GraphEngine.Eager) & Trains(GraphEngine.Compiled);
        return right ? 0 : 1;
    }

    /// <summary>All operations give the bits that they give when they are compiled at run time, at every width.</summary>
    private static bool SameBits()
    {
        if (!Fma.IsSupported && !AdvSimd.IsSupported)
            return true;
        ulong[] single = FunctionBits.Of<float>(), twice = FunctionBits.Of<double>();
        bool right = single.All(bits => bits == FunctionBits.Single) && twice.All(bits => bits == FunctionBits.Double);
        Console.WriteLine($"functions: {(right ? "the same bits" : "OTHER BITS: " + string.Join(" ", single.Concat(twice)))}");
        return right;
    }

    /// <summary>Where code can be made at run time, it is, and gives the bits of the interpreter; elsewhere nothing is missing.</summary>
    private static bool Emits()
    {
        var parameters = new ParameterList([new(0.5), new(-0.25)]);
        using Recording recording = Recording.Of(parameters, 2, 0, (x, _) =>
        {
            Value sum = 0, at = x[0];
            for (int i = 0; i < 20; i++)
            {
                at += (parameters[0] * at.Tanh() - x[1].Exp() * parameters[1]) / (at * at + 2);
                sum += Value.Max(at, x[1]).Abs();
            }
            return [sum];
        });
        var programs = new PlannedPrograms(Planner.Plan(recording.Tape, 2, 0, 0), 0);
        double[] points = [.. Enumerable.Range(0, 2 * 100).Select(i => Math.Sin(i))];
        double[][] results = [.. new[] { EmissionMode.Never, EmissionMode.AtOnce }.Select(mode =>
        {
            var engine = new Engine<float>(programs, parameters, 1, 0, mode);
            parameters.ZeroGradients();
            double mean = engine.Differentiate(100, points, []);
            return (double[])[mean, parameters[0].Grad, parameters[1].Grad, engine.StatementsEmitted > 0 ? 1 : 0];
        })];
        bool isEmitted = results[1][3] == 1, isSame = results[0].AsSpan(0, 3).SequenceEqual(results[1].AsSpan(0, 3));
        Console.WriteLine($"emitted code: {(isEmitted ? "made" : "none")}, {(isSame ? "the same bits" : "OTHER BITS")}");
        return isSame && isEmitted == (RuntimeFeature.IsDynamicCodeCompiled && (Fma.IsSupported || AdvSimd.IsSupported));
    }

    private static Func<double> Eager(Mlp network)
    {
        var optimizer = new Sgd(network.Parameters, LearningRate);
        return () =>
        {
            Value loss = 0;
            for (int i = 0; i < s_data.Count; i++)
                loss += (network.Forward(s_data.Inputs[i])[0] - s_data.Targets[i][0]).Pow(2);
            network.ZeroGradients();
            loss.Backward();
            optimizer.Step();
            return loss.Data;
        };
    }

    private static Func<double> Compiled(Mlp network, Precision precision)
    {
        var optimizer = new Sgd(network.Parameters, LearningRate);
        double[] batch = [.. s_data.Inputs.Zip(s_data.Targets).SelectMany(example => example.First.Concat(example.Second))];
        CompiledLoss loss = CompiledLoss.Compile(
            network.Parameters, 4, x => s_data.Count * (network.Forward(x.AsSpan(0, 3))[0] - x[3]).Pow(2), precision);
        return () => loss.Step(optimizer, batch);
    }

    /// <summary>Checks the losses of a hundred steps, and prints how long a step takes in the best of many rounds.</summary>
    private static bool Report(string name, int steps, double tolerance, Func<Mlp, Func<double>> start)
    {
        Func<double> step = start(NewNetwork());
        double[] losses = [.. Enumerable.Range(0, 100).Select(_ => step())];
        bool right = s_expected.All(expected => Math.Abs(losses[expected.Step] - expected.Loss) <= tolerance * 10 + 1e-8);
        double best = double.PositiveInfinity;
        for (int round = 0; round < 10; round++)
        {
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < steps / 10; i++)
                step();
            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalMicroseconds / (steps / 10));
        }
        string result = right ? "losses as expected" : $"WRONG LOSSES {string.Join(", ", s_expected.Select(expected => losses[expected.Step].ToString("G9", CultureInfo.InvariantCulture)))}";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-16}  {best,8:F3} µs a step  {result}"));
        return right;
    }

    /// <summary>Whether the trainer, which is what most programs call, gets the four examples right.</summary>
    private static bool Trains(GraphEngine engine)
    {
        Mlp network = NewNetwork();
        var trainer = new Trainer(
            network, Objective.SumOfSquares, new Sgd(network.Parameters, LearningRate), s_data, options: new TrainerOptions { BatchSize = 0, Epochs = 200, Engine = engine });
        foreach (TrainingStep _ in trainer.Run())
        {
        }
        bool right = trainer.Result!.Training.Loss < 0.01;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"trainer, {engine.ToString().ToLowerInvariant(),-8}  loss {trainer.Result.Training.Loss:G3} {(right ? "as expected" : "IS TOO LARGE")}"));
        return right;
    }

    private static Mlp NewNetwork() => new(3, [4, 4, 1], new Rng(1));
}
