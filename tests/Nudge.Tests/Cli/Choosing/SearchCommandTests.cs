// nudge search and find-rate: what they print runs as it stands, and gives the figures that it was chosen by.

using System.Text.Json;
using Nudge.Cli;

namespace Nudge.Tests.Cli.Choosing;

public sealed class SearchCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // All but the command to copy, which would not run in pieces.
    private static void AssertNarrow(CommandRun run) =>
        Assert.All(run.Lines.Select(line => line.Split('\r')[^1]).Where(line => !line.StartsWith("  next ", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 0, 80));

    // A file name that must be quoted in a shell stays one word here.
    private static string[] Words(string command) => [.. command.Split(' ').Skip(1)];

    [Theory]
    [InlineData("--validation", "30%", "--test", "20%")]
    [InlineData("--validation", "30%", "--seed", "5", "--activation", "relu")]
    [InlineData("--validation", "30%", "--target", "height", "--ignore", "colour")]
    public void The_command_of_the_best_gives_the_figures_that_it_was_chosen_by(params string[] options)
    {
        string heaps = _folder.TwoHeaps();
        CommandRun run = CommandRun.Of(["search", heaps, "--trials", "6", "--epochs", "8", "--json", .. options]);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Equal(Enumerable.Range(1, 6), run.Json[..6].Select(line => line.GetProperty("trial").GetInt32()));
        JsonElement summary = run.Json[6], best = summary.GetProperty("best");
        Assert.Equal(run.Json[..6].Min(line => line.GetProperty("loss").GetDouble()), best.GetProperty("loss").GetDouble());
        CommandRun again = CommandRun.Of([.. Words(best.GetProperty("command").GetString()!), "--json", "--quiet"]);
        JsonElement result = again.Json[^1];
        Assert.Equal(best.GetProperty("loss").GetRawText(), result.GetProperty("validation").GetProperty("loss").GetRawText());
        Assert.Equal(best.GetProperty("epochs").GetDouble(), result.GetProperty("bestEpoch").GetDouble());
        Assert.Equal(summary.GetProperty("test").GetRawText(), result.GetProperty("test").GetRawText());
    }

    [Fact]
    public void By_folds_the_command_gives_the_same_mean()
    {
        string line = _folder.Line();
        CommandRun run = CommandRun.Of("search", line, "--trials", "4", "--epochs", "4", "--folds", "3");
        Assert.Contains("3 folds to choose by, each trained on about 33", run.Out);
        string next = run.Lines[^1][12..];
        Assert.StartsWith($"nudge train {line} --epochs 4 --folds 3", next);
        JsonElement best = CommandRun.Of("search", line, "--trials", "4", "--epochs", "4", "--folds", "3", "--json", "--quiet").Json[0].GetProperty("best");
        Assert.Equal(next, best.GetProperty("command").GetString());
        Assert.Equal(best.GetProperty("loss").GetDouble(), CommandRun.Of([.. Words(next), "--json"]).Json[^1].GetProperty("loss").GetProperty("mean").GetDouble());
    }

    [Fact]
    public void The_table_has_the_best_first_and_the_run_that_was_asked_for()
    {
        CommandRun run = CommandRun.InWindow(80, false, "search", _folder.TwoHeaps(), "--trials", "13", "--epochs", "3");
        string[] rows = [.. run.Lines.Where(line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^  \d+( as asked)? +\S"))];
        Assert.InRange(rows.Length, 10, 11);
        Assert.Contains("as asked", string.Concat(rows));
        Assert.Matches("64 relu +0.005 +decay 2", rows.Single(row => row.Contains("as asked")));
        double[] losses = [.. rows.Select(row => double.Parse(row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^3], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(losses.Order(), losses);
        AssertNarrow(run);
        Assert.StartsWith("  next      nudge train ", run.Lines[^1]);
        Assert.Contains("looks better by them than it is", run.Out.ReplaceLineEndings(" ").Replace("            ", ""));
    }

    [Fact]
    public void What_diverged_is_never_the_best()
    {
        string[] command = ["search", _folder.Line(), "--trials", "3", "--validation", "20%", "--optimizer", "sgd", "--learning-rate", "1e6", "--activation", "linear", "--epochs", "20"];
        CommandRun run = CommandRun.Of([.. command, "--json"]);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.All(run.Json[..^1], trial => Assert.Equal(JsonValueKind.Null, trial.GetProperty("loss").ValueKind));
        Assert.Equal((3, JsonValueKind.Null), (run.Json[^1].GetProperty("tried").GetInt32(), run.Json[^1].GetProperty("best").ValueKind));
        Assert.Contains("The loss of every one became infinite or NaN", CommandRun.Of(command).Out);
    }

    [Theory]
    [InlineData(0.50, 0.40, 0.10, true)]
    [InlineData(0.50, 0.48, 0.10, false)]
    [InlineData(0.50, 0.48, 0.02, true)]
    [InlineData(0.50, 0.48, double.NaN, true)]
    public void A_difference_that_chance_may_have_made_is_said_to_be_none(double asked, double best, double deviation, bool isSure)
    {
        // By four folds: the mean differs by half of what they do.
        TriedOut[] tried = [Tried(1, best), Tried(0, asked)];
        using var output = new StringWriter();
        new SearchReport(new SearchOutcome(tried, null, 0, TimeSpan.Zero, false), 2, 4, true, _ => "nudge train").Write(new Terminal(output, output));
        Assert.Equal(isSure, !output.ToString().Contains("worse by less than the folds differ by chance", StringComparison.Ordinal));

        TriedOut Tried(int number, double loss) => new(new Trial(number, new TrainSettings(), ""), loss, 0.5, deviation, 3, null);
    }

    [Fact]
    public void What_is_typed_is_not_varied()
    {
        JsonElement[] trials = CommandRun.Of("search", _folder.TwoHeaps(), "--trials", "8", "--epochs", "1", "--layers", "3", "--l2", "0.01", "--json").Json[..8];
        Assert.All(trials, trial => Assert.Equal(("[3]", 0.01, "adamw"), (trial.GetProperty("layers").GetRawText(), trial.GetProperty("l2").GetDouble(), trial.GetProperty("optimizer").GetString())));
        Assert.Equal(8, trials.Select(trial => trial.GetProperty("learningRate").GetDouble()).Distinct().Count());
        JsonElement[] others = CommandRun.Of("search", _folder.TwoHeaps(), "--trials", "8", "--epochs", "1", "--l2", "0.01", "--json").Json[..8];
        Assert.Equal(trials.Select(trial => trial.GetProperty("learningRate").GetDouble()), others.Select(trial => trial.GetProperty("learningRate").GetDouble()));
        Assert.True(others.Select(trial => trial.GetProperty("layers").GetRawText()).Distinct().Count() > 3);
    }

    [Fact]
    public void A_search_that_is_broken_off_shows_what_there_is()
    {
        CommandRun run = CommandRun.InterruptedAfter(1, "search", _folder.TwoHeaps(), "--trials", "100000", "--epochs", "50");
        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.Matches(@"Interrupted\. \d+ of 100,000 networks tried in [^.]*\d+(\.\d+)? m?s\.", run.Out);
        CommandRun brief = CommandRun.Of("search", _folder.TwoHeaps(), "--minutes", "0.02", "--epochs", "2", "--quiet");
        Assert.Equal(ExitCode.Done, brief.ExitCode);
        Assert.StartsWith("  The time is over.", brief.Out);
    }

    [Theory]
    [InlineData("there is no part to choose by: add --validation 20%, or --folds 5", "--validation", "0")]
    [InlineData("there is nothing to search", "--layers", "3", "--activation", "relu", "--learning-rate", "0.1", "--l2", "0")]
    [InlineData("--out is for nudge train", "--out", "m.safetensors")]
    [InlineData("--from is for nudge train", "--from", "m.safetensors")]
    [InlineData("--trials: expected a whole number from 1", "--trials", "0")]
    public void What_cannot_be_searched_is_refused(string message, params string[] options)
    {
        CommandRun run = CommandRun.Of(["search", _folder.TwoHeaps(), .. options]);
        Assert.Equal((ExitCode.BadInput, ""), (run.ExitCode, run.Out));
        Assert.Contains(message, run.Error);
    }

    [Theory]
    [InlineData("--validation", "30%", "--seed", "2")]
    [InlineData("--validation", "30%", "--optimizer", "sgd", "--batch", "8")]
    public void The_rate_that_is_found_can_be_trained_with_as_it_is_printed(params string[] options)
    {
        string heaps = _folder.TwoHeaps();
        CommandRun run = CommandRun.InWindow(80, false, ["find-rate", heaps, .. options]);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("o the rate suggested", run.Out);
        AssertNarrow(run);
        JsonElement json = Assert.Single(CommandRun.Of(["find-rate", heaps, .. options, "--json"]).Json);
        string command = json.GetProperty("command").GetString()!;
        Assert.StartsWith($"nudge train {heaps} {string.Join(' ', options)} --learning-rate ", command);
        Assert.Equal(json.GetProperty("rates").GetArrayLength(), json.GetProperty("smoothed").GetArrayLength());
        JsonElement trained = CommandRun.Of([.. Words(command), "--json", "--quiet"]).Json[^1];
        Assert.InRange(trained.GetProperty("validation").GetProperty("accuracy").GetDouble(), 0.9, 1);
    }

    [Fact]
    public void A_range_test_that_is_broken_off_before_its_first_step_says_so()
    {
        CommandRun run = CommandRun.InterruptedAfter(0, "find-rate", _folder.TwoHeaps());
        Assert.Equal((ExitCode.Interrupted, ""), (run.ExitCode, run.Error));
        Assert.Contains("Interrupted after 0 steps", run.Out);
    }

    [Fact]
    public void What_a_range_test_has_not_is_refused()
    {
        foreach ((string[] options, string message) in new[]
        {
            (new[] { "--learning-rate", "0.1" }, "--learning-rate is for nudge train"), (["--epochs", "3"], "--epochs is for nudge train"), (["--out", "m"], "--out is for nudge train"),
            (["--lowest", "1", "--highest", "0.1"], "--highest: expected a rate above the lowest, 1, got 0.1"), (["--steps", "3"], "--steps: expected a whole number from 50"),
        })
        {
            CommandRun run = CommandRun.Of(["find-rate", _folder.TwoHeaps(), .. options]);
            Assert.Equal(ExitCode.BadInput, run.ExitCode);
            Assert.Contains(message, run.Error);
        }
    }
}
