// nudge train --folds: what is printed of the folds, and that nothing of what a fold holds back gets into its network.

using System.Text.Json;
using Nudge.Cli;

namespace Nudge.Tests.Cli.Choosing;

public sealed class FoldsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_fold_is_told_and_then_the_mean_and_the_deviation()
    {
        string[] command = ["train", _folder.TwoHeaps(), "--folds", "4", "--epochs", "5", "--learning-rate", "0.003"];
        CommandRun run = CommandRun.Of(command);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("4 folds, each with the classes in the same shares: each holds back 15 and trains on 45", run.Out);
        Assert.Equal(4, run.Lines.Count(line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^  fold \d +15 +\d +\S+ +\S+ % +\S+ %$")));
        Assert.Matches(@"\n  mean +\S+ +\S+ % +\S+ %\n  ± deviation +\S+ +\S+ % +\S+ %\n", run.Out);
        Assert.Contains("all folds: true ↓ predicted →", run.Out);
        Assert.Contains($"next      nudge train {command[1]} --epochs 5 --learning-rate 0.003 --out model.safetensors", run.Out);

        // Sixty rows by seven: some folds hold back nine, and some eight.
        Assert.Contains("each holds back about 9 and trains on about 51", CommandRun.Of("train", command[1], "--folds", "7", "--epochs", "1").Out);

        JsonElement[] lines = CommandRun.Of([.. command, "--json"]).Json;
        double[] accuracies = [.. lines[..4].Select(line => line.GetProperty("accuracy").GetDouble())], losses = [.. lines[..4].Select(line => line.GetProperty("loss").GetDouble())];
        JsonElement summary = lines[4];
        Assert.Equal(accuracies.Average(), summary.GetProperty("accuracy").GetProperty("mean").GetDouble(), 1e-12);
        Assert.Equal(Math.Sqrt(losses.Sum(loss => Math.Pow(loss - losses.Average(), 2)) / 3), summary.GetProperty("loss").GetProperty("deviation").GetDouble(), 1e-12);
        Assert.Equal(60, lines[..4].Sum(line => line.GetProperty("confusion").EnumerateArray().Sum(row => row.EnumerateArray().Sum(count => count.GetInt32()))));
        Assert.Equal("summary", Assert.Single(CommandRun.Of([.. command, "--json", "--quiet"]).Json).GetProperty("event").GetString());
    }

    [Fact]
    public void A_fold_is_the_same_run_by_itself_whatever_runs_beside_it()
    {
        string line = _folder.Line();
        double[] together = [.. CommandRun.Of("train", line, "--folds", "5", "--layers", "16,16", "--activation", "tanh", "--optimizer", "adam", "--schedule", "constant", "--batch", "32", "--epochs", "3", "--json").Json[..5].Select(fold => fold.GetProperty("loss").GetDouble())];
        TrainSettings settings = Settings();
        DataSource source = DataSource.FromFile(CsvFile.Read(line), settings);
        double[] alone = [.. Folds.Of(settings, source, 5, new Rng(1)).Select(part => ManyRuns.Finish(Folds.Plan(settings, source, part), true, () => { }, default)!.HeldBack!.Loss)];
        Assert.Equal(alone, together);
    }

    [Fact]
    public void What_always_the_same_answer_reaches_is_known_from_the_rows_trained_on()
    {
        // More of "b" among the rows held back, and of "a" among those that say what is usual.
        double[] trained = [0, 0, 0, 1], held = [0, 1, 1, 1];
        Assert.Equal(0.25, Ended(Of(trained, ["a", "b"]), Of(held, ["a", "b"])));
        // Always 1 where the numbers are 2, 4 and 6: 1 - (1 + 9 + 25) / (4 + 0 + 4).
        Assert.Equal(1 - 35.0 / 8, Ended(Of([0, 2], null), Of([2, 4, 6], null)), 1e-12);

        static Dataset Of(double[] targets, string[]? classes) => new([.. targets.Select((_, i) => new[] { (double)i })], [.. targets.Select(target => new[] { target })], classes);

        static double Ended(Dataset training, Dataset heldBack) => Folds.Ended(0, (training, heldBack), new RunOutcome(null!, null!, null, heldBack)).Baselines[0];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_of_what_a_fold_holds_back_gets_into_its_network(bool inTime)
    {
        TrainSettings settings = Settings() with { SplitsByTime = inTime };
        DataSource source = Table("a.csv", settings, (_, number) => number);
        IReadOnlyList<(Dataset Training, Dataset HeldBack)> parts = Folds.Of(settings, source, 4, new Rng(1));
        for (int fold = 0; fold < parts.Count; fold++)
        {
            HashSet<double> held = [.. parts[fold].HeldBack.Inputs.Select(row => row[0])];
            DataSource changed = Table("b.csv", settings, (number, value) => held.Contains(number) ? 1000 * value + 77 : value);
            (Dataset Training, Dataset HeldBack) other = Folds.Of(settings, changed, 4, new Rng(1))[fold];
            Assert.NotEqual(parts[fold].HeldBack.Targets, other.HeldBack.Targets);
            RunOutcome one = Made(source, parts[fold]), two = Made(changed, other);
            Assert.Equal([.. one.Model.Inputs.Means, .. one.Model.Inputs.Scales, .. one.Model.Targets!.Means], [.. two.Model.Inputs.Means, .. two.Model.Inputs.Scales, .. two.Model.Targets!.Means]);
            Assert.Equal(one.Model.Network.Parameters.ToArray(), two.Model.Network.Parameters.ToArray());
            Assert.Equal(one.Result.BestEpoch, two.Result.BestEpoch);
        }

        RunOutcome Made(DataSource data, (Dataset, Dataset) part) => ManyRuns.Finish(Folds.Plan(settings, data, part), true, () => { }, default)!;
    }

    [Fact]
    public void By_time_each_fold_holds_back_what_comes_next()
    {
        string table = _folder.File("temps.csv", "day,temp\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"{new DateTime(2024, 1, 1).AddDays(i * 37 % 100):yyyy-MM-dd},{i * 37 % 100}.5\n")));
        CommandRun run = CommandRun.Of("train", table, "--split", "time", "--folds", "4", "--epochs", "1");
        Assert.Contains("4 folds in time: the first trains on 20", run.Out);
        int[] training = [.. CommandRun.Of("train", table, "--split", "time", "--folds", "4", "--epochs", "1", "--json").Json[..4].Select(line => line.GetProperty("training").GetInt32())];
        Assert.Equal([20, 40, 60, 80], training);
    }

    [Fact]
    public void Rows_held_back_to_test_with_are_in_no_fold()
    {
        CommandRun run = CommandRun.Of("train", _folder.TwoHeaps(), "--folds", "3", "--epochs", "1", "--test", "25%");
        Assert.Contains("each holds back 15 and trains on 30; 25.0 % of all are in none of them", run.Out);
    }

    [Theory]
    [InlineData("--out cannot be combined with --folds", "--out", "m.safetensors")]
    [InlineData("--plot cannot be combined with --folds", "--plot")]
    [InlineData("--checkpoint cannot be combined with --folds", "--checkpoint", "c")]
    [InlineData("60 examples are too few for 61 folds; expected more rows, or fewer folds", "--folds", "61")]
    [InlineData("--folds: expected a whole number from 2 to 1000, got '1'", "--folds", "1")]
    public void What_does_not_go_with_folds_is_refused(string message, params string[] options)
    {
        string[] folds = options.Contains("--folds") ? [] : ["--folds", "3"];
        CommandRun run = CommandRun.Of(["train", _folder.TwoHeaps(), .. folds, .. options]);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(message, run.Error);
    }

    [Fact]
    public void Broken_off_it_says_how_many_folds_had_ended()
    {
        CommandRun run = CommandRun.InterruptedAfter(1, "train", _folder.TwoHeaps(), "--folds", "3", "--epochs", "100000", "--patience", "0");
        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.Contains("Interrupted: 0 of 3 folds had ended.", run.Out);
    }

    [Fact]
    public void A_fold_that_diverges_fails_with_a_rate_to_try()
    {
        CommandRun run = CommandRun.Of("train", _folder.Line(), "--folds", "3", "--optimizer", "sgd", "--learning-rate", "1e30", "--activation", "linear");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Matches(@"the loss of fold \d became infinite or NaN at step \d+; try a smaller learning rate: --learning-rate 1e\+?29", run.Error);
    }

    private static TrainSettings Settings() => new()
    {
        Layers = [16, 16],
        Activation = Activation.Tanh,
        Optimizer = "adam",
        LearningRate = 0.01,
        Epochs = 3,
        BatchSize = 32,
        Seed = 1,
        Path = "data.csv",
    };

    // The row's number, a day, a number to learn from and what is to be predicted; the last two may be changed.
    private DataSource Table(string name, TrainSettings settings, Func<double, double, double> change)
    {
        string text = "number,day,x,y\n" + string.Concat(Enumerable.Range(0, 80).Select(i => FormattableString.Invariant(
            $"{i}.5,{new DateTime(2024, 1, 1).AddDays(i):yyyy-MM-dd},{change(i + 0.5, i * 7 % 31)},{change(i + 0.5, i * 7 % 31 * 0.3 + i % 5)}\n")));
        return DataSource.FromFile(CsvFile.Read(_folder.File(name, text)), settings with { Columns = new TableOptions { Target = "y", Numbers = ["number", "x", "y"] } });
    }
}
