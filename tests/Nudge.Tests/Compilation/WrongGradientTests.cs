// Programs that were once compiled wrong, as they were reported.

namespace Nudge.Tests.Compilation;

public class WrongGradientTests
{
    // Linear attention over positions of which some have the same inputs: rows whose gradients are written twice.
    [Theory]
    [InlineData(1.0, Precision.Double)]
    [InlineData(1.0, Precision.Single)]
    [InlineData(1e-3, Precision.Double)]
    [InlineData(1e-3, Precision.Single)]
    public void Attention_over_repeated_positions_has_the_gradient_of_its_expression(double scale, Precision precision)
    {
        ParameterList p = [0.6, 1.1, 0.7, 0.8];
        Check(p, Build, [0.5, 0.25], precision);

        Value Build(Value[] x)
        {
            Value[] inputs = [x[0], x[1], x[0], x[1]];
            Value[] q = Projected(p[0]), k = Projected(p[1]), w = Projected(p[2]);
            Value result = 0.0;
            for (int t = 0; t < inputs.Length; t++)
            {
                Value sum = 0.0;
                for (int u = 0; u <= t; u++)
                    sum += (0.0 + q[t] * k[u]) * 0.5 * w[u];
                result += p[3] * sum;
            }
            return result * scale;

            Value[] Projected(Value weight) => Array.ConvertAll(inputs, input => 0.0 + weight * input);
        }
    }

    // One quotient written anew by each of several neurons: rows that are one row, divided by one row.
    [Theory]
    [InlineData(false, 1, Precision.Double)]
    [InlineData(false, 4, Precision.Double)]
    [InlineData(false, 16, Precision.Double)]
    [InlineData(false, 16, Precision.Single)]
    [InlineData(true, 1, Precision.Double)]
    [InlineData(true, 4, Precision.Double)]
    [InlineData(true, 16, Precision.Double)]
    [InlineData(true, 16, Precision.Single)]
    public void The_same_quotient_several_times_has_the_gradient_of_its_expression(bool neurons, int batch, Precision precision)
    {
        ParameterList p = [0.6, 1.1, 0.7, 0.8, -0.4];
        Check(p, Build, [.. Enumerable.Range(0, 2 * batch).Select(i => i % 2 == 0 ? 0.5 : 0.25)], precision);

        Value Build(Value[] x)
        {
            Value a = p[0] * x[0], divisor = p[1] * x[1] * (p[1] * x[1]) + 1;
            return neurons
                ? (p[2] * (a / divisor)).Tanh() + (p[3] * (a / divisor)).Tanh() + (p[4] * (a / divisor)).Tanh()
                : a / divisor * p[2] + a / divisor * p[3];
        }
    }

    private static void Check(ParameterList parameters, Func<Value[], Value> build, double[] inputs, Precision precision)
    {
        double[] expected = build([inputs[0], inputs[1]]).Gradients(parameters);
        CompiledLoss loss = CompiledLoss.Compile(parameters, 2, build, precision);
        parameters.ZeroGradients();
        loss.Backward(inputs);
        double tolerance = (precision == Precision.Double ? 1e-14 : 1e-6) * expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], parameters[i].Grad, tolerance);
    }
}
