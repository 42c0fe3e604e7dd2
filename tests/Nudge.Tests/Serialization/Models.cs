// Small models to save, and their bytes to damage.

using System.Buffers.Binary;
using System.Text;

namespace Nudge.Tests.Serialization;

internal static class Models
{
    internal static TrainedModel Classifier() => new(
        new Mlp(2, [3, 2], new Rng(1), Activation.Tanh, Activation.Linear),
        Objective.CrossEntropy,
        ["length", "width"],
        "species",
        ["setosa", "\"ö\" 🌸"],
        new Standardizer([1.5, -2], [0.1, 1e-9]));

    internal static TrainedModel Regressor(int targets = 1) => new(
        new Mlp(1, [2, targets], new Rng(2), Activation.Relu, Activation.Linear),
        Objective.MeanSquaredError,
        ["x"],
        "y",
        null,
        new Standardizer([2], [4]),
        new Standardizer([.. Enumerable.Repeat(100.0, targets)], [.. Enumerable.Repeat(0.5, targets)]));

    /// <summary>A classifier of a number with ramps and one without, which are 2 + 3 numbers for its network.</summary>
    internal static TrainedModel WithRamps() => new(
        new Mlp(5, [3, 1], new Rng(3), Activation.Relu, Activation.Linear),
        Objective.BinaryCrossEntropy,
        ["length", "width"],
        "species",
        ["no", "yes"],
        new Standardizer([1.5, -2], [0.1, 2]) { Knots = [[1, 1.25, 1.5, 4], []] });

    /// <summary>A model of two classes above a threshold of their own, a number, and three classes.</summary>
    internal static TrainedModel Joint()
    {
        string[][] classes = [["no", "yes"], ["low", "middle", "high"]];
        var data = new Dataset([[1, 2], [3, 4], [5, 6]], [[0, 7, 2], [1, 8, 1], [1, 9, 0]], [classes[0], null, classes[1]], ["length", "width"], "all");
        var objective = Objective.Joint(data, Objective.BinaryCrossEntropy.At(0.25), Objective.MeanSquaredError, Objective.CrossEntropy);
        return new TrainedModel(
            new Mlp(2, [3, objective.OutputCount(data)], new Rng(4), Activation.Relu, Activation.Linear),
            objective, data.InputNames, data.TargetName, data.TargetClasses, Standardizer.Fit(data.Inputs), Standardizer.FitTargets(data));
    }

    internal static byte[] BytesOf(TrainedModel model)
    {
        var stream = new MemoryStream();
        ModelFile.Save(model, stream);
        return stream.ToArray();
    }

    internal static TrainedModel Load(byte[] bytes) => ModelFile.Load(new MemoryStream(bytes), "model.safetensors", ModelParts.None);

    internal static string HeaderOf(byte[] bytes) =>
        Encoding.UTF8.GetString(bytes, 8, (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes));

    /// <summary>A file with a header of one's own and so many bytes of data.</summary>
    internal static byte[] File(string header, int dataLength = 0) => File(header, new byte[dataLength]);

    internal static byte[] File(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header), prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)text.Length);
        return [.. prefix, .. text, .. data];
    }

    /// <summary>A classifier's file with something in its header replaced.</summary>
    internal static byte[] With(string old, string replacement)
    {
        byte[] bytes = BytesOf(Classifier());
        string header = HeaderOf(bytes);
        Assert.Contains(old, header, StringComparison.Ordinal);
        return File(header.Replace(old, replacement, StringComparison.Ordinal), bytes[(8 + Encoding.UTF8.GetByteCount(header))..]);
    }

    /// <summary>Asserts that loading fails with words that the message must have.</summary>
    internal static void Refused(string words, byte[] bytes)
    {
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => Load(bytes));
        Assert.StartsWith("model.safetensors: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("model.safetensors", error.Path);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("expected", error.Message, StringComparison.Ordinal);
    }
}
