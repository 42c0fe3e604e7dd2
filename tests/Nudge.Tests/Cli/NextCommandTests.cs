// What a run says to type next: it runs as it stands, and names no file that is not there.

using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class NextCommandTests : IDisposable
{
    private static readonly string[] s_names = ["anna", "bob", "carla", "dora"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Text() => _folder.File("names.txt", string.Concat(Enumerable.Range(0, 60).Select(i => s_names[i * 7 % 4] + "\n")));

    private static string[] Next(CommandRun run) => [.. run.Lines.Where(line => line.StartsWith("  next ", StringComparison.Ordinal)).Select(line => line[12..])];

    /// <summary>A name that cannot be written when the time comes, and could be when the run began: it is a directory by then.</summary>
    private CommandRun Blocked(params string[] command) => CommandRun.After(2, () => Directory.CreateDirectory(_folder.File("out.safetensors")), [.. command, "--out", _folder.File("out.safetensors")]);

    [Fact]
    public void A_model_that_could_not_be_saved_is_not_to_be_used_next()
    {
        foreach (string[] command in new string[][] { ["train", _folder.TwoHeaps(), "--epochs", "40"], ["train", "--epochs", "40"], ["train-text", Text(), "--model", "bigram", "--steps", "40", "--look-every", "1"] })
        {
            CommandRun run = Blocked(command);
            Assert.Equal(ExitCode.Failed, run.ExitCode);
            Assert.Contains("the model could not be saved: ", run.Error);
            Assert.Contains("Done. ", run.Out);
            Assert.Empty(Next(run));
            Assert.DoesNotContain("\n  saved ", run.Out);
            Directory.Delete(_folder.File("out.safetensors"));
        }
    }

    [Fact]
    public void A_report_that_could_not_be_written_is_not_said_to_be_saved()
    {
        string report = _folder.File("run.html"), model = _folder.File("model.safetensors");
        CommandRun run = CommandRun.After(2, () => Directory.CreateDirectory(report), "train", _folder.TwoHeaps(), "--epochs", "40", "--out", model, "--report", report);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains($"\n  saved     {model}\n", run.Out);
        Assert.Equal($"nudge predict {model} {_folder.File("heaps.csv")}", Assert.Single(Next(run)));
    }

    [Fact]
    public void A_text_run_again_is_the_same_run()
    {
        string text = Text();
        string[] command = ["train-text", text, "--model", "mlp", "--context", "3", "--hidden", "8", "--steps", "3", "--seed", "4"];
        Assert.Equal($"nudge {string.Join(' ', command)} --out model.safetensors   to keep the model", Assert.Single(Next(CommandRun.Of(command))));
        Assert.Equal("nudge names --steps 2 --seed 3 --out names.safetensors   or nudge train-text YOUR.txt", Assert.Single(Next(CommandRun.Of("names", "--steps", "2", "--seed", "3"))));
    }

    [Fact]
    public void A_run_broken_off_says_the_command_that_goes_on()
    {
        string table = _folder.TwoHeaps(), checkpoint = _folder.File("run.checkpoint");
        string[] command = ["train", table, "--epochs", "1000", "--checkpoint", checkpoint];
        CommandRun broken = CommandRun.InterruptedAfter(12, command);
        Assert.Equal(ExitCode.Interrupted, broken.ExitCode);
        Assert.Contains($"\n  to go on  nudge {string.Join(' ', command)} --resume {checkpoint}\n", broken.Out);
        CommandRun again = CommandRun.InterruptedAfter(14, [.. command, "--resume", checkpoint]);
        Assert.Equal(ExitCode.Interrupted, again.ExitCode);
        Assert.Contains($"\n  to go on  nudge {string.Join(' ', command)} --resume {checkpoint}\n", again.Out);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("train-text")]
    public void A_run_broken_off_before_its_first_step_leaves_the_files_of_others_alone(string command)
    {
        string model = _folder.File("model.safetensors", "of yesterday"), checkpoint = _folder.File("run.checkpoint", "of yesterday, too");
        CommandRun run = CommandRun.InterruptedAfter(0, [command, command == "train" ? _folder.TwoHeaps() : Text(), "--out", model, "--checkpoint", checkpoint]);
        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.Contains("Interrupted before the first step, so that there is no model to save.", run.Out);
        Assert.Equal(("of yesterday", "of yesterday, too"), (File.ReadAllText(model), File.ReadAllText(checkpoint)));
        Assert.Empty(Next(run));
    }

    [Fact]
    public void What_is_no_checkpoint_is_called_what_it_is()
    {
        string table = _folder.TwoHeaps(), model = _folder.File("model.safetensors"), names = _folder.File("names.safetensors");
        CommandRun.Of("train", table, "--epochs", "1", "--out", model);
        CommandRun.Of("train-text", Text(), "--model", "bigram", "--steps", "1", "--out", names);
        foreach ((string path, string words) in new[]
        {
            (_folder.FullName, $"--resume: {_folder.FullName} is a directory; expected a checkpoint, as --checkpoint writes it"),
            (_folder.File("none"), $"--resume: there is no file {_folder.File("none")}; expected a checkpoint, as --checkpoint writes it"),
            (table, "this is no safetensors file: it looks like text; expected a checkpoint of the same run, as --checkpoint writes it"),
            (model, "this is a model (--from trains it on), and no checkpoint; expected a checkpoint of the same run"),
            (names, "this is a model (--from trains it on), and no checkpoint; expected a checkpoint of the same run"),
        })
        {
            CommandRun run = CommandRun.Of("train", table, "--epochs", "2", "--resume", path);
            Assert.Equal(ExitCode.BadInput, run.ExitCode);
            Assert.Contains(words, run.Error);
        }
    }

    [Theory]
    [InlineData("3", "20 rows any answers", "--test 25% holds some back, and --folds 5 each in turn", 20, 25)]
    [InlineData("3", "", "--test 25% holds some back, and --folds 5 each in turn", 30, 3)]
    [InlineData("3", "", "--folds 5 holds each back in turn", 8, 2)]
    [InlineData("3", "", "--folds 4 holds each back in turn", 4, 2)]
    public void Figures_of_the_rows_trained_on_are_said_to_be_that(string epochs, string heart, string advice, int rows, int inputs)
    {
        string table = _folder.File("few.csv", string.Join(',', Enumerable.Range(0, inputs).Select(c => $"x{c}")) + ",y\n"
            + string.Concat(Enumerable.Range(0, rows).Select(i => string.Join(',', Enumerable.Range(0, inputs).Select(c => $"{(i + 3) * (c + 7) * 37 % 101}.5")) + $",{(i % 2 == 0 ? "a" : "b")}\n")));
        string note = CommandRun.Of("train", table, "--epochs", epochs, "--json").Json[^1].GetProperty("notes").EnumerateArray().Select(one => one.GetString()!).Single(one => one.StartsWith("The figures are of the rows", StringComparison.Ordinal));
        Assert.Contains(advice, note);
        Assert.Equal(heart.Length > 0, note.Contains("learnt by heart", StringComparison.Ordinal));
        Assert.Contains(heart, note);
        // What is advised can be done, and then the sentence is gone.
        if (rows >= 20)
            Assert.DoesNotContain("The figures are", CommandRun.Of("train", table, "--epochs", epochs, "--test", "25%").Out);
        string folds = advice[(advice.IndexOf("--folds ", StringComparison.Ordinal) + 8)..].Split(' ')[0];
        Assert.Equal(ExitCode.Done, CommandRun.Of("train", table, "--epochs", epochs, "--folds", folds).ExitCode);
    }
}
