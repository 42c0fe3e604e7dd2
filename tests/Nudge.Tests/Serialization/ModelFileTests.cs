// A model file gives back the model to the bit, can be read by others, and is refused in plain words where it is wrong.

using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Nudge.Tests.Serialization;

public class ModelFileTests
{
    [Fact]
    public void A_loaded_model_is_the_saved_one()
    {
        using var folder = new TemporaryFolder();
        foreach (TrainedModel saved in new[] { Models.Classifier(), Models.Regressor(), Models.Regressor(targets: 3) })
        {
            saved.Save(folder.File("model.safetensors"));
            TrainedModel loaded = TrainedModel.Load(folder.File("model.safetensors"));
            Assert.Equal(saved.Network.ToString(), loaded.Network.ToString());
            Assert.Same(saved.Objective, loaded.Objective);
            Assert.Equal(saved.InputNames, loaded.InputNames);
            Assert.Equal(saved.TargetName, loaded.TargetName);
            Assert.Equal(saved.Classes, loaded.Classes);
            Assert.Equal(saved.Inputs.Means, loaded.Inputs.Means);
            Assert.Equal(saved.Inputs.Scales, loaded.Inputs.Scales);
            Assert.Equal(saved.Targets?.Means, loaded.Targets?.Means);
            Assert.Equal(saved.Targets?.Scales, loaded.Targets?.Scales);
            Assert.Equal(["model.safetensors"], folder.Files);
        }
    }

    [Fact]
    public void Any_network_predicts_the_same_bits_after_saving_and_loading()
    {
        Gen<(int[] Sizes, Activation Hidden, Activation Output, int Seed)> networks =
            from sizes in Gen.Choose(1, 5).ArrayOf().Where(sizes => sizes.Length >= 2)
            from hidden in Gen.Elements<Activation>([.. Activation.All])
            from output in Gen.Elements<Activation>([.. Activation.All])
            from seed in Gen.Choose(0, int.MaxValue)
            select (sizes, hidden, output, seed);
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(networks.ToArbitrary(), network =>
        {
            var rng = new Rng((ulong)network.Seed);
            int inputs = network.Sizes[0], outputs = network.Sizes[^1];
            var saved = new TrainedModel(
                new Mlp(inputs, network.Sizes[1..], rng, network.Hidden, network.Output),
                Objective.SumOfSquares,
                [.. Enumerable.Range(0, inputs).Select(i => $"in {i}")],
                "out",
                null,
                Scales(inputs),
                Scales(outputs));
            TrainedModel loaded = Models.Load(Models.BytesOf(saved));
            double[] example = Normals(inputs);
            return Bits(saved.Network.Parameters.ToArray()).SequenceEqual(Bits(loaded.Network.Parameters.ToArray()))
                && Bits(saved.Predict(example)).SequenceEqual(Bits(loaded.Predict(example)));

            double[] Normals(int count) => [.. Enumerable.Range(0, count).Select(_ => rng.Normal(0, 1e3))];
            Standardizer Scales(int count) => new(Normals(count), [.. Normals(count).Select(x => Math.Abs(x) + 1e-6)]);
        }));
    }

    [Fact]
    public void Saving_again_what_was_loaded_gives_the_same_bytes()
    {
        byte[] bytes = Models.BytesOf(Models.Classifier());
        Assert.Equal(bytes, Models.BytesOf(Models.Load(bytes)));
    }

    [Fact]
    public void Another_reader_finds_weights_row_by_row_and_plain_metadata()
    {
        TrainedModel model = Models.Classifier();
        byte[] file = Models.BytesOf(model);
        using JsonDocument header = JsonDocument.Parse(Models.HeaderOf(file));
        JsonElement metadata = header.RootElement.GetProperty("__metadata__");
        Assert.Equal("nudge", metadata.GetProperty("format").GetString());
        Assert.Equal("1", metadata.GetProperty("version").GetString());
        Assert.Equal(
            """{"inputs":2,"layers":[3,2],"activation":"tanh","outputActivation":"linear","objective":"cross-entropy"}""",
            metadata.GetProperty("architecture").GetString());
        Assert.Equal(
            """{"inputNames":["length","width"],"inputMeans":[1.5,-2],"inputScales":[0.1,1E-09],"targetName":"species","classes":["setosa","\"ö\" \uD83C\uDF38"]}""",
            metadata.GetProperty("preprocessing").GetString());

        // y = W·x + b with the numbers of the file alone.
        double[] signal = [0.3, -0.7];
        for (int layer = 0; layer < 2; layer++)
        {
            double[] weights = Numbers($"layers.{layer}.weight"), biases = Numbers($"layers.{layer}.bias");
            signal = [.. biases.Select((bias, row) => bias + signal.Select((x, column) => weights[row * signal.Length + column] * x).Sum())];
            signal = layer == 0 ? Array.ConvertAll(signal, Math.Tanh) : signal;
        }
        double[] expected = model.Network.Predict(0.3, -0.7);
        Assert.Equal(expected[0], signal[0], 1e-12);
        Assert.Equal(expected[1], signal[1], 1e-12);

        double[] Numbers(string name)
        {
            int[] offsets = [.. header.RootElement.GetProperty(name).GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32())];
            int start = 8 + (int)BitConverter.ToUInt64(file);
            return [.. Enumerable.Range(0, (offsets[1] - offsets[0]) / 8).Select(i => BitConverter.ToDouble(file, start + offsets[0] + 8 * i))];
        }
    }

    [Fact]
    public void A_model_of_F32_numbers_is_read()
    {
        string header = """
            {"__metadata__":{"format":"nudge","version":"1",
            "architecture":"{\"inputs\":1,\"layers\":[1],\"activation\":\"linear\",\"outputActivation\":\"linear\",\"objective\":\"mean-squared-error\"}",
            "preprocessing":"{\"inputNames\":[\"x\"],\"inputMeans\":[0],\"inputScales\":[1],\"targetName\":\"y\"}"},
            "layers.0.bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"layers.0.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[4,8]}}
            """;
        Assert.Equal([0.5 + 3 * 0.25], Models.Load(Models.File(header, [.. BitConverter.GetBytes(0.5f), .. BitConverter.GetBytes(0.25f)])).Predict(3));
    }

    [Fact]
    public void Foreign_files_and_other_versions_are_refused()
    {
        Models.Refused("not made by nudge", Models.File("""{"__metadata__":{"format":"pt"},"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}""", 2));
        Models.Refused("not made by nudge", Models.File("{}"));
        Models.Refused("has version '7' of the format; expected version '1' or '2' or '3' or '4' or '5' or '6'", Models.With("\"version\":\"1\"", "\"version\":\"7\""));
        Models.Refused("the metadata has no 'schema'", Models.With("\"version\":\"1\"", "\"version\":\"4\""));
        Models.Refused("the metadata has no 'schema'", Models.With("\"version\":\"1\"", "\"version\":\"3\""));
        Models.Refused("the metadata has no 'schema'", Models.With("\"version\":\"1\"", "\"version\":\"2\""));
        Models.Refused("has version '' of the format", Models.With("\"version\":\"1\",", ""));
        Models.Refused("looks like text", "PNG\r\n and so on, no tensor in sight"u8.ToArray());
        Models.Refused("said to have", [0xFE, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    [Theory]
    [InlineData("\"architecture\":", "\"architectura\":", "the metadata has no 'architecture'")]
    [InlineData("\"preprocessing\":", "\"preprocessinh\":", "the metadata has no 'preprocessing'")]
    [InlineData("\"architecture\":\"{", "\"architecture\":\"", "the architecture is not valid JSON")]
    [InlineData("[3,2],\\\"act", "[3],\\\"act", "there are 4 tensors, and the architecture has 1 layers")]
    [InlineData("[3,2],\\\"act", "[],\\\"act", "the architecture has 0 layers")]
    [InlineData("[3,2],\\\"act", "[4,2],\\\"act", "the tensor 'layers.0.weight' has shape [3, 2]; expected [4, 2]")]
    [InlineData("[3,2],\\\"act", "[3,1],\\\"act", "the tensor 'layers.1.weight' has shape [2, 3]; expected [1, 3]")]
    [InlineData("[3,2],\\\"act", "[0,2],\\\"act", "the shape [0, 2]; expected at least one")]
    [InlineData("\\\"inputs\\\":2", "\\\"inputs\\\":3", "the tensor 'layers.0.weight' has shape [3, 2]; expected [3, 3]")]
    [InlineData("\\\"inputs\\\":2", "\\\"inputs\\\":2147483648", "expected a whole number")]
    [InlineData("\"layers.1.bias\":", "\"layers.1.bios\":", "there is no tensor 'layers.1.bias'; expected it with shape [2]")]
    [InlineData(":\\\"tanh", ":\\\"tanj", "there is no activation 'tanj'; expected one of linear, tanh, relu, sigmoid")]
    [InlineData("cross-entropy", "crass-entropy", "there is no objective 'crass-entropy'; expected one of cross-entropy")]
    [InlineData("cross-entropy", "mean-squared-error", "fit together and do not: mean-squared-error needs a number to predict")]
    [InlineData("cross-entropy", "hinge", "fit together and do not: The network gives 2 outputs, and hinge needs 1")]
    [InlineData("\\\"length\\\",", "", "fit together and do not: Expected a name for each of 2 inputs, got 1.")]
    [InlineData("\\\"length\\\",", "\\\"width\\\",", "fit together and do not: The name 'width' stands for two of them")]
    [InlineData("\\\"length\\\",", "\\\"species\\\",", "fit together and do not: The name 'species' stands for two of them")]
    [InlineData("[1.5,-2]", "[1.5]", "fit together and do not: Expected 2 means and scales, got 1 and 2.")]
    [InlineData("[0.1,", "[0,", "fit together and do not: Expected finite means, and finite scales above 0.")]
    [InlineData("[0.1,", "[1e999,", "expected a finite number")]
    [InlineData("[0.1,", "[\\\"1\\\",", "expected a finite number")]
    [InlineData("\\\"targetName\\\":", "\\\"targetNome\\\":", "the preprocessing has no 'targetName'")]
    [InlineData("\\\"classes\\\":", "\\\"targetMeans\\\":[0],\\\"classes\\\":", "the preprocessing has no 'targetScales'")]
    public void Parts_that_do_not_fit_together_are_refused(string old, string replacement, string words) =>
        Models.Refused(words, Models.With(old, replacement));

    [Fact]
    public void Numbers_that_are_not_finite_are_neither_read_nor_written()
    {
        byte[] bytes = Models.BytesOf(Models.Classifier());
        BitConverter.GetBytes(double.NaN).CopyTo(bytes, bytes.Length - 8);
        Models.Refused("the tensor 'layers.1.bias' has a number that is NaN or infinite", bytes);

        using var folder = new TemporaryFolder();
        TrainedModel model = Models.Classifier();
        ((Mlp)model.Network).Layers[1].Neurons[0].Bias.Data = double.PositiveInfinity;
        string message = Assert.Throws<InvalidOperationException>(() => model.Save(folder.File("m"))).Message;
        Assert.Contains("layers.1.neurons.0.b is", message, StringComparison.Ordinal);
        Assert.Empty(folder.Files);
    }

    [Fact]
    public void Places_that_do_not_exist_are_said()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<DirectoryNotFoundException>(() => Models.Classifier().Save(folder.File(Path.Combine("nowhere", "m"))));
        Assert.Throws<FileNotFoundException>(() => TrainedModel.Load(folder.File("m")));
    }

    private static IEnumerable<long> Bits(double[] numbers) => numbers.Select(BitConverter.DoubleToInt64Bits);

    [Fact]
    public void Ramps_are_kept_and_a_threshold_beside_them()
    {
        TrainedModel model = Models.WithRamps();
        foreach (TrainedModel saved in new[] { model, model.With(model.Objective.At(0.3)) })
        {
            byte[] bytes = Models.BytesOf(saved);
            Assert.Contains("\"version\":\"4\"", Models.HeaderOf(bytes), StringComparison.Ordinal);
            TrainedModel loaded = Models.Load(bytes);
            Assert.Equal(saved.Inputs.Knots, loaded.Inputs.Knots);
            Assert.Equal(saved.Objective.Threshold, loaded.Objective.Threshold);
            Assert.Equal(saved.Predict(1.3, 5), loaded.Predict(1.3, 5));
        }
        byte[] whole = Models.BytesOf(model);
        string header = Models.HeaderOf(whole);
        Assert.Contains("[1,1.25,1.5,4]", header, StringComparison.Ordinal);
        byte[] data = whole[(8 + System.Text.Encoding.UTF8.GetByteCount(header))..];
        Models.Refused("each above the one before", Models.File(header.Replace("[1,1.25,1.5,4]", "[1,1.25,1.5,1]", StringComparison.Ordinal), data));
        Models.Refused("Expected a name for each of 3 inputs, got 2.", Models.File(header.Replace("[1,1.25,1.5,4]", "[1,1.25,1.5]", StringComparison.Ordinal), data));
    }
}
