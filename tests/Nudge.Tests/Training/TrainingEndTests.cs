// How a run ends: by itself, early, cancelled, diverged, refused.

namespace Nudge.Tests.Training;

public class TrainingEndTests
{
    private static readonly Dataset s_moons = Generate.Moons(40, 0.2, new Rng(1));

    [Fact]
    public void Cancelling_finishes_the_step_and_sets_the_result()
    {
        using var cancellation = new CancellationTokenSource();
        Trainer trainer = TrainerTests.Make(Objective.CrossEntropy, s_moons, new TrainerOptions { BatchSize = 10, KeepBest = false });
        int steps = 0;
        foreach (TrainingStep step in trainer.Run(cancellation.Token))
        {
            Assert.Equal(steps++, step.Step);
            if (steps == 6)
                cancellation.Cancel();
        }
        Assert.Equal(6, steps);
        Assert.Equal((TrainingEnd.Cancelled, 6, 1), (trainer.Result!.End, trainer.Result.Steps, trainer.Result.Epochs));
        Assert.Equal(Metrics.Measure((Network)trainer.Model, Objective.CrossEntropy, s_moons).Loss, trainer.Result.Training.Loss, 1e-6);
    }

    [Fact]
    public void Taking_no_more_steps_ends_the_run()
    {
        Trainer trainer = TrainerTests.Make(Objective.CrossEntropy, s_moons, new TrainerOptions());
        Assert.Equal(3, trainer.Run().Take(3).Count());
        Assert.Equal((TrainingEnd.Cancelled, 3), (trainer.Result!.End, trainer.Result.Steps));
    }

    [Fact]
    public void A_run_cancelled_before_its_first_step_changes_nothing()
    {
        Trainer trainer = TrainerTests.Make(Objective.CrossEntropy, s_moons, new TrainerOptions { Precision = Precision.Double });
        double[] before = trainer.Model.Parameters.ToArray();
        Assert.Empty(trainer.Run(new CancellationToken(canceled: true)));
        Assert.Equal((TrainingEnd.Cancelled, 0), (trainer.Result!.End, trainer.Result.Steps));
        Assert.Equal(before, trainer.Model.Parameters.ToArray());
    }

    [Fact]
    public void Patience_ends_the_run_and_the_best_epoch_is_kept()
    {
        // Labels at random: what is learned of the training set makes the validation set worse.
        var rng = new Rng(1);
        Dataset training = Noise(30), validation = Noise(30);
        Trainer trainer = TrainerTests.Make(Objective.BinaryCrossEntropy, training, new TrainerOptions { Epochs = 500, Patience = 5 }, validation);
        var losses = new List<double>();
        double[] best = [];
        foreach (TrainingStep step in trainer.Run())
        {
            losses.Add(step.Monitored!.Loss);
            if (losses[^1] == losses.Min())
                best = trainer.Model.Parameters.ToArray();
        }
        TrainingResult result = trainer.Result!;
        Assert.Equal(TrainingEnd.EarlyStopped, result.End);
        Assert.Equal(losses.IndexOf(losses.Min()) + 1, result.BestEpoch);
        Assert.Equal(result.BestEpoch + 5, result.Epochs);
        Assert.True(result.Epochs < 500);
        Assert.Equal(best, trainer.Model.Parameters.ToArray());
        Assert.Equal(losses.Min(), result.Validation!.Loss);

        Dataset Noise(int count) => new(
            [.. Enumerable.Range(0, count).Select(_ => new[] { rng.Normal(), rng.Normal() })],
            [.. Enumerable.Range(0, count).Select(_ => new double[] { rng.Next(2) })],
            ["no", "yes"]);
    }

    [Fact]
    public void Without_keeping_the_best_the_network_has_its_last_parameters()
    {
        Trainer trainer = TrainerTests.Make(Objective.CrossEntropy, s_moons, new TrainerOptions { Epochs = 3, KeepBest = false });
        double[] last = [];
        foreach (TrainingStep step in trainer.Run())
        {
            Assert.Null(step.Monitored);
            last = trainer.Model.Parameters.ToArray();
        }
        Assert.Equal(last, trainer.Model.Parameters.ToArray());
        Assert.Null(trainer.Result!.BestEpoch);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_loss_that_is_no_number_ends_the_run_with_the_parameters_untouched(double poison)
    {
        var data = new Dataset([[1, poison]], [[1]]);
        Trainer trainer = TrainerTests.Make(Objective.MeanSquaredError, data, new TrainerOptions { Precision = Precision.Double });
        double[] before = trainer.Model.Parameters.ToArray();
        Assert.Empty(trainer.Run());
        Assert.Equal((TrainingEnd.Diverged, 0), (trainer.Result!.End, trainer.Result.Steps));
        Assert.Equal(before, trainer.Model.Parameters.ToArray());
    }

    [Fact]
    public void A_learning_rate_far_too_large_diverges_and_the_best_epoch_is_kept()
    {
        var network = new Mlp(1, [1], new Rng(1), Activation.Linear);
        var trainer = new Trainer(network, Objective.MeanSquaredError, new Sgd(network.Parameters, 1e3), Generate.Sine(20, 0, new Rng(1)), options: new TrainerOptions { Epochs = 1000 });
        TrainingResult result = TrainerTests.Finish(trainer);
        Assert.Equal(TrainingEnd.Diverged, result.End);
        Assert.All(network.Parameters, parameter => Assert.True(double.IsFinite(parameter.Data)));
    }

    [Fact]
    public void Classes_are_still_counted_when_a_network_gives_NaN()
    {
        foreach (Objective objective in Objective.All.Where(objective => objective.IsClassification))
        {
            var data = new Dataset([[double.NaN, 1], [1, 1]], [[0], [1]], ["a", "b"]);
            Trainer trainer = TrainerTests.Make(objective, data, new TrainerOptions());
            Assert.Equal(TrainingEnd.Diverged, TrainerTests.Finish(trainer).End);
            Assert.Equal(2, trainer.Result!.Training.Confusion!.Sum(row => row.Sum()));
        }
    }

    [Fact]
    public void A_trainer_runs_once()
    {
        Trainer trainer = TrainerTests.Make(Objective.CrossEntropy, s_moons, new TrainerOptions { Epochs = 1 });
        IEnumerable<TrainingStep> first = trainer.Run(), second = trainer.Run();
        Assert.NotEmpty(first);
        foreach (Func<object> again in new Func<object>[] { () => first.First(), () => second.First(), () => trainer.Run() })
            Assert.Contains("runs once", Assert.Throws<InvalidOperationException>(again).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Network_objective_and_data_have_to_fit_together()
    {
        var network = new Mlp(3, [2], new Rng(1));
        Dataset sine = Generate.Sine(5, 0, new Rng(1)), blobs = Generate.Blobs(6, 0.1, new Rng(1));
        Refuses("takes 3 inputs, and the data has 2", () => Trainer(network, Objective.CrossEntropy, s_moons));
        Refuses("gives 2 outputs, and cross-entropy needs 3", () => Trainer(new Mlp(2, [2], new Rng(1)), Objective.CrossEntropy, blobs));
        Refuses("gives 2 outputs, and mean-squared-error needs 1", () => Trainer(new Mlp(1, [2], new Rng(1)), Objective.MeanSquaredError, sine));
        Refuses("cross-entropy needs classes", () => Trainer(new Mlp(1, [1], new Rng(1)), Objective.CrossEntropy, sine));
        Refuses("mean-squared-error needs a number to predict", () => Trainer(new Mlp(2, [1], new Rng(1)), Objective.MeanSquaredError, s_moons));
        Refuses("has 3. Use cross-entropy", () => Trainer(new Mlp(2, [1], new Rng(1)), Objective.Hinge, blobs));

        static Trainer Trainer(Network network, Objective objective, Dataset data) => new(network, objective, new Sgd(network.Parameters, 0.1), data);

        static void Refuses(string message, Func<object> make) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(make).Message, StringComparison.Ordinal);
    }
}
