// A trained model as a safetensors file: what each tensor and each line of metadata means. See docs/model-files.md.

using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Nudge;

internal static class ModelFile
{
    private const string Format = "nudge", Version = "1";

    internal static void Save(TrainedModel model, Stream stream)
    {
        var tensors = new List<(string Name, int[] Shape, double[] Numbers)>();
        for (int i = 0; i < model.Network.Layers.Count; i++)
        {
            Layer layer = model.Network.Layers[i];
            double[] weights = [.. layer.Neurons.SelectMany(neuron => neuron.Weights, (_, weight) => weight.Data)];
            tensors.Add((WeightName(i), [layer.OutputCount, layer.InputCount], weights));
            tensors.Add((BiasName(i), [layer.OutputCount], [.. layer.Neurons.Select(neuron => neuron.Bias.Data)]));
        }
        SafeTensorsFile.Write(
            stream,
            [("format", Format), ("version", Version), ("architecture", Architecture(model)), ("preprocessing", Preprocessing(model))],
            tensors);
    }

    internal static TrainedModel Load(Stream stream, string path)
    {
        SafeTensorsHeader header = SafeTensorsHeader.Read(stream, path);
        ModelJson architecture = Metadata(header, path, "architecture"), preprocessing = Metadata(header, path, "preprocessing");
        RequireTensors(header, architecture);

        int[] outputs = [.. architecture.WholeList("layers").Select(count => (int)count)];
        var network = new Mlp(
            architecture.Number("inputs"), outputs, new Rng(0), ActivationOf(architecture, "activation"), ActivationOf(architecture, "outputActivation"));
        network.Parameters.Load(Numbers(stream, path, header, network));
        try
        {
            return new TrainedModel(
                network,
                ObjectiveOf(architecture),
                preprocessing.TextList("inputNames"),
                preprocessing.Text("targetName"),
                preprocessing.Has("classes") ? preprocessing.TextList("classes") : null,
                new Standardizer(preprocessing.NumberList("inputMeans"), preprocessing.NumberList("inputScales")),
                preprocessing.Has("targetMeans")
                    ? new Standardizer(preprocessing.NumberList("targetMeans"), preprocessing.NumberList("targetScales"))
                    : null)
            {
                ColumnCount = preprocessing.Has("columns") ? preprocessing.Number("columns") : null,
            };
        }
        catch (ArgumentException error)
        {
            string problem = error.Message.Split(" (Parameter ")[0];
            throw new ModelFormatException(path, $"the parts of the model were expected to fit together and do not: {problem}");
        }
    }

    private static string WeightName(int layer) => $"layers.{layer}.weight";

    private static string BiasName(int layer) => $"layers.{layer}.bias";

    private static string Architecture(TrainedModel model) => Json(json =>
    {
        json.WriteNumber("inputs", model.Network.InputCount);
        json.WriteStartArray("layers");
        foreach (Layer layer in model.Network.Layers)
            json.WriteNumberValue(layer.OutputCount);
        json.WriteEndArray();
        json.WriteString("activation", NameOf(model.Network.Layers[0].Activation));
        json.WriteString("outputActivation", NameOf(model.Network.Layers[^1].Activation));
        json.WriteString("objective", model.Objective.Name);
    });

    private static string Preprocessing(TrainedModel model) => Json(json =>
    {
        Texts(json, "inputNames", model.InputNames);
        Numbers(json, "inputMeans", model.Inputs.Means);
        Numbers(json, "inputScales", model.Inputs.Scales);
        json.WriteString("targetName", model.TargetName);
        if (model.ColumnCount is { } columns)
            json.WriteNumber("columns", columns);
        if (model.Classes is not null)
            Texts(json, "classes", model.Classes);
        if (model.Targets is not null)
        {
            Numbers(json, "targetMeans", model.Targets.Means);
            Numbers(json, "targetScales", model.Targets.Scales);
        }
    });

    private static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, ModelJson.WriterOptions))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void Numbers(Utf8JsonWriter json, string name, IReadOnlyList<double> numbers)
    {
        json.WriteStartArray(name);
        foreach (double number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static ModelJson Metadata(SafeTensorsHeader header, string path, string name)
    {
        if (header.Metadata.GetValueOrDefault("format") != Format)
            throw new ModelFormatException(path, "this safetensors file was not made by nudge; expected format 'nudge' in its metadata, as saving a trained model writes it");
        string version = header.Metadata.GetValueOrDefault("version", "");
        if (version != Version)
            throw new ModelFormatException(path, $"the file has version '{version}' of the format; expected version '{Version}', and a newer nudge may read it");
        return header.Metadata.TryGetValue(name, out string? json)
            ? ModelJson.Parse(path, name, json, maxDepth: 2)
            : throw new ModelFormatException(path, $"the metadata has no '{name}'; expected it there");
    }

    /// <summary>The tensors must be those of the architecture, before a network of that size is made.</summary>
    private static void RequireTensors(SafeTensorsHeader header, ModelJson architecture)
    {
        long[] layers = architecture.WholeList("layers");
        if (layers.Length == 0 || header.Tensors.Count != 2 * layers.Length)
            throw architecture.Error($"there are {header.Tensors.Count} tensors, and the architecture has {layers.Length} layers; expected a weight and a bias for each layer");
        long inputs = architecture.Number("inputs"), bytes = header.Tensors.Values.Sum(tensor => tensor.Length);
        if (bytes > Array.MaxLength)
            throw architecture.Error($"the tensors have {bytes} bytes; expected at most {Array.MaxLength}");
        for (int i = 0; i < layers.Length; i++)
        {
            Require(WeightName(i), layers[i], inputs);
            Require(BiasName(i), layers[i]);
            inputs = layers[i];
        }

        void Require(string name, params long[] shape)
        {
            string expected = $"[{string.Join(", ", shape)}]";
            if (shape.Contains(0))
                throw architecture.Error($"the architecture gives '{name}' the shape {expected}; expected at least one input and one neuron in each layer");
            if (!header.Tensors.TryGetValue(name, out SafeTensor? tensor))
                throw architecture.Error($"there is no tensor '{name}'; expected it with shape {expected}");
            if (!tensor.Shape.SequenceEqual(shape))
                throw architecture.Error($"the tensor '{name}' has shape {tensor.ShapeText}; expected {expected}, as the architecture says");
        }
    }

    /// <summary>All parameters in the order of the network, neuron by neuron: its weights, then its bias.</summary>
    private static double[] Numbers(Stream stream, string path, SafeTensorsHeader header, Mlp network)
    {
        var numbers = new List<double>(network.ParameterCount);
        for (int i = 0; i < network.Layers.Count; i++)
        {
            double[] weights = Read(WeightName(i)), biases = Read(BiasName(i));
            int inputs = network.Layers[i].InputCount;
            for (int neuron = 0; neuron < biases.Length; neuron++)
            {
                numbers.AddRange(weights.AsSpan(neuron * inputs, inputs));
                numbers.Add(biases[neuron]);
            }
        }
        return [.. numbers];

        double[] Read(string name)
        {
            double[] read = SafeTensorsFile.ReadNumbers(stream, path, header, header.Tensors[name]);
            return Array.TrueForAll(read, double.IsFinite)
                ? read
                : throw new ModelFormatException(path, $"the tensor '{name}' has a number that is NaN or infinite; expected finite numbers");
        }
    }

    private static string NameOf(Activation activation) => activation.ToString().ToLowerInvariant();

    private static Activation ActivationOf(ModelJson architecture, string name)
    {
        string text = architecture.Text(name);
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            if (NameOf(activation) == text)
                return activation;
        }
        throw architecture.Error($"there is no activation '{text}'; expected one of {string.Join(", ", Enum.GetValues<Activation>().Select(NameOf))}");
    }

    private static Objective ObjectiveOf(ModelJson architecture)
    {
        string text = architecture.Text("objective");
        return Objective.All.FirstOrDefault(objective => objective.Name == text)
            ?? throw architecture.Error($"there is no objective '{text}'; expected one of {string.Join(", ", Objective.All)}");
    }
}
