// What operations do where mathematics gives no number, two, or infinity: as their documentation says.

namespace Nudge.Tests.Autograd;

public class EdgeTests
{
    private const double NaN = double.NaN, Infinity = double.PositiveInfinity;

    [Theory]
    [InlineData(0, 0, 1, 0, 0)]             // 0⁰ is 1 and flat
    [InlineData(5, 0, 1, 0, 1.6094379124341003)]
    [InlineData(0, 1, 0, 1, 0)]
    [InlineData(0, 2, 0, 0, 0)]
    [InlineData(0, 0.5, 0, Infinity, 0)]    // a root is vertical at 0
    [InlineData(0, -1, Infinity, -Infinity, -Infinity)]
    [InlineData(-2, 3, -8, 12, NaN)]        // a negative base has no slope in the exponent
    [InlineData(-2, 0, 1, 0, NaN)]
    [InlineData(-2, 0.5, NaN, NaN, NaN)]
    [InlineData(NaN, 0, 1, 0, NaN)]
    public void Powers_at_their_edges(double a, double b, double y, double da, double db)
    {
        Value x = a, exponent = b, power = x.Pow(exponent), ofNumber = x.Pow(b);
        Assert.Equal(y, power.Data);
        Assert.Equal([da, db], power.Gradients(x, exponent));
        Assert.Equal([da], ofNumber.Gradients(x));
    }

    [Fact]
    public void A_negative_base_with_a_plain_exponent_poisons_nothing()
    {
        Value x = -3, cube = x.Pow(3);
        cube.Backward();
        Assert.Equal(27, x.Grad);
    }

    [Fact]
    public void Ties_of_maximum_and_minimum_share_the_gradient()
    {
        Value a = 2, b = 2;
        Assert.Equal([0.5, 0.5], a.Max(b).Gradients(a, b));
        Assert.Equal([0.5, 0.5], a.Min(b).Gradients(a, b));
        Assert.Equal([0.5], a.Max(2).Gradients(a));
        Assert.Equal([0.5], a.Min(2).Gradients(a));
        Value positive = 0.0, negative = -0.0;
        Assert.Equal([0.5, 0.5], positive.Max(negative).Gradients(positive, negative));
    }

    [Fact]
    public void Maximum_and_minimum_choose()
    {
        Value a = -1, b = 4, c = 3;
        Assert.Equal(4, Value.Max(a, b, c).Data);
        Assert.Equal([0, 1, 0], Value.Max(a, b, c).Gradients(a, b, c));
        Assert.Equal(-1, Value.Min(a, b, c).Data);
        Assert.Equal([1, 0, 0], Value.Min(a, b, c).Gradients(a, b, c));
        Assert.Same(a, Value.Max([a]));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(-0.0, 0, 0)]
    [InlineData(1e-300, 1e-300, 1)]
    [InlineData(-1e-300, 0, 0)]
    [InlineData(Infinity, Infinity, 1)]
    [InlineData(-Infinity, 0, 0)]
    [InlineData(NaN, NaN, NaN)]
    public void The_rectifier_is_flat_at_zero_and_lets_NaN_through(double a, double y, double slope)
    {
        Value x = a;
        Assert.Equal(y, x.Relu().Data);
        Assert.Equal(slope, x.Relu().Gradients(x)[0]);
    }

    [Fact]
    public void Logarithm_root_and_quotient_at_zero()
    {
        Value zero = 0.0, one = 1;
        Assert.Equal(-Infinity, zero.Log().Data);
        Assert.Equal(Infinity, zero.Log().Gradients(zero)[0]);
        Assert.Equal(0, zero.Sqrt().Data);
        Assert.Equal(Infinity, zero.Sqrt().Gradients(zero)[0]);
        Assert.Equal(Infinity, (one / zero).Data);
        Assert.Equal([Infinity, -Infinity], (one / zero).Gradients(one, zero));
        Assert.Equal(NaN, (zero / new Value(0)).Data);
        Assert.Equal(NaN, new Value(-1).Log().Data);
        Assert.Equal(NaN, new Value(-1).Sqrt().Data);
        Assert.Equal(0, zero.Abs().Gradients(zero)[0]);
    }

    [Theory]
    [InlineData(1e4)]
    [InlineData(-1e4)]
    [InlineData(45)]
    public void Tanh_and_sigmoid_of_large_numbers_are_flat_and_not_NaN(double a)
    {
        Value x = a;
        Assert.Equal(Math.Sign(a), x.Tanh().Data);
        Assert.Equal(0, x.Tanh().Gradients(x)[0]);
        Assert.Equal(a > 0 ? 1 : 0, x.Sigmoid().Data);
        Assert.Equal(0, x.Sigmoid().Gradients(x)[0]);
    }

    [Fact]
    public void NaN_passes_through_every_operation_into_value_and_gradient()
    {
        Value nan = NaN, one = 1;
        foreach ((Operation operation, Func<Value, Value> apply) in Operations.Unary)
        {
            Value y = apply(nan);
            Assert.True(double.IsNaN(y.Data), $"{operation}");
            // These slopes do not depend on the number: nothing of it can show in them.
            if (operation is not (Operation.Detach or Operation.Negate))
                Assert.True(double.IsNaN(y.Gradients(nan)[0]), $"slope of {operation}");
        }
        foreach ((Operation operation, Func<Value, Value, Value> apply) in Operations.Binary)
        {
            Assert.True(double.IsNaN(apply(nan, one).Data), $"{operation} on the left");
            // 1 to the power of anything is 1, by IEEE 754.
            Assert.True(operation == Operation.Power || double.IsNaN(apply(one, nan).Data), $"{operation} on the right");
            if (operation is Operation.Max or Operation.Min)
                Assert.Equal([NaN, NaN], apply(nan, one).Gradients(nan, one));
        }
    }

    [Fact]
    public void NaN_in_a_network_reaches_every_gradient_it_touches()
    {
        var network = new Mlp(2, [3, 1], new Rng(1), Activation.Relu);
        double[] gradients = network.Forward(NaN, 1)[0].Gradients(network.Parameters);
        Assert.All(gradients, gradient => Assert.Equal(NaN, gradient));
    }

    [Fact]
    public void A_detached_value_has_the_number_and_lets_no_gradient_through()
    {
        Value x = 3, detached = (x * x).Detach(), y = detached * x;
        y.Backward();
        Assert.Equal(9, detached.Data);
        Assert.Equal(9, x.Grad);
        Assert.Equal(3, detached.Grad);
        Assert.False(detached.Inputs[0].HasGrad);
    }

    [Fact]
    public void Folds_of_nothing()
    {
        Assert.Equal(0, Value.Sum([]).Data);
        Assert.Throws<ArgumentException>(() => Value.Mean([]));
        Assert.Throws<ArgumentException>(() => Value.Max([]));
        Assert.Throws<ArgumentException>(() => Value.Min([]));
    }

    [Fact]
    public void Selecting_gives_the_value_itself_and_refuses_what_is_outside()
    {
        Value[] row = [1, 2, 3];
        Assert.Same(row[2], Value.Select(row, 2));
        foreach (int outside in new[] { -1, 3, int.MinValue })
        {
            var thrown = Assert.Throws<ArgumentOutOfRangeException>(() => Value.Select(row, outside));
            Assert.Contains("3 values, so the index goes from 0 to 2", thrown.Message, StringComparison.Ordinal);
        }
    }
}
