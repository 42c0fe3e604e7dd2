// The gradient check itself: it finds what is wrong, names it, and leaves everything as it was.

namespace Nudge.Tests.Autograd;

public class GradientCheckTests
{
    [Fact]
    public void A_right_gradient_passes()
    {
        Value w = new Value(0.7).Named("w"), x = new Value(-1.3).Named("x");
        GradientReport report = GradientCheck.Check(() => (w * x).Tanh() + w.Pow(3), [w, x]);
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(["w", "x"], report.Entries.Select(entry => entry.Name));
        report.ThrowIfFailed();
    }

    [Fact]
    public void A_wrong_gradient_fails_and_the_worst_is_named()
    {
        Value a = new Value(2).Named("a"), b = new Value(3).Named("b"), c = new Value(5).Named("c");
        // Detach hides a part of two slopes: 1 of a's 3, and 4 of b's 6.
        GradientReport report = GradientCheck.Check(() => a.Detach() + a * b + b.Detach() * 4 + c, [a, b, c]);
        Assert.False(report.Passed);
        Assert.Equal("b", report.Worst.Name);
        Assert.Equal(2, report.Worst.Computed);
        Assert.Equal(6, report.Worst.Measured, 1e-6);
        Assert.Equal(4 / 6.0, report.WorstError, 1e-6);
        var thrown = Assert.Throws<InvalidOperationException>(report.ThrowIfFailed);
        Assert.Contains("b = 3: computed 2, measured", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_worst_of_a_module_is_named_by_its_place()
    {
        var network = new Mlp(2, [3, 1], new Rng(5));
        Value hidden = network.Layers[0].Neurons[2].Weights[1];
        GradientReport report = GradientCheck.Check(() => network.Forward(0.5, -1)[0] + 2 * hidden.Detach(), network.Parameters);
        Assert.False(report.Passed);
        Assert.Equal("layers.0.neurons.2.w[1]", report.Worst.Name);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void NaN_and_infinity_fail(double poison)
    {
        Value a = 1, b = 2;
        GradientReport report = GradientCheck.Check(() => a + b * poison, [a, b]);
        Assert.False(report.Passed);
        Assert.Equal(double.PositiveInfinity, report.WorstError);
        Assert.Throws<InvalidOperationException>(report.ThrowIfFailed);
    }

    [Fact]
    public void Data_gradients_and_their_state_stay_as_they_were()
    {
        Value notComputed = new(0.1), zero = new(1.0 / 3), current = new(-0.7), stale = new(0.9), outside = new(4);
        ParameterList parameters = [notComputed, zero, current, stale];
        zero.Grad = 0;
        current.Grad = 1.5;
        stale.Grad = 2.5;
        stale.Data = 0.8;
        outside.Grad = 7;
        double[] data = parameters.ToArray();

        Assert.True(GradientCheck.Check(() => Value.Sum([.. parameters]) * outside, parameters).Passed);
        Assert.Throws<InvalidOperationException>(() => GradientCheck.Check(ThrowAfterTheFirst(parameters), parameters));

        Assert.Equal(data, parameters.ToArray());
        Assert.Equal([double.NaN, 0, 1.5, 2.5], parameters.Select(p => p.Grad));
        Assert.Equal(
            [GradientState.NotComputed, GradientState.Zero, GradientState.Current, GradientState.Stale],
            parameters.Select(p => p.GradientState));
        Assert.Equal(7, outside.Grad);
    }

    [Fact]
    public void An_empty_list_and_a_senseless_tolerance_are_refused()
    {
        Value a = 1;
        Assert.Throws<ArgumentException>(() => GradientCheck.Check(() => a, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientCheck.Check(() => a, [a], tolerance: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientCheck.Check(() => a, [a], step: -1));
    }

    private static Func<Value> ThrowAfterTheFirst(ParameterList parameters)
    {
        int calls = 0;
        return () => calls++ == 0 ? parameters[0] * 2 : throw new InvalidOperationException("on purpose");
    }
}
