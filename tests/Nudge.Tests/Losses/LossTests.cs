// Losses against central differences, their corners, and what they refuse.

namespace Nudge.Tests.Losses;

public class LossTests
{
    [Fact]
    public void Losses_have_the_slopes_that_nudging_measures()
    {
        var rng = new Rng(21);
        for (int i = 0; i < 100; i++)
        {
            ParameterList outputs = Leaves(rng, 4), targets = Leaves(rng, 4), both = [.. outputs, .. targets];
            Check("sum of squares", () => Loss.SumOfSquares([.. outputs], [.. targets]), both);
            Check("mean squared error", () => Loss.MeanSquaredError([.. outputs], [.. targets]), both);
            Check("cross-entropy", () => Loss.CrossEntropy([.. outputs], 2), outputs);
            Check("L2 penalty", () => Loss.L2Penalty(outputs, 0.3), outputs);

            Value logit = new(AwayFrom(0, rng)), target = new(rng.NextDouble());
            Check("binary cross-entropy", () => Loss.BinaryCrossEntropyWithLogits(logit, target), [logit, target]);
            double label = i % 2 == 0 ? 1 : -1;
            Value score = new(AwayFrom(label, rng));
            Check("hinge", () => Loss.Hinge(score, label), [score]);
        }
    }

    [Fact]
    public void Losses_of_a_network_have_the_slopes_that_nudging_measures()
    {
        var network = new Mlp(2, [4, 3], new Rng(22), Activation.Tanh, Activation.Linear);
        Check("cross-entropy", () => Loss.CrossEntropy(network.Forward(0.4, -0.8), 1) + Loss.L2Penalty(network.Parameters, 0.01), network.Parameters);
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, -0.5)]
    [InlineData(0.3, 0.2)]
    public void Binary_cross_entropy_at_logit_zero_has_slope_one_half_less_the_target(double target, double slope)
    {
        Value logit = 0.0;
        Value loss = Loss.BinaryCrossEntropyWithLogits(logit, target);
        Assert.Equal(Math.Log(2), loss.Data, 1e-15);
        Assert.Equal(slope, loss.Gradients(logit)[0], 1e-15);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void The_hinge_has_slope_zero_at_its_corner_and_minus_the_label_inside(double label)
    {
        Value corner = label, inside = label * 0.999, beyond = label * 1.001;
        Assert.Equal(0, Loss.Hinge(corner, label).Gradients(corner)[0]);
        Assert.Equal(-label, Loss.Hinge(inside, label).Gradients(inside)[0]);
        Assert.Equal(0, Loss.Hinge(beyond, label).Gradients(beyond)[0]);
    }

    [Fact]
    public void Cross_entropy_keeps_its_digits_at_large_logits()
    {
        // The same distances, once at 0 and once at 2¹³ where every logit is still exact.
        double small = Loss.CrossEntropy([0, -1, -1.5], 0).Data, large = Loss.CrossEntropy([8192, 8191, 8190.5], 0).Data;
        Assert.Equal(small, large);
    }

    [Fact]
    public void Cross_entropy_of_equal_logits_is_the_logarithm_of_their_count()
    {
        Value[] logits = [7, 7, 7, 7, 7];
        Value loss = Loss.CrossEntropy(logits, 3);
        Assert.Equal(Math.Log(5), loss.Data, 1e-15);
        double[] expected = [0.2, 0.2, 0.2, -0.8, 0.2], gradients = loss.Gradients(logits);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], gradients[i], 1e-15);
    }

    [Fact]
    public void NaN_in_an_output_is_NaN_in_every_loss()
    {
        Value nan = double.NaN, one = 1;
        Assert.All(
            [
                Loss.SumOfSquares([one, nan], [one, one]),
                Loss.MeanSquaredError([nan], [one]),
                Loss.Hinge(nan, one),
                Loss.BinaryCrossEntropyWithLogits(nan, one),
                Loss.CrossEntropy([one, nan], 0),
                Loss.CrossEntropy([nan, one], 1),
                Loss.L2Penalty([one, nan], 1),
            ],
            loss => Assert.Equal(double.NaN, loss.Data));
    }

    [Fact]
    public void What_does_not_fit_together_is_refused_with_both_sides()
    {
        Value one = 1;
        Assert.Contains("2 outputs, got 1", Assert.Throws<ArgumentException>(() => Loss.SumOfSquares([one, one], [one])).Message, StringComparison.Ordinal);
        Assert.Contains("1 outputs, got 2", Assert.Throws<ArgumentException>(() => Loss.MeanSquaredError([one], [one, one])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Loss.SumOfSquares([], []));
        Assert.Throws<ArgumentException>(() => Loss.CrossEntropy([], 0));
        Assert.Contains("from 0 to 1", Assert.Throws<ArgumentOutOfRangeException>(() => Loss.CrossEntropy([one, one], 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Loss.CrossEntropy([one, one], -1));
    }

    [Fact]
    public void An_L2_penalty_of_nothing_is_zero() => Assert.Equal(0, Loss.L2Penalty([], 1).Data);

    private static void Check(string name, Func<Value> expression, ParameterList parameters)
    {
        GradientReport report = GradientCheck.Check(expression, parameters);
        Assert.True(report.Passed, $"{name}: {report}");
    }

    private static ParameterList Leaves(Rng rng, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new Value(rng.Uniform(-3, 3)))];

    private static double AwayFrom(double corner, Rng rng) => corner + rng.Uniform(0.1, 3) * (rng.Next(2) == 0 ? 1 : -1);
}
