// What a model says about examples, beside the same computed one by one.

namespace Nudge.Tests.Evaluation;

public class ModelEvaluationTests
{
    [Theory]
    [InlineData("binary-cross-entropy", 2)]
    [InlineData("cross-entropy", 2)]
    [InlineData("cross-entropy", 3)]
    public void Classes_have_the_scores_of_their_probabilities(string name, int classes)
    {
        (TrainedModel model, Dataset data) = Untrained(name, classes);
        var evaluation = ModelEvaluation.Of(model, data);
        double[][] probabilities = [.. data.Inputs.Select(row => model.Predict(row))];
        int[] truth = [.. data.Targets.Select(target => (int)target[0])];
        Assert.Equal(model.Measure(data).Loss, evaluation.Metrics.Loss, 1e-12);
        Assert.Equal(evaluation.Metrics.Loss, evaluation.Losses.Average(), 1e-10);
        for (int i = 0; i < data.Count; i++)
        {
            Assert.Equal(probabilities[i], evaluation.Predictions[i], (a, b) => Math.Abs(a - b) < 1e-12);
            Assert.Equal(-Math.Log(probabilities[i][truth[i]]), evaluation.Losses[i], 1e-9);
        }
        int curves = classes == 2 ? 1 : classes;
        Assert.Equal(curves, evaluation.RocCurves.Count);
        for (int c = 0; c < curves; c++)
        {
            int positive = classes == 2 ? 1 : c;
            Assert.Equal(RocCurve.Of([.. probabilities.Select(row => row[positive])], [.. truth.Select(one => one == positive)]).Area, evaluation.RocCurves[c].Area, 1e-9);
        }
        Assert.Equal(evaluation.RocCurves.Average(curve => curve.Area), evaluation.RocArea, 1e-12);
        Assert.Equal(Calibration.Of(probabilities, truth).BrierScore, evaluation.Calibration!.BrierScore, 1e-9);
        Assert.Equal(classes == 2, evaluation.BestThreshold is not null);
    }

    [Fact]
    public void The_hinge_knows_no_probabilities_and_is_put_in_order_by_its_scores()
    {
        (TrainedModel model, Dataset data) = Untrained("hinge", 2);
        var evaluation = ModelEvaluation.Of(model, data);
        double[] scores = [.. model.Prepare(data).Inputs.Select(row => model.Network.Predict(row)[0])];
        Assert.Equal((null, null), (evaluation.Calibration, evaluation.BestThreshold));
        Assert.Equal(RocCurve.Of(scores, [.. data.Targets.Select(target => target[0] == 1)]).Area, evaluation.RocArea, 1e-9);
        Assert.True(evaluation.RocCurves[0].Points.Count > 10);
        Assert.Equal(evaluation.Metrics.Loss, evaluation.Losses.Average(), 1e-10);
        Assert.Throws<InvalidOperationException>(() => evaluation.MetricsAt(0.3));
    }

    [Fact]
    public void Numbers_have_errors_in_their_own_units()
    {
        var data = new Dataset([[0], [1], [2], [3]], [[10], [20], [30], [100]], targetName: "price");
        var network = new Mlp(1, [1], new Rng(1), Activation.Linear, Activation.Linear);
        var model = new TrainedModel(network, Objective.MeanSquaredError, ["x0"], "price", null, Standardizer.Fit(data.Inputs), Standardizer.Fit(data.Targets));
        var evaluation = ModelEvaluation.Of(model, data);
        double[] errors = [.. data.Inputs.Zip(data.Targets, (input, target) => model.Predict(input)[0] - target[0])];
        Assert.Equal(errors.Average(Math.Abs), evaluation.MeanAbsoluteError, 1e-9);
        Assert.Equal(Math.Sqrt(errors.Average(error => error * error)), evaluation.RootMeanSquaredError, 1e-9);
        Assert.Equal((null, null, double.NaN), (evaluation.ClassScores, evaluation.BestThreshold, evaluation.RocArea));
        Assert.Equal(evaluation.Metrics.Loss, evaluation.Losses.Average(), 1e-10);
    }

    [Fact]
    public void Several_numbers_have_errors_each_in_its_own_units()
    {
        var data = new Dataset([[0], [1], [2], [3]], [[10, 1], [20, 5], [30, 2], [100, 0]], targetName: "price, weight");
        var network = new Mlp(1, [2], new Rng(1), Activation.Linear, Activation.Linear);
        var model = new TrainedModel(network, Objective.MeanSquaredError, ["x0"], "price, weight", null, Standardizer.Fit(data.Inputs), Standardizer.Fit(data.Targets));
        var evaluation = ModelEvaluation.Of(model, data);
        for (int t = 0; t < 2; t++)
        {
            double[] errors = [.. data.Inputs.Zip(data.Targets, (input, target) => model.Predict(input)[t] - target[t])];
            Assert.Equal(errors.Average(Math.Abs), evaluation.OfEach[t].MeanAbsoluteError, 1e-9);
            Assert.Equal(Math.Sqrt(errors.Average(error => error * error)), evaluation.OfEach[t].RootMeanSquaredError, 1e-9);
        }
        // Of both together, which have units of their own, there is no such number.
        Assert.Equal(double.NaN, evaluation.MeanAbsoluteError);
        Assert.Equal(evaluation.Metrics.Loss, evaluation.Losses.Average(), 1e-10);
    }

    [Fact]
    public void Who_is_just_at_the_threshold_is_not_above_it()
    {
        (TrainedModel model, Dataset data) = Untrained("binary-cross-entropy", 2);
        var evaluation = ModelEvaluation.Of(model, data);
        for (int i = 0; i < 10; i++)
        {
            double at = evaluation.Predictions[i][1];
            Assert.Equal(evaluation.Predictions.Count(row => row[1] > at), evaluation.MetricsAt(at).Confusion!.Sum(row => row[1]));
        }
    }

    [Fact]
    public void A_part_with_one_class_only_has_no_area()
    {
        (TrainedModel model, Dataset data) = Untrained("binary-cross-entropy", 2);
        Dataset ones = data.Subset([.. Enumerable.Range(0, data.Count).Where(i => data.Targets[i][0] == 1)]);
        var evaluation = ModelEvaluation.Of(model, ones);
        Assert.Equal((double.NaN, null), (evaluation.RocArea, evaluation.BestThreshold));
        Assert.Equal(0, evaluation.ClassScores!.Classes[0].Count);
    }

    [Fact]
    public void A_threshold_decides_in_every_place_and_travels_with_the_model()
    {
        (TrainedModel plain, Dataset data) = Untrained("binary-cross-entropy", 2);
        TrainedModel model = plain.With(plain.Objective.At(0.3));
        var evaluation = ModelEvaluation.Of(plain, data);
        Metrics expected = evaluation.MetricsAt(0.3);
        Assert.NotEqual(plain.Measure(data).Confusion, expected.Confusion);
        Assert.Equal(expected.Confusion, model.Measure(data).Confusion);
        Assert.Equal(expected.Confusion, ModelEvaluation.Of(model, data).Metrics.Confusion);
        using var folder = new TemporaryFolder();
        model.Save(folder.File("model.safetensors"));
        var loaded = TrainedModel.Load(folder.File("model.safetensors"));
        Assert.Equal(0.3, loaded.Objective.Threshold);
        Assert.Equal(expected.Confusion, loaded.Measure(data).Confusion);
        Assert.All(data.Inputs, row =>
        {
            Assert.Equal(loaded.Predict(row)[1] > 0.3 ? 1 : 0, loaded.ClassOf(row));
            Assert.Equal(loaded.ClassOf(row), loaded.ClassOfProbabilities(loaded.Predict(row)));
        });
        Assert.Equal(0.5, TrainedModel.Load(Saved(plain)).Objective.Threshold);

        string Saved(TrainedModel other)
        {
            other.Save(folder.File("plain.safetensors"));
            return folder.File("plain.safetensors");
        }
    }

    [Fact]
    public void A_threshold_is_for_two_classes_with_probabilities()
    {
        Assert.Throws<InvalidOperationException>(() => Objective.Hinge.At(0.3));
        Assert.Throws<InvalidOperationException>(() => Objective.MeanSquaredError.At(0.3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Objective.BinaryCrossEntropy.At(1));
        (TrainedModel model, _) = Untrained("cross-entropy", 3);
        Assert.Throws<ArgumentException>(() => model.With(Objective.CrossEntropy.At(0.3)));
        Assert.Equal(Objective.BinaryCrossEntropy.LossOf([new Value(0.7)], [1]).Data, Objective.BinaryCrossEntropy.At(0.3).LossOf([new Value(0.7)], [1]).Data);
    }

    private static (TrainedModel Model, Dataset Data) Untrained(string objective, int classes)
    {
        Dataset data = Generate.Blobs(60, 0.8, new Rng(3), centers: classes);
        Objective loss = Objective.All.Single(one => one.Name == objective);
        var network = new Mlp(2, [5, loss.OutputCount(data)], new Rng(4), Activation.Tanh, Activation.Linear);
        return (new TrainedModel(network, loss, data.InputNames, data.TargetName, data.Classes, Standardizer.Fit(data.Inputs)), data);
    }
}
