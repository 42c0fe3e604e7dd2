// Reports: what stands in them is what was measured, whatever the table and however the run ended.

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class ReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_report_of_two_classes_has_the_numbers_of_the_run()
    {
        string table = Houses(target: "sold");
        (XElement page, JsonElement summary) = Train(table, "--target", "sold", "--validation", "15%", "--test", "25%", "--epochs", "8");
        Assert.Equal(["Results", "How it learnt", "What it confuses", "What matters", "The worst rows", "The columns", "How it was made"], page.Headings().Where(heading => heading != "What to know"));
        JsonElement test = summary.GetProperty("test"), evaluation = summary.GetProperty("evaluation");
        Assert.Equal("test", evaluation.GetProperty("part").GetString());
        string accuracy = Percent(test.GetProperty("accuracy").GetDouble());
        string[][] parts = page.Table("Results by part of the data");
        Assert.Equal(["training", "validation", "test"], parts.Select(row => row[0]));
        Assert.Equal([accuracy, Percent(test.GetProperty("largestClass").GetDouble()), Percent(summary.GetProperty("straightLine").GetProperty("test").GetProperty("accuracy").GetDouble())], parts[2][3..]);
        Assert.Contains($"Right in {accuracy} of 50 rows held back to test", page.Value, StringComparison.Ordinal);
        Assert.Contains(evaluation.GetProperty("rocArea").GetDouble().ToString("G4", CultureInfo.InvariantCulture), page.Descendants("dd").Select(tile => tile.Value));

        string[][] scores = page.Table("Scores of each class");
        JsonElement[] classes = [.. evaluation.GetProperty("classScores").EnumerateArray()];
        Assert.Equal(["no", "yes", "mean of the classes"], scores.Select(row => row[0]));
        for (int c = 0; c < 2; c++)
        {
            Assert.Equal(
                [classes[c].GetProperty("class").GetString()!, Text.Count(classes[c].GetProperty("count").GetInt32()), Percent(classes[c].GetProperty("recall").GetDouble()), Percent(classes[c].GetProperty("precision").GetDouble()), Percent(classes[c].GetProperty("f1").GetDouble())],
                scores[c]);
        }
        int[][] confusion = [.. test.GetProperty("confusion").EnumerateArray().Select(row => row.EnumerateArray().Select(count => count.GetInt32()).ToArray())];
        Assert.Equal(confusion.Select(row => row.Select(count => count == 0 ? "·" : Text.Count(count))), page.Table("True classes in rows, predicted ones in columns").Select(row => row[1..].AsEnumerable()));
        Assert.Equal(8, page.Table("Loss by epoch").Length);
        Assert.Equal(["area", "town", "note"], page.Table("What the columns of the file are, and what they became").Select(row => row[0]));
        Assert.Equal(["area", "town"], page.Table("What it costs to do without a column").Select(row => row[0]).Order());
        Assert.Contains("--test 25% --epochs 8", page.Descendants("code").Last().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void True_classes_stand_in_rows_and_the_second_class_is_what_dependence_is_of()
    {
        // With such weights many are taken for "yes" that are none, and hardly one the other way.
        string table = Houses(target: "sold"), model = _folder.File("model.safetensors");
        (XElement page, JsonElement summary) = Train(table, "--target", "sold", "--test", "25%", "--epochs", "8", "--class-weight", "yes=30", "--out", model);
        int[][] confusion = [.. summary.GetProperty("test").GetProperty("confusion").EnumerateArray().Select(row => row.EnumerateArray().Select(count => count.GetInt32()).ToArray())];
        Assert.NotEqual(confusion[0][1], confusion[1][0]);
        Assert.Equal(confusion.Select(row => row.Select(count => count == 0 ? "·" : Text.Count(count))), page.Table("True classes in rows, predicted ones in columns").Select(row => row[1..].AsEnumerable()));

        XElement evaluated = Evaluate(model, table);
        JsonElement town = Assert.Single(CommandRun.Of("evaluate", model, table, "--json").Json).GetProperty("dependence").EnumerateArray().Single(one => one.GetProperty("column").GetString() == "town");
        Assert.Equal(
            town.GetProperty("points").EnumerateArray().Select(point => (point.GetProperty("value").GetString(), Text.Size(point.GetProperty("answer")[1].GetDouble()))),
            evaluated.Table("Mean answer by town").Select(row => ((string?)row[0], row[1])));
    }

    [Fact]
    public void The_worst_rows_stand_in_the_report_as_in_the_file()
    {
        string table = Houses(target: "price");
        (XElement page, _) = Train(table, "--target", "price", "--test", "25%", "--epochs", "5", "--out", _folder.File("model.safetensors"));
        string[] lines = File.ReadAllLines(table);
        string[][] worst = page.Table("Rows with the largest loss");
        Assert.Equal(12, worst.Length);
        string[] shown = [.. page.Descendants("table").Single(one => one.Attribute("class")?.Value == "rows").Descendants("th").Where(head => head.Attribute("scope")!.Value == "col").Select(head => head.Value)];
        foreach (string[] row in worst)
        {
            string[] fields = lines[int.Parse(row[0]["line ".Length..], CultureInfo.InvariantCulture) - 1].Split(',');
            Assert.Equal(double.Parse(fields[3], CultureInfo.InvariantCulture), double.Parse(row[1], CultureInfo.InvariantCulture), 0.1);
            foreach (string name in new[] { "area", "town", "note" })
                Assert.Equal(fields[Array.IndexOf(["area", "town", "note"], name)], row[Array.IndexOf(shown, name)]);
        }
        double[] losses = [.. worst.Select(row => double.Parse(row[3], CultureInfo.InvariantCulture))];
        Assert.Equal(losses.OrderDescending(), losses);

        // The same rows as evaluating the whole file finds, if they were in the part.
        XElement evaluated = Evaluate(_folder.File("model.safetensors"), table);
        Assert.Contains(evaluated.Table("Rows with the largest loss"), row => worst.Any(one => one[0] == row[0] && one[2] == row[2]));
    }

    [Fact]
    public void A_report_of_numbers_shows_predictions_against_truth()
    {
        (XElement page, JsonElement summary) = Train(Houses(target: "price"), "--target", "price", "--test", "25%", "--epochs", "20");
        Assert.Contains("Predictions", page.Headings());
        string[] tiles = [.. page.Descendants("dd").Where(dd => dd.Attribute("class")?.Value == "large").Select(dd => dd.Value)];
        JsonElement evaluation = summary.GetProperty("evaluation");
        Assert.Equal(
            [summary.GetProperty("test").GetProperty("rSquared").GetDouble(), evaluation.GetProperty("meanAbsoluteError").GetDouble(), evaluation.GetProperty("rootMeanSquaredError").GetDouble()],
            tiles.Select(tile => double.Parse(tile, CultureInfo.InvariantCulture)), (a, b) => Math.Abs(a - b) <= 1e-3 * Math.Abs(a));
        XElement cloud = page.Descendants().Single(element => element.Name.LocalName == "svg" && element.Elements().First().Value.Contains("predicted against true", StringComparison.Ordinal));
        Assert.Equal(50, cloud.Descendants().Count(element => element.Attribute("class")?.Value == "cloud"));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(60)]
    public void Many_classes_keep_a_report_small(int classes)
    {
        string table = _folder.File("many.csv", "x,y,kind\n" + string.Concat(Enumerable.Range(0, 600).Select(i => FormattableString.Invariant($"{i % classes + 0.1 * (i % 7)},{i % 5},kind {i % classes}\n"))));
        (XElement page, _) = Train(table, "--epochs", "2", "--test", "20%");
        Assert.Equal(Math.Min(classes, 30) + 1, page.Descendants("table").Single(one => one.Element("caption")!.Value.StartsWith("Scores of each class", StringComparison.Ordinal)).Element("tbody")!.Elements().Count());
    }

    [Fact]
    public void Names_and_cells_cannot_become_markup_and_are_cut_where_they_are_very_long()
    {
        string[] nasty = ["<script>alert(1)</script>", "\"\"quoted\"\" & 'single'", "\u202Egnp.exe\u202C \u2067x", "</style></title><img src=x onerror=alert(1)>", new string('w', 10_000), "half \ud83d\ude00 pair", "--><!--"];
        var text = new StringBuilder("\"<script>alert(2)</script>\",\"a \"\"b\"\" 'c' &amp; \u202E\",\"</svg><b>kind</b>\"\n");
        for (int i = 0; i < 140; i++)
            text.Append(CultureInfo.InvariantCulture, $"\"{nasty[i % nasty.Length]}\",{i % 13},\"{(i % 3 == 0 ? "<i>yes</i>" : "\" \"no".Replace("\"", "\"\"", StringComparison.Ordinal) + new string('n', 300))}\"\n");
        (XElement page, _) = Train(_folder.File("nasty.csv", text.ToString()), "--epochs", "3", "--test", "20%");
        Assert.Empty(page.Descendants("script"));
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.Contains("<script>alert(2)</script>", page.Table("What the columns of the file are, and what they became").Select(row => row[0]));
        Assert.Contains(page.Table("Rows with the largest loss"), row => row.Any(cell => cell.Contains("<script>alert(1)</script>", StringComparison.Ordinal)));
        Assert.All(page.Descendants("bdi"), name => Assert.InRange(name.Value.Length, 0, 161));
        // What turns the direction of writing stays within its own element.
        Assert.All(page.Descendants().Where(element => element.Name.Namespace == XNamespace.None && !element.HasElements && element.Value.Contains('\u202E') && element.Name.LocalName is "th" or "td"), cell => Assert.Equal("bdi", cell.Name.LocalName));
    }

    [Fact]
    public void Wide_tables_with_long_names_stay_below_a_megabyte()
    {
        const int columns = 400;
        var rng = new Rng(2);
        string names = string.Join(',', Enumerable.Range(0, columns).Select(i => $"a column with a name that is rather long, number {i}".Replace(',', ';')));
        string table = _folder.File("wide.csv", names + ",target\n" + string.Concat(Enumerable.Range(0, 120).Select(row =>
            string.Join(',', Enumerable.Range(0, columns).Select(i => i % 3 == 0 ? $"value {rng.Next(30)} of many words" : rng.Normal().ToString("F6", CultureInfo.InvariantCulture))) + $",{row % 4}\n")));
        (XElement page, _) = Train(table, "--epochs", "2", "--test", "25%", "--task", "classification");
        Assert.Equal(40, page.Table("What it costs to do without a column").Length);
        Assert.Contains("And 200 columns more.", page.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_run_writes_the_same_bytes()
    {
        string table = Houses(target: "sold");
        byte[] first = Bytes(), second = Bytes();
        Assert.Equal(first, second);

        byte[] Bytes()
        {
            Train(table, "--target", "sold", "--test", "25%", "--epochs", "4");
            return File.ReadAllBytes(_folder.File("report.html"));
        }
    }

    [Fact]
    public void Points_made_on_the_spot_have_a_report_without_a_file()
    {
        XElement page = Read(CommandRun.Of("train", "--epochs", "5", "--report", _folder.File("report.html")), ExitCode.Done);
        Assert.Contains("which says little about others", page.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("The columns", page.Headings());
        Assert.Equal(12, page.Table("Rows with the largest loss").Length);
        Read(CommandRun.Of("train", "--data", "sine", "--epochs", "1", "--report", _folder.File("report.html")), ExitCode.Done);
        Read(CommandRun.Of("train", "--loss", "hinge", "--epochs", "3", "--test", "20%", "--report", _folder.File("report.html")), ExitCode.Done);
    }

    [Fact]
    public void A_run_that_is_interrupted_writes_its_report_too()
    {
        string path = _folder.File("report.html");
        CommandRun run = CommandRun.InterruptedAfter(15, "train", Houses(target: "sold"), "--target", "sold", "--epochs", "100000", "--patience", "0", "--report", path);
        XElement page = Read(run, ExitCode.Interrupted);
        Assert.Contains("The run was interrupted after", page.Value, StringComparison.Ordinal);
        Assert.Contains("What it confuses", page.Headings());
    }

    [Fact]
    public void A_run_that_diverges_writes_what_there_is()
    {
        string path = _folder.File("report.html");
        CommandRun run = CommandRun.Of("train", Houses(target: "price"), "--target", "price", "--optimizer", "sgd", "--learning-rate", "1e6", "--activation", "relu", "--epochs", "50", "--report", path);
        XElement page = Read(run, ExitCode.Failed);
        Assert.Contains("The loss became infinite or NaN at step", page.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("The worst rows", page.Headings());
    }

    [Fact]
    public void What_is_wrong_with_a_run_stands_in_its_report()
    {
        string table = Houses(target: "price");
        (XElement page, JsonElement summary) = Train(table, "--target", "price", "--epochs", "30", "--learning-rate", "0.5", "--activation", "relu");
        string[] titles = [.. summary.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("fault").GetString()!.Replace('-', ' '))];
        Assert.NotEmpty(titles);
        Assert.All(titles, title => Assert.Contains(page.Descendants("h3"), heading => heading.Value.EndsWith(": " + title, StringComparison.Ordinal)));
    }

    [Fact]
    public void Evaluating_writes_a_report_of_the_new_rows()
    {
        string table = Houses(target: "sold"), model = _folder.File("model.safetensors");
        Assert.Equal(ExitCode.Done, CommandRun.Of("train", table, "--target", "sold", "--epochs", "5", "--quiet", "--out", model).ExitCode);
        XElement page = Evaluate(model, table);
        JsonElement json = Assert.Single(CommandRun.Of("evaluate", model, table, "--json").Json);
        Assert.Equal(["Results", "What it confuses", "What matters", "The worst rows", "The columns", "How it was made"], page.Headings().Where(heading => heading != "What to know"));
        Assert.Equal(Percent(json.GetProperty("accuracy").GetDouble()), page.Table("Results by part of the data")[0][3]);
        Assert.Equal(200, json.GetProperty("importanceRows").GetInt32());
        Assert.Equal(json.GetProperty("importances").EnumerateArray().Select(one => one.GetProperty("column").GetString()), page.Table("What it costs to do without a column").Select(row => row[0]));
        foreach (JsonElement dependence in json.GetProperty("dependence").EnumerateArray())
            Assert.Equal(dependence.GetProperty("points").GetArrayLength(), page.Table($"Mean answer by {dependence.GetProperty("column").GetString()}").Length);
        Assert.Equal(10, json.GetProperty("calibration").GetArrayLength());
        JsonElement[] points = [.. json.GetProperty("roc")[0].GetProperty("points").EnumerateArray()];
        Assert.Equal((0.0, 1.0), (points[0][1].GetDouble(), points[^1][2].GetDouble()));
    }

    [Fact]
    public void A_report_is_written_over_no_file_that_is_read_and_into_no_folder_that_is_not_there()
    {
        string table = Houses(target: "sold");
        Assert.Equal(ExitCode.BadInput, CommandRun.Of("train", table, "--report", table).ExitCode);
        Assert.Equal(ExitCode.BadInput, CommandRun.Of("train", table, "--report", _folder.File("nowhere/report.html")).ExitCode);
        Assert.Equal(ExitCode.BadInput, CommandRun.Of("train", table, "--report", _folder.File("a"), "--out", _folder.File("a")).ExitCode);
        // What goes wrong only at the end costs the report and nothing else.
        CommandRun run = CommandRun.Of("train", table, "--target", "sold", "--epochs", "2", "--report", "/proc/report.html");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("the report could not be written", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("saved", run.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, CommandRun.Of("train", table, "--report", "/dev/full").ExitCode);
        Assert.Contains("examples", run.Out, StringComparison.Ordinal);
    }

    private XElement Evaluate(string model, string table) =>
        Read(CommandRun.Of("evaluate", model, table, "--report", _folder.File("report.html")), ExitCode.Done);

    private XElement Read(CommandRun run, int exitCode)
    {
        Assert.True(run.ExitCode == exitCode, run.Error);
        return ReportPageCheck.Read(_folder.File("report.html"));
    }

    private (XElement Page, JsonElement Summary) Train(string table, params string[] options)
    {
        CommandRun run = CommandRun.Of(["train", table, "--json", "--quiet", "--report", _folder.File("report.html"), .. options]);
        return (Read(run, ExitCode.Done), Assert.Single(run.Json));
    }

    [Fact]
    public void What_is_said_to_be_saved_has_been()
    {
        string table = Houses(target: "sold"), report = _folder.File("said.html");
        string[] command = ["train", table, "--target", "sold", "--epochs", "2", "--report"];
        Assert.Contains($"saved     {report}", CommandRun.Of([.. command, report]).Out, StringComparison.Ordinal);
        Assert.Equal(report, CommandRun.Of([.. command, report, "--json", "--quiet"]).Json[^1].GetProperty("report").GetString());
        Assert.Equal(JsonValueKind.Null, CommandRun.Of([.. command, "/proc/report.html", "--json", "--quiet"]).Json[^1].GetProperty("report").ValueKind);
    }

    /// <summary>Two hundred houses: an area, a town, a note that is different in each row, and the target.</summary>
    private string Houses(string target)
    {
        var rng = new Rng(12);
        return _folder.File("houses.csv", $"area,town,note,{target}\n" + string.Concat(Enumerable.Range(0, 200).Select(i =>
        {
            double area = Math.Round(rng.Uniform(20, 200), 1), price = 3 * area + 40 * (i % 3) + 30 * rng.Normal();
            string answer = target == "price" ? price.ToString("F2", CultureInfo.InvariantCulture) : price > 330 ? "yes" : "no";
            return FormattableString.Invariant($"{area},{(i % 3) switch { 0 => "Bath", 1 => "Cork", _ => "Leeds" }},a long note about the house number {i},{answer}\n");
        })));
    }

    private static string Percent(double share) => Text.Percent(share).Replace(' ', '\u00A0');
}
