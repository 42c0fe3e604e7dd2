// A model that was trained before: it ends no worse than it began.

namespace Nudge.Tests.Training;

public sealed class TrainingOnTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_run_that_only_harms_ends_with_the_start_if_that_counts(bool countsStart)
    {
        Dataset data = Generate.Moons(60, 0.1, new Rng(1));
        var network = new Mlp(2, [8, 1], new Rng(1), outputActivation: Activation.Linear);
        var good = new Trainer(network, Objective.BinaryCrossEntropy, new Adam(network.Parameters, 0.02), data, data, new TrainerOptions { Epochs = 100, Precision = Precision.Double });
        foreach (TrainingStep _ in good.Run())
        {
        }
        double[] start = network.Parameters.ToArray();
        var harmful = new Trainer(
            network, Objective.BinaryCrossEntropy, new Adam(network.Parameters, 3), data, data, new TrainerOptions { Epochs = 3, MeasureStart = countsStart, Precision = Precision.Double });
        foreach (TrainingStep _ in harmful.Run())
        {
        }
        Assert.Equal(countsStart, harmful.Result!.BestEpoch == 0);
        Assert.Equal(countsStart, start.SequenceEqual(network.Parameters.ToArray()));
        Assert.Equal(countsStart, harmful.Result.Validation!.Loss <= good.Result!.Validation!.Loss);
    }
}
