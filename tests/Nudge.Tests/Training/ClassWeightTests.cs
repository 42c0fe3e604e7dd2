// The loss of an example times the weight of its class, by both engines.

namespace Nudge.Tests.Training;

public class ClassWeightTests
{
    public static TheoryData<string> Objectives => [.. Objective.All.Where(objective => objective.IsClassification).Select(objective => objective.Name)];

    [Theory]
    [MemberData(nameof(Objectives))]
    public void A_weight_multiplies_the_loss_of_its_class(string name)
    {
        Objective plain = Objective.All.Single(objective => objective.Name == name), weighted = plain.Weighted([2, 0.5]);
        var rng = new Rng(3);
        Dataset data = Generate.Blobs(20, 0.5, rng, centers: 2);
        var network = new Mlp(2, [3, plain.OutputCount(data)], rng, outputActivation: Activation.Linear);
        double expected = data.Inputs.Zip(data.Targets, (input, target) =>
            (target[0] == 0 ? 2 : 0.5) * plain.LossOf(network.Forward(input), target).Data).Average();
        Assert.Equal(expected, Metrics.Measure(network, weighted, data).Loss, 1e-12);
        foreach (GraphEngine engine in Enum.GetValues<GraphEngine>())
        {
            var problem = new SupervisedProblem(network, weighted, data);
            var trainer = new Trainer(problem, new Sgd(network.Parameters, 1e-9), new TrainerOptions { Epochs = 1, BatchSize = 0, Engine = engine, Precision = Precision.Double });
            Assert.Equal(expected, Assert.Single(trainer.Run()).Loss, 1e-6);
        }
    }

    [Fact]
    public void Balanced_weights_make_classes_count_the_same()
    {
        var data = new Dataset([[1], [2], [3], [4]], [[0], [0], [0], [1]], ["often", "rare"]);
        Assert.Equal([4 / 6.0, 2], Objective.BalancedWeights(data));
        Assert.Throws<InvalidOperationException>(() => Objective.MeanSquaredError.Weighted([1, 1]));
        Assert.Throws<ArgumentException>(() => Objective.Hinge.Weighted([1, 0]));
    }
}
