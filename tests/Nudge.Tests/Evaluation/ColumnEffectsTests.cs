// Importances and dependence of columns, beside the same made the long way: by changing rows and cells.

using System.Text;
using Nudge.Tests.Data;

namespace Nudge.Tests.Evaluation;

public class ColumnEffectsTests
{
    private const int Rows = 90;

    private static readonly string[] s_towns = ["Bath", "Cork", "Leeds"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Importances_are_what_mixing_all_inputs_of_a_column_costs(bool isClassification)
    {
        (TrainedModel model, Dataset data, _) = Untrained(isClassification);
        var importances = ColumnImportances.Measure(model, data, new Rng(8), repeats: 3);
        Assert.Equal((Rows, 3), (importances.Rows, importances.Repeats));
        Assert.Equal(model.Schema.Inputs.Count, importances.Columns.Count);
        Assert.Equal(importances.Columns.Select(one => one.LossRise).OrderDescending(), importances.Columns.Select(one => one.LossRise));

        var rng = new Rng(8);
        int[] permutation = [.. Enumerable.Range(0, Rows)];
        Metrics whole = model.Measure(data);
        int start = 0;
        foreach (TableColumn column in model.Schema.Inputs)
        {
            var rises = new List<double>();
            var drops = new List<double>();
            for (int repeat = 0; repeat < 3; repeat++)
            {
                rng.Shuffle<int>(permutation);
                double[][] rows = [.. data.Inputs.Select(row => row.ToArray())];
                for (int row = 0; row < Rows; row++)
                    data.Inputs[permutation[row]].AsSpan(start, column.InputNames.Count).CopyTo(rows[row].AsSpan(start));
                Metrics mixed = model.Measure(new Dataset(rows, [.. data.Targets], data.Classes, data.InputNames, data.TargetName));
                rises.Add(mixed.Loss - whole.Loss);
                drops.Add(Score(whole) - Score(mixed));
            }
            ColumnImportance found = importances.Columns.Single(one => one.Column == column);
            Assert.Equal(rises.Average(), found.LossRise, 1e-12);
            Assert.Equal(drops.Average(), found.ScoresOfEach[0].Drop, 1e-12);
            Assert.Equal(Math.Sqrt(rises.Sum(rise => Math.Pow(rise - rises.Average(), 2)) / 2), found.LossSpread, 1e-12);
            start += column.InputNames.Count;
        }
        Assert.Equal(model.InputNames.Count, start);

        static double Score(Metrics metrics) => metrics.Accuracy ?? metrics.RSquared!.Value;
    }

    [Fact]
    public void Of_several_targets_each_loses_by_itself()
    {
        // The first target is the first input, the second the second.
        var rng = new Rng(2);
        double[][] inputs = [.. Enumerable.Range(0, 60).Select(_ => new[] { rng.Normal(), rng.Normal() })];
        var data = new Dataset(inputs, [.. inputs.Select(row => row.ToArray())]);
        var network = new Mlp(2, [2], rng, Activation.Linear, Activation.Linear);
        for (int output = 0; output < 2; output++)
        {
            for (int input = 0; input < 2; input++)
                network.Layers[0].Neurons[output].Weights[input].Data = output == input ? 1 : 0;
            network.Layers[0].Neurons[output].Bias!.Data = 0;
        }
        var model = new TrainedModel(network, Objective.MeanSquaredError, data.InputNames, "y", null, new Standardizer([0, 0], [1, 1]), null);
        var importances = ColumnImportances.Measure(model, data, new Rng(1));
        for (int input = 0; input < 2; input++)
        {
            ColumnImportance found = importances.Columns.Single(one => one.Column.Name == $"x{input}");
            Assert.Equal(0, found.ScoresOfEach[1 - input].Drop, 1e-12);
            Assert.Equal(0, found.ScoresOfEach[1 - input].Spread, 1e-12);
            // What is mixed up says nothing: the mean would be better.
            Assert.InRange(found.ScoresOfEach[input].Drop, 1, 3);
            Assert.InRange(found.ScoresOfEach[input].Spread, 1e-3, 1);
        }
        (TrainedModel one, Dataset itsData, _) = Untrained(false);
        Assert.All(ColumnImportances.Measure(one, itsData, new Rng(1), repeats: 1).Columns, column => Assert.Single(column.ScoresOfEach));
    }

    [Fact]
    public void The_same_seed_gives_the_same_importances_and_examples_stay_as_they_were()
    {
        (TrainedModel model, Dataset data, _) = Untrained(true);
        double[][] before = [.. data.Inputs.Select(row => row.ToArray())];
        Assert.Equal(Rises(1), Rises(1));
        Assert.NotEqual(Rises(1), Rises(2));
        Assert.Equal(before, data.Inputs);

        double[] Rises(ulong seed) => [.. ColumnImportances.Measure(model, data, new Rng(seed)).Columns.Select(one => one.LossRise)];
    }

    [Fact]
    public void A_column_that_the_network_does_not_look_at_matters_not_at_all()
    {
        (TrainedModel model, Dataset data, _) = Untrained(true);
        int town = model.InputNames.ToList().IndexOf("town=Bath");
        foreach (Neuron neuron in ((Mlp)model.Network).Layers[0].Neurons)
        {
            for (int i = town; i < town + 3; i++)
                neuron.Weights[i].Data = 0;
        }
        ColumnImportance found = ColumnImportances.Measure(model, data, new Rng(1)).Columns.Single(one => one.Column.Name == "town");
        Assert.Equal((0, 0, 0, 0), (found.LossRise, found.LossSpread, found.ScoresOfEach[0].Drop, found.ScoresOfEach[0].Spread));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dependence_is_the_mean_answer_when_a_cell_is_the_same_in_every_row(bool isClassification)
    {
        (TrainedModel model, Dataset data, string[][] cells) = Untrained(isClassification);
        IReadOnlyList<ColumnDependence> all = ColumnDependence.Measure(model, data, model.Schema.Inputs, new Rng(1));
        Assert.Equal(["size", "town", "open", "at"], all.Select(one => one.Column.Name));
        Assert.Equal("hour", all[3].Part);
        Assert.Equal("missing", all[0].Points[^1].Label);
        Assert.Equal(["Bath", "Cork", "Leeds"], all[1].Points.Select(point => point.Label));
        Assert.Equal(["no", "yes"], all[2].Points.Select(point => point.Label));
        Assert.Equal(21, all[0].Points.Count - 1);
        double[] sizes = [.. data.Inputs.Select(row => row[0]).Where(size => !double.IsNaN(size)).Order()];
        Assert.Equal(Enumerable.Range(0, 21).Select(i => sizes[i * (sizes.Length - 1) / 20]), all[0].Points.SkipLast(1).Select(point => point.Value!.Value));
        foreach (ColumnDependence dependence in all)
        {
            Assert.Equal(Rows, dependence.Rows);
            int column = Array.IndexOf(["size", "town", "open", "at"], dependence.Column.Name);
            foreach (DependencePoint point in dependence.Points)
            {
                string cell = point.Label == "missing" ? "" : point.Value is { } value ? value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)
                    : dependence.Part == "hour" ? $"{point.Label.Split(' ')[0].PadLeft(2, '0')}:00" : point.Label;
                string[][] changed = [.. cells.Select(row => row.Select((text, i) => i == column ? cell : text).ToArray())];
                double[][] answers = model.Predict(model.InputsFrom(Parse(changed)).Rows);
                for (int i = 0; i < answers[0].Length; i++)
                    Assert.Equal(answers.Average(answer => answer[i]), point.Answer[i], 1e-9);
            }
        }
    }

    [Fact]
    public void A_month_is_asked_about_at_its_middle_and_a_weekday_as_it_is()
    {
        string[] days = [.. Enumerable.Range(0, 120).Select(i => $"{new DateTime(2023, 1, 1).AddDays(i * 37 % 365):yyyy-MM-dd}")];
        CsvFile file = Csv.Of("day,y\n" + string.Concat(days.Select((day, i) => FormattableString.Invariant($"{day},{i * 7 % 31}.5\n"))));
        var schema = TableSchema.Infer(file);
        Dataset data = schema.Read(file).Data!;
        var network = new Mlp(data.InputCount, [4, 1], new Rng(3));
        TrainedModel model = new TrainedModel(network, Objective.MeanSquaredError, data.InputNames, "y", null, schema.Fit(data), Standardizer.Fit(data.Targets)).With(schema);
        IReadOnlyList<ColumnDependence> all = ColumnDependence.Measure(model, data, model.Schema.Inputs, new Rng(1));
        Assert.Equal(["month", "weekday"], all.Select(one => one.Part));
        Assert.Equal(4, data.InputCount);
        for (int month = 0; month < 12; month++)
            Assert.Equal(Mean(0, 2 * Math.PI * (month + 0.5) / 12), all[0].Points[month].Answer[0], 1e-9);
        for (int day = 0; day < 7; day++)
            Assert.Equal(Mean(2, 2 * Math.PI * day / 7), all[1].Points[day].Answer[0], 1e-9);

        double Mean(int place, double angle) => data.Inputs.Average(row =>
        {
            double[] changed = [.. row];
            (changed[place], changed[place + 1]) = Math.SinCos(angle);
            return model.Predict(changed)[0];
        });
    }

    [Fact]
    public void Large_tables_are_asked_about_by_a_sample()
    {
        (TrainedModel model, Dataset data, _) = Untrained(true);
        Dataset large = data.Subset([.. Enumerable.Range(0, 5000).Select(i => i % Rows)]);
        Assert.Equal(2000, ColumnImportances.Measure(model, large, new Rng(1), repeats: 1).Rows);
        Assert.All(ColumnDependence.Measure(model, large, model.Schema.Inputs, new Rng(1)), one => Assert.Equal(500, one.Rows));
        Assert.Empty(ColumnDependence.Measure(model, large, [], new Rng(1)));
    }

    [Fact]
    public void Of_very_many_columns_those_with_the_largest_weights_are_measured()
    {
        const int columns = 130;
        var rng = new Rng(2);
        double[][] inputs = [.. Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, columns).Select(_ => rng.Normal()).ToArray())];
        var data = new Dataset(inputs, [.. inputs.Select(row => new[] { row[7] })]);
        var network = new Mlp(columns, [1], rng, Activation.Linear, Activation.Linear);
        foreach (Value weight in network.Layers[0].Neurons[0].Weights)
            weight.Data *= 0.01;
        network.Layers[0].Neurons[0].Weights[7].Data = 1;
        var model = new TrainedModel(network, Objective.MeanSquaredError, data.InputNames, "y", null, Standardizer.Fit(inputs), null);
        var importances = ColumnImportances.Measure(model, data, new Rng(1));
        Assert.Equal(100, importances.Columns.Count);
        Assert.Equal("x7", importances.Columns[0].Column.Name);
    }

    private static (TrainedModel Model, Dataset Data, string[][] Cells) Untrained(bool isClassification)
    {
        var rng = new Rng(5);
        string[][] cells = [.. Enumerable.Range(0, Rows).Select(i =>
        {
            double size = Math.Round(rng.Uniform(1, 9), 4);
            string target = isClassification ? size + rng.Normal() > 5 ? "dear" : "cheap" : FormattableString.Invariant($"{3 * size + rng.Normal():F3}");
            return new[]
            {
                i % 11 == 0 ? "" : FormattableString.Invariant($"{size}"), s_towns[rng.Next(3)], rng.Next(2) == 0 ? "yes" : "no", FormattableString.Invariant($"{rng.Next(24):00}:{rng.Next(60):00}"), target,
            };
        })];
        CsvFile file = Parse(cells);
        var schema = TableSchema.Infer(file);
        Assert.Equal([ColumnKind.Number, ColumnKind.Category, ColumnKind.YesNo, ColumnKind.Date], schema.Inputs.Select(column => column.Kind));
        Dataset data = schema.Read(file).Data!;
        Objective objective = isClassification ? Objective.BinaryCrossEntropy : Objective.MeanSquaredError;
        Standardizer inputs = schema.Fit(data, ramps: isClassification ? 3 : 0);
        Assert.Equal(data.InputCount + (isClassification ? 3 : 0), inputs.OutputCount);
        var network = new Mlp(inputs.OutputCount, [6, 1], new Rng(6), Activation.Tanh, Activation.Linear);
        var model = new TrainedModel(network, objective, data.InputNames, data.TargetName, data.Classes, inputs, isClassification ? null : Standardizer.Fit(data.Targets));
        return (model.With(schema), data, cells);
    }

    private static CsvFile Parse(string[][] cells)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("size,town,open,at,price\n" + string.Join('\n', cells.Select(row => string.Join(',', row))) + "\n"));
        return CsvFile.Read(stream, name: "prices.csv");
    }
}
