// Recording, viewing and comparing by the command.

using System.Text.Json;
using Nudge.Cli;
using Nudge.Tests.Cli;

namespace Nudge.Tests.Recordings;

public sealed class RecordCommandTests
{
    private static readonly string[] s_short = ["train", "--epochs", "4", "--layers", "4", "--quiet"];

    [Fact]
    public void A_run_is_recorded_and_the_same_with_a_recorder_and_without()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run.nudge"), page = folder.File("run.html");
        double plain = Loss(CommandRun.Of([.. s_short, "--json"]));
        Assert.Equal(plain, Loss(CommandRun.Of([.. s_short, "--json", "--record", path, "--save-page", page])));
        RunRecording recording = RunRecording.Open(path);
        Assert.Equal(16, recording.Steps().Count(step => step.IsWhole));
        Assert.Equal("finished", recording.End!.Reason);
        Assert.Equal(("moons with noise 0.1", "binary-cross-entropy", "adam", "1"), (recording.Info.Title, recording.Info.Objective, recording.Info.Optimizer, recording.Info.Seed));
        Assert.Equal(Math.Log(2), recording.Info.Baselines[0].Loss, 1e-12);
        Assert.Equal(100, recording.Info.Data!.Inputs.Count);
        Assert.Contains("TlVER0VSVU4", File.ReadAllText(page));

        static double Loss(CommandRun run) => run.Json[^1].GetProperty("loss").GetDouble();
    }

    [Fact]
    public void Two_recordings_are_compared()
    {
        using var folder = new TemporaryFolder();
        string a = folder.File("a.nudge"), b = folder.File("b.nudge"), c = folder.File("c.nudge");
        CommandRun.Of([.. s_short, "--record", a]);
        CommandRun.Of([.. s_short, "--record", b]);
        CommandRun.Of([.. s_short, "--learning-rate", "0.02", "--record", c]);
        CommandRun same = CommandRun.Of("diff", a, b);
        Assert.Equal((ExitCode.Done, "  The two runs agree in every bit.\n"), (same.ExitCode, same.Out));
        CommandRun other = CommandRun.Of("diff", a, c, "--json");
        Assert.Equal(ExitCode.Failed, other.ExitCode);
        JsonElement difference = other.Json[0];
        Assert.Equal((1, "update", "the learning rate", 0.01, 0.02), (difference.GetProperty("step").GetInt32(), difference.GetProperty("beat").GetString(),
            difference.GetProperty("what").GetString(), difference.GetProperty("first").GetDouble(), difference.GetProperty("second").GetDouble()));
    }

    [Fact]
    public void A_diverged_run_keeps_its_last_step()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run.nudge");
        CommandRun run = CommandRun.Of("train", "--data", "lesson", "--optimizer", "sgd", "--learning-rate", "1e200", "--quiet", "--record", path, "--save-page", folder.File("run.html"));
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        RunRecording recording = RunRecording.Open(path);
        RecordedStep[] steps = [.. recording.Steps()];
        Assert.False(double.IsFinite(steps[^1].Loss) && double.IsFinite(steps[^1].GradientNorm));
        Assert.Equal("diverged", recording.End!.Reason);
        Assert.Contains(Convert.ToBase64String([.. recording.Records().SelectMany(record => record)]), File.ReadAllText(folder.File("run.html")));
    }

    [Fact]
    public void What_was_written_is_named()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("run.safetensors"), picture = folder.File("run.svg"), recording = folder.File("run.nudge"), page = folder.File("run.html");
        CommandRun run = CommandRun.Of([.. s_short, "--out", model, "--picture", picture, "--record", recording, "--save-page", page]);
        Assert.Contains($"  saved     {model}, {picture}, {recording}\n", run.Out);
        Assert.EndsWith($"  page      {page}\n", run.Out);
        CommandRun json = CommandRun.Of([.. s_short, "--json", "--picture", picture, "--save-page", page]);
        Assert.Equal(picture, json.Json[^1].GetProperty("drawnTo").GetString());
    }

    [Fact]
    public void A_full_disk_costs_the_recording_its_end_and_not_the_run_its_model()
    {
        using var folder = new TemporaryFolder();
        var settings = new TrainSettings
        {
            Generator = "lesson",
            Layers = [4],
            Optimizer = "sgd",
            LearningRate = 0.05,
            Schedule = "constant",
            Epochs = 40,
            Engine = GraphEngine.Eager,
            Out = folder.File("run.safetensors"),
        };
        var rng = new Rng(1);
        TrainingPlan plan = TrainingPlan.Make(settings, DataSource.Generated("lesson", null, null, rng), rng);
        var disk = new SmallDisk(20_000);
        var view = new RecordingView(() => disk);
        Assert.Equal(ExitCode.Done, TrainingRun.Make(plan, view, null, default));
        Assert.NotNull(view.Failure);
        Assert.True(File.Exists(folder.File("run.safetensors")));
        RunRecording kept = RunRecording.Open(disk.ToArray(), "kept");
        Assert.InRange(kept.Steps().Count(), 1, (int)plan.TotalSteps - 1);
        Assert.Null(kept.End);
    }

    [Fact]
    public void The_program_of_a_recording_says_what_was_asked_for()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("run.nudge");
        CommandRun.Of("train", "--data", "sine", "--epochs", "2", "--optimizer", "sgd", "--momentum", "0.9", "--schedule", "cosine", "--warm-up", "3", "--clip-norm", "2", "--validation", "20%", "--quiet", "--record", path);
        string program = RunRecording.Open(path).Info.Program;
        foreach (string part in new[]
        {
            "Generate.Sine(100, 0.05, rng)", "data.Split(0.2, rng)", "new Mlp(1, [16, 16, 1], rng", "new Sgd(net.Parameters, 0.1, momentum: 0.9)",
            "Epochs = 2, BatchSize = 32, Seed = 1, Schedule = Schedule.WarmUp(3, Schedule.Cosine(3)), ClipNorm = 2",
        })
        {
            Assert.Contains(part, program);
        }
    }

    [Fact]
    public void What_cannot_be_recorded_or_viewed_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        string foreign = folder.File("foreign.nudge", "this is no recording at all");
        foreach ((string message, string[] arguments) in new (string, string[])[]
        {
            ("--record: there is no directory", ["train", "--record", folder.File("nowhere/run.nudge")]),
            ("--edit is for a page that follows the run; add --watch", ["train", "--edit"]),
            ("--port is for a page that follows the run; add --watch", ["train", "--port", "80"]),
            ("this is no recording; expected a file that nudge train --record has written", ["view", foreign]),
            ("this is no recording", ["diff", foreign, foreign]),
            ("--save-page: the command uses " + foreign, ["view", foreign, "--save-page", foreign]),
            ("--picture: expected a name that ends in .svg", ["train", "--picture", folder.File("run.png")]),
            ("--record: the command uses", ["train", "--record", folder.File("run.svg"), "--picture", folder.File("run.svg")]),
            ("--out: the command uses " + foreign, ["train", foreign, "--out", foreign]),
            ("--out: the command uses " + foreign, ["train-text", foreign, "--out", foreign]),
            ("--out: the command uses " + foreign, ["predict", "m.safetensors", foreign, "--out", foreign]),
            ("--port is for a page that is served; add --watch", ["lab", "zero", "--port", "80"]),
            ("--port is for a page that is served, and --save-page serves nothing", ["view", foreign, "--save-page", folder.File("run.html"), "--port", "80"]),
        })
        {
            CommandRun run = CommandRun.Of(arguments);
            Assert.Equal(ExitCode.BadInput, run.ExitCode);
            Assert.Contains(message, run.Error);
            Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private sealed class SmallDisk(int capacity) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

        public override void Write(byte[] buffer, int offset, int count)
        {
            int fits = (int)Math.Min(count, capacity - Length);
            base.Write(buffer, offset, fits);
            if (fits < count)
                throw new IOException("No space left on device");
        }
    }
}
