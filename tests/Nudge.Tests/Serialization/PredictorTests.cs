// The obvious call is the fast one: the same numbers, any number of threads, nothing allocated.

namespace Nudge.Tests.Serialization;

public class PredictorTests
{
    private static readonly string[] s_flowers = ["setosa", "versicolor", "virginica"];

    [Fact]
    public void Gives_what_the_network_itself_gives_for_a_row_and_for_many()
    {
        TrainedModel model = Flowers();
        double[][] rows = Rows(1000, 4);
        foreach ((Precision precision, double error) in new[] { (Precision.Double, 1e-12), (Precision.Single, 1e-5) })
        {
            var predictor = new Predictor(model, precision);
            var results = new double[3 * rows.Length];
            predictor.Predict([.. rows.SelectMany(row => row)], results);
            for (int i = 0; i < rows.Length; i++)
            {
                double[] expected = model.Objective.Probabilities(model.Network.Predict(model.Inputs.Apply(rows[i])));
                for (int c = 0; c < 3; c++)
                {
                    Assert.Equal(expected[c], results[3 * i + c], error);
                    Assert.Equal(expected[c], predictor.Predict(rows[i])[c], error);
                }
            }
        }
    }

    [Fact]
    public void Gives_numbers_in_the_units_of_their_targets()
    {
        var model = new TrainedModel(
            new Mlp(2, [5, 2], new Rng(3), outputActivation: Activation.Linear), Objective.MeanSquaredError, ["a", "b"], "y", null,
            new Standardizer([1, 2], [3, 4]), new Standardizer([10, -20], [2, 3]));
        double[] outputs = model.Network.Predict(model.Inputs.Apply([0.5, 7]));
        double[] results = new Predictor(model).Predict(0.5, 7);
        Assert.Equal(10 + 2 * outputs[0], results[0], 10);
        Assert.Equal(-20 + 3 * outputs[1], results[1], 10);
    }

    [Fact]
    public void Takes_and_gives_float32_as_well()
    {
        var predictor = new Predictor(Flowers());
        float[] row = [5.1f, 3.5f, 1.4f, 0.2f], results = new float[3];
        predictor.Predict(row, results);
        double[] expected = predictor.Predict([.. row.Select(x => (double)x)]);
        Assert.Equal(expected.Select(p => (float)p), results);
        Assert.Equal(predictor.ClassOf([.. row.Select(x => (double)x)]), predictor.ClassOf(row));

        float[] outputs = new float[2];
        var square = CompiledFunction.Compile(1, x => x[0] * x[0]);
        square.Evaluate([3f, -4f], outputs);
        Assert.Equal([9f, 16f], outputs);
    }

    [Fact]
    public void Names_the_class_as_the_model_does()
    {
        TrainedModel model = Flowers();
        var predictor = new Predictor(model);
        double[][] rows = Rows(700, 4);
        var classes = new int[rows.Length];
        predictor.ClassesOf([.. rows.SelectMany(row => row)], classes);
        Assert.Equal(rows.Select(row => model.Objective.ClassOf(model.Network.Predict(model.Inputs.Apply(row)))), classes);
        Assert.Equal(classes.Select(c => s_flowers[c]), rows.Select(row => predictor.ClassNameOf(row)));
        Assert.Equal(classes, rows.Select(row => model.ClassOf(row)));
        Assert.True(classes.Distinct().Count() > 1);
    }

    [Fact]
    public void Goes_by_the_threshold_of_the_model()
    {
        var model = new TrainedModel(
            new Mlp(1, [1], new Rng(1), Activation.Linear), Objective.BinaryCrossEntropy.At(0.9), ["x"], "y", ["no", "yes"], new Standardizer([0], [1]));
        model.Network.Parameters.Load([1, 0]);
        var predictor = new Predictor(model);
        Assert.Equal("no", predictor.ClassNameOf(2));
        Assert.Equal("yes", predictor.ClassNameOf(3));
        Assert.Equal(1 / (1 + Math.Exp(-2)), predictor.Predict(2)[1], 12);
    }

    [Fact]
    public void Reads_parameters_as_they_are_when_it_is_called()
    {
        TrainedModel model = Flowers();
        var predictor = new Predictor(model);
        double before = predictor.Predict(5, 3, 4, 1)[0];
        foreach (Value parameter in model.Network.Parameters)
            parameter.Data *= 0.5;
        double after = predictor.Predict(5, 3, 4, 1)[0];
        Assert.NotEqual(before, after);
        Assert.Equal(model.Objective.Probabilities(model.Network.Predict(model.Inputs.Apply([5, 3, 4, 1])))[0], after, 10);
    }

    [Fact]
    public void Allocates_nothing_for_a_row_a_batch_or_the_cells_of_a_row()
    {
        using TemporaryFolder folder = new();
        Dataset data = Table(folder);
        TrainedModel flowers = Flowers(), table = Trained(data);
        foreach (Precision precision in new[] { Precision.Double, Precision.Single })
        {
            Predictor predictor = new(flowers, precision), ofTable = new(table, precision);
            double[] row = [5.1, 3.5, 1.4, 0.2], results = new double[3], many = [.. Rows(1000, 4).SelectMany(r => r)], manyResults = new double[3000], two = new double[2];
            float[] single = [5.1f, 3.5f, 1.4f, 0.2f], singleResults = new float[3];
            var classes = new int[1000];
            string[] cells = ["12.5", "red", "yes"];
            void Call()
            {
                predictor.Predict(row, results);
                predictor.Predict(single, singleResults);
                predictor.ClassOf(row);
                predictor.ClassNameOf(row);
                predictor.Predict(many, manyResults);
                predictor.ClassesOf(many, classes);
                ofTable.PredictCells(cells, two);
            }

            for (int i = 0; i < 100; i++)
                Call();
            // The collector may take rooms back that arrays are rented from, but not in each of several rounds.
            long least = long.MaxValue;
            for (int round = 0; round < 5; round++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 20; i++)
                    Call();
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }
            Assert.Equal(0, least);
        }
    }

    [Fact]
    public async Task Eight_threads_predict_while_parameters_are_trained()
    {
        // However far the training is, a probability that is right is one of these two networks.
        TrainedModel model = Flowers();
        var predictor = new Predictor(model);
        double[] first = model.Network.Parameters.ToArray(), second = Array.ConvertAll(first, number => -0.5 * number);
        double[] row = [5.1, 3.5, 1.4, 0.2];
        double[] ofFirst = predictor.Predict(row);
        model.Network.Parameters.Load(second);
        double[] ofSecond = predictor.Predict(row);
        Dataset data = new(Rows(64, 4), [.. Enumerable.Range(0, 64).Select(i => new double[] { i % 3 })], s_flowers);
        CompiledLoss loss = Objective.CrossEntropy.Compile(model.Network);
        using var stop = new CancellationTokenSource();
        // All threads read what a thread of its own trains: each answer is finite and adds up to one.
        Task training = Task.Run(() =>
        {
            var optimizer = new Adam(model.Network.Parameters, 0.01);
            CompiledData prepared = loss.PreparePacked(64, (i, numbers, classes) => Objective.CrossEntropy.Pack(data.Inputs[i], data.Targets[i], 64, numbers, classes));
            for (int step = 0; step < 500 || !stop.IsCancellationRequested; step++)
                loss.Step(optimizer, prepared);
        });
        Task[] readers = [.. Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            double[] results = new double[3], many = [.. Rows(50, 4).SelectMany(r => r)], manyResults = new double[150];
            for (int i = 0; i < 2000; i++)
            {
                predictor.Predict(row, results);
                Assert.Equal(1, results.Sum(), 9);
                predictor.Predict(many, manyResults);
                Assert.All(manyResults, p => Assert.InRange(p, 0, 1));
                Assert.InRange(predictor.ClassOf(row), 0, 2);
            }
        }))];
        await Task.WhenAll(readers);
        await stop.CancelAsync();
        await training;
        // And each thread still gets the answers of the parameters that are there.
        model.Network.Parameters.Load(first);
        Task[] again = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => Assert.Equal(ofFirst, predictor.Predict(row))))];
        await Task.WhenAll(again);
        model.Network.Parameters.Load(second);
        Assert.Equal(ofSecond, predictor.Predict(row));
    }

    [Fact]
    public void Refuses_wrong_lengths_and_numbers_that_are_none()
    {
        var predictor = new Predictor(Flowers());
        Assert.Contains("Expected 4 inputs, got 3", Assert.Throws<ArgumentException>(() => predictor.Predict(1, 2, 3)).Message, StringComparison.Ordinal);
        Assert.Contains("Expected 4 inputs, got 5", Assert.Throws<ArgumentException>(() => predictor.ClassOf(1, 2, 3, 4, 5)).Message, StringComparison.Ordinal);
        Assert.Contains("Expected 4 inputs and room for 3 results", Assert.Throws<ArgumentException>(() => predictor.Predict(new double[8], new double[3])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => predictor.Predict(ReadOnlySpan<double>.Empty, Span<double>.Empty));
        Assert.Throws<ArgumentException>(() => predictor.Predict(new double[4], new double[4]));
        Assert.Throws<ArgumentException>(() => predictor.ClassesOf(new double[8], new int[3]));
        Assert.Contains("The input 'x1' is NaN", Assert.Throws<ArgumentException>(() => predictor.Predict(1, double.NaN, 3, 4)).Message, StringComparison.Ordinal);
        Assert.Contains("The input 'x3' of row 1 is", Assert.Throws<ArgumentException>(() => predictor.Predict([1, 2, 3, 4, 1, 2, 3, double.PositiveInfinity], new double[6])).Message, StringComparison.Ordinal);
        Assert.Contains("of row 0 is NaN", Assert.Throws<ArgumentException>(() => predictor.Predict([1, 2, float.NaN, 4, 1, 2, 3, 4], new float[6])).Message, StringComparison.Ordinal);

        var ofNumbers = new Predictor(new TrainedModel(
            new Mlp(1, [1], new Rng(1), Activation.Linear), Objective.MeanSquaredError, ["x"], "y", null, new Standardizer([0], [1])));
        Assert.Null(ofNumbers.Classes);
        Assert.Throws<InvalidOperationException>(() => ofNumbers.ClassOf(1));
        Assert.Throws<InvalidOperationException>(() => ofNumbers.ClassNameOf(1));
    }

    [Fact]
    public void Reads_the_cells_of_a_row_as_a_file_with_that_row_is_read()
    {
        using TemporaryFolder folder = new();
        TrainedModel model = Trained(Table(folder));
        var predictor = new Predictor(model);
        string[][] rows = [["12.5", "red", "yes"], ["3", "blue", "no"], ["", "green", "yes"], ["7", "violet", ""], [" 8 ", "NA", "no"]];
        string path = folder.File("rows.csv");
        File.WriteAllLines(path, ["size,colour,fresh", .. rows.Select(row => string.Join(',', row))]);
        double[][] expected = model.Predict(model.InputsFrom(model.ReadTable(path)).Rows);
        for (int i = 0; i < rows.Length; i++)
        {
            var results = new double[2];
            predictor.PredictCells(rows[i], results);
            Assert.Equal(expected[i][1], results[1], 1e-12);
        }

        Assert.Equal(["size", "colour", "fresh"], predictor.Schema.Inputs.Select(column => column.Name));
        Assert.Contains("The column 'size' has 'large'; expected a number", Assert.Throws<ArgumentException>(() => predictor.PredictCells(["large", "red", "yes"], new double[2])).Message, StringComparison.Ordinal);
        Assert.Contains("'fresh' has 'perhaps'; expected yes or no", Assert.Throws<ArgumentException>(() => predictor.PredictCells(["1", "red", "perhaps"], new double[2])).Message, StringComparison.Ordinal);
        Assert.Contains("Expected 3 cells, those of 'size', 'colour', 'fresh', got 2", Assert.Throws<ArgumentException>(() => predictor.PredictCells(["1", "red"], new double[2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => predictor.PredictCells(["1", "red", "yes"], new double[3]));
    }

    private static TrainedModel Flowers() => new(
        new Mlp(4, [16, 16, 3], new Rng(1), outputActivation: Activation.Linear), Objective.CrossEntropy, ["x0", "x1", "x2", "x3"], "species",
        s_flowers, new Standardizer([5.8, 3.1, 3.8, 1.2], [0.8, 0.4, 1.8, 0.8]));

    private static double[][] Rows(int count, int inputs)
    {
        var rng = new Rng(7);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, inputs).Select(_ => rng.Uniform(0, 8)).ToArray())];
    }

    private static Dataset Table(TemporaryFolder folder)
    {
        string path = folder.File("table.csv");
        string[] colours = ["red", "blue", "green"];
        File.WriteAllLines(path, ["size,colour,fresh,good", .. Enumerable.Range(0, 90).Select(i => $"{(i % 11 == 5 ? "" : $"{i % 17}.5")},{colours[i % 3]},{(i % 2 == 0 ? "yes" : "no")},{(i % 7 > 3 ? "good" : "bad")}")]);
        return Dataset.FromCsv(path, new TableOptions { Target = "good" });
    }

    private static TrainedModel Trained(Dataset data) => new TrainedModel(
        new Mlp(data.InputCount, [6, 1], new Rng(1), outputActivation: Activation.Linear), Objective.BinaryCrossEntropy, data.InputNames, data.TargetName,
        data.Classes, data.Schema!.Fit(data)).With(data.Schema);
}
