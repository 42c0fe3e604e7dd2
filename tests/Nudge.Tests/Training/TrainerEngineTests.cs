// A run is the same run whichever engine makes it.

namespace Nudge.Tests.Training;

public class TrainerEngineTests
{
    public static TheoryData<string> Objectives => [.. Objective.All.Select(objective => objective.Name)];

    [Theory]
    [MemberData(nameof(Objectives))]
    public void Both_engines_make_the_same_steps(string name)
    {
        Objective objective = Objective.All.Single(objective => objective.Name == name);
        CompareSteps(objective, Precision.Double, 1e-9);
        CompareSteps(objective, Precision.Single, 1e-4);
    }

    [Fact]
    public void Patience_ends_both_at_the_same_epoch()
    {
        Dataset training = Generate.Spirals(40, 0.3, new Rng(1)), validation = Generate.Spirals(40, 0.3, new Rng(2));
        TrainingResult[] results = [.. Enum.GetValues<GraphEngine>().Select(engine => TrainerTests.Finish(TrainerTests.Make(
            Objective.BinaryCrossEntropy, training, new TrainerOptions { Epochs = 300, Patience = 5, Engine = engine, Precision = Precision.Double }, validation)))];
        Assert.Equal(TrainingEnd.EarlyStopped, results[0].End);
        Assert.Equal((results[0].End, results[0].Epochs, results[0].BestEpoch), (results[1].End, results[1].Epochs, results[1].BestEpoch));
    }

    [Fact]
    public void What_the_optimizer_does_not_train_stays_as_it_is()
    {
        Dataset data = Generate.Moons(20, 0.1, new Rng(1));
        var network = new Mlp(2, [6, 1], new Rng(1), Activation.Tanh, Activation.Linear);
        double[] first = [.. network.Layers[0].Parameters.Select(parameter => parameter.Data)], last = [.. network.Layers[1].Parameters.Select(parameter => parameter.Data)];
        TrainerTests.Finish(new Trainer(network, Objective.Hinge, new Sgd(network.Layers[1].Parameters, 0.1), data, options: new TrainerOptions { Epochs = 3 }));
        Assert.Equal(first, network.Layers[0].Parameters.Select(parameter => parameter.Data), (a, b) => Math.Abs(a - b) < 1e-7);
        Assert.NotEqual(last, network.Layers[1].Parameters.Select(parameter => parameter.Data), (a, b) => Math.Abs(a - b) < 1e-3);
    }

    [Fact]
    public void A_network_that_branches_on_its_numbers_is_refused_with_the_way_out()
    {
        var data = new Dataset([[1], [-1]], [[2], [-3]]);
        var error = Assert.Throws<InvalidOperationException>(() => TrainerTests.Finish(Make(GraphEngine.Compiled)));
        Assert.Contains("Max", error.Message, StringComparison.Ordinal);
        Assert.Contains("TrainerOptions.Engine to Eager", error.Message, StringComparison.Ordinal);
        Assert.True(TrainerTests.Finish(Make(GraphEngine.Eager)).Training.Loss < 0.01);

        Trainer Make(GraphEngine engine)
        {
            var network = new Branching();
            return new Trainer(network, Objective.MeanSquaredError, new Sgd(network.Parameters, 0.1), data, options: new TrainerOptions { Engine = engine });
        }
    }

    [Fact]
    public void There_is_no_batch_to_measure_before_the_first_step() =>
        Assert.Throws<InvalidOperationException>(() => TrainerTests.Make(Objective.Hinge, Generate.Moons(20, 0.1, new Rng(1)), new TrainerOptions()).MeasureBatchLoss());

    private static void CompareSteps(Objective objective, Precision precision, double tolerance)
    {
        Dataset data = objective.IsClassification ? Generate.Moons(47, 0.2, new Rng(1)) : Generate.Sine(47, 0.1, new Rng(1));
        (Dataset training, Dataset validation) = data.Split(0.2, new Rng(2));
        // Batches of 7, and a last one of 3: penalties and sums must not depend on how many examples share a step.
        var options = new TrainerOptions { Epochs = 12, BatchSize = 7, L2Penalty = 0.01, ClipNorm = 3, Precision = precision };
        Trainer compiled = TrainerTests.Make(objective, training, options, validation);
        Trainer eager = TrainerTests.Make(objective, training, options with { Engine = GraphEngine.Eager }, validation);
        TrainingStep[] expected = [.. eager.Run()], steps = [.. compiled.Run()];

        Assert.Equal(expected.Length, steps.Length);
        Assert.All(expected.Zip(steps), pair => AssertSame(pair.First, pair.Second, tolerance));
        Assert.Equal(eager.Result!.BestEpoch, compiled.Result!.BestEpoch);
        AssertClose(eager.Result.Training.Loss, compiled.Result.Training.Loss, tolerance);
        AssertClose(eager.Result.Validation!.Loss, compiled.Result.Validation!.Loss, tolerance);
        for (int i = 0; i < eager.Model.Parameters.Count; i++)
            AssertClose(eager.Model.Parameters[i].Data, compiled.Model.Parameters[i].Data, 10 * tolerance);
    }

    private static void AssertSame(TrainingStep expected, TrainingStep step, double tolerance)
    {
        Assert.Equal((expected.Step, expected.Epoch, expected.LearningRate), (step.Step, step.Epoch, step.LearningRate));
        AssertClose(expected.Loss, step.Loss, tolerance);
        AssertClose(expected.GradientNorm, step.GradientNorm, tolerance);
        AssertClose(expected.PredictedChange, step.PredictedChange, tolerance);
        Assert.Equal(expected.Monitored is null, step.Monitored is null);
        if (expected.Monitored is not { } monitored)
            return;
        AssertClose(monitored.Loss, step.Monitored!.Loss, tolerance);
        Assert.Equal(monitored.Accuracy, step.Monitored.Accuracy);
        AssertClose(monitored.RSquared ?? 0, step.Monitored.RSquared ?? 0, tolerance);
    }

    private static void AssertClose(double expected, double actual, double tolerance) =>
        Assert.Equal(expected, actual, tolerance * Math.Max(1, Math.Abs(expected)));

    // Two slopes, one for each side of zero.
    private sealed class Branching : Network
    {
        private readonly Value _left, _right;

        internal Branching()
        {
            _left = AddParameter("left", 0.5);
            _right = AddParameter("right", 0.5);
        }

        public override int InputCount => 1;

        public override int OutputCount => 1;

        public override Value[] Forward(params ReadOnlySpan<Value> inputs) => [inputs[0].Data < 0 ? _left * inputs[0] : _right * inputs[0]];
    }
}
