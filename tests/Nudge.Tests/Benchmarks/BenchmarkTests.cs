// The benchmark command answers, and its contenders in this process do the work that rows A and B describe.

using System.Globalization;
using Nudge.Benchmarks;

namespace Nudge.Tests.Benchmarks;

public class BenchmarkTests
{
    // As the C, PyTorch and plain Python peers compute them from the same inputs.
    private static readonly double[] s_lessonLosses = [6.06778863, 4.84886948, 0.23074593, 0.00760249];

    [Fact]
    public void List_names_every_row_and_its_contenders()
    {
        using var output = new StringWriter();
        Assert.Equal(0, BenchmarkCommand.Run(Options.Parse(["--list"]), output));
        Assert.All(["A", "B", "C1", "C2", "C3", "I1", "I256", "D16x1", "D64x16", "E", "F5", "nodes", "lesson"], row => Assert.Contains($"\n{row} ", "\n" + output));
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
    public void Bad_usage_ends_with_exit_code_2(params string[] arguments) =>
        Assert.Equal(2, BenchmarkCommand.Main(arguments));

    [Fact]
    public void Everyone_in_this_process_trains_the_lessons_net_with_the_same_losses()
    {
        MlpTask task = MlpTask.Lesson();
        Assert.All<Contender>([EagerMlp.Lesson(task), new EagerByHand(task), new TrainerContender(task, GraphEngine.Eager)], contender =>
            AssertClose(s_lessonLosses, contender.Check([0, 1, 20, 99]), 1e-6));
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
                Assert.Equal(expected[i], actual[i], tolerance * expected[i]);
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
