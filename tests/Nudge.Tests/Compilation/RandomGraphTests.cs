// Compiled equals eager, over random expressions: shared nodes, dead code, reductions, selects, any batch.

namespace Nudge.Tests.Compilation;

public class RandomGraphTests
{
    private static readonly int s_count = Soak.Wanted ? 100_000 : 1_000;

    [Fact]
    public void Double_gives_the_numbers_of_the_expression_to_1e_12() => Check(Precision.Double, 1e-12);

    [Fact]
    public void Single_gives_the_gradients_to_1e_5_of_the_largest() => Check(Precision.Single, 1e-5);

    private static void Check(Precision precision, double tolerance)
    {
        int illConditioned = 0;
        for (int seed = 1; seed <= s_count; seed++)
        {
            var rng = new Rng((ulong)seed);
            var graph = new RandomGraph(rng);
            CompiledLoss compiled = CompiledLoss.Compile(graph.Parameters, graph.InputCount, graph.IndexCount, graph.Build, precision);

            int batch = 1 + rng.Next(70);
            double[] inputs = [.. Enumerable.Range(0, batch * graph.InputCount).Select(_ => (double)(float)rng.Uniform(-1, 1))];
            int[] indices = [.. Enumerable.Range(0, batch * graph.IndexCount).Select(_ => rng.Next(RandomGraph.ChoiceCount))];
            Value expected = graph.MeanOverBatch(inputs, indices);
            double[] gradients = expected.Gradients(graph.Parameters);

            graph.Parameters.ZeroGradients();
            double loss = compiled.Backward(inputs, indices);

            double scale = gradients.Select(Math.Abs).Append(1).Max();
            Assert.True(Math.Abs(loss - expected.Data) <= tolerance * Math.Max(1, Math.Abs(expected.Data)), $"seed {seed}: loss {loss:R}, expected {expected.Data:R}\n{compiled}");
            double[] got = [.. graph.Parameters.Select(parameter => parameter.Grad)];
            double worst = got.Zip(gradients, (a, b) => Math.Abs(a - b)).Max();
            if (worst > tolerance * scale && precision == Precision.Single)
            {
                // Where rounding alone moves the exact gradient as far, no float32 program can do better.
                double sensitivity = Sensitivity(graph, inputs, indices, gradients);
                Assert.True(worst <= 8 * sensitivity, $"seed {seed}: off by {worst:R} where rounding makes {sensitivity:R}\n{compiled}");
                illConditioned++;
                continue;
            }
            Assert.True(worst <= tolerance * scale, $"seed {seed}: off by {worst:R} of {scale:R}\n{compiled}");
            Assert.Equal(loss, compiled.Evaluate(inputs, indices));
        }
        Assert.True(illConditioned <= s_count / 1000, $"{illConditioned} of {s_count} graphs were too ill-conditioned to compare.");
    }

    // How far the gradient moves when every value of the expression is rounded to float32.
    private static double Sensitivity(RandomGraph graph, double[] inputs, int[] indices, double[] gradients)
    {
        double most = 0;
        for (ulong seed = 1; seed <= 16; seed++)
        {
            graph.Rounding = new Rng(seed);
            double[] moved = graph.MeanOverBatch(inputs, indices).Gradients(graph.Parameters);
            most = Math.Max(most, moved.Zip(gradients, (a, b) => Math.Abs(a - b)).Max());
        }
        graph.Rounding = null;
        return most;
    }
}
