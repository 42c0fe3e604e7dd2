// --threshold: chosen where the network has not learnt, kept in the model, used by predict and evaluate.

using System.Text.Json;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class ThresholdTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _table, _model;

    public ThresholdTests()
    {
        // One in eight is ill, and what is measured says only so much.
        var rng = new Rng(7);
        _table = _folder.File("patients.csv", "a,b,state\n" + string.Concat(Enumerable.Range(0, 400).Select(i =>
        {
            bool isIll = i % 8 == 0;
            return FormattableString.Invariant($"{rng.Normal(isIll ? 1 : 0):F4},{rng.Normal(isIll ? 0.7 : 0):F4},{(isIll ? "ill" : "a well one")}\n");
        })).Replace("a well one", "healthy", StringComparison.Ordinal));
        _model = _folder.File("model.safetensors");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_rows_to_test_with_do_not_choose_it()
    {
        string plain = Dated("plain.csv", 0), changed = Dated("changed.csv", 60);
        JsonElement one = Chosen(plain), other = Chosen(changed);
        Assert.NotEqual(one.GetProperty("test").GetRawText(), other.GetProperty("test").GetRawText());
        Assert.NotEqual(one.GetProperty("evaluation").GetProperty("bestThreshold").GetDouble(), other.GetProperty("evaluation").GetProperty("bestThreshold").GetDouble());
        Assert.Equal(one.GetProperty("threshold").GetDouble(), other.GetProperty("threshold").GetDouble());

        JsonElement Chosen(string table) => CommandRun.Of(
            "train", table, "--split", "time", "--test", "25%", "--validation", "25%", "--epochs", "5", "--threshold", "best", "--json").Json[^1];

        // The same patients, one a day, but that the last of them are measured another way.
        string Dated(string name, int last)
        {
            string[] rows = File.ReadAllLines(_table)[1..];
            return _folder.File(name, "day,a,b,state\n" + string.Concat(rows.Select((row, i) =>
            {
                string[] cells = row.Split(',');
                string a = i >= rows.Length - last ? FormattableString.Invariant($"{2 - double.Parse(cells[0], System.Globalization.CultureInfo.InvariantCulture):F4}") : cells[0];
                return $"{new DateTime(2024, 1, 1).AddDays(i):yyyy-MM-dd},{a},{cells[1]},{cells[2]}\n";
            })));
        }
    }

    [Fact]
    public void Best_is_chosen_on_the_validation_part_and_travels_with_the_model()
    {
        JsonElement plain = Train(), best = Train("--threshold", "best");
        Assert.Equal(0.5, plain.GetProperty("threshold").GetDouble());
        double threshold = best.GetProperty("threshold").GetDouble();
        Assert.InRange(threshold, 0.01, 0.4);
        // The rare class is found more often, and everything that is measured says so.
        Assert.True(Found(best, "validation") > Found(plain, "validation"));
        Assert.True(Found(best, "training") > Found(plain, "training"));
        Assert.Equal(plain.GetProperty("test").GetProperty("loss").GetDouble(), best.GetProperty("test").GetProperty("loss").GetDouble());

        JsonElement evaluated = Assert.Single(CommandRun.Of("evaluate", _model, _table, "--json").Json);
        Assert.Equal(threshold, evaluated.GetProperty("threshold").GetDouble());
        int[] predicted = [Count(CommandRun.Of("predict", _model, _table), "healthy"), Count(CommandRun.Of("predict", _model, _table), "ill")];
        Assert.Equal(predicted, Enumerable.Range(0, 2).Select(c => evaluated.GetProperty("confusion").EnumerateArray().Sum(row => row[c].GetInt32())));
        Assert.Equal(threshold, Assert.Single(CommandRun.Of("inspect", _model, "--json").Json).GetProperty("threshold").GetDouble());
        Assert.Contains("'ill' above a probability of", CommandRun.Of("inspect", _model).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_decides_in_every_command_and_can_be_another_one_later()
    {
        Assert.Equal(0.2, Train("--threshold", "0.2").GetProperty("threshold").GetDouble());
        Assert.All(CommandRun.Of("predict", _model, _table, "--json").Json, row => Assert.Equal(
            row.GetProperty("probabilities").GetProperty("ill").GetDouble() > 0.2 ? "ill" : "healthy", row.GetProperty("prediction").GetString()));
        Assert.All(CommandRun.Of("predict", _model, _table, "--json", "--threshold", "0.05").Json, row => Assert.Equal(
            row.GetProperty("probabilities").GetProperty("ill").GetDouble() > 0.05 ? "ill" : "healthy", row.GetProperty("prediction").GetString()));
        Assert.Equal(0.5, Assert.Single(CommandRun.Of("evaluate", _model, _table, "--json", "--threshold", "0.5").Json).GetProperty("threshold").GetDouble());
        CommandRun screen = CommandRun.Of("evaluate", _model, _table);
        Assert.Matches(@"mean of the classes +\d", screen.Out);
        Assert.Contains("ROC       area 0.", screen.Out, StringComparison.Ordinal);
        Assert.Contains("column, mixed up among rows", screen.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_without_one_says_what_another_would_do()
    {
        CommandRun run = CommandRun.Of("train", _table, "--epochs", "30", "--validation", "15%", "--test", "25%", "--quiet");
        Assert.Contains("balances the classes better", run.Out, StringComparison.Ordinal);
        Assert.Contains("--threshold best", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("balances the classes better", CommandRun.Of("train", _table, "--epochs", "30", "--validation", "15%", "--test", "25%", "--quiet", "--threshold", "best").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_refused_where_it_cannot_be_used()
    {
        string line = _folder.Line();
        AssertRefused("--threshold is for two classes that have probabilities", "train", line, "--threshold", "0.3");
        AssertRefused("--threshold is for two classes that have probabilities", "train", "--loss", "hinge", "--threshold", "0.3");
        AssertRefused("--threshold is for two classes that have probabilities", "train", "--data", "blobs", "--threshold", "best", "--validation", "20%");
        AssertRefused("--threshold best is chosen on the validation part, and there is none", "train", "--threshold", "best");
        AssertRefused("--threshold: expected a number from 0 to below 1, or best, got '1'", "train", "--threshold", "1");
        Train();
        AssertRefused("--threshold: expected a number from 0 to below 1, got 'best'", "predict", _model, _table, "--threshold", "best");
    }

    private static void AssertRefused(string message, params string[] arguments)
    {
        CommandRun run = CommandRun.Of(arguments);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private static int Found(JsonElement summary, string part) => summary.GetProperty(part).GetProperty("confusion")[1][1].GetInt32();

    private static int Count(CommandRun run, string name) => run.Lines.Count(line => line.StartsWith(name + ",", StringComparison.Ordinal));

    private JsonElement Train(params string[] options)
    {
        CommandRun run = CommandRun.Of(["train", _table, "--epochs", "30", "--validation", "15%", "--test", "25%", "--json", "--quiet", "--out", _model, .. options]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        return Assert.Single(run.Json);
    }
}
