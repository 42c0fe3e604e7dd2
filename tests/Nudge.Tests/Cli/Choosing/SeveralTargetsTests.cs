// Several numbers predicted by one network: read, trained, measured, saved and written out by the names of their columns.

using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Nudge.Cli;

namespace Nudge.Tests.Cli.Choosing;

public sealed class SeveralTargetsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The second target has decimal commas, and is missing in one row.
    private string Table() => _folder.File("table.csv", "x;kind;up;down\n" + string.Concat(Enumerable.Range(0, 80).Select(i => FormattableString.Invariant(
        $"{i * 37 % 80};{(i % 2 == 0 ? "a" : "b")};{i * 37 % 80 * 2};{(i == 9 ? "" : FormattableString.Invariant($"{100 - i * 37 % 80 + i % 2 * 20}.5").Replace('.', ','))}\n"))));

    [Fact]
    public void One_network_predicts_them_and_each_is_measured_by_itself()
    {
        string table = Table(), model = _folder.File("model.safetensors");
        CommandRun run = CommandRun.Of("train", table, "--target", "up,down", "--epochs", "60", "--validation", "15%", "--test", "20%", "--out", model);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("targets 'up' and 'down' are numbers, predicted together: regression", run.Out);
        Assert.Contains("1 row left out, since a value is missing there", run.Out);
        Assert.Matches(@"\n  R² of each +training +validation +test +straight line\n  up +0\.\d+ +0\.\d+ +0\.\d+ +\S+\n  down +0\.\d+ +0\.\d+ +0\.\d+ +\S+\n", run.Out);

        TrainedModel trained = TrainedModel.Load(model);
        Assert.Equal(("up, down", 2), (trained.TargetName, trained.Network.OutputCount));
        Assert.Equal(["up", "down"], trained.TargetNames);
        Dataset data = trained.ExamplesFrom(trained.ReadTable(table)).Data!;
        Assert.Equal((79, 2), (data.Count, data.TargetCount));
        Assert.Equal(new double[] { 0, 100.5 }, data.Targets[0]);

        CommandRun predicted = CommandRun.Of("predict", model, table);
        Assert.Equal("up,down", predicted.Lines[0]);
        double[][] numbers = [.. predicted.Lines[1..].Select(line => line.Split(',').Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray())];
        Assert.Equal(80, numbers.Length);
        JsonElement first = CommandRun.Of("predict", model, table, "--json").Json[0].GetProperty("prediction");
        Assert.Equal(numbers[0], new[] { first.GetProperty("up").GetDouble(), first.GetProperty("down").GetDouble() });

        JsonElement measured = Assert.Single(CommandRun.Of("evaluate", model, table, "--json").Json);
        double[][] known = [.. numbers.Where((_, row) => row != 9)];
        for (int target = 0; target < 2; target++)
        {
            double mean = data.Targets.Average(row => row[target]);
            double residual = Enumerable.Range(0, 79).Sum(row => Math.Pow(data.Targets[row][target] - known[row][target], 2)), total = data.Targets.Sum(row => Math.Pow(row[target] - mean, 2));
            Assert.Equal(1 - residual / total, measured.GetProperty("each")[target].GetProperty("rSquared").GetDouble(), 1e-9);
        }
        foreach (JsonElement column in measured.GetProperty("importances").EnumerateArray())
            Assert.Equal(2, column.GetProperty("each").EnumerateArray().Count(one => one.GetProperty("scoreSpread").GetDouble() >= 0));
        Assert.Matches(@"\n  column, mixed up among rows +loss +up: R² +down: R²\n  x +\+\d\.\d+  ± \S+ +-\d\.\d+  ± \S+ +-\d\.\d+  ± \S+\n  kind +", CommandRun.Of("evaluate", model, table).Out);
        Assert.Matches(@"\n  up \(target\) +\S+ +\S+\n  down \(target\) ", CommandRun.Of("inspect", model).Out);
    }

    [Fact]
    public void A_report_shows_each_in_its_own_units()
    {
        string table = Table(), report = _folder.File("run.html");
        CommandRun run = CommandRun.Of("train", table, "--target", "up,down", "--epochs", "30", "--test", "25%", "--report", report);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"\n  errors    up \d+\.\d+, down \d+\.\d+ on average, in the test part\n", run.Out);
        XElement page = ReportPageCheck.Read(report);
        string[][] targets = page.Table("Each number by itself, in its own units, in the test part");
        Assert.Equal(["up", "down"], targets.Select(row => row[0]));
        Assert.DoesNotContain("in the units of", page.Value, StringComparison.Ordinal);
        Assert.Equal(["x", "kind"], page.Table("What it costs to do without a column").Select(row => row[0]).OrderDescending());
        Assert.All(page.Table("What it costs to do without a column"), row => Assert.Equal(8, row.Length));
        string[] pictures = [.. page.Descendants("figcaption").Select(caption => caption.Value)];
        Assert.Contains("up: predicted against true", pictures);
        Assert.Contains("down: predicted against true", pictures);
        Assert.Equal(2, pictures.Count(title => title == "kind"));
        Assert.Equal(["How up depends on them", "How down depends on them"], page.Descendants("h3").Select(heading => heading.Value).Where(heading => heading.StartsWith("How ", StringComparison.Ordinal)));
        Assert.Matches(@"^up \S+; down \S+$", page.Table("Rows with the largest loss")[0][1]);

        // Each number is that of its own column.
        JsonElement summary = CommandRun.Of("train", table, "--target", "up,down", "--epochs", "30", "--test", "25%", "--json", "--quiet").Json[^1];
        JsonElement evaluation = summary.GetProperty("evaluation");
        for (int t = 0; t < 2; t++)
        {
            Assert.Equal(Text.Short(summary.GetProperty("test").GetProperty("each")[t].GetProperty("rSquared").GetDouble()), targets[t][1]);
            Assert.Equal(Text.Size(evaluation.GetProperty("each")[t].GetProperty("meanAbsoluteError").GetDouble()), targets[t][2]);
            Assert.Equal(Text.Size(evaluation.GetProperty("each")[t].GetProperty("rootMeanSquaredError").GetDouble()), targets[t][3]);
        }
        Assert.NotEqual(targets[0][4], targets[1][4]);
    }

    [Fact]
    public void A_model_of_several_trains_on_and_is_searched_and_folded_like_any()
    {
        string table = Table(), model = _folder.File("model.safetensors");
        CommandRun.Of("train", table, "--target", "down,up", "--epochs", "1", "--out", model);
        Assert.Equal(ExitCode.Done, CommandRun.Of("train", table, "--target", "down,up", "--from", model, "--epochs", "1").ExitCode);
        Assert.Contains("has down,up, and not up,down", CommandRun.Of("train", table, "--target", "up,down", "--from", model, "--epochs", "1").Error);
        Assert.Equal(ExitCode.Done, CommandRun.Of("search", table, "--target", "up,down", "--trials", "2", "--epochs", "1").ExitCode);
        Assert.Equal(ExitCode.Done, CommandRun.Of("train", table, "--target", "3,4", "--folds", "2", "--epochs", "1").ExitCode);
        JsonElement columns = Assert.Single(CommandRun.Of("columns", table, "--target", "up,down", "--json").Json);
        Assert.Equal(["x", "kind"], columns.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("there is no column 'left'; expected one of", "up,left")]
    [InlineData("the column 'up' is the target twice", "up,3")]
    [InlineData("there is no column left for the inputs", "x,up,down", "--ignore", "kind")]
    [InlineData("the column 'up' is to be ignored and is the target", "up,down", "--ignore", "up")]
    [InlineData("--loss is for one target, or for several numbers", "up,kind", "--loss", "cross-entropy")]
    [InlineData("--threshold is for one target of two classes, and these are several targets", "up,kind", "--threshold", "0.4")]
    [InlineData("--class-weight: expected balanced, or a class and a number above 0, as a=5, got 'c=2'; the classes are a, b", "up,kind", "--class-weight", "c=2")]
    [InlineData("in the target 'kind' is not a number", "up,kind", "--task", "regression")]
    [InlineData("values are missing: the target 'down' in 1 rows", "up,down", "--missing", "refuse")]
    [InlineData("hinge needs classes", "up,down", "--loss", "hinge")]
    public void Targets_that_cannot_be_predicted_together_are_refused(string message, string target, params string[] options)
    {
        CommandRun run = CommandRun.Of(["train", Table(), "--target", target, .. options]);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(message, run.Error);
    }

    [Fact]
    public void A_column_with_a_comma_in_its_name_is_one()
    {
        string table = _folder.File("comma.csv", "x\t\"a,b\"\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * 37 % 60}\t{i * 37 % 60}.5\n")));
        Assert.StartsWith("target 'a,b' has 60 different numbers", Assert.Single(CommandRun.Of("columns", table, "--target", "a,b", "--json").Json).GetProperty("reason").GetString());
    }

    [Fact]
    public void A_column_that_tells_one_of_them_is_a_leak()
    {
        string table = _folder.File("leak.csv", "x,twice,a,b\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * 7 % 31},{2 * (i * 37 % 60)},{i * 13 % 17},{i * 37 % 60}\n")));
        Assert.Contains("'twice' alone tells one of 'a, b' in every row: a leak", CommandRun.Of("train", table, "--target", "a,b", "--epochs", "1").Out);
    }
}
