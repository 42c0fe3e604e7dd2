// Tables of any mix of kinds: what holds for all of them.

using System.Globalization;
using System.Text;
using Nudge.Tests.Serialization;

namespace Nudge.Tests.Data;

public class TablePropertyTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void In_float_a_row_alone_is_predicted_as_among_others_and_nearly_as_in_double(int seed)
    {
        (string[] names, string[][] rows) = MakeTable(seed);
        TrainedModel model = MakeModel(names, rows, seed);
        string[][] asked = [.. MakeTable(seed, unseen: true).Rows.Take(30)];
        double[][] inputs = [.. model.InputsFrom(Csv.Of(TextOf(names, asked), model.Schema.Expecting())).Rows];
        double[][] exact = model.Predict(inputs), together = model.Predict(inputs, GraphEngine.Compiled, Precision.Single);
        for (int i = 0; i < asked.Length; i++)
        {
            double[] alone = model.Predict(model.InputsFrom(Csv.Of(TextOf(names, [asked[i]]), model.Schema.Expecting())).Rows, GraphEngine.Compiled, Precision.Single)[0];
            Assert.Equal(together[i], alone, Near);
            Assert.Equal(exact[i], together[i], Near);
        }

        // Relative to the size of what is predicted, of which a mean near 0 has lost the digits.
        bool Near(double a, double b) => Math.Abs(a - b) <= 1e-5 * Math.Max(Math.Max(1, Math.Abs(a)), model.Targets?.Scales.Max() ?? 0);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void In_float_the_order_of_columns_and_a_file_between_change_no_prediction(int seed)
    {
        (string[] names, string[][] rows) = MakeTable(seed);
        TrainedModel model = MakeModel(names, rows, seed), loaded = Models.Load(Models.BytesOf(model));
        int[] order = [.. Enumerable.Range(0, names.Length)];
        new Rng((ulong)seed + 7).Shuffle<int>(order);
        string[][] asked = MakeTable(seed, unseen: true).Rows;
        double[][] straight = Predict(model, TextOf(names, asked));
        Assert.Equal(straight, Predict(model, TextOf(Turned(names), [.. asked.Select(Turned)])));
        Assert.Equal(straight, Predict(loaded, TextOf(names, asked)));

        string[] Turned(string[] cells) => [.. order.Select(place => cells[place])];

        static double[][] Predict(TrainedModel by, string text) => by.Predict(by.InputsFrom(Csv.Of(text, by.Schema.Expecting())).Rows, GraphEngine.Compiled, Precision.Single);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_row_alone_is_predicted_as_among_others(int seed)
    {
        (string[] names, string[][] rows) = MakeTable(seed);
        TrainedModel model = MakeModel(names, rows, seed);
        string[][] asked = [.. MakeTable(seed, unseen: true).Rows.Take(30)];
        double[][] together = Predict(names, asked);
        for (int i = 0; i < asked.Length; i++)
            Assert.Equal(together[i], Predict(names, [asked[i]])[0], (a, b) => Math.Abs(a - b) <= 1e-12 * Math.Max(1, Math.Abs(a)));
        Assert.All(together, outputs => Assert.All(outputs, output => Assert.True(double.IsFinite(output))));

        double[][] Predict(string[] header, string[][] cells) =>
            model.Predict(model.InputsFrom(Csv.Of(TextOf(header, cells), model.Schema.Expecting())).Rows);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_order_of_columns_changes_nothing(int seed)
    {
        (string[] names, string[][] rows) = MakeTable(seed);
        TrainedModel model = MakeModel(names, rows, seed);
        int[] order = [.. Enumerable.Range(0, names.Length)];
        new Rng((ulong)seed).Shuffle<int>(order);
        CsvFile file = Csv.Of(TextOf(names, rows)), turned = Csv.Of(TextOf(Turned(names), [.. rows.Select(Turned)]));
        Assert.Equal(model.InputsFrom(file).Rows, model.InputsFrom(turned).Rows);
        TableSchema schema = TableSchema.Infer(turned, new TableOptions { Target = TargetOf(names) });
        Assert.Equal(model.Schema.InputNames.Order(StringComparer.Ordinal), schema.InputNames.Order(StringComparer.Ordinal));

        string[] Turned(string[] cells) => [.. order.Select(place => cells[place])];
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_model_file_keeps_the_schema(int seed)
    {
        (string[] names, string[][] rows) = MakeTable(seed);
        TrainedModel model = MakeModel(names, rows, seed);
        byte[] saved = Models.BytesOf(model);
        TrainedModel loaded = Models.Load(saved);
        Assert.Equal(saved, Models.BytesOf(loaded));
        Assert.Equal(model.Schema.Inputs.Select(Describe), loaded.Schema.Inputs.Select(Describe));
        CsvFile file = Csv.Of(TextOf(names, MakeTable(seed, unseen: true).Rows), loaded.Schema.Expecting());
        TableReading before = model.InputsFrom(file), after = loaded.InputsFrom(file);
        Assert.Equal(model.Predict(before.Rows), loaded.Predict(after.Rows));
        Assert.Equal((before.MissingCells, string.Join('|', before.Remarks)), (after.MissingCells, string.Join('|', after.Remarks)));

        static string Describe(TableColumn column) => $"{column.Name} {column.Kind} {string.Join(',', column.InputNames)} {column.Becomes}";
    }

    [Fact]
    public void A_number_that_is_not_there_is_refused_by_name()
    {
        TrainedModel model = Models.Classifier();
        Assert.Contains("The input 'width' is NaN; expected a finite number", Assert.Throws<ArgumentException>(() => model.ClassOf(5.1, double.NaN)).Message, StringComparison.Ordinal);
        Assert.Contains("The input 'length' is", Assert.Throws<ArgumentException>(() => model.Predict(double.PositiveInfinity, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("Expected 2 inputs, got 1", Assert.Throws<ArgumentException>(() => model.Predict(1)).Message, StringComparison.Ordinal);
    }

    private static TrainedModel MakeModel(string[] names, string[][] rows, int seed)
    {
        LoadedTable table = Csv.Load(Csv.Of(TextOf(names, rows)), new TableOptions { Target = TargetOf(names) });
        var objective = Objective.For(table.Data);
        var network = new Mlp(table.Data.InputCount, [3, objective.OutputCount(table.Data)], new Rng((ulong)seed));
        Assert.True(table.Data.TargetClasses[0] is null or { Count: 2 });
        Assert.True(table.Data.TargetCount == 1 || table.Data.TargetClasses[1] is { Count: 3 });
        return new TrainedModel(
            network, objective, table.Data.InputNames, table.Data.TargetName, table.Data.TargetClasses,
            table.Schema.Fit(table.Data), Standardizer.FitTargets(table.Data)).With(table.Schema);
    }

    private static string TargetOf(string[] names) => names.Contains("level") ? "target,level" : "target";

    /// <summary>A table of two to eight columns of any kinds, some with missing cells, and a target; for every third seed two of them.</summary>
    private static (string[] Names, string[][] Rows) MakeTable(int seed, bool unseen = false)
    {
        var rng = new Rng((ulong)seed);
        int columns = 2 + rng.Next(7), count = 80 + rng.Next(80);
        (int Kind, double Missing)[] kinds = [.. Enumerable.Range(0, columns).Select(c => (c == 0 ? 0 : rng.Next(7), rng.Next(2) * 0.1))];
        bool isClass = rng.Next(2) == 0;
        var values = unseen ? new Rng((ulong)seed + 1000) : rng;
        string[] names = [.. Enumerable.Range(0, columns).Select(c => $"column {c}"), "target"];
        var rows = new string[count][];
        for (int row = 0; row < count; row++)
        {
            rows[row] = [.. kinds.Select(kind => values.NextDouble() < kind.Missing ? "NA" : Cell(kind.Kind)),
                isClass ? (values.Next(2) == 0 ? "left" : "right") : Number(values.Normal(0, 5))];
        }
        return seed % 3 == 0 ? ([.. names, "level"], [.. rows.Select((row, i) => (string[])[.. row, Level(i)])]) : (names, rows);

        static string Level(int row) => (row * 7 % 5) switch { 0 => "low", < 3 => "middle", _ => "high" };

        string Cell(int kind) => kind switch
        {
            0 => Number(values.Normal(10, 30)),
            1 => values.Next(unseen ? 6 : 4) switch { 0 => "red, or so", 1 => "a \"blue\"", 2 => "green", 3 => " grün ", var other => $"new {other}" },
            2 => values.Next(2) == 0 ? "Yes" : "no",
            3 => new DateTime(2020, 1, 1).AddHours(values.Next(20_000)).ToString("dd.MM.yyyy HH:mm", CultureInfo.InvariantCulture),
            4 => $"${values.Next(1_000_000).ToString("N0", CultureInfo.InvariantCulture)}",
            5 => $"text {values.Next(1_000_000)}",
            _ => "always",
        };
    }

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string TextOf(string[] names, string[][] rows)
    {
        var text = new StringBuilder();
        foreach (string[] row in (IEnumerable<string[]>)[names, .. rows])
            text.AppendJoin(',', row.Select(cell => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append('\n');
        return text.ToString();
    }
}
