// Compiled equals eager, over random expressions: shared nodes, dead code, reductions, selects, any batch.

namespace Nudge.Tests.Compilation;

public class RandomGraphTests
{
    private static readonly int s_count = Soak.Wanted ? 100_000 : 1_000;

    [Fact]
    public void Double_gives_the_numbers_of_the_expression_to_1e_12() => Check(Precision.Double, 1e-12);

    [Fact]
    public void Single_gives_the_gradients_to_1e_5_of_the_largest() => Check(Precision.Single, 1e-5);

    // Every size of batch comes up, so that the last vector holds any number of examples.
    [Fact]
    public void Vectors_of_every_width_give_the_same()
    {
        int illConditioned = 0, count = Soak.Wanted ? 14_000 : 140;
        for (int seed = 1; seed <= count; seed++)
        {
            var example = Example.Random(seed, batch: 1 + seed % 70);
            RandomGraph graph = example.Graph;
            Recording recording = Recording.Of(graph.Parameters, graph.InputCount, graph.IndexCount, (x, k) => [graph.Build(x, k)]);
            foreach (WidthProgram program in EveryWidth.Of(recording, graph.Parameters))
            {
                double[] got = EveryWidth.GradientsOf(
                    graph.Parameters, () => program.Engine.Differentiate(example.Batch, example.Inputs, example.Indices), out double loss);
                program.RequireSameBits($"seed {seed}, {example.Batch}", [loss, .. got]);
                if (!IsEqual(example, loss, got, program.Tolerance, program.Precision, $"seed {seed}, {program}"))
                    illConditioned++;
                Assert.Equal(loss, program.Engine.Evaluate(example.Batch, example.Inputs, example.Indices));
            }
        }
        Assert.True(illConditioned <= 6 * count / 100, $"{illConditioned} programs of {6 * count} were too ill-conditioned to compare.");
    }

    private static void Check(Precision precision, double tolerance)
    {
        int illConditioned = 0;
        for (int seed = 1; seed <= s_count; seed++)
        {
            var example = Example.Random(seed);
            RandomGraph graph = example.Graph;
            CompiledLoss compiled = CompiledLoss.Compile(graph.Parameters, graph.InputCount, graph.IndexCount, graph.Build, precision);
            double[] got = EveryWidth.GradientsOf(graph.Parameters, () => compiled.Backward(example.Inputs, example.Indices), out double loss);
            if (!IsEqual(example, loss, got, tolerance, precision, $"seed {seed}\n{compiled}"))
                illConditioned++;
            Assert.Equal(loss, compiled.Evaluate(example.Inputs, example.Indices));
        }
        Assert.True(illConditioned <= s_count / 1000, $"{illConditioned} of {s_count} graphs were too ill-conditioned to compare.");
    }

    // Whether loss and gradients are those of the expression; false where the gradient is so sensitive that rounding moves it as far.
    private static bool IsEqual(Example example, double loss, double[] got, double tolerance, Precision precision, string what)
    {
        Assert.True(Math.Abs(loss - example.Loss) <= tolerance * Math.Max(1, Math.Abs(example.Loss)), $"{what}: loss {loss:R}, expected {example.Loss:R}");
        double difference = EveryWidth.Difference(example.Gradients, got);
        if (difference <= tolerance)
            return true;
        Assert.True(precision == Precision.Single, $"{what}: off by {difference:R}");
        // Where rounding alone moves the exact gradient as far, no float32 program can do better.
        double sensitivity = Sensitivity(example);
        Assert.True(difference <= 8 * sensitivity, $"{what}: off by {difference:R} where rounding makes {sensitivity:R}");
        return false;
    }

    // How far the gradient moves, relative to the largest, when every value of the expression is rounded to float32.
    private static double Sensitivity(Example example)
    {
        double most = 0;
        for (ulong seed = 1; seed <= 16; seed++)
        {
            example.Graph.Rounding = new Rng(seed);
            double[] moved = example.Graph.MeanOverBatch(example.Inputs, example.Indices).Gradients(example.Graph.Parameters);
            most = Math.Max(most, EveryWidth.Difference(example.Gradients, moved));
        }
        example.Graph.Rounding = null;
        return most;
    }

    /// <summary>A graph and a batch, with the mean loss that the expression itself gives.</summary>
    private sealed record Example(RandomGraph Graph, int Batch, double[] Inputs, int[] Indices, double Loss, double[] Gradients)
    {
        internal static Example Random(int seed, int? batch = null)
        {
            var rng = new Rng((ulong)seed);
            var graph = new RandomGraph(rng);
            int count = batch ?? 1 + rng.Next(70);
            double[] inputs = [.. Enumerable.Range(0, count * graph.InputCount).Select(_ => (double)(float)rng.Uniform(-1, 1))];
            int[] indices = [.. Enumerable.Range(0, count * graph.IndexCount).Select(_ => rng.Next(RandomGraph.ChoiceCount))];
            Value mean = graph.MeanOverBatch(inputs, indices);
            return new(graph, count, inputs, indices, mean.Data, mean.Gradients(graph.Parameters));
        }
    }
}
