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
            for (int i = 0; i < gradients.Length; i++)
                Assert.True(Math.Abs(graph.Parameters[i].Grad - gradients[i]) <= tolerance * scale, $"seed {seed}: gradient {i} {graph.Parameters[i].Grad:R}, expected {gradients[i]:R}\n{compiled}");
            Assert.Equal(loss, compiled.Evaluate(inputs, indices));
        }
    }
}
