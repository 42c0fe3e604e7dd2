// The training loop: it learns, it says the same thing twice, and it ends in the way it says.

namespace Nudge.Tests.Training;

public class TrainerTests
{
    public static TheoryData<string> Objectives => [.. Objective.All.Select(objective => objective.Name)];

    [Theory]
    [MemberData(nameof(Objectives))]
    public void Every_objective_learns_its_data(string name)
    {
        Objective objective = Objective.All.Single(objective => objective.Name == name);
        Dataset data = objective.IsClassification ? Generate.Circles(60, 0.05, new Rng(1)) : Generate.Sine(60, 0, new Rng(1));
        Trainer trainer = Make(objective, data, new TrainerOptions { Epochs = 150, BatchSize = 10 });
        double before = Metrics.Measure((Network)trainer.Model, objective, data).Loss;
        TrainingResult result = Finish(trainer);
        Assert.Equal(TrainingEnd.Finished, result.End);
        Assert.Equal((150, 150 * 6), (result.Epochs, result.Steps));
        Assert.True(result.Training.Loss < before / 10, $"{before} → {result.Training.Loss}");
        if (objective.IsClassification)
            Assert.Equal(1, result.Training.Accuracy);
        else
            Assert.True(result.Training.RSquared > 0.99, $"R² = {result.Training.RSquared}");
    }

    [Fact]
    public void Moons_are_learned_whole()
    {
        Dataset data = Generate.Moons(100, 0.1, new Rng(1));
        var network = new Mlp(2, [16, 16, 1], new Rng(1), Activation.Relu, Activation.Linear, Initialization.Kaiming);
        var trainer = new Trainer(network, Objective.Hinge, new Adam(network.Parameters, 0.01), data);
        Assert.Equal(1, Finish(trainer).Training.Accuracy);
    }

    [Fact]
    public void The_lessons_examples_are_learned()
    {
        var network = new Mlp(3, [4, 4, 1], new Rng(1));
        var trainer = new Trainer(network, Objective.SumOfSquares, new Sgd(network.Parameters, 0.05), Generate.Lesson(), options: new TrainerOptions { BatchSize = 0, Epochs = 200 });
        Assert.True(Finish(trainer).Training.Loss < 0.05);
        Assert.Equal(1, trainer.StepsPerEpoch);
    }

    [Fact]
    public void The_same_seeds_give_the_same_bits()
    {
        (TrainingStep[] steps, double[] parameters) = Run(seed: 5);
        (TrainingStep[] again, double[] sameParameters) = Run(seed: 5);
        (_, double[] others) = Run(seed: 6);
        Assert.Equal(steps.Select(step => step with { Monitored = null }), again.Select(step => step with { Monitored = null }));
        Assert.Equal(parameters, sameParameters);
        Assert.NotEqual(parameters, others);

        static (TrainingStep[], double[]) Run(ulong seed)
        {
            Trainer trainer = Make(Objective.CrossEntropy, Generate.YinYang(50, new Rng(2)), new TrainerOptions { Epochs = 3, BatchSize = 8, Seed = seed, KeepBest = false });
            TrainingStep[] steps = [.. trainer.Run()];
            return (steps, trainer.Model.Parameters.ToArray());
        }
    }

    [Fact]
    public void An_epoch_shows_every_example_once_in_a_new_order()
    {
        // Each example is a column of its own, so that the gradient of the first layer tells which were in the batch.
        double[][] inputs = [.. Enumerable.Range(0, 7).Select(i => Enumerable.Range(0, 7).Select(j => i == j ? 1.0 : 0).ToArray())];
        var data = new Dataset(inputs, [.. Enumerable.Range(0, 7).Select(i => new double[] { i + 1 })]);
        var network = new Mlp(7, [1], new Rng(1), Activation.Linear);
        var trainer = new Trainer(network, Objective.MeanSquaredError, new Sgd(network.Parameters, 0), data, options: new TrainerOptions { Epochs = 2, BatchSize = 3 });
        var epochs = new List<int>[] { [], [] };
        foreach (TrainingStep step in trainer.Run())
        {
            for (int i = 0; i < 7; i++)
            {
                if (network.Parameters[i].Grad != 0)
                    epochs[step.Epoch].Add(i);
            }
        }
        Assert.Equal(3, trainer.StepsPerEpoch);
        Assert.All(epochs, epoch => Assert.Equal(Enumerable.Range(0, 7), epoch.Order()));
        Assert.NotEqual(epochs[0], epochs[1]);
    }

    // In float32, steps as small as these would be lost in rounding.
    [Theory]
    [InlineData(GraphEngine.Compiled)]
    [InlineData(GraphEngine.Eager)]
    public void The_predicted_change_is_the_actual_one_for_small_steps(GraphEngine engine)
    {
        Dataset data = Generate.Moons(40, 0.1, new Rng(3));
        var network = new Mlp(2, [8, 1], new Rng(3), Activation.Tanh, Activation.Linear);
        foreach (Optimizer optimizer in new Optimizer[] { new Sgd(network.Parameters, 1e-7), new Adam(network.Parameters, 1e-8) })
        {
            var options = new TrainerOptions { Epochs = 2, BatchSize = 10, L2Penalty = 0.01, ClipNorm = 0.1, KeepBest = false, Engine = engine, Precision = Precision.Double };
            var trainer = new Trainer(network, Objective.BinaryCrossEntropy, optimizer, data, options: options);
            foreach (TrainingStep step in trainer.Run())
            {
                double actual = trainer.MeasureBatchLoss() - step.Loss;
                Assert.True(step.PredictedChange < 0);
                Assert.Equal(1, actual / step.PredictedChange, 1e-4);
            }
        }
    }

    [Fact]
    public void The_learning_rate_follows_the_schedule_and_comes_back_at_the_end()
    {
        Trainer trainer = Make(Objective.Hinge, Generate.Circles(20, 0.1, new Rng(1)), new TrainerOptions { Epochs = 5, BatchSize = 10, Schedule = Schedule.Linear(10) });
        double rate = trainer.Optimizer.LearningRate;
        double[] rates = [.. trainer.Run().Select(step => step.LearningRate)];
        Assert.Equal(Enumerable.Range(0, 10).Select(step => rate * Schedule.Linear(10).At(step)), rates);
        Assert.Equal(rate, trainer.Optimizer.LearningRate);
    }

    [Fact]
    public void Clipping_limits_the_update_and_reports_the_norm_before_it()
    {
        var network = new Mlp(1, [1], new Rng(1), Activation.Linear);
        var data = new Dataset([[100]], [[1e4]]);
        var trainer = new Trainer(network, Objective.MeanSquaredError, new Sgd(network.Parameters, 1), data, options: new TrainerOptions { Epochs = 1, ClipNorm = 0.5, KeepBest = false, Precision = Precision.Double });
        double[] before = network.Parameters.ToArray();
        TrainingStep step = Assert.Single(trainer.Run());
        Assert.True(step.GradientNorm > 1e5);
        Assert.Equal(0.5, Math.Sqrt(before.Zip(network.Parameters.ToArray(), (a, b) => (a - b) * (a - b)).Sum()), 1e-6);

        before = network.Parameters.ToArray();
        trainer = new Trainer(network, Objective.MeanSquaredError, new Sgd(network.Parameters, 1), data, options: new TrainerOptions { Epochs = 1, ClipValue = 0.25, KeepBest = false, Precision = Precision.Double });
        step = Assert.Single(trainer.Run());
        Assert.True(step.GradientNorm > 1e5);
        Assert.Equal([0.25, 0.25], network.Parameters.ToArray().Zip(before, (a, b) => Math.Round(Math.Abs(a - b), 12)));
    }

    internal static Trainer Make(Objective objective, Dataset data, TrainerOptions options, Dataset? validation = null)
    {
        var network = new Mlp(data.InputCount, [12, objective.OutputCount(data)], new Rng(1), Activation.Tanh, Activation.Linear, Initialization.Xavier);
        return new Trainer(network, objective, new Adam(network.Parameters, 0.03), data, validation, options);
    }

    internal static TrainingResult Finish(Trainer trainer)
    {
        foreach (TrainingStep _ in trainer.Run())
            Assert.Null(trainer.Result);
        return trainer.Result!;
    }
}
