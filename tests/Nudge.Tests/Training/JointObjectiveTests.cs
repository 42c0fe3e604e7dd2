// Several targets, classes and numbers in any mix: one loss, and each read by itself.

using Nudge.Tests.Serialization;

namespace Nudge.Tests.Training;

public class JointObjectiveTests
{
    private static readonly string[] s_two = ["no", "yes"], s_three = ["low", "middle", "high"];

    [Fact]
    public void The_loss_is_the_sum_of_those_of_the_targets_by_both_engines()
    {
        (Dataset data, Network network) = Mixed();
        Objective joint = Objective.For(data), weighted = Objective.Joint(data, Objective.BinaryCrossEntropy, Objective.MeanSquaredError, Objective.CrossEntropy.Weighted([1, 2, 3]));
        foreach ((Objective objective, double[] weights) in new[] { (joint, new double[] { 1, 1, 1 }), (weighted, [1, 2, 3]) })
        {
            double expected = Enumerable.Range(0, data.Count).Average(i =>
            {
                Value[] outputs = network.Forward(data.Inputs[i]);
                double[] target = data.Targets[i];
                return (Loss.BinaryCrossEntropyWithLogits(outputs[0], target[0])
                    + Loss.SumOfSquares(outputs.AsSpan(1, 1), [target[1]])
                    + weights[(int)target[2]] * Loss.CrossEntropy(outputs.AsSpan(2, 3), (int)target[2])).Data;
            });
            foreach (GraphEngine engine in Enum.GetValues<GraphEngine>())
            {
                var problem = new SupervisedProblem(network, objective, data);
                var trainer = new Trainer(problem, new Sgd(network.Parameters, 1e-12), new TrainerOptions { Epochs = 1, BatchSize = 0, Engine = engine, Precision = Precision.Double });
                Assert.Equal(expected, Assert.Single(trainer.Run()).Loss, 1e-9);
                Metrics metrics = trainer.Result!.Training;
                Assert.Equal(expected, metrics.Loss, 1e-9);
                Assert.Equal(metrics.Loss, metrics.OfEach.Sum(one => one.Loss), 1e-9);
            }
        }
    }

    [Fact]
    public void Each_target_is_measured_as_if_it_were_alone()
    {
        (Dataset data, Network network) = Mixed();
        var model = new TrainedModel(network, Objective.For(data), data.InputNames, data.TargetName, data.TargetClasses, Standardizer.Fit(data.Inputs), Standardizer.FitTargets(data));
        var evaluation = ModelEvaluation.Of(model, data);
        Dataset prepared = model.Prepare(data);
        Assert.Equal([0..2, 2..3, 3..6], model.EachTarget.Select(target => target.Results));
        foreach ((ModelTarget target, int t) in model.EachTarget.Select((target, t) => (target, t)))
        {
            var alone = new Alone(network, target.Outputs);
            var expected = Metrics.Measure(alone, target.Objective, prepared.OfTarget(t));
            Metrics found = evaluation.OfEach[t].Metrics;
            Assert.Equal((expected.Accuracy, expected.RSquared!.GetValueOrDefault(), expected.Loss), (found.Accuracy, found.RSquared.GetValueOrDefault(), found.Loss), (a, b) =>
                a.Accuracy == b.Accuracy && Math.Abs(a.Item2 - b.Item2) < 1e-9 && Math.Abs(a.Loss - b.Loss) < 1e-9);
            Assert.Equal(expected.Confusion, found.Confusion);
            Assert.Equal(target.Classes is null, evaluation.OfEach[t].ClassScores is null);
            Assert.All(evaluation.OfEach[t].Losses, (loss, i) => Assert.Equal(target.Objective.LossOf(alone.Forward(prepared.Inputs[i]), prepared.OfTarget(t).Targets[i]).Data, loss, 1e-9));
        }
        Assert.Equal(evaluation.Metrics.Accuracy, (evaluation.OfEach[0].Metrics.Accuracy + evaluation.OfEach[2].Metrics.Accuracy) / 2);
        Assert.Equal(evaluation.Metrics.RSquared!.Value, evaluation.OfEach[1].Metrics.RSquared!.Value, 1e-12);
        Assert.Equal(evaluation.Metrics.Loss, evaluation.Losses.Average(), 1e-9);
        Assert.Null(evaluation.Metrics.Confusion);
    }

    [Fact]
    public void A_prediction_has_the_probabilities_and_numbers_of_all()
    {
        TrainedModel model = Models.Joint();
        double[] outputs = model.Network.Predict(model.Inputs.Apply([2, 5])), predicted = model.Predict(2, 5);
        double yes = 1 / (1 + Math.Exp(-outputs[0]));
        Assert.Equal([1 - yes, yes, outputs[1] * model.Targets!.Scales[1] + model.Targets.Means[1], .. Objective.CrossEntropy.Probabilities(outputs.AsSpan(2, 3))], predicted, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(8, model.Targets.Means[1], 1e-12);
        // The threshold is that of the first alone.
        Assert.Equal((yes > 0.25 ? 1 : 0, "yes"), (model.EachTarget[0].ClassOf(predicted), model.EachTarget[0].Classes![1]));
        Assert.Equal(1, model.EachTarget[0].ClassOf([0.7, 0.3, 0, 0, 0, 0]));
        Assert.Equal(2, model.EachTarget[2].ClassOf([0.7, 0.3, 0, 0.3, 0.2, 0.5]));
        Assert.Contains("'all 2' is a number", Assert.Throws<InvalidOperationException>(() => model.EachTarget[1].ClassOf(predicted)).Message, StringComparison.Ordinal);
        Assert.Contains("predicts 3 targets", Assert.Throws<InvalidOperationException>(() => model.ClassOf(2, 5)).Message, StringComparison.Ordinal);
        var predictor = new Predictor(model);
        Assert.Equal(6, predictor.ResultCount);
        Assert.Equal(predicted, predictor.Predict(2, 5));
    }

    [Fact]
    public void A_file_keeps_the_targets_their_objectives_and_thresholds()
    {
        TrainedModel model = Models.Joint();
        byte[] saved = Models.BytesOf(model);
        TrainedModel loaded = Models.Load(saved);
        Assert.Equal(saved, Models.BytesOf(loaded));
        Assert.Equal(model.Predict(2, 5), loaded.Predict(2, 5));
        Assert.Equal(["binary-cross-entropy", "mean-squared-error", "cross-entropy"], loaded.EachTarget.Select(target => target.Objective.Name));
        Assert.Equal([0.25, 0.5, 0.5], loaded.EachTarget.Select(target => target.Objective.Threshold));
        Assert.Equal([s_two, null, s_three], loaded.TargetClasses);
        Assert.Contains("\"version\":\"6\"", Models.HeaderOf(saved), StringComparison.Ordinal);

        string header = Models.HeaderOf(saved);
        Assert.Contains("there are 2 objectives, and 3 targets", Refused("{\\\"objective\\\":\\\"mean-squared-error\\\"},", ""), StringComparison.Ordinal);
        Assert.Contains("mean-squared-error needs a number to predict", Refused("\\\"objective\\\":\\\"cross-entropy\\\"", "\\\"objective\\\":\\\"mean-squared-error\\\""), StringComparison.Ordinal);

        string Refused(string old, string replacement)
        {
            Assert.Contains(old, header, StringComparison.Ordinal);
            byte[] damaged = Models.File(header.Replace(old, replacement, StringComparison.Ordinal), saved[(8 + header.Length)..]);
            return Assert.Throws<ModelFormatException>(() => Models.Load(damaged)).Message;
        }
    }

    [Fact]
    public void The_usual_objective_follows_from_the_targets()
    {
        double[][] rows = [[0, 0, 0], [1, 1, 1], [1, 0, 1]];
        Assert.Same(Objective.MeanSquaredError, Objective.For(Of(null, null, null)));
        Assert.Same(Objective.BinaryCrossEntropy, Objective.For(Of(s_two, null, null).OfTarget(0)));
        Assert.Same(Objective.CrossEntropy, Objective.For(Of(s_two, s_three, null).OfTarget(1)));
        Assert.Equal(
            [Objective.BinaryCrossEntropy, Objective.CrossEntropy, Objective.MeanSquaredError], Objective.For(Of(s_two, s_three, null)).Parts);
        Assert.Equal("binary-cross-entropy + 2 × cross-entropy", Objective.For(Of(s_two, s_three, s_three)).ToString());

        Dataset Of(params IReadOnlyList<string>?[] classes) => new(rows.Select(row => new double[] { 1 }).ToArray(), rows, classes);
    }

    [Fact]
    public void Objectives_that_do_not_go_together_are_refused()
    {
        (Dataset data, _) = Mixed();
        Assert.Contains("Expected an objective for each of 3 targets, got 1", Refused(Objective.CrossEntropy), StringComparison.Ordinal);
        Assert.Contains("sum-of-squares cannot be the objective of one of several", Refused(Objective.Hinge, Objective.SumOfSquares, Objective.CrossEntropy), StringComparison.Ordinal);
        Assert.Contains("binary-cross-entropy is for two classes, and 'y 3' has 3", Refused(Objective.Hinge, Objective.MeanSquaredError, Objective.BinaryCrossEntropy), StringComparison.Ordinal);
        Assert.Contains("Use Objective.Joint", Assert.Throws<ArgumentException>(() => Objective.CrossEntropy.OutputCount(data)).Message, StringComparison.Ordinal);
        Assert.Contains("of no single class target", Assert.Throws<InvalidOperationException>(() => Objective.For(data).Weighted([1, 2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Dataset([[1]], [[0, 1]], [s_two]));
        Assert.Throws<ArgumentException>(() => new Dataset([[1]], [[0, 2]], [null, s_two]));

        string Refused(params Objective[] objectives) => Assert.Throws<ArgumentException>(() => Objective.Joint(data, objectives)).Message;
    }

    [Fact]
    public void Parts_have_the_combinations_of_classes_in_the_same_shares()
    {
        // Four combinations, of which one is rare.
        double[][] targets = [.. Enumerable.Range(0, 200).Select(i => new double[] { i % 2, i, i % 20 == 0 ? 1 : 0 })];
        var data = new Dataset([.. targets.Select(_ => new double[] { 1 })], targets, [s_two, null, s_two]);
        (Dataset first, Dataset second) = data.Split(0.2, new Rng(1));
        Assert.Equal((160, 40, 2), (first.Count, second.Count, second.Targets.Count(row => row[2] == 1)));
        Assert.Equal(20, second.Targets.Count(row => row[0] == 1));
        Assert.All(data.Folds(5, new Rng(1)), fold => Assert.Equal((40, 2), (fold.HeldBack.Count, fold.HeldBack.Targets.Count(row => row[2] == 1))));
    }

    private static (Dataset Data, Network Network) Mixed()
    {
        var rng = new Rng(5);
        double[][] inputs = [.. Enumerable.Range(0, 40).Select(_ => new[] { rng.Normal(), rng.Normal() })];
        double[][] targets = [.. inputs.Select(row => new[] { row[0] > 0 ? 1.0 : 0, row[0] - 2 * row[1], rng.Next(3) })];
        return (new Dataset(inputs, targets, [s_two, null, s_three]), new Mlp(2, [4, 5], rng, outputActivation: Activation.Linear));
    }

    private sealed class Alone(Network whole, Range outputs) : Network
    {
        public override int InputCount => whole.InputCount;

        public override int OutputCount => outputs.End.Value - outputs.Start.Value;

        public override Value[] Forward(params ReadOnlySpan<Value> inputs) => whole.Forward(inputs)[outputs];
    }
}
