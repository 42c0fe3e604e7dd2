// Sums whose terms lie anywhere, in tables of single numbers.

namespace Nudge.Tests.Compilation;

public class IrregularSumsTests
{
    private const int Inputs = 9;

    // Products, differences and copies of numbers drawn at random, and sums of several of them.
    private static Value Formula(Value[] x, ParameterList p, ulong seed)
    {
        var rng = new Rng(seed);
        Value[] all = [.. x, .. p];
        for (int round = 0; round < 3; round++)
        {
            Value[] known = all;
            all = [.. known, .. Enumerable.Range(0, 60).Select(i => (i % 4) switch
            {
                0 => Any() * Any(),
                1 => Any() - 0.5 * Any() * Any(),
                2 => -(Any() * Any()) + Any() * 0.25 - Any(),
                _ => Any() + Any() * Any() + Any() * Any(),
            })];
            Value Any() => known[rng.Next(known.Length)];
        }
        return Enumerable.Range(0, 200).Aggregate((Value)0, (sum, i) => sum + all[rng.Next(all.Length)] * x[rng.Next(Inputs)] * (i % 3 - 1.0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    public void Gradients_are_those_of_the_values(int count)
    {
        for (ulong seed = 0; seed < 6; seed++)
        {
            var parameters = new ParameterList([.. Enumerable.Range(0, 11).Select(i => new Value(Math.Cos(i + (int)seed)))]);
            double[] points = [.. Enumerable.Range(0, Inputs * count).Select(i => Math.Sin(i))];
            CompiledLoss loss = CompiledLoss.Compile(parameters, Inputs, x => Formula(x, parameters, seed), Precision.Double);
            parameters.ZeroGradients();
            double compiled = loss.Backward(points);
            double[] gradients = [.. parameters.Select(parameter => parameter.Grad)];

            parameters.ZeroGradients();
            Value mean = Enumerable.Range(0, count).Aggregate((Value)0, (sum, i) => sum + Formula([.. points.AsSpan(i * Inputs, Inputs).ToArray().Select(number => new Value(number))], parameters, seed)) / count;
            mean.Backward();
            AssertClose(mean.Data, compiled);
            for (int i = 0; i < gradients.Length; i++)
                AssertClose(parameters[i].Grad, gradients[i]);
        }

        static void AssertClose(double expected, double actual) => Assert.True(Math.Abs(expected - actual) <= 1e-9 * (1 + Math.Abs(expected)), $"{actual} is not {expected}.");
    }
}
