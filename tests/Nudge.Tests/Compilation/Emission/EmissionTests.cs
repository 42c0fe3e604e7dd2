// Emitted code: the bits of the interpreter, on any thread, once it pays; and gone with its program.

using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Nudge.Tests.Compilation.Emission;

[Collection(nameof(OneAtATime))]
public class EmissionTests
{
    // A step of everything that has straight-line code: sums, maxima, slopes of one and two operands, products, long functions.
    private static Value Formula(Value[] x, Value[] p)
    {
        Value sum = 0, product = p[0] * x[0];
        for (int i = 0; i < x.Length; i++)
        {
            product += p[i % p.Length] * x[i].Tanh() - x[i] / (x[(i + 1) % x.Length] * x[i] + 2);
            sum += Value.Max(product, x[i]) * (x[i] - p[0]).Abs() + (product * 0.25).Exp().Log();
        }
        return sum + product.Pow(2) - x[0].Relu();
    }

    public static TheoryData<int, int, bool> Runs()
    {
        var runs = new TheoryData<int, int, bool>();
        foreach (int bits in (int[])[128, 256, 512])
        {
            foreach (int count in (int[])[1, 3, 7, 16, 40, 700])
            {
                runs.Add(bits, count, false);
                runs.Add(bits, count, true);
            }
        }
        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Outputs_and_all_gradients_have_the_bits_of_the_interpreter(int bits, int count, bool isDouble)
    {
        var parameters = new ParameterList([new(0.5), new(-0.75), new(0.25)]);
        Engine interpreter = EngineOf(parameters, isDouble, bits, EmissionMode.Never), emitter = EngineOf(parameters, isDouble, bits, EmissionMode.AtOnce);
        double[] points = [.. Enumerable.Range(0, 4 * count).Select(i => Math.Sin(i) * 1.5)];
        Assert.Equal(Run(interpreter, parameters, points), Run(emitter, parameters, points));
        Assert.Equal(0, interpreter.StatementsEmitted);
        Assert.True(emitter.StatementsEmitted > (RowMachine.IsSupported(bits) ? 60 : -1), $"Only {emitter.StatementsEmitted} statements were emitted.");
    }

    // What is compared then are two programs with different parameters, unless somebody looks.
    [Fact]
    public async Task Code_is_emitted_while_another_thread_changes_the_parameters()
    {
        var parameters = new ParameterList([new(0.5), new(-0.75), new(0.25)]);
        double[] points = [0.5, 1, -1, 0.25], outputs = new double[1];
        using var stop = new CancellationTokenSource();
        Task changing = Task.Run(() =>
        {
            // As training does, it never comes back to numbers that were there before.
            for (int i = 0; !stop.IsCancellationRequested; i++)
                parameters.Load([0.5 + i * 1e-10, -0.75, 0.25]);
        });
        try
        {
            for (int i = 0; i < 50; i++)
            {
                EngineOf(parameters, true, 128, EmissionMode.AtOnce).Outputs(1, points, [], outputs);
                Assert.True(double.IsFinite(outputs[0]));
            }
        }
        finally
        {
            await stop.CancelAsync();
            await changing;
        }
    }

    // Of a sum over lanes that is not emitted, lanes are added up in turn.
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(100)]
    public void Layers_of_any_size_have_the_bits_of_the_interpreter(int count)
    {
        foreach (int[] layers in (int[][])[[4, 1], [8, 8, 2], [3, 20, 17, 1], [40, 1]])
        {
            var network = new Mlp(5, layers, new Rng(3));
            using Recording recording = Recording.Of(network.Parameters, 6, 0, (x, _) => [(network.Forward(x.AsSpan(0, 5))[0] - x[5]).Pow(2)]);
            var programs = new PlannedPrograms(Planner.Plan(recording.Tape, 6, 0, 0), 0);
            double[] points = [.. Enumerable.Range(0, 6 * count).Select(i => Math.Sin(i))];
            Assert.Equal(
                Run(new Engine<float>(programs, network.Parameters, 1, 0, EmissionMode.Never), network.Parameters, points),
                Run(new Engine<float>(programs, network.Parameters, 1, 0, EmissionMode.AtOnce), network.Parameters, points));
        }
    }

    // What parameters are subtracted from gives them the gradient with the other sign, summed up over lanes.
    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void Sums_over_lanes_keep_their_sign(int count)
    {
        var parameters = new ParameterList([new(0.5), new(-0.75), new(0.25), new(1.5)]);
        using Recording recording = Recording.Of(parameters, 4, 0, (x, _) =>
        {
            Value product = 1;
            for (int i = 0; i < 4; i++)
                product *= (x[i] - parameters[i]).Abs();
            return [product.Abs() + product];
        });
        Plan plan = Planner.Plan(recording.Tape, 4, 0, 0);
        Assert.Contains(new Program(plan).ToParameters.Varying, statement => statement is Nest { Negative: true, Y.Start.Space: Space.ParameterGradients });
        var programs = new PlannedPrograms(plan, 0);
        double[] points = [.. Enumerable.Range(0, 4 * count).Select(i => 2 + Math.Sin(i))];
        Assert.Equal(
            Run(new Engine<float>(programs, parameters, 1, 0, EmissionMode.Never), parameters, points),
            Run(new Engine<float>(programs, parameters, 1, 0, EmissionMode.AtOnce), parameters, points));
    }

    [Fact]
    public void Many_threads_run_the_same_code()
    {
        var parameters = new ParameterList([new(0.5), new(-0.75), new(0.25)]);
        double[] points = [.. Enumerable.Range(0, 4 * 40).Select(i => Math.Sin(i))];
        double[] expected = Outputs(EngineOf(parameters, false, 0, EmissionMode.Never), points);
        Engine engine = EngineOf(parameters, false, 0, EmissionMode.AtOnce);
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => Assert.Equal(expected, Outputs(engine, points)));
        Assert.Equal(RowMachine.IsSupported(VectorWidth.Has512 ? 512 : VectorWidth.Has256 ? 256 : 128), engine.StatementsEmitted > 0);
    }

    [Fact]
    public void Code_is_emitted_once_it_pays()
    {
        var emitted = new EmittedProgram(EmissionMode.WhenItPays);
        int asked = 0;
        bool IsDue() => emitted.IsDue(() =>
        {
            asked++;
            return 100;
        });
        for (int i = 0; i < 20; i++)
        {
            Assert.False(IsDue());
            emitted.EndRun(emitted.BeginRun());
        }
        Assert.Equal(1, asked); // not before some runs, and not again
        emitted.EndRun(Stopwatch.GetTimestamp() - 60 * Stopwatch.Frequency);
        Assert.True(IsDue());
        Assert.False(IsDue()); // one caller alone makes the code
        emitted.Settle(null, null);
        Assert.True(emitted.IsSettled);
        Assert.Equal(0, emitted.BeginRun());
    }

    [Fact]
    public void A_program_without_anything_to_emit_is_not_timed_for_long()
    {
        var emitted = new EmittedProgram(EmissionMode.WhenItPays);
        for (int i = 0; i < 8; i++)
            emitted.EndRun(emitted.BeginRun());
        Assert.False(emitted.IsDue(() => 0));
        Assert.True(emitted.IsSettled);
        Assert.Null(emitted.Program);
    }

    // 10,000 programs on request: NUDGE_SOAK=1 dotnet test -c Release --filter EmissionTests.
    [Fact]
    public void Code_is_freed_with_its_program()
    {
        int count = Soak.Wanted ? 10_000 : 200, warm = count / 4;
        long before = 0;
        WeakReference first = Emit();
        for (int i = 0; i < count; i++)
        {
            Emit();
            if (i == warm)
                before = MemoryAfterCollection();
        }
        long after = MemoryAfterCollection();
        Assert.False(first.IsAlive);
        Assert.True(after - before < 40_000_000, $"{count - warm} programs left {(after - before) / 1e6:F0} MB behind.");

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Emit()
        {
            var parameters = new ParameterList([new(0.5), new(-0.75), new(0.25)]);
            Engine engine = EngineOf(parameters, false, 0, EmissionMode.AtOnce);
            Outputs(engine, new double[4 * 16]);
            return new(engine);
        }

        static long MemoryAfterCollection()
        {
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            using var process = Process.GetCurrentProcess();
            return process.PrivateMemorySize64;
        }
    }

    private static Engine EngineOf(ParameterList parameters, bool isDouble, int bits, EmissionMode mode)
    {
        using Recording recording = Recording.Of(parameters, 4, 0, (x, _) => [Formula(x, [.. parameters])]);
        var programs = new PlannedPrograms(Planner.Plan(recording.Tape, 4, 0, 0), 0);
        return isDouble ? new Engine<double>(programs, parameters, 1, bits, mode) : new Engine<float>(programs, parameters, 1, bits, mode);
    }

    private static double[] Run(Engine engine, ParameterList parameters, double[] points)
    {
        int size = engine.Plan.InputCount, count = points.Length / size;
        double[] outputs = Outputs(engine, points), values = new double[count], slopes = new double[points.Length];
        engine.InputGradients(count, points, values, slopes);
        parameters.ZeroGradients();
        double mean = engine.Evaluate(count, points, []), loss = engine.Differentiate(count, points, []);
        return [.. outputs, .. values, .. slopes, mean, loss, .. parameters.Select(parameter => parameter.Grad)];
    }

    private static double[] Outputs(Engine engine, double[] points)
    {
        int count = points.Length / engine.Plan.InputCount;
        var outputs = new double[count * engine.Plan.Roots.Length];
        engine.Outputs(count, points, [], outputs);
        return outputs;
    }
}
