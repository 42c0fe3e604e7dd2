// The range test: rates that grow by the same factor, an explosion that is seen, and a suggestion that trains.

namespace Nudge.Tests.Training;

public sealed class LearningRateFinderTests
{
    private static Mlp Network() => new(2, [16, 1], new Rng(1), Activation.Tanh, Activation.Linear, Initialization.Xavier);

    private static Dataset Moons() => Generate.Moons(200, 0.1, new Rng(1));

    private static Optimizer Made(string name, ParameterList parameters, double rate = 1) => name switch
    {
        "sgd" => new Sgd(parameters, rate),
        "adam" => new Adam(parameters, rate),
        _ => new AdamW(parameters, rate),
    };

    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void What_it_suggests_trains_well(string optimizer)
    {
        Mlp network = Network();
        var problem = new SupervisedProblem(network, Objective.BinaryCrossEntropy, Moons());
        double[] before = network.Parameters.ToArray();
        LearningRateRange range = LearningRateFinder.Find(problem, Made(optimizer, network.Parameters));
        Assert.Equal(before, network.Parameters.ToArray());
        Assert.InRange(range.Suggested!.Value, 1e-3, 1);
        Assert.True(range.Suggested < range.Lowest && range.Lowest <= range.Points[^1].Rate);
        var trainer = new Trainer(problem, Made(optimizer, network.Parameters, range.Suggested.Value), new TrainerOptions { Epochs = 200 });
        Assert.Equal(TrainingEnd.Finished, trainer.Run().Select(_ => trainer).Last().Result!.End);
        Assert.InRange(trainer.Result!.Training.Accuracy!.Value, 0.97, 1);
    }

    [Fact]
    public void Rates_grow_by_the_same_factor_until_the_loss_explodes()
    {
        Mlp network = Network();
        LearningRateRange range = LearningRateFinder.Find(
            new SupervisedProblem(network, Objective.MeanSquaredError, Doubled(Generate.Sine(100, 0.05, new Rng(1)))), new Sgd(network.Parameters, 1), from: 1e-4, to: 100, steps: 200);
        double factor = Math.Pow(1e6, 1.0 / 199);
        Assert.Equal(1e-4, range.Points[0].Rate);
        Assert.All(range.Points.Zip(range.Points.Skip(1)), pair => Assert.Equal(factor, pair.Second.Rate / pair.First.Rate, 1e-9));
        Assert.NotNull(range.Exploded);
        Assert.InRange(range.Points.Count, 20, 199);
        Assert.InRange(range.Exploded.Value, range.Lowest, 100);
    }

    [Fact]
    public void Nothing_is_suggested_where_the_loss_does_not_fall()
    {
        Mlp network = Network();
        LearningRateRange range = LearningRateFinder.Find(
            new SupervisedProblem(network, Objective.BinaryCrossEntropy, Moons()), new Sgd(network.Parameters, 1), new TrainerOptions { BatchSize = 0 }, from: 1e-9, to: 1e-8, steps: 20);
        Assert.Null(range.Suggested);
        Assert.Null(range.Exploded);
        Assert.Equal(20, range.Points.Count);
    }

    [Fact]
    public void Rates_that_do_not_grow_are_refused()
    {
        Mlp network = Network();
        var problem = new SupervisedProblem(network, Objective.BinaryCrossEntropy, Moons());
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateFinder.Find(problem, new Sgd(network.Parameters, 1), from: 1, to: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateFinder.Find(problem, new Sgd(network.Parameters, 1), from: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateFinder.Find(problem, new Sgd(network.Parameters, 1), steps: 9));
    }

    // The same with an input that says nothing, so that the network fits.
    private static Dataset Doubled(Dataset data) => new([.. data.Inputs.Select(row => new[] { row[0], 1 })], [.. data.Targets]);
}
