// The benchmark command answers, and its contenders in this process do the work that rows A and B describe.

using System.Globalization;
using Nudge.Benchmarks;

namespace Nudge.Tests.Benchmarks;

// What compiling takes is compared with itself: other tests beside it would take time from one half alone.
[Collection(nameof(OneAtATime))]
public class BenchmarkTests
{
    // As the C, PyTorch and plain Python peers compute them from the same inputs.
    private static readonly double[] s_lessonLosses = [6.06778863, 4.84886948, 0.23074593, 0.00760249];

    [Fact]
    public void List_names_every_row_and_its_contenders()
    {
        using var output = new StringWriter();
        Assert.Equal(0, BenchmarkCommand.Run(Options.Parse(["--list"]), output));
        Assert.All(["A", "B", "C1", "C2", "C3", "W1024", "W2048", "LR", "I1", "I256", "D16x1", "D64x16", "E", "F5", "V1", "M1024", "K28", "L", "T32", "loop", "S", "R", "P10", "nodes", "lesson"], row => Assert.Contains($"\n{row} ", "\n" + output));
        Assert.Contains("C, compiled, eager, PyTorch, micrograd", output.ToString());
    }

    [Fact]
    public void Rows_and_contenders_can_be_chosen()
    {
        using var output = new StringWriter();
        BenchmarkCommand.Run(Options.Parse(["--list", "--rows", "b,A", "--peers", "c,eager"]), output);
        Assert.DoesNotContain("C1", output.ToString());
        Assert.Contains("C, eager", output.ToString());
        Assert.DoesNotContain("PyTorch", output.ToString());
    }

    [Theory]
    [InlineData("--rows", "Z")]
    [InlineData("--peers", "fortran")]
    [InlineData("--rounds", "0")]
    [InlineData("--rounds")]
    [InlineData("--speed")]
    [InlineData("--vectors", "128")]
    [InlineData("--core", "-1")]
    [InlineData("--starts", "-1")]
    public void Bad_usage_ends_with_exit_code_2(params string[] arguments) =>
        Assert.Equal(2, BenchmarkCommand.Main(arguments));

    [Fact]
    public void Everyone_in_this_process_trains_the_lessons_net_with_the_same_losses()
    {
        MlpTask task = MlpTask.Lesson();
        Assert.All<Contender>([EagerMlp.Lesson(task), new EagerByHand(task), new TrainerContender(task, GraphEngine.Eager)], contender =>
            AssertClose(s_lessonLosses, contender.Check([0, 1, 20, 99]), 1e-6));
    }

    public static TheoryData<string> Programs => [.. LossRows.Programs, "K8"];

    [Theory]
    [MemberData(nameof(Programs))]
    public void Compiled_programs_train_with_the_losses_of_eager_ones(string name)
    {
        using var workspace = new Workspace();
        IReadOnlyList<Entry> entries = Rows.All(workspace, Setting.OfMachine).Single(row => row.Name == name).Entries;
        using Contender compiled = entries.Single(entry => entry.Name == "compiled").Served!(), eager = entries.Single(entry => entry.Name == "eager").Make();
        AssertClose(eager.Check([0, 1]), compiled.Check([0, 1]), 1e-3);
    }

    [Fact]
    public void A_contender_in_a_process_of_its_own_answers_what_it_is_asked()
    {
        using var output = new StringWriter();
        Assert.Equal(0, Server.Run("A", "compiled", new StringReader("check 0 1 20 99\nrun 3\nnote\n"), output));
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        AssertClose(s_lessonLosses, [.. lines[0].Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))], 1e-4);
        Assert.True(double.Parse(lines[1], CultureInfo.InvariantCulture) > 0);
        Assert.Matches("compiled in .* ms; .* holds -?[0-9,]+ KiB", lines[2]);
    }

    [Fact]
    public void A_new_process_says_how_its_first_steps_went_and_where_the_time_goes()
    {
        using var output = new StringWriter();
        Assert.Equal(0, Server.Run("C1", "compiled", new StringReader("first\nparts 100\n"), output));
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        double[] first = [.. lines[0].Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        Assert.True(first is [var mean, var steady, var until] && mean > 0 && steady > 0 && until is >= 0 and < 3, lines[0]);
        double[] parts = [.. lines[1].Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        Assert.True(parts.Length == 5 && parts[0] > 0 && parts[1] > 0 && parts[2] > 0 && parts.All(seconds => seconds >= 0), lines[1]);
        Assert.Null(StepTimer.Current);
    }

    [Fact]
    public void First_steps_are_slow_until_they_take_twice_the_steady_time()
    {
        // Ten steps to each mark: of 10 ms for 0.5 s, then of 1.9 ms and, in the last half, of 1 ms; one mark is disturbed.
        var marks = new List<(double At, long Steps)>();
        for (double at = 0; at < 3;)
        {
            at += at < 0.45 ? 0.1 : at < 1.5 ? 0.019 : marks.Count == 90 ? 0.3 : 0.01;
            marks.Add((at, 10 * (marks.Count + 1)));
        }
        FirstSteps first = FirstSteps.Of(marks);
        Assert.Equal(0.01, first.Mean, 1e-9);
        Assert.Equal(0.001, first.Steady, 1e-9);
        Assert.InRange(first.Until, 0.25, 0.51);
        Assert.Equal(0, FirstSteps.Of([(0.5, 1), (1, 2), (1.5, 3)]).Until);
    }

    [Theory]
    [InlineData("Prescott", false)]
    [InlineData("Nehalem", false)]
    [InlineData("Sandybridge", false)]
    [InlineData("Haswell", true)]
    [InlineData("Zen", true)]
    [InlineData("SkylakeX", true)]
    public void Nobody_is_compared_with_OpenBLAS_for_processors_before_AVX2(string core, bool isFast) => Assert.Equal(isFast, OpenBlas.IsFast(core));

    [Fact]
    public void With_narrower_vectors_everyone_has_narrower_vectors()
    {
        var narrow = new Setting(256, null);
        Assert.Contains("-mno-avx512f", narrow.CompilerFlags);
        Assert.Contains(("DOTNET_EnableAVX512", "0"), narrow.Environment);
        Assert.DoesNotContain("-mno-avx512f", new Setting(512, null).CompilerFlags);
        Assert.Equal(("Zen", "Haswell", "SkylakeX"), (OpenBlas.CoreType(256, "AMD EPYC"), OpenBlas.CoreType(256, "Intel Xeon"), OpenBlas.CoreType(512, "AMD EPYC")));
    }

    [Fact]
    public void What_compiling_costs_is_told_stage_by_stage()
    {
        using var output = new StringWriter();
        Assert.Equal(0, Server.Run("A", "compiled", new StringReader("compile 3\n"), output));
        CompilingCosts costs = CompilingCosts.Parse([.. output.ToString().Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))]);
        Assert.Equal(78, costs.Values);
        Assert.True(costs.First > costs.Total && costs.Total > costs.Recording && costs.Recording > 0 && costs.Check > 0);
    }

    [Fact]
    public void Row_B_trains_as_a_loop_over_plain_numbers_does()
    {
        MlpTask task = MlpTask.Moons();
        double[] losses = new EagerMoons(task).Check([0, 1, 5]);
        AssertClose(PlainMoons(task, 6), [losses[0], losses[1], double.NaN, double.NaN, double.NaN, losses[2]], 1e-9);
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (!double.IsNaN(actual[i]))
                Assert.Equal(expected[i], actual[i], tolerance * Math.Abs(expected[i]));
        }
    }

    // Row B with no graph: numbers, loops and derivatives by hand.
    private static double[] PlainMoons(MlpTask task, int steps)
    {
        int[] sizes = task.Sizes;
        double[] p = [.. task.Weights];
        var losses = new double[steps];
        for (int step = 0; step < steps; step++)
        {
            double[] gradient = Array.ConvertAll(p, number => 2e-4 * number);
            double hinge = 0;
            for (int n = 0; n < task.Inputs.Length; n++)
            {
                double[][] signals = [task.Inputs[n], new double[sizes[1]], new double[sizes[2]], new double[sizes[3]]];
                for (int layer = 0, start = 0; layer < 3; start += sizes[layer + 1] * (sizes[layer] + 1), layer++)
                {
                    for (int j = 0; j < sizes[layer + 1]; j++)
                    {
                        Span<double> row = p.AsSpan(start + j * (sizes[layer] + 1), sizes[layer] + 1);
                        double sum = row[^1];
                        for (int i = 0; i < sizes[layer]; i++)
                            sum += row[i] * signals[layer][i];
                        signals[layer + 1][j] = layer < 2 ? Math.Max(0, sum) : sum;
                    }
                }
                double label = task.Targets[n][0], margin = 1 - label * signals[3][0];
                hinge += Math.Max(0, margin);
                double[] slope = [margin > 0 ? -label / task.Inputs.Length : 0];
                for (int layer = 2, end = p.Length; layer >= 0; layer--)
                {
                    int start = end - sizes[layer + 1] * (sizes[layer] + 1);
                    var back = new double[sizes[layer]];
                    for (int j = 0; j < sizes[layer + 1]; j++)
                    {
                        if (layer < 2 && signals[layer + 1][j] <= 0)
                            continue;
                        int place = start + j * (sizes[layer] + 1);
                        gradient[place + sizes[layer]] += slope[j];
                        for (int i = 0; i < sizes[layer]; i++)
                        {
                            gradient[place + i] += slope[j] * signals[layer][i];
                            back[i] += slope[j] * p[place + i];
                        }
                    }
                    slope = back;
                    end = start;
                }
            }
            losses[step] = hinge / task.Inputs.Length + 1e-4 * p.Sum(number => number * number);
            for (int i = 0; i < p.Length; i++)
                p[i] -= (1 - 0.9 * step / 100) * gradient[i];
        }
        return losses;
    }
}
