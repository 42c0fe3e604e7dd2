namespace Nudge.Tests.Compilation;

public class CompiledFunctionTests
{
    [Theory]
    [InlineData(Precision.Double, 1e-12)]
    [InlineData(Precision.Single, 1e-5)]
    public void A_formula_gives_its_value_and_gradient_at_many_points(Precision precision, double tolerance)
    {
        CompiledFunction formula = CompiledFunction.Compile(3, Formula, precision);
        var rng = new Rng(7);
        foreach (int count in new[] { 1, 2, 3, 5, 8, 17, 64, 65, 700 })
        {
            double[] points = [.. Enumerable.Range(0, 3 * count).Select(_ => rng.Uniform(0.5, 2))];
            var values = new double[count];
            var gradients = new double[3 * count];
            formula.EvaluateWithGradients(points, values, gradients);
            for (int i = 0; i < count; i++)
            {
                Value[] x = [points[3 * i], points[3 * i + 1], points[3 * i + 2]];
                Value expected = Formula(x);
                double[] slopes = expected.Gradients(x);
                Assert.Equal(expected.Data, values[i], tolerance * Math.Max(1, Math.Abs(expected.Data)));
                for (int k = 0; k < 3; k++)
                    Assert.Equal(slopes[k], gradients[3 * i + k], tolerance * Math.Max(1, slopes.Max(Math.Abs)));
            }
        }
    }

    [Theory]
    [InlineData(Precision.Double, 1e-12)]
    [InlineData(Precision.Single, 1e-5)]
    public void A_network_predicts_what_its_expression_does_before_and_after_training(Precision precision, double tolerance)
    {
        var network = new Mlp(5, [7, 3], new Rng(1), Activation.Tanh, Activation.Sigmoid);
        CompiledFunction predict = CompiledFunction.Compile(network.Parameters, 5, x => network.Forward(x), precision);
        Assert.Equal((5, 3), (predict.InputCount, predict.OutputCount));
        var rng = new Rng(2);
        foreach (int count in new[] { 1, 4, 33, 1 })
        {
            double[] points = [.. Enumerable.Range(0, 5 * count).Select(_ => rng.Uniform(-2, 2))];
            var outputs = new double[3 * count];
            predict.Evaluate(points, outputs);
            for (int i = 0; i < count; i++)
            {
                Value[] expected = network.Forward(Array.ConvertAll(points[(5 * i)..(5 * i + 5)], x => new Value(x)));
                for (int k = 0; k < 3; k++)
                    Assert.Equal(expected[k].Data, outputs[3 * i + k], tolerance);
            }
            network.Parameters[0].Data += 0.5;
        }
        Assert.True(predict.BytesHeld > 0);
    }

    [Fact]
    public void A_matrix_of_inputs_is_multiplied_by_a_vector_of_inputs_before_anything_else()
    {
        CompiledFunction function = CompiledFunction.Compile([], 6, x => [x[0] * x[4] + x[1] * x[5], x[2] * x[4] + x[3] * x[5]], Precision.Double);
        var outputs = new double[2];
        function.Evaluate([1, 2, 3, 4, 5, 6], outputs);
        Assert.Equal([17, 39], outputs);
    }

    [Fact]
    public void An_input_that_nothing_depends_on_has_gradient_zero()
    {
        CompiledFunction formula = CompiledFunction.Compile(3, x => x[1] * x[1], Precision.Double);
        var values = new double[2];
        var gradients = new double[6];
        for (int run = 0; run < 2; run++)
        {
            formula.EvaluateWithGradients([9, 2, 9, 9, 3, 9], values, gradients);
            Assert.Equal([4, 9], values);
            Assert.Equal([0, 4, 0, 0, 6, 0], gradients);
        }
    }

    [Fact]
    public void A_constant_formula_has_gradient_zero()
    {
        CompiledFunction formula = CompiledFunction.Compile(1, _ => new Value(5));
        var values = new double[2];
        double[] gradients = [7, 7];
        formula.EvaluateWithGradients([1, 2], values, gradients);
        Assert.Equal([5, 5], values);
        Assert.Equal([0, 0], gradients);
    }

    [Fact]
    public void A_number_that_no_float_holds_is_infinite_and_no_fault_of_the_program()
    {
        CompiledFunction formula = CompiledFunction.Compile(1, x => x[0] * 1e30 * 1e30);
        var values = new double[1];
        formula.Evaluate([1], values);
        Assert.Equal([double.PositiveInfinity], values);
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        CompiledFunction pair = CompiledFunction.Compile([], 2, x => [x[0] + x[1], x[0] * x[1]]);
        Assert.Throws<ArgumentException>(() => pair.Evaluate([1, 2, 3], new double[2]));
        Assert.Throws<ArgumentException>(() => pair.Evaluate([1, 2], new double[3]));
        Assert.Throws<ArgumentException>(() => pair.Evaluate([], []));
        Assert.Throws<InvalidOperationException>(() => pair.EvaluateWithGradients([1, 2], new double[2], new double[2]));
    }

    [Fact]
    public void Several_threads_may_evaluate_at_once()
    {
        CompiledFunction formula = CompiledFunction.Compile(3, Formula, Precision.Double);
        double[] points = [.. Enumerable.Range(0, 300).Select(i => 0.5 + i / 200.0)];
        var expected = new double[100];
        formula.Evaluate(points, expected);
        Parallel.For(0, 64, _ =>
        {
            var got = new double[100];
            formula.Evaluate(points, got);
            Assert.Equal(expected, got);
        });
    }

    private static Value Formula(Value[] x) => (x[0] * x[1]).Log() + (x[2] / x[0]).Pow(3) - (x[1] * 2).Tanh() * x[2] + Value.Max(x[0], x[2]).Exp();
}
