// Language models on the command line: learning, going on after Ctrl-C, writing, measuring.

using System.Text.Json;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class TextCommandsTests
{
    private static readonly string[] s_small = ["--steps", "12", "--batch", "4", "--look-every", "4", "--samples", "2"];

    [Theory]
    [InlineData("bigram")]
    [InlineData("mlp", "--context", "2", "--embedding", "3", "--hidden", "6")]
    [InlineData("rnn", "--embedding", "3", "--hidden", "6", "--context", "4")]
    [InlineData("gru", "--embedding", "3", "--hidden", "6", "--context", "4")]
    [InlineData("gpt", "--width", "8", "--heads", "2", "--context", "4", "--optimizer", "adamw")]
    public void Every_model_learns_is_saved_measured_and_writes(string model, params string[] options)
    {
        using var folder = new TemporaryFolder();
        string text = Words(folder), saved = folder.File("model.safetensors");
        CommandRun run = CommandRun.Of(["train-text", text, "--model", model, "--out", saved, .. s_small, .. options]);
        Assert.Equal("", run.Error);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        foreach (string word in new[] { $"  {model}: ", "all alike", "bigram", "4-gram", "nats/char", "bits/char", "12/12", "stand in the text as they are", "saved", "nudge generate" })
            Assert.Contains(word, run.Out);

        CommandRun written = CommandRun.Of("generate", saved, "--count", "3", "--length", "9", "--prompt", "ba");
        Assert.Equal(ExitCode.Done, written.ExitCode);
        Assert.Equal(3, written.Lines.Length);
        Assert.All(written.Lines, line => Assert.Matches("^ba[a-f]{0,7}$", line));

        JsonElement measured = Assert.Single(CommandRun.Of("evaluate", saved, text, "--training", text, "--json").Json);
        double loss = measured.GetProperty("loss").GetDouble();
        Assert.InRange(loss, 0.1, 3);
        Assert.Equal(loss / Math.Log(2), measured.GetProperty("bitsPerCharacter").GetDouble(), 1e-12);
        Assert.Equal(Math.Log(7), measured.GetProperty("baselines").GetProperty("all alike").GetDouble(), 1e-12);
        Assert.Contains("4-gram", CommandRun.Of("evaluate", saved, text, "--training", text).Out);
        CommandRun inspected = CommandRun.Of("inspect", saved);
        Assert.Contains(model + ": ", inspected.Out);
        Assert.Contains("6 characters (abcdef)", inspected.Out);
        Assert.Equal(model, CommandRun.Of("inspect", saved, "--json").Json[0].GetProperty("model").GetString());
    }

    [Fact]
    public void Looks_are_events_and_the_same_command_says_the_same()
    {
        using var folder = new TemporaryFolder();
        string[] command = ["train-text", Words(folder), "--model", "bigram", "--json", "--test", "0.1", .. s_small];
        JsonElement[] lines = CommandRun.Of(command).Json, again = CommandRun.Of(command).Json;
        Assert.Equal(["start", "look", "look", "look", "summary"], lines.Select(line => line.GetProperty("event").GetString()));
        Assert.Equal([4, 8, 12], lines[1..4].Select(line => line.GetProperty("step").GetInt32()));
        Assert.Equal((85, 5, 10), (Count("training"), Count("validation"), Count("test")));
        Assert.All(lines[1..4], line => Assert.Equal(2, line.GetProperty("samples").GetArrayLength()));
        Assert.Equal(lines[..4].Select(line => line.GetRawText()), again[..4].Select(line => line.GetRawText()));
        foreach (string name in new[] { "training", "validation", "test", "shareKnown", "samples", "baselines" })
            Assert.Equal(lines[4].GetProperty(name).GetRawText(), again[4].GetProperty(name).GetRawText());

        int Count(string part) => lines[0].GetProperty(part).GetInt32();
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    public void A_run_broken_off_goes_on_as_if_it_had_not_been(int linesUntilInterrupted, int leastSteps)
    {
        using var folder = new TemporaryFolder();
        string checkpoint = folder.File("run.checkpoint"), saved = folder.File("model.safetensors"), whole = folder.File("whole.safetensors");
        string[] command = ["train-text", Words(folder), "--model", "mlp", "--embedding", "3", "--hidden", "6", "--json", .. s_small];
        CommandRun all = CommandRun.Of([.. command, "--out", whole]);
        CommandRun broken = CommandRun.InterruptedAfter(linesUntilInterrupted, [.. command, "--checkpoint", checkpoint]);
        Assert.Equal(ExitCode.Interrupted, broken.ExitCode);
        Assert.Equal("interrupted", broken.Json[^1].GetProperty("end").GetString());
        Assert.Equal(leastSteps, broken.Json[^1].GetProperty("steps").GetInt32());
        CommandRun rest = CommandRun.Of([.. command, "--resume", checkpoint, "--out", saved]);
        Assert.Equal(ExitCode.Done, rest.ExitCode);
        foreach (string name in new[] { "training", "validation", "shareKnown", "samples", "bestStep", "steps" })
            Assert.Equal(all.Json[^1].GetProperty(name).GetRawText(), rest.Json[^1].GetProperty(name).GetRawText());
        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(saved));
        // Once more from its end: there is nothing left to do.
        Assert.Equal(12, CommandRun.Of([.. command, "--resume", checkpoint]).Json[^1].GetProperty("steps").GetInt32());
    }

    [Fact]
    public void Steps_that_are_too_long_are_found_while_it_trains_and_in_the_result()
    {
        using var folder = new TemporaryFolder();
        string[] command = ["train-text", Words(folder), "--model", "mlp", "--optimizer", "sgd", "--learning-rate", "100", "--clip-norm", "0", "--steps", "40", "--samples", "0"];
        CommandRun run = CommandRun.Of(command);
        Assert.Contains("learning rate too large", run.Error);
        Assert.Contains("Try --learning-rate 10.", run.Error);
        Assert.Contains("It is worse than knowing nothing", run.Out);
        JsonElement[] lines = CommandRun.Of([.. command, "--json"]).Json;
        Assert.Contains(lines, line => line.GetProperty("event").GetString() == "finding" && line.GetProperty("fault").GetString() == "learning-rate-too-large");
        Assert.Contains("worse than knowing nothing", lines[^1].GetProperty("notes")[0].GetString());
        Assert.NotEqual(0, lines[^1].GetProperty("findings").GetArrayLength());
    }

    [Fact]
    public void What_counting_pairs_does_as_well_is_said_of_a_model()
    {
        using var folder = new TemporaryFolder();
        string[] command = ["train-text", Words(folder), "--model", "gru", "--hidden", "4", "--learning-rate", "0.001", "--samples", "0", "--validation", "20%"];
        Assert.Contains("no better than counting pairs of characters", CommandRun.Of([.. command, "--steps", "3"]).Out);
        Assert.DoesNotContain("counting pairs", CommandRun.Of(["train-text", Words(folder), "--model", "bigram", "--steps", "3", "--samples", "0"]).Out);
    }

    [Fact]
    public void Documents_that_stand_in_two_parts_are_counted()
    {
        using var folder = new TemporaryFolder();
        string text = folder.File("text.txt", string.Concat(Enumerable.Range(0, 40).Select(i => $"{(char)('a' + i % 3)}bc\n")));
        Assert.Contains("10 documents of the validation part stand in the training part too", CommandRun.Of(["train-text", text, "--model", "bigram", "--validation", "25%", .. s_small]).Out.ReplaceLineEndings(" "));
        string unlike = folder.File("unlike.txt", string.Concat(Enumerable.Range(0, 40).Select(i => $"{(char)('a' + i % 20)}{(char)('a' + i / 2)}\n")));
        Assert.DoesNotContain("stand in the training part", CommandRun.Of(["train-text", unlike, "--model", "bigram", "--validation", "25%", .. s_small]).Out);
    }

    [Fact]
    public void A_checkpoint_of_another_command_is_refused()
    {
        using var folder = new TemporaryFolder();
        string checkpoint = folder.File("run.checkpoint"), text = Words(folder);
        CommandRun.Of(["train-text", text, "--model", "bigram", "--checkpoint", checkpoint, .. s_small]);
        CommandRun other = CommandRun.Of(["train-text", text, "--model", "bigram", "--resume", checkpoint, .. s_small, "--seed", "2"]);
        Assert.Equal(ExitCode.BadInput, other.ExitCode);
        Assert.Contains("expected the same, since it is the same run that goes on", other.Error);
    }

    [Fact]
    public void Running_text_is_learnt_in_windows_and_written_on()
    {
        using var folder = new TemporaryFolder();
        string text = folder.File("text.txt", string.Concat(Enumerable.Repeat("abba ab\nba\n", 40))), saved = folder.File("model.safetensors");
        CommandRun run = CommandRun.Of(["train-text", text, "--by-character", "--model", "rnn", "--hidden", "4", "--embedding", "2", "--context", "8", "--out", saved, .. s_small]);
        Assert.Equal("", run.Error);
        Assert.Contains("running text", run.Out);
        Assert.DoesNotContain("stand in the text", run.Out);
        CommandRun written = CommandRun.Of("generate", saved, "--prompt", "ab", "--length", "50", "--top-k", "3", "--stats");
        Assert.StartsWith("ab", written.Out);
        Assert.Matches(@"\d+ characters? in .* a second", written.Error);
        Assert.Contains("running text", CommandRun.Of("inspect", saved).Out);
    }

    [Fact]
    public void Parts_may_be_files_of_their_own()
    {
        using var folder = new TemporaryFolder();
        string text = Words(folder), other = folder.File("other.txt", "abc\nfed\n"), foreign = folder.File("foreign.txt", "abc\nabx\n");
        CommandRun run = CommandRun.Of(["train-text", text, "--model", "bigram", "--validation", other, "--test", other, "--json", .. s_small]);
        Assert.Equal((100, 2, 2), (run.Json[0].GetProperty("training").GetInt32(), run.Json[0].GetProperty("validation").GetInt32(), run.Json[0].GetProperty("test").GetInt32()));
        Assert.Equal(run.Json[^1].GetProperty("validation").GetDouble(), run.Json[^1].GetProperty("test").GetDouble(), 1e-6);
        CommandRun refused = CommandRun.Of(["train-text", text, "--model", "bigram", "--validation", foreign, .. s_small]);
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.StartsWith($"nudge train-text: {foreign}:2:3: here is 'x' (U+0078)", refused.Error);
    }

    [Fact]
    public void Names_are_learnt_with_nothing_else_at_hand()
    {
        using var folder = new TemporaryFolder();
        string saved = folder.File("names.safetensors");
        CommandRun run = CommandRun.Of("names", "--steps", "10", "--out", saved);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("first names: 8,403 documents", run.Out);
        Assert.Contains("stand in the text as they are", run.Out);
        CommandRun written = CommandRun.Of("generate", saved, "--count", "4", "--temperature", "0", "--json");
        Assert.Equal(4, written.Json.Length);
        Assert.Single(written.Json.Select(line => line.GetProperty("text").GetString()).Distinct());
        Assert.Equal("summary", Assert.Single(CommandRun.Of("names", "--steps", "2", "--json", "--quiet").Json).GetProperty("event").GetString());
    }

    [Fact]
    public void In_a_window_the_line_is_rewritten_and_looks_stay()
    {
        using var folder = new TemporaryFolder();
        CommandRun run = CommandRun.InWindow(60, false, ["train-text", Words(folder), "--model", "bigram", .. s_small]);
        string[] looks = [.. run.Out.Split('\n').Where(line => line.Contains("/12 ", StringComparison.Ordinal))];
        Assert.Equal(4, looks.Length);
        Assert.All(looks, line => Assert.InRange(line.Split('\r')[^1].Length, 1, 59));
    }

    [Fact]
    public void What_was_written_is_looked_up_in_the_text()
    {
        using var folder = new TemporaryFolder();
        string text = folder.File("one.txt", string.Concat(Enumerable.Repeat("ab\n", 30))), saved = folder.File("model.safetensors");
        CommandRun.Of("train-text", text, "--model", "bigram", "--steps", "300", "--out", saved, "--quiet");
        Assert.Contains("100.0 % stand in", CommandRun.Of("generate", saved, "--temperature", "0", "--training", text).Error);
    }

    [Theory]
    [InlineData("--model: expected one of bigram, mlp, rnn, gru, gpt, got 'lstm'", "--model", "lstm")]
    [InlineData("--hidden is for mlp, rnn and gru, and the model is gpt", "--hidden", "8")]
    [InlineData("--width is for gpt, and the model is mlp", "--model", "mlp", "--width", "8")]
    [InlineData("--heads: 5 heads cannot share a width of 64 evenly", "--heads", "5")]
    [InlineData("--steps: expected a whole number from 1", "--steps", "0")]
    [InlineData("--context: expected a whole number from 1 to 4096", "--context", "5000")]
    [InlineData("--validation: expected a share from 0 to below 1, as 0.2 or 20%, or a file that exists, got 'nowhere.txt'", "--validation", "nowhere.txt")]
    [InlineData("--validation and --test: expected less than 100 % together", "--validation", "50%", "--test", "50%")]
    [InlineData("--resume: there is no file nowhere", "--resume", "nowhere")]
    [InlineData("--clip-norm: expected a number of at least 0", "--clip-norm", "-1")]
    [InlineData("--schedule: expected one of constant, step, linear, cosine", "--schedule", "up")]
    [InlineData("there is no option '--contxt'; did you mean --context?", "--contxt", "3")]
    [InlineData("100 documents are too few to split off", "--test", "0.1%")]
    public void Train_text_refuses_what_it_cannot_use(string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        AssertRefused("nudge train-text: ", message, ["train-text", Words(folder), .. arguments]);
    }

    [Fact]
    public void Texts_and_models_that_cannot_be_used_are_refused()
    {
        using var folder = new TemporaryFolder();
        string text = Words(folder), saved = folder.File("model.safetensors"), empty = folder.File("empty.txt", "\n");
        AssertRefused("nudge train-text: there is no file ", "", "train-text", folder.File("nowhere.txt"));
        AssertRefused($"nudge train-text: {empty}:1:1: ", "expected text", "train-text", empty);
        File.WriteAllBytes(empty, [97, 10, 0xFF]);
        AssertRefused($"nudge train-text: {empty}:2:1: ", "the byte 0xFF is not UTF-8", "train-text", empty);
        CommandRun.Of(["train-text", text, "--model", "bigram", "--out", saved, .. s_small]);
        AssertRefused("nudge generate: ", "--prompt: character 2 is 'X' (U+0058)", "generate", saved, "--prompt", "aX");
        AssertRefused("nudge generate: ", "--temperature: expected a number of at least 0", "generate", saved, "--temperature", "-1");
        AssertRefused("nudge generate: ", "--top-p: expected a number above 0 and at most 1", "generate", saved, "--top-p", "0");
        AssertRefused("nudge predict: ", "this is a language model", "predict", saved, text);
        AssertRefused($"nudge generate: {text}: ", "", "generate", text);
        AssertRefused("nudge evaluate: ", "'X' (U+0058)", "evaluate", saved, folder.File("x.txt", "aX\n"));
    }

    /// <summary>A hundred words of six letters.</summary>
    internal static string Words(TemporaryFolder folder)
    {
        var rng = new Rng(1);
        return folder.File("words.txt", string.Concat(Enumerable.Range(0, 100).Select(_ =>
            string.Concat(Enumerable.Range(0, 2 + rng.Next(4)).Select(_ => "abcdef"[Math.Min(rng.Next(6), rng.Next(6))])) + "\n")));
    }

    private static void AssertRefused(string start, string message, params string[] arguments)
    {
        CommandRun run = CommandRun.Of(arguments);
        Assert.StartsWith(start, run.Error);
        Assert.Contains(message, run.Error);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("", run.Out);
    }
}
