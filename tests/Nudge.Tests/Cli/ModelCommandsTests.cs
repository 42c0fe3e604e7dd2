// nudge predict, evaluate and inspect, on models that nudge train has saved.

using System.Globalization;
using System.Text.Json;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class ModelCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _heaps, _classifier, _line, _regressor;

    public ModelCommandsTests()
    {
        _heaps = _folder.TwoHeaps();
        _line = _folder.Line();
        _classifier = _folder.File("heaps.safetensors");
        _regressor = _folder.File("line.safetensors");
        Assert.Equal(ExitCode.Done, CommandRun.Of("train", _heaps, "--epochs", "40", "--layers", "4", "--activation", "tanh", "--learning-rate", "0.05", "--quiet", "--out", _classifier).ExitCode);
        Assert.Equal(ExitCode.Done, CommandRun.Of("train", _line, "--epochs", "60", "--layers", "4", "--activation", "tanh", "--learning-rate", "0.05", "--quiet", "--out", _regressor).ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Predict_prints_csv_with_a_class_and_its_probability_for_each_row()
    {
        CommandRun run = CommandRun.Of("predict", _classifier, _heaps);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal("colour,probability", run.Lines[0]);
        Assert.Equal(61, run.Lines.Length);
        string[] expected = [.. File.ReadLines(_heaps).Skip(1).Select(line => line.Split(',')[2])];
        Assert.Equal(expected, run.Lines.Skip(1).Select(line => line.Split(',')[0]));
        Assert.All(run.Lines.Skip(1), line => Assert.InRange(double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture), 0.5, 1));
    }

    [Fact]
    public void Predict_finds_the_inputs_by_name_and_needs_no_target()
    {
        string reordered = _folder.File("new.csv", "note,height,width\nfirst,0,1\nsecond,0,-1\n");
        CommandRun run = CommandRun.Of("predict", _classifier, reordered, "--json");
        TrainedModel model = TrainedModel.Load(_classifier);
        Assert.Equal(["red", "blue"], run.Json.Select(line => line.GetProperty("prediction").GetString()));
        Assert.Equal(model.Predict(1, 0)[1], run.Json[0].GetProperty("probabilities").GetProperty("red").GetDouble(), 1e-12);
        Assert.Equal(1, run.Json[0].GetProperty("probabilities").EnumerateObject().Sum(entry => entry.Value.GetDouble()), 1e-12);
    }

    [Fact]
    public void Predict_gives_numbers_in_the_targets_own_units_with_all_their_digits()
    {
        CommandRun run = CommandRun.Of("predict", _regressor, _line, "--engine", "eager");
        Assert.Equal("y", run.Lines[0]);
        double[] expected = [.. TrainedModel.Load(_regressor).Predict([.. Enumerable.Range(0, 50).Select(i => new[] { 0.5 * i })], GraphEngine.Eager).Select(row => row[0])];
        Assert.Equal(expected, run.Lines.Skip(1).Select(line => double.Parse(line, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData(1e-12, "--engine", "eager")]
    [InlineData(1e-12, "--precision", "double")]
    [InlineData(1e-4, "--precision", "float")]
    public void Predict_and_evaluate_agree_by_every_engine(double tolerance, params string[] options)
    {
        double[] expected = Numbers(CommandRun.Of("predict", _regressor, _line)), predicted = Numbers(CommandRun.Of(["predict", _regressor, _line, .. options]));
        Assert.Equal(expected, predicted, (a, b) => Math.Abs(a - b) <= tolerance * Math.Abs(a));
        Assert.Equal(Loss(), Loss(options), tolerance);

        static double[] Numbers(CommandRun run) => [.. run.Lines.Skip(1).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
        double Loss(params string[] options) => Assert.Single(CommandRun.Of(["evaluate", _regressor, _line, "--json", .. options]).Json).GetProperty("loss").GetDouble();
    }

    [Fact]
    public void Predict_writes_into_a_file_what_it_would_print()
    {
        string output = _folder.File("predictions.csv");
        CommandRun run = CommandRun.Of("predict", _classifier, _heaps, "--out", output);
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Out));
        Assert.Equal(CommandRun.Of("predict", _classifier, _heaps).Lines, File.ReadAllLines(output));
    }

    [Fact]
    public void Predict_quotes_names_that_could_be_misread()
    {
        string file = _folder.File("odd.csv", "x,\"a, \"\"b\"\"\"\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},{(i < 10 ? "\"p,q\"" : "r")}\n")));
        string model = _folder.File("odd.safetensors");
        Assert.Equal(ExitCode.Done, CommandRun.Of("train", file, "--epochs", "60", "--layers", "2", "--quiet", "--out", model).ExitCode);
        string[] lines = CommandRun.Of("predict", model, file).Lines;
        Assert.Equal("\"a, \"\"b\"\"\",probability", lines[0]);
        Assert.StartsWith("\"p,q\",", lines[1]);
    }

    [Fact]
    public void A_column_that_is_missing_is_named()
    {
        CommandRun run = CommandRun.Of("predict", _classifier, _line);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("width", run.Error);
        Assert.Equal("", run.Out);
    }

    [Fact]
    public void A_model_of_a_file_without_column_names_refuses_files_with_other_columns()
    {
        string file = _folder.File("bare.csv", string.Concat(Enumerable.Range(0, 20).Select(i => $"{7 * i % 20},0,{i % 7},{0.5 * i + 1},9\n")));
        string model = _folder.File("bare.safetensors");
        Assert.Equal(ExitCode.Done, CommandRun.Of("train", file, "--target", "4", "--ignore", "2", "5", "--epochs", "2", "--layers", "2", "--quiet", "--out", model).ExitCode);
        Assert.Equal(ExitCode.Done, CommandRun.Of("evaluate", model, file).ExitCode);
        Assert.Equal(ExitCode.Done, CommandRun.Of("predict", model, file).ExitCode);
        Assert.Equal(ExitCode.Done, CommandRun.Of("predict", model, _folder.File("inputs.csv", "1,1\n2,2\n")).ExitCode);
        foreach (string other in new[] { "1,0,1,2,9,9\n2,0,2,3,9,9\n", "1,0,1,2\n2,0,2,3\n" })
        {
            CommandRun run = CommandRun.Of("predict", model, _folder.File("other.csv", other));
            Assert.Equal((ExitCode.BadInput, ""), (run.ExitCode, run.Out));
            Assert.Contains("columns without names; expected 5, as in the file that was trained on, or the 2 inputs alone", run.Error);
            Assert.Equal(ExitCode.BadInput, CommandRun.Of("evaluate", model, _folder.File("other.csv")).ExitCode);
        }
    }

    [Fact]
    public void Evaluate_tells_accuracy_and_confusion()
    {
        CommandRun run = CommandRun.Of("evaluate", _classifier, _heaps);
        Assert.Matches(@"heaps\.csv +60 +\S+ +100\.0 %", run.Out);
        Assert.Matches(@"true ↓ predicted → +blue +red +recall +precision +F1\n +blue +30 +·( +100\.0 %){3}\n +red +· +30( +100\.0 %){3}\n +mean of the classes( +100\.0 %){3}\n", run.Out);
        JsonElement json = Assert.Single(CommandRun.Of("evaluate", _classifier, _heaps, "--json").Json);
        Assert.Equal(1, json.GetProperty("accuracy").GetDouble());
        Assert.Equal(60, json.GetProperty("examples").GetInt32());
    }

    [Fact]
    public void Evaluate_tells_R_squared_for_numbers()
    {
        CommandRun run = CommandRun.Of("evaluate", _regressor, _line);
        Assert.Contains("R²", run.Out);
        Assert.DoesNotContain("true ↓", run.Out);
        Assert.True(Assert.Single(CommandRun.Of("evaluate", _regressor, _line, "--json").Json).GetProperty("rSquared").GetDouble() > 0.9);
    }

    [Fact]
    public void Inspect_shows_layers_scales_and_the_spread_of_the_parameters()
    {
        CommandRun run = CommandRun.Of("inspect", _classifier);
        TrainedModel model = TrainedModel.Load(_classifier);
        Assert.Contains("colour: blue, red", run.Out);
        Assert.All(model.Network.ToString().Split('\n'), line => Assert.Contains(line.TrimEnd(), run.Out));
        Assert.Matches(@"layer 0 weights +8 ", run.Out);

        JsonElement json = Assert.Single(CommandRun.Of("inspect", _classifier, "--json").Json);
        Assert.Equal(17, json.GetProperty("parameters").GetInt32());
        Assert.Equal(model.Inputs.Means[1], json.GetProperty("inputs")[1].GetProperty("mean").GetDouble());
        double[] weights = [.. ((Mlp)model.Network).Layers[0].Neurons.SelectMany(neuron => neuron.Weights).Select(weight => weight.Data)];
        JsonElement first = json.GetProperty("statistics")[0];
        Assert.Equal(weights.Min(), first.GetProperty("min").GetDouble());
        Assert.Equal(weights.Max(), first.GetProperty("max").GetDouble());
        Assert.Equal(weights.Average(), first.GetProperty("mean").GetDouble(), 1e-15);
        Assert.Equal(Math.Sqrt(weights.Average(w => w * w) - Math.Pow(weights.Average(), 2)), first.GetProperty("deviation").GetDouble(), 1e-12);
    }

    [Fact]
    public void Inspect_shows_the_scale_of_a_number_that_is_predicted() =>
        Assert.Matches(@"y \(target\) +136\.\d+ ", CommandRun.Of("inspect", _regressor).Out);
}
