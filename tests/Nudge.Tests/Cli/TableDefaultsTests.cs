// What a table is trained with when nothing is asked for, and the straight line beside its result.

using System.Text.Json;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class TableDefaultsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Table(string name, int rows, Func<double, double, double> target)
    {
        var rng = new Rng(1);
        return _folder.File(name, "a,b,y\n" + string.Concat(Enumerable.Range(0, rows).Select(_ =>
        {
            double a = rng.Uniform(-1, 1), b = rng.Uniform(-1, 1);
            return FormattableString.Invariant($"{a:F4},{b:F4},{target(a, b):F4}\n");
        })));
    }

    // The facts come first; a row of the results begins with the same word as that about training.
    private static string Fact(CommandRun run, string label) => run.Lines.First(line => line.StartsWith($"  {label} ", StringComparison.Ordinal))[12..];

    [Fact]
    public void Rows_decide_what_was_not_asked_for_and_it_is_said()
    {
        CommandRun few = CommandRun.Of("train", Table("few.csv", 200, (a, b) => a + b));
        Assert.Equal("200 to train on, none to validate with, as they are few", Fact(few, "split"));
        Assert.StartsWith("8: how far each number", Fact(few, "ramps"));
        Assert.StartsWith("10 → 64 → 1, relu", Fact(few, "network"));
        Assert.Equal("mean-squared-error by adamw, learning rate 0.005 (linear), weight decay 2, batches of 16, seed 1", Fact(few, "training"));
        CommandRun many = CommandRun.Of("train", Table("many.csv", 2400, (a, b) => a + b), "--epochs", "1");
        Assert.Equal("2,040 to train on, 360 to validate with", Fact(many, "split"));
        Assert.StartsWith("18 → 64 → 64 → 1, relu", Fact(many, "network"));
        Assert.Equal("mean-squared-error by adamw, learning rate 0.005 (linear), weight decay 0.3676, batches of 32, seed 1", Fact(many, "training"));
    }

    [Fact]
    public void What_was_asked_for_stays()
    {
        string table = Table("t.csv", 100, (a, b) => a - b);
        CommandRun run = CommandRun.Of(
            "train", table, "--layers", "5", "--activation", "tanh", "--learning-rate", "0.02", "--schedule", "constant", "--batch", "full",
            "--weight-decay", "0.3", "--epochs", "7", "--validation", "20%");
        Assert.Equal("80 to train on, 20 to validate with", Fact(run, "split"));
        Assert.DoesNotContain("  ramps ", run.Out);
        Assert.StartsWith("2 → 5 → 1, tanh", Fact(run, "network"));
        Assert.Equal("mean-squared-error by adamw, learning rate 0.02, weight decay 0.3, all examples in each step, seed 1", Fact(run, "training"));
        Assert.Contains("7 epochs", run.Out);
        // An optimizer or a penalty of one's own says how weights are held back.
        Assert.DoesNotContain("weight decay", Fact(CommandRun.Of("train", table, "--optimizer", "adam", "--epochs", "1"), "training"));
        Assert.DoesNotContain("weight decay", Fact(CommandRun.Of("train", table, "--l2", "0.01", "--epochs", "1"), "training"));
        Assert.Contains("sgd, learning rate 0.1", Fact(CommandRun.Of("train", table, "--optimizer", "sgd", "--epochs", "1"), "training"));
        Assert.Contains("adam, learning rate 0.01, batches of 32", Fact(CommandRun.Of("train", "--epochs", "1"), "training"));
    }

    [Theory]
    [InlineData(4, 16, 1000, 1)]
    [InlineData(1000, 16, 40, 0.5)]
    [InlineData(40_000, 256, 40, 0.1)]
    public void Batches_epochs_and_weight_decay_follow_from_the_rows(int rows, int batch, int epochs, double decay)
    {
        var open = new TrainSettings
        {
            Open = new HashSet<string> { nameof(TrainSettings.Optimizer), nameof(TrainSettings.BatchSize), nameof(TrainSettings.Epochs) },
        };
        TrainSettings filled = TableDefaults.Fill(open, rows);
        Assert.Equal((batch, epochs, decay), (filled.BatchSize, filled.Epochs, filled.WeightDecay));
        Assert.Equal(filled, TableDefaults.Fill(filled, 7));
    }

    [Fact]
    public void A_straight_line_is_measured_in_the_same_parts()
    {
        string table = Table("line.csv", 300, (a, b) => 3 * a - 2 * b + 1);
        CommandRun run = CommandRun.Of("train", table, "--test", "25%", "--validation", "20%", "--epochs", "2", "--json");
        JsonElement line = run.Json[^1].GetProperty("straightLine");
        foreach (string part in new[] { "training", "validation", "test" })
            Assert.InRange(line.GetProperty(part).GetProperty("rSquared").GetDouble(), 0.999, 1);
        Assert.Contains(run.Json[^1].GetProperty("notes").EnumerateArray(), note => note.GetString()!.StartsWith("In the test part it is no better than a straight line", StringComparison.Ordinal));
        Assert.Matches(@"straight line *\n(.+\n)*  test .* 1(\.0)?0*\n", CommandRun.Of("train", table, "--test", "25%", "--epochs", "2").Out);
        // A network that is a line itself has none to be compared with.
        Assert.Equal(JsonValueKind.Null, CommandRun.Of("train", table, "--layers", "none", "--epochs", "1", "--json").Json[^1].GetProperty("straightLine").ValueKind);
    }

    [Fact]
    public void A_network_that_is_better_than_a_line_is_not_blamed()
    {
        string table = Table("curve.csv", 300, (a, b) => a * b > 0 ? 1 : 0);
        JsonElement summary = CommandRun.Of("train", table, "--test", "25%", "--json").Json[^1];
        Assert.InRange(summary.GetProperty("test").GetProperty("accuracy").GetDouble(), 0.9, 1);
        Assert.InRange(summary.GetProperty("straightLine").GetProperty("test").GetProperty("accuracy").GetDouble(), 0.2, 0.75);
        Assert.Empty(summary.GetProperty("notes").EnumerateArray());
    }
}
