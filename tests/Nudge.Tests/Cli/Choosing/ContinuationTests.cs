// Training on: from a model, on other rows or longer, and from a checkpoint, longer.

using System.Text.Json;
using Nudge.Cli;

namespace Nudge.Tests.Cli.Choosing;

public sealed class ContinuationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Rows(int count, Func<int, string> row) => string.Concat(Enumerable.Range(0, count).Select(i => row(i) + "\n"));

    private string Trips(string name, int first, int count) => _folder.File(name, "km,mode,fee\n" + Rows(count, i => FormattableString.Invariant(
        $"{(first + i) * 7 % 41},{((first + i) % 3 == 0 ? "bus" : "train")},{((first + i) * 7 % 41) * 0.5 + (first + i) % 3:F1}")));

    private static string Fact(CommandRun run, string label) => run.Lines.Single(line => line.StartsWith($"  {label} ", StringComparison.Ordinal))[12..];

    [Fact]
    public void A_model_is_trained_on_with_new_rows_by_its_own_columns_and_scales()
    {
        string model = _folder.File("model.safetensors"), better = _folder.File("better.safetensors");
        CommandRun.Of("train", Trips("old.csv", 0, 60), "--target", "fee", "--layers", "5", "--activation", "relu", "--epochs", "3", "--out", model);
        string rows = _folder.File("new.csv", "mode;km;fee\ntram;3;2.5\nbus;;4\n" + Rows(50, i => $"bus;{i};{i}.5"));
        CommandRun run = CommandRun.Of("train", rows, "--from", model, "--epochs", "4", "--validation", "15%", "--out", better);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("3 → 5 → 1, relu", Fact(run, "network"));
        Assert.StartsWith($"{model}: its network, columns and scales; before the first step the validation part has loss", Fact(run, "from"));
        Assert.Equal($"target 'fee' is a number, as {model} has it", Fact(run, "task"));
        Assert.Contains("'mode' has a value that training had not in 1 row: 'tram'", run.Out);
        Assert.Contains("1 missing cell filled", Fact(run, "data"));
        TrainedModel old = TrainedModel.Load(model), now = TrainedModel.Load(better);
        Assert.Equal([.. old.Inputs.Means, .. old.Inputs.Scales, .. old.Targets!.Means, .. old.Targets.Scales], [.. now.Inputs.Means, .. now.Inputs.Scales, .. now.Targets!.Means, .. now.Targets.Scales]);
        Assert.Equal(old.InputNames, now.InputNames);
        Assert.NotEqual(old.Network.Parameters.ToArray(), now.Network.Parameters.ToArray());
        // The first step is that of the saved network, and not of a new one.
        double first = CommandRun.Of("train", rows, "--from", model, "--epochs", "1", "--validation", "0", "--batch", "full", "--json").Json[^1].GetProperty("firstLoss").GetDouble();
        double measured = old.Measure(old.ExamplesFrom(old.ReadTable(rows)).Data!).Loss;
        Assert.Equal(measured, first, 1e-4 * measured);
    }

    [Fact]
    public void A_model_that_does_not_get_better_stays_as_it_was()
    {
        string model = _folder.File("model.safetensors"), worse = _folder.File("worse.safetensors"), heaps = _folder.TwoHeaps();
        CommandRun.Of("train", heaps, "--epochs", "60", "--out", model);
        CommandRun run = CommandRun.Of("train", heaps, "--from", model, "--learning-rate", "5", "--epochs", "3", "--out", worse);
        Assert.Contains("The network is the one it began with", run.Out.Replace("The model is", "The network is").ReplaceLineEndings(" "));
        // Rounded to the numbers that the run computes with.
        Assert.Equal(
            TrainedModel.Load(model).Network.Parameters.ToArray().Select(number => (float)number), TrainedModel.Load(worse).Network.Parameters.ToArray().Select(number => (float)number));
        JsonElement start = CommandRun.Of("train", heaps, "--from", model, "--epochs", "1", "--json").Json[0];
        Assert.Equal(model, start.GetProperty("from").GetString());
        Assert.Equal(1, start.GetProperty("before").GetProperty("accuracy").GetDouble());
    }

    [Theory]
    [InlineData("--layers: MODEL has 5, and not 6; leave it out, or train a new network without --from", "--layers", "6")]
    [InlineData("--activation: MODEL has relu, and not tanh", "--activation", "tanh")]
    [InlineData("--loss: MODEL has mean-squared-error, and not hinge", "--loss", "hinge")]
    [InlineData("--target: MODEL has fee, and not km", "--target", "km")]
    [InlineData("--task: MODEL has regression, and not classification", "--task", "classification")]
    [InlineData("--ignore: 'km' is an input of MODEL", "--ignore", "km")]
    [InlineData("--missing is found when a network is new, and MODEL knows its columns", "--missing", "drop")]
    [InlineData("--categories is found when a network is new", "--categories", "km")]
    [InlineData("cannot be combined with --folds: that model may have been trained on the rows", "--folds", "3")]
    [InlineData("--out: the command uses MODEL already, which would be lost", "--out", "MODEL")]
    public void What_contradicts_the_model_is_refused(string message, params string[] options)
    {
        string model = _folder.File("model.safetensors"), trips = Trips("old.csv", 0, 60);
        CommandRun.Of("train", trips, "--target", "fee", "--layers", "5", "--activation", "relu", "--epochs", "1", "--out", model);
        CommandRun run = CommandRun.Of(["train", trips, "--from", model, .. options.Select(option => option.Replace("MODEL", model))]);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(message.Replace("MODEL", model), run.Error);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        // What says the same does no harm.
        Assert.Equal(ExitCode.Done, CommandRun.Of("train", trips, "--from", model, "--layers", "5", "--target", "fee", "--activation", "relu", "--epochs", "1").ExitCode);
    }

    [Fact]
    public void Points_made_on_the_spot_and_a_recording_go_on_too()
    {
        string model = _folder.File("model.safetensors"), recording = _folder.File("run.nudge");
        CommandRun.Of("train", "--epochs", "2", "--out", model);
        Assert.Equal(ExitCode.Done, CommandRun.Of("train", "--from", model, "--epochs", "2", "--record", recording, "--quiet").ExitCode);
        string program = RunRecording.Open(recording).Info.Program;
        Assert.Contains("TrainedModel model = TrainedModel.Load(", program);
        Assert.Contains("MeasureStart = true", program);
        Assert.DoesNotContain("new Mlp(", program);
        Assert.Contains($"{model} predicts class (upper, lower) from x, y, and the data has y from x; expected the same", CommandRun.Of("train", "--data", "sine", "--from", model).Error);
    }

    [Fact]
    public void A_text_run_of_200_steps_that_goes_on_to_400_is_one_of_400_with_a_constant_rate()
    {
        string text = _folder.File("words.txt", Rows(100, i => $"{"abc"[i % 3]}{"def"[i % 2]}{"abcdef"[i % 5]}")), checkpoint = _folder.File("run.checkpoint");
        string whole = _folder.File("whole.safetensors"), longer = _folder.File("longer.safetensors");
        string[] command = ["train-text", text, "--model", "mlp", "--embedding", "3", "--hidden", "6", "--batch", "4", "--schedule", "constant", "--samples", "1"];
        Assert.Equal(ExitCode.Done, CommandRun.Of([.. command, "--steps", "200", "--look-every", "20", "--checkpoint", checkpoint]).ExitCode);
        CommandRun rest = CommandRun.Of([.. command, "--steps", "400", "--look-every", "20", "--resume", checkpoint, "--out", longer]);
        Assert.Equal(("", ExitCode.Done), (rest.Error, rest.ExitCode));
        Assert.StartsWith($"{checkpoint}: 200 of 400 steps made", Fact(rest, "resumed"));
        CommandRun.Of([.. command, "--steps", "400", "--look-every", "20", "--out", whole]);
        Assert.Equal(File.ReadAllBytes(whole), File.ReadAllBytes(longer));
    }

    [Fact]
    public void With_another_schedule_what_becomes_of_the_rate_is_said()
    {
        string text = _folder.File("words.txt", Rows(60, i => $"{"abc"[i % 3]}{"def"[i % 2]}")), checkpoint = _folder.File("run.checkpoint");
        string[] command = ["train-text", text, "--model", "bigram", "--batch", "4", "--learning-rate", "0.1"];
        CommandRun.Of([.. command, "--steps", "10", "--checkpoint", checkpoint, "--quiet"]);
        CommandRun longer = CommandRun.Of([.. command, "--steps", "40", "--resume", checkpoint]);
        Assert.Equal($"{checkpoint}: 10 of 40 steps made; the learning rate goes on at 0.075", Fact(longer, "resumed"));
    }

    [Fact]
    public void A_text_model_is_trained_on_and_what_contradicts_it_is_refused()
    {
        string text = _folder.File("words.txt", Rows(60, i => $"{"abc"[i % 3]}{"def"[i % 2]}")), model = _folder.File("model.safetensors");
        CommandRun.Of("train-text", text, "--model", "mlp", "--hidden", "6", "--embedding", "2", "--context", "3", "--steps", "20", "--batch", "4", "--out", model, "--quiet");
        CommandRun run = CommandRun.Of("train-text", text, "--from", model, "--steps", "10", "--batch", "4");
        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        Assert.StartsWith("mlp: looks 3 characters back, embedding 2, hidden 6", Fact(run, "model"));
        Assert.StartsWith(model, Fact(run, "from"));
        Assert.Contains($"--hidden: {model} has 6, and not 7", CommandRun.Of("train-text", text, "--from", model, "--hidden", "7").Error);
        Assert.Contains($"--model: {model} has mlp, and not gpt", CommandRun.Of("train-text", text, "--from", model, "--model", "gpt").Error);
        Assert.Contains("--layers is for gpt, and the model is mlp", CommandRun.Of("train-text", text, "--from", model, "--layers", "2").Error);
        Assert.Contains("'x'", CommandRun.Of("train-text", _folder.File("other.txt", "abx\nab\n"), "--from", model).Error);
        Assert.Contains("expected a model of nudge names", CommandRun.Of("names", "--from", model).Error);
    }

    [Fact]
    public void Names_go_on_from_a_saved_model()
    {
        string model = _folder.File("names.safetensors"), better = _folder.File("better.safetensors");
        CommandRun.Of("names", "--steps", "20", "--out", model, "--quiet");
        CommandRun run = CommandRun.Of("names", "--from", model, "--steps", "20", "--out", better, "--json");
        Assert.Equal(model, run.Json[0].GetProperty("from").GetString());
        Assert.Equal(TrainedLanguageModel.Load(model).Settings, TrainedLanguageModel.Load(better).Settings);
        Assert.NotEqual(File.ReadAllBytes(model), File.ReadAllBytes(better));
    }
}
