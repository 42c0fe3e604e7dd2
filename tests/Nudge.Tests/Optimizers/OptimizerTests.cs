// Optimizers: the lesson's update, gradients that are missing, and options that make no sense.

namespace Nudge.Tests.Optimizers;

public class OptimizerTests
{
    [Fact]
    public void Gradient_descent_is_the_lessons_line()
    {
        Mlp byHand = new(2, [3, 1], new Rng(1)), byOptimizer = new(2, [3, 1], new Rng(1));
        var optimizer = new Sgd(byOptimizer.Parameters, 0.1);
        for (int step = 0; step < 20; step++)
        {
            byHand.ZeroGradients();
            byHand.Forward(1, -1)[0].Pow(2).Backward();
            foreach (Value p in byHand.Parameters)
                p.Data -= 0.1 * p.Grad;

            optimizer.ZeroGradients();
            byOptimizer.Forward(1, -1)[0].Pow(2).Backward();
            optimizer.Step();
        }
        Assert.Equal(byHand.Parameters.ToArray(), byOptimizer.Parameters.ToArray());
        Assert.Equal(20, optimizer.StepCount);
    }

    [Fact]
    public void A_gradient_not_computed_counts_as_zero()
    {
        foreach (Func<ParameterList, Optimizer> make in Makers())
        {
            Value used = 1, unused = 2;
            Optimizer optimizer = make([used, unused]);
            (used * 3).Backward();
            optimizer.Step();
            Assert.NotEqual(1, used.Data);
            Assert.Equal(2, unused.Data);
            Assert.False(unused.HasGrad);
        }
    }

    [Fact]
    public void A_learning_rate_of_zero_changes_nothing()
    {
        foreach (Func<ParameterList, Optimizer> make in Makers())
        {
            Value w = 1.5;
            Optimizer optimizer = make([w]);
            optimizer.LearningRate = 0;
            (w * w).Backward();
            optimizer.Step();
            Assert.Equal(1.5, w.Data);
        }
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_senseless_learning_rate_is_refused_with_the_range(double rate)
    {
        ParameterList parameters = [new Value(1)];
        foreach (Func<object> make in new Func<object>[]
        {
            () => new Sgd(parameters, rate), () => new Adam(parameters, rate), () => new AdamW(parameters, rate), () => new RmsProp(parameters, rate),
            () => new Sgd(parameters, 1).LearningRate = rate,
        })
        {
            var thrown = Assert.Throws<ArgumentOutOfRangeException>(make);
            Assert.Contains("a finite number of at least 0", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Senseless_options_are_refused()
    {
        ParameterList parameters = [new Value(1)];
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(parameters, 1, momentum: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(parameters, 1, weightDecay: -1));
        Assert.Throws<ArgumentException>(() => new Sgd(parameters, 1, nesterov: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(parameters, beta1: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(parameters, beta2: -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(parameters, epsilon: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RmsProp(parameters, smoothing: 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Step(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Linear(10, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.WarmUp(0));
    }

    private static IEnumerable<Func<ParameterList, Optimizer>> Makers() =>
        [p => new Sgd(p, 0.1), p => new Sgd(p, 0.1, 0.9, nesterov: true), p => new Adam(p), p => new AdamW(p, weightDecay: 0), p => new RmsProp(p, momentum: 0.9)];
}
