// A model takes raw numbers and gives answers in the data's own units.

namespace Nudge.Tests.Serialization;

public class TrainedModelTests
{
    [Fact]
    public void Numbers_are_predicted_in_the_datas_own_units()
    {
        TrainedModel model = Models.Regressor();
        double output = model.Network.Predict((10.0 - 2) / 4)[0];
        Assert.Equal([output * 0.5 + 100], model.Predict(10));
        Assert.Throws<InvalidOperationException>(() => model.ClassOf(10));
    }

    [Fact]
    public void Classes_are_predicted_with_their_probabilities()
    {
        TrainedModel model = Models.Classifier();
        double[] logits = model.Network.Predict((2 - 1.5) / 0.1, (-2 + 2) / 1e-9);
        double[] probabilities = model.Predict(2, -2);
        Assert.Equal(1, probabilities.Sum(), 1e-12);
        Assert.Equal(logits[0] - logits[1], Math.Log(probabilities[0] / probabilities[1]), 1e-12);
        Assert.Equal(logits[0] > logits[1] ? 0 : 1, model.ClassOf(2, -2));
    }

    [Fact]
    public void Preparing_standardises_inputs_and_targets_of_regression()
    {
        Dataset prepared = Models.Regressor().Prepare(new Dataset([[2], [6]], [[100], [101]], inputNames: ["x"]));
        Assert.Equal([[0], [1]], prepared.Inputs);
        Assert.Equal([[0], [2]], prepared.Targets);
        Dataset classes = Models.Classifier().Prepare(new Dataset([[1.5, -2], [1.6, -2]], [[1], [0]], Models.Classifier().Classes));
        Assert.Equal([[1], [0]], classes.Targets);
        Assert.Equal(1, classes.Inputs[1][0], 1e-12);
    }

    [Fact]
    public void Prepared_rows_take_no_memory_of_their_own()
    {
        double[][] rows = [.. Enumerable.Range(0, 10_000).Select(i => new double[] { i })];
        var raw = new Dataset(rows, rows, inputNames: ["x"]);
        TrainedModel model = Models.Regressor();
        model.Prepare(raw);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Dataset prepared = model.Prepare(raw);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
        Assert.Equal(prepared.Inputs, Enumerable.Range(0, raw.Count).Select(i => prepared.Inputs[i]));
        (Dataset first, Dataset second) = prepared.SplitInOrder(0.25);
        Assert.Equal(prepared.Targets, first.Targets.Concat(second.Targets));
    }

    [Fact]
    public void Measuring_takes_raw_examples()
    {
        TrainedModel model = Models.Regressor();
        double[][] inputs = [[1], [2], [10]];
        double[][] targets = [.. inputs.Select(input => new[] { model.Predict(input)[0] })];
        Metrics metrics = model.Measure(new Dataset(inputs, targets));
        Assert.Equal(1, metrics.RSquared!.Value, 1e-12);
        Assert.Equal(0, metrics.Loss, 1e-12);
    }

    [Fact]
    public void Examples_that_do_not_suit_the_model_are_refused()
    {
        string[] others = ["setosa", "virginica"];
        Assert.Contains("takes 2 inputs, and the data has 1", Refused(Models.Classifier(), new Dataset([[1]], [[0]], others)), StringComparison.Ordinal);
        Assert.Contains("different classes", Refused(Models.Classifier(), new Dataset([[1, 2]], [[0]], others)), StringComparison.Ordinal);
        Assert.Contains("different classes", Refused(Models.Classifier(), new Dataset([[1, 2]], [[0]])), StringComparison.Ordinal);
        Assert.Contains("predicts 1 targets, and the data has 2", Refused(Models.Regressor(), new Dataset([[1]], [[0, 1]])), StringComparison.Ordinal);

        static string Refused(TrainedModel model, Dataset data) => Assert.Throws<ArgumentException>(() => model.Measure(data)).Message;
    }

    [Fact]
    public void Parts_that_do_not_fit_together_make_no_model()
    {
        var network = new Mlp(1, [2], new Rng(1));
        var scale = new Standardizer([0], [1]);
        Assert.Throws<ArgumentException>(() => new TrainedModel(network, Objective.CrossEntropy, ["x"], "y", null, scale));
        Assert.Throws<ArgumentException>(() => new TrainedModel(network, Objective.CrossEntropy, ["x"], "y", ["a", "b", "c"], scale));
        Assert.Throws<ArgumentException>(() => new TrainedModel(network, Objective.CrossEntropy, ["x"], "y", ["a", "a"], scale));
        Assert.Throws<ArgumentException>(() => new TrainedModel(network, Objective.CrossEntropy, ["y"], "y", ["a", "b"], scale));
        Assert.Throws<ArgumentException>(() => new TrainedModel(network, Objective.CrossEntropy, ["x"], "y", ["a", "b"], scale, new Standardizer([0, 0], [1, 1])));
        Assert.Throws<ArgumentException>(() => new TrainedModel(network, Objective.MeanSquaredError, ["x"], "y", null, scale, scale));
        Assert.Throws<ArgumentException>(() => new TrainedModel(network, Objective.MeanSquaredError, ["x"], "y", null, new Standardizer([double.NaN], [1])));
        Assert.Equal(2, new TrainedModel(network, Objective.MeanSquaredError, ["x"], "y", null, scale).Predict(1).Length);
    }

    [Fact]
    public void Every_generated_data_set_makes_a_model()
    {
        var rng = new Rng(1);
        foreach (Dataset data in new[]
        {
            Generate.Lesson(), Generate.Xor(), Generate.Moons(10, 0, rng), Generate.Circles(10, 0, rng), Generate.Spirals(10, 0, rng),
            Generate.Blobs(10, 0, rng), Generate.YinYang(10, rng), Generate.Sine(10, 0, rng),
        })
        {
            Objective objective = data.Classes is null ? Objective.MeanSquaredError : Objective.CrossEntropy;
            var network = new Mlp(data.InputCount, [objective.OutputCount(data)], rng);
            var model = new TrainedModel(network, objective, data.InputNames, data.TargetName, data.Classes, Standardizer.Fit(data.Inputs));
            Assert.Equal(data.TargetName, Models.Load(Models.BytesOf(model)).TargetName);
        }
    }

    [Fact]
    public void A_file_is_read_by_the_names_that_the_model_knows()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("d.csv"), "species,id,width,length\nsetosa,a,2,1\nsetosa,b,4,3\n");
        CsvFile file = CsvFile.Read(folder.File("d.csv"));
        Assert.Equal([[1, 2], [3, 4]], Models.Classifier().InputsFrom(file).Rows);
        Assert.Equal([[1, 2], [3, 4]], Models.Classifier().ExamplesFrom(file).Rows);
        Assert.Contains("the model predicts 3 targets", Assert.Throws<DataFormatException>(() => Models.Regressor(targets: 3).ExamplesFrom(file)).Message, StringComparison.Ordinal);
    }
}
