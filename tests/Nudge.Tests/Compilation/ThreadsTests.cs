// Programs of both precisions over the same parameters on many threads, while somebody trains, reads, writes and collects.

using System.Diagnostics;

namespace Nudge.Tests.Compilation;

[Collection(nameof(OneAtATime))]
public class ThreadsTests
{
    [Fact]
    public void Programs_of_both_precisions_give_the_same_bits_on_any_thread()
    {
        for (ulong round = 1; round <= (Soak.Wanted ? 200UL : 5UL); round++)
        {
            var network = new Mlp(10, [32, 32, 3], new Rng(round));
            CompiledFunction[] functions =
            [
                CompiledFunction.Compile(network.Parameters, 10, x => network.Forward(x)),
                CompiledFunction.Compile(network.Parameters, 10, x => network.Forward(x), Precision.Double),
            ];
            var rng = new Rng(1);
            double[] points = [.. Enumerable.Range(0, 640).Select(_ => rng.Uniform(0, 1))];
            double[][] expected = [.. functions.Select(function => Outputs(function, points))];
            Run(8, thread =>
            {
                for (int i = 0; i < 100; i++)
                {
                    int which = (thread + i) % 2;
                    Assert.Equal(expected[which], Outputs(functions[which], points));
                    if (i % 50 == 0)
                        GC.Collect();
                }
            });
        }
    }

    [Fact]
    public void Whatever_happens_at_once_every_number_read_is_whole_and_one_truth_is_left()
    {
        // Ten minutes on request: NUDGE_SOAK=1 dotnet test -c Release --filter ThreadsTests.
        TimeSpan wanted = Soak.Wanted ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(3);
        var clock = Stopwatch.StartNew();
        for (ulong round = 1; round == 1 || clock.Elapsed < wanted; round++)
            Mix(new Rng(round), wanted < TimeSpan.FromSeconds(10) ? wanted : TimeSpan.FromSeconds(10));
    }

    // Every number is between -1 and 1 at all times: a learning rate this small moves none past that.
    private static void Mix(Rng rng, TimeSpan wanted)
    {
        Mlp first = new(4, [8], rng), second = new(8, [3, 1], rng);
        var both = new ParameterList([.. first.Parameters, .. second.Parameters]);
        both.Load([.. Enumerable.Range(0, both.Count).Select(i => Math.Sin(i) / 2)]);
        double[] batch = [.. Enumerable.Range(0, 5 * 20).Select(i => Math.Sin(i))];
        CompiledLoss Loss(ParameterList parameters, Precision precision) =>
            CompiledLoss.Compile(parameters, 5, x => (second.Forward(first.Forward(x.AsSpan(0, 4)))[0] - x[4]).Pow(2), precision);
        CompiledFunction Function(Precision precision) =>
            CompiledFunction.Compile(both, 4, x => second.Forward(first.Forward(x)), precision);
        CompiledFunction single = Function(Precision.Single), wide = Function(Precision.Double);
        CompiledLoss some = Loss(first.Parameters, Precision.Single), all = Loss(both, Precision.Single), allWide = Loss(both, Precision.Double);
        Optimizer sgd = new Sgd(first.Parameters, 1e-9), adam = new Adam(both, 1e-9);
        double[] points = batch[..80];
        var clock = Stopwatch.StartNew();
        Run(8, thread =>
        {
            for (int i = 0; clock.Elapsed < wanted; i++)
            {
                switch (thread)
                {
                    case 0:
                        all.Step(adam, batch);
                        break;
                    case 1:
                        (i % 2 == 0 ? some : Loss(both, Precision.Single)).Backward(batch);
                        sgd.Step();
                        break;
                    case 2:
                        allWide.Step(adam, batch);
                        break;
                    case 3:
                        foreach (Value p in both)
                            p.Data -= 1e-9 * (p.HasGrad ? Math.Clamp(p.Grad, -1, 1) : 0);
                        break;
                    case 4:
                        both[i % both.Count].Data = Math.Sin(i) / 2;
                        both[i % both.Count].Grad = 0;
                        break;
                    case 5:
                        RequireWhole(both.ToArray());
                        RequireWhole([.. both.Select(p => p.Data)]);
                        break;
                    case 6:
                        RequireWhole(Outputs(single, points), 30);
                        RequireWhole(Outputs(wide, points), 30);
                        break;
                    default:
                        RequireWhole(Outputs(wide, points), 30);
                        both.Load([.. Enumerable.Range(0, both.Count).Select(k => Math.Sin(k + i) / 2)]);
                        GC.Collect();
                        break;
                }
            }
        });

        // Where all rest, programs of both precisions and the expression itself see the same numbers.
        double expected = second.Forward(first.Forward(1, 2, 3, 4))[0].Data;
        Assert.Equal(expected, Outputs(wide, [1, 2, 3, 4])[0], 1e-12);
        Assert.Equal(expected, Outputs(single, [1, 2, 3, 4])[0], 1e-4);
    }

    private static void RequireWhole(double[] numbers, double most = 1)
    {
        foreach (double number in numbers)
            Assert.True(Math.Abs(number) <= most, $"{number} was never written.");
    }

    private static double[] Outputs(CompiledFunction function, double[] points)
    {
        var outputs = new double[points.Length / function.InputCount * function.OutputCount];
        function.Evaluate(points, outputs);
        return outputs;
    }

    // On threads of their own, all at once, whatever the pool would do; what one throws is thrown here.
    private static void Run(int threads, Action<int> work)
    {
        Exception? thrown = null;
        Thread[] running = [.. Enumerable.Range(0, threads).Select(number => new Thread(() =>
        {
            try
            {
                work(number);
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        }))];
        foreach (Thread thread in running)
            thread.Start();
        foreach (Thread thread in running)
            thread.Join();
        Assert.Null(thrown);
    }
}
