// nudge train: what it learns, what it prints, and how it ends.

using System.Text.Json;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class TrainCommandTests
{
    private static readonly string[] s_parts = ["training", "validation", "test"];

    [Fact]
    public void A_run_that_waits_for_its_page_can_be_interrupted_before_its_first_step()
    {
        CommandRun run = CommandRun.InterruptedAfter(2, "train", "--watch", "--edit");
        Assert.Equal((ExitCode.Interrupted, ""), (run.ExitCode, run.Error));
        Assert.Contains("Interrupted before the first step. 0 epochs, 0 steps", run.Out);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 7)]
    [InlineData(4, 21)]
    public void A_run_broken_off_goes_on_as_if_it_had_not_been(int linesUntilInterrupted, int leastSteps)
    {
        using var folder = new TemporaryFolder();
        string checkpoint = folder.File("run.checkpoint"), saved = folder.File("model.safetensors"), whole = folder.File("whole.safetensors");
        string[] command = ["train", "--points", "80", "--epochs", "8", "--batch", "10", "--validation", "10%", "--l2", "0.001", "--json"];
        CommandRun all = CommandRun.Of([.. command, "--out", whole]);
        CommandRun broken = CommandRun.InterruptedAfter(linesUntilInterrupted, [.. command, "--checkpoint", checkpoint]);
        Assert.Equal(ExitCode.Interrupted, broken.ExitCode);
        Assert.InRange(broken.Json[^1].GetProperty("steps").GetInt32(), leastSteps, leastSteps + 9);
        CommandRun rest = CommandRun.Of([.. command, "--resume", checkpoint, "--out", saved]);
        Assert.Equal(ExitCode.Done, rest.ExitCode);
        foreach (string name in new[] { "training", "validation", "bestEpoch", "steps" })
            Assert.Equal(all.Json[^1].GetProperty(name).GetRawText(), rest.Json[^1].GetProperty(name).GetRawText());
        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(saved));
    }

    [Fact]
    public void Names_in_a_file_do_not_steer_the_screen()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("steers.csv", "a,b\e[31mred,kind\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 7},{i},{(i % 3 == 0 ? "x\e[2J" : "y\u202e")}\n")));
        foreach (CommandRun run in new[] { CommandRun.Of("train", path, "--epochs", "3"), CommandRun.InWindow(80, true, "train", path, "--epochs", "3"), CommandRun.Of("train", path, "--target", "\e]0;title\a") })
        {
            Assert.DoesNotContain("\e[2J", run.Out + run.Error);
            Assert.DoesNotContain("\u202e", run.Out + run.Error);
            Assert.DoesNotContain("\a", run.Out + run.Error);
        }
        CommandRun plain = CommandRun.Of("train", path, "--epochs", "3");
        Assert.Contains("x␛[2J", plain.Out);
        Assert.DoesNotContain('\e', plain.Out + plain.Error);
        Assert.Contains("\e[1m", CommandRun.InWindow(80, true, "train", path, "--epochs", "3").Out);
    }

    [Fact]
    public void Without_a_file_it_learns_the_moons_without_a_mistake()
    {
        JsonElement summary = CommandRun.Of("train", "--json").Json[^1];
        Assert.Equal(1, summary.GetProperty("training").GetProperty("accuracy").GetDouble());
        Assert.Equal(337, summary.GetProperty("parameters").GetInt32());
        Assert.True(summary.GetProperty("loss").GetDouble() < 0.05);
    }

    [Theory]
    [InlineData("moons")]
    [InlineData("circles")]
    [InlineData("spirals")]
    [InlineData("blobs")]
    [InlineData("xor")]
    [InlineData("yin-yang")]
    [InlineData("sine")]
    [InlineData("lesson")]
    public void Every_generator_makes_a_run_whose_loss_falls(string data)
    {
        CommandRun run = CommandRun.Of("train", "--data", data, "--epochs", "30", "--layers", "8", "--json");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        JsonElement[] epochs = [.. run.Json.Where(line => line.GetProperty("event").GetString() == "epoch")];
        Assert.Equal(30, epochs.Length);
        Assert.True(epochs[^1].GetProperty("loss").GetDouble() < epochs[0].GetProperty("loss").GetDouble());
    }

    [Fact]
    public void Json_is_the_start_every_epoch_and_last_the_summary()
    {
        CommandRun run = CommandRun.Of("train", "--epochs", "5", "--layers", "4", "--batch", "50", "--test", "20%", "--validation", "0.2", "--json");
        JsonElement[] lines = run.Json;
        Assert.Equal(["start", "epoch", "epoch", "epoch", "epoch", "epoch", "summary"], lines.Select(line => line.GetProperty("event").GetString()));
        Assert.Equal([60, 20, 20], s_parts.Select(part => lines[0].GetProperty(part).GetInt32()));
        JsonElement summary = lines[^1];
        Assert.Equal("finished", summary.GetProperty("end").GetString());
        Assert.Equal(10, summary.GetProperty("steps").GetInt32());
        foreach (string part in s_parts)
            Assert.InRange(summary.GetProperty(part).GetProperty("accuracy").GetDouble(), 0, 1);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        string Loss(string seed) => CommandRun.Of("train", "--epochs", "3", "--layers", "4", "--seed", seed, "--json").Json[^1].GetProperty("loss").GetRawText();
        Assert.Equal(Loss("7"), Loss("7"));
        Assert.NotEqual(Loss("7"), Loss("8"));
    }

    [Theory]
    [InlineData(1e-9, "--precision", "double")]
    [InlineData(1e-4)]
    public void The_engines_agree(double tolerance, params string[] options)
    {
        string[] run = ["train", "--data", "blobs", "--epochs", "20", "--batch", "7", "--l2", "0.001", "--validation", "20%", "--json"];
        JsonElement eager = CommandRun.Of([.. run, "--engine", "eager"]).Json[^1], compiled = CommandRun.Of([.. run, .. options]).Json[^1];
        Assert.Equal(eager.GetProperty("loss").GetDouble(), compiled.GetProperty("loss").GetDouble(), tolerance);
        Assert.Equal(eager.GetProperty("validation").GetProperty("accuracy").GetDouble(), compiled.GetProperty("validation").GetProperty("accuracy").GetDouble());
        Assert.Equal(eager.GetProperty("bestEpoch").GetInt32(), compiled.GetProperty("bestEpoch").GetInt32());
    }

    [Fact]
    public void The_engine_is_told()
    {
        Assert.Contains("engine    compiled, float", CommandRun.Of("train", "--epochs", "1").Out);
        Assert.Contains("engine    compiled, double", CommandRun.Of("train", "--epochs", "1", "--precision", "double").Out);
        Assert.Contains("engine    eager", CommandRun.Of("train", "--epochs", "1", "--engine", "eager").Out);
    }

    [Fact]
    public void In_a_pipe_there_is_a_line_every_tenth_of_the_way_and_no_escape()
    {
        CommandRun run = CommandRun.Of("train", "--epochs", "40", "--layers", "4");
        Assert.DoesNotContain('\e', run.Out);
        Assert.DoesNotContain('\r', run.Out);
        string[] rows = [.. run.Lines.Where(line => line.Contains("/40 "))];
        Assert.Equal(["1/40", "4/40", "8/40", "12/40", "16/40", "20/40", "24/40", "28/40", "32/40", "36/40", "40/40"], rows.Select(row => row.Trim().Split(' ')[0]));
        Assert.Contains("2 → 4 → 1, tanh, 17 parameters", run.Out);
        Assert.Contains("moons with noise 0.1: 100 examples, 2 inputs (x, y)", run.Out);
        Assert.Contains("classification (upper, lower)", run.Out);
        Assert.Contains("100 to train on", run.Out);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void In_a_window_one_line_is_rewritten_and_never_longer_than_the_window(int width)
    {
        CommandRun run = CommandRun.InWindow(width, false, "train", "--epochs", "20", "--layers", "4", "--validation", "20%");
        Assert.DoesNotContain('\e', run.Out);
        string[] rewritten = run.Out.Split('\n').Single(line => line.Contains('\r')).Split('\r', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(rewritten, row => Assert.Equal(rewritten[0].Length, row.Length));
        Assert.All(run.Out.Split('\n', '\r'), line => Assert.True(line.Length < width, line));
        Assert.Contains("▁", rewritten[^1]);
        string header = run.Lines.Single(line => line.Contains("epoch   ") && line.Contains("loss"));
        Assert.Contains("predicted", header);
        Assert.Equal(width >= 80, header.Contains("left"));
        Assert.Equal(width >= 100, header.Contains("steps/s"));
    }

    [Fact]
    public void Quiet_prints_the_summary_only()
    {
        CommandRun run = CommandRun.Of("train", "--epochs", "3", "--layers", "4", "--quiet");
        Assert.DoesNotContain("predicted  ", run.Out);
        Assert.Contains("Done. 3 epochs, 12 steps", run.Out);
        Assert.Single(CommandRun.Of("train", "--epochs", "3", "--layers", "4", "--quiet", "--json").Json);
    }

    [Fact]
    public void Plot_draws_the_loss_and_the_border_between_classes()
    {
        CommandRun run = CommandRun.Of("train", "--plot", "--epochs", "100", "--quiet");
        Assert.Contains(run.Out, letter => letter is > '\u2800' and <= '\u28ff');
        Assert.Contains("o upper   x░ lower", run.Out);
        Assert.Contains("░", run.Out);
        CommandRun sine = CommandRun.Of("train", "--data", "sine", "--plot", "--epochs", "50", "--quiet");
        Assert.Contains("the curve that was learnt", sine.Out);
        Assert.All(sine.Lines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void A_file_is_read_split_learnt_and_saved()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("heaps.safetensors");
        CommandRun run = CommandRun.Of("train", folder.TwoHeaps(), "--test", "25%", "--validation", "15%", "--epochs", "60", "--layers", "8", "--learning-rate", "0.03", "--out", model);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("60 examples, 2 inputs (width, height)", run.Out);
        Assert.Contains("classification", run.Out);
        Assert.Contains("36 to train on, 9 to validate with, 15 held back to test with", run.Out);
        Assert.Matches(@"test +15 +\S+ +100\.0 %", run.Out);
        Assert.Contains("test: true ↓ predicted →", run.Out);
        Assert.Contains($"nudge predict {model}", run.Out.ReplaceLineEndings(" ").Replace("            ", ""));
        Assert.Equal(["blue", "red"], TrainedModel.Load(model).Classes);
    }

    [Fact]
    public void A_number_as_target_is_regression_in_its_own_units()
    {
        using var folder = new TemporaryFolder();
        string line = folder.Line(), model = folder.File("line.safetensors");
        JsonElement summary = CommandRun.Of("train", line, "--epochs", "100", "--json", "--out", model).Json[^1];
        Assert.True(summary.GetProperty("training").GetProperty("rSquared").GetDouble() > 0.98);
        Assert.Equal(130, TrainedModel.Load(model).Predict(10)[0], 2.0);
    }

    [Fact]
    public void Columns_are_chosen_by_name_or_position()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("people.csv", "id,size,weight\n1,1.5,50\n2,1.6,61\n3,1.7,69\n4,1.8,80.5\n5,1.9,92\n6,2.0,99\n");
        JsonElement start = CommandRun.Of("train", file, "--target", "size", "--ignore", "id", "--epochs", "1", "--json").Json[0];
        Assert.Equal("regression", start.GetProperty("task").GetString());
        Assert.Equal("size", start.GetProperty("target").GetString());
        Assert.Equal("weight", Assert.Single(start.GetProperty("inputs").EnumerateArray()).GetString());
        start = CommandRun.Of("train", file, "--target", "3", "--ignore", "1", "--epochs", "1", "--json").Json[0];
        Assert.Equal("weight", start.GetProperty("target").GetString());
        start = CommandRun.Of("train", file, "--target", "id", "--task", "classification", "--validation", "0", "--epochs", "1", "--json").Json[0];
        Assert.Equal(6, start.GetProperty("classes").GetArrayLength());
    }

    [Theory]
    [InlineData("--optimizer", "sgd", "--momentum", "0.9", "--schedule", "cosine", "--warm-up", "5")]
    [InlineData("--optimizer", "rmsprop", "--momentum", "0.5", "--schedule", "linear", "--clip-norm", "1")]
    [InlineData("--optimizer", "adamw", "--weight-decay", "0.1", "--schedule", "step", "--batch", "full")]
    [InlineData("--optimizer", "adamw", "--l2", "0.001", "--loss", "hinge", "--activation", "relu")]
    [InlineData("--loss", "cross-entropy", "--activation", "sigmoid", "--layers", "none")]
    public void Every_option_makes_a_run(params string[] options)
    {
        CommandRun run = CommandRun.Of(["train", "--epochs", "10", "--json", .. options]);
        Assert.Equal("", run.Error);
        Assert.True(run.Json[^1].GetProperty("training").GetProperty("accuracy").GetDouble() > 0.6);
    }

    [Fact]
    public void The_schedule_and_the_warm_up_shape_the_learning_rate()
    {
        JsonElement[] epochs = [.. CommandRun.Of("train", "--epochs", "10", "--batch", "full", "--layers", "2", "--schedule", "linear", "--warm-up", "2", "--learning-rate", "0.08", "--json").Json[1..^1]];
        Assert.Equal([0.04, 0.08, 0.08, 0.07, 0.06, 0.05, 0.04, 0.03, 0.02, 0.01], epochs.Select(epoch => Math.Round(epoch.GetProperty("learningRate").GetDouble(), 9)));
    }

    [Fact]
    public void Ctrl_C_finishes_the_step_saves_sums_up_and_exits_with_130()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("moons.safetensors");
        CommandRun run = CommandRun.InterruptedAfter(4, "train", "--json", "--out", model);
        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.Equal(5, run.Json.Length);
        JsonElement summary = run.Json[^1];
        Assert.Equal("interrupted", summary.GetProperty("end").GetString());
        Assert.Equal(3, summary.GetProperty("epochs").GetInt32());
        Assert.Equal(12, summary.GetProperty("steps").GetInt32());
        Assert.Equal(337, TrainedModel.Load(model).Network.ParameterCount);
    }

    [Fact]
    public void A_run_that_diverges_fails_and_names_a_smaller_rate()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("line.safetensors");
        CommandRun run = CommandRun.Of("train", folder.Line(), "--optimizer", "sgd", "--learning-rate", "50", "--activation", "linear", "--out", model);
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("try a smaller learning rate: --learning-rate 5", run.Error);
        // First the doctor, with the number that is none; last the error.
        Assert.Contains("warning at step", run.Error);
        Assert.StartsWith("nudge train: ", run.Error.TrimEnd().Split('\n')[^1]);
        Assert.False(File.Exists(model));
    }

    [Fact]
    public void A_run_that_makes_nothing_better_says_so_and_names_a_smaller_rate()
    {
        Assert.Contains("try a smaller learning rate, --learning-rate 100.", CommandRun.Of("train", "--optimizer", "sgd", "--learning-rate", "1000", "--epochs", "5", "--quiet").Out.ReplaceLineEndings(" ").Replace("   ", " "));
        Assert.DoesNotContain("smaller", CommandRun.Of("train", "--epochs", "5", "--quiet").Out);
    }
}
