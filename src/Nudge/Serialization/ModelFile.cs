// A trained model as a safetensors file: what each tensor and each line of metadata means. See docs/model-files.md.

using System.Text.Json;

namespace Nudge;

internal static class ModelFile
{
    // The second version has a schema of the table, without which its inputs cannot be made; the third a threshold besides,
    // without which its classes would be others; the fourth ramps, without which its network has too few inputs, and perhaps
    // a threshold; the fifth another network than a multilayer perceptron, and perhaps all of these; the sixth several targets with
    // classes among them, and perhaps all of these.
    internal const string Version = "1", VersionWithSchema = "2", VersionWithThreshold = "3", VersionWithRamps = "4", VersionOfOtherNetworks = "5", VersionOfJointTargets = "6";

    internal const string Format = "nudge";

    private const int ArchitectureDepth = 3, PreprocessingDepth = 4;

    /// <summary>The metadata that every model file begins with.</summary>
    internal static IReadOnlyList<(string Name, string Text)> FormatAndVersion { get; } = [("format", Format), ("version", Version)];

    internal static void Save(TrainedModel model, Stream stream)
    {
        bool hasThreshold = HasThreshold(model), hasRamps = HasRamps(model), isOther = model.Network is not Mlp;
        bool isPlain = SchemaJson.IsPlain(model.Schema) && !hasThreshold && !hasRamps && !isOther && !model.Objective.IsJoint;
        IReadOnlyList<(string Name, string Text)> head = isPlain
            ? FormatAndVersion
            : [FormatAndVersion[0], ("version", model.Objective.IsJoint ? VersionOfJointTargets : isOther ? VersionOfOtherNetworks : hasRamps ? VersionWithRamps : hasThreshold ? VersionWithThreshold : VersionWithSchema)];
        IReadOnlyList<(string Name, string Text)> schema = isPlain ? [] : [(SchemaJson.Name, SchemaJson.Write(model.Schema))];
        SafeTensorsFile.Write(
            stream,
            [.. head, ("architecture", Architecture(model)), ("preprocessing", Preprocessing(model)), .. schema],
            ModuleTensor.Of(model.Network));
    }

    internal static TrainedModel Load(Stream stream, string path, ModelParts parts)
    {
        SafeTensorsHeader header = SafeTensorsHeader.Read(stream, path);
        if (LanguageModelFile.IsIn(header, path))
            throw new ModelFormatException(path, "this is a language model; expected a model for rows of numbers, as nudge train saves it");
        ModelJson architecture = header.MetadataObject(path, "architecture", ArchitectureDepth), preprocessing = header.MetadataObject(path, "preprocessing", PreprocessingDepth);
        string version = header.Metadata["version"];
        // From the fifth version on each part is there or not, whatever the others are.
        bool isFree = version is VersionOfOtherNetworks or VersionOfJointTargets;
        Network network = isFree && architecture.Has("network") ? OtherNetwork(architecture, parts) : Perceptron(header, architecture, parts);
        try
        {
            LoadTensors(stream, path, header, network);
            string[] inputNames = preprocessing.TextList("inputNames");
            string targetName = preprocessing.Text("targetName");
            string[]? classes = ClassesIn(preprocessing);
            IReadOnlyList<string>?[] targetClasses = version == VersionOfJointTargets ? [.. preprocessing.ObjectList("targets").Select(ClassesIn)]
                : classes is not null ? [classes] : new IReadOnlyList<string>?[network.OutputCount];
            TableSchema schema = version != Version
                ? SchemaJson.Read(header.MetadataObject(path, SchemaJson.Name, SchemaJson.MaxDepth), targetName, classes)
                : TableSchema.OfNumbers(inputNames, targetName, classes, preprocessing.Has("columns") ? preprocessing.Number("columns") : null);
            return new TrainedModel(
                network,
                version == VersionOfJointTargets ? JointOf(architecture, parts, targetClasses, targetName)
                    : version == VersionWithThreshold || version == VersionWithRamps || isFree ? WithThreshold(architecture, parts, isNeeded: version == VersionWithThreshold)
                    : ObjectiveOf(architecture, parts),
                inputNames,
                targetName,
                targetClasses,
                new Standardizer(preprocessing.NumberList("inputMeans"), preprocessing.NumberList("inputScales"))
                {
                    Knots = version == VersionWithRamps || (isFree && preprocessing.Has("inputRamps")) ? [.. preprocessing.ObjectList("inputRamps").Select(column => column.NumberList("knots"))] : [],
                },
                preprocessing.Has("targetMeans")
                    ? new Standardizer(preprocessing.NumberList("targetMeans"), preprocessing.NumberList("targetScales"))
                    : null)
            {
                Schema = schema,
            };
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            string problem = error.Message.Split(" (Parameter ")[0];
            throw new ModelFormatException(path, $"the parts of the model were expected to fit together and do not: {problem}");
        }
    }

    private static bool HasRamps(TrainedModel model) => model.Inputs.Knots.Any(knots => knots.Count > 0);

    private static bool HasThreshold(TrainedModel model) => model.Objective.Threshold != Objective.UsualThreshold;

    private static string WeightName(int layer) => $"layers.{layer}.weight";

    private static string BiasName(int layer) => $"layers.{layer}.bias";

    private static string Architecture(TrainedModel model) => ModelJson.Write(json =>
    {
        if (model.Network is Mlp network)
        {
            json.WriteNumber("inputs", network.InputCount);
            json.WriteStartArray("layers");
            foreach (Layer layer in network.Layers)
                json.WriteNumberValue(layer.OutputCount);
            json.WriteEndArray();
            json.WriteString("activation", network.Layers[0].Activation.Name);
            json.WriteString("outputActivation", network.Layers[^1].Activation.Name);
        }
        else
        {
            json.WriteString("network", model.Network.GetType().Name);
            json.WriteString("form", model.Network.Architecture
                ?? throw new InvalidOperationException($"A {model.Network.GetType().Name} does not say what it takes to make it again; expected it to override Network.Architecture."));
        }
        WriteObjective(json, model.Objective);
        if (model.Objective.IsJoint)
        {
            json.WriteStartArray("objectives");
            foreach (ModelTarget target in model.EachTarget)
            {
                json.WriteStartObject();
                WriteObjective(json, target.Objective);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    });

    private static void WriteObjective(Utf8JsonWriter json, Objective objective)
    {
        json.WriteString("objective", objective.Name);
        if (objective.Threshold != Objective.UsualThreshold)
            json.WriteNumber("threshold", objective.Threshold);
    }

    private static string Preprocessing(TrainedModel model) => ModelJson.Write(json =>
    {
        Texts(json, "inputNames", model.InputNames);
        Numbers(json, "inputMeans", model.Inputs.Means);
        Numbers(json, "inputScales", model.Inputs.Scales);
        if (HasRamps(model))
        {
            json.WriteStartArray("inputRamps");
            foreach (IReadOnlyList<double> knots in model.Inputs.Knots)
            {
                json.WriteStartObject();
                Numbers(json, "knots", knots);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteString("targetName", model.TargetName);
        if (model.Schema.ColumnCount > 0)
            json.WriteNumber("columns", model.Schema.ColumnCount);
        if (model.Classes is not null)
            Texts(json, "classes", model.Classes);
        if (model.Objective.IsJoint)
        {
            json.WriteStartArray("targets");
            foreach (IReadOnlyList<string>? classes in model.TargetClasses)
            {
                json.WriteStartObject();
                if (classes is not null)
                    Texts(json, "classes", classes);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        if (model.Targets is not null)
        {
            Numbers(json, "targetMeans", model.Targets.Means);
            Numbers(json, "targetScales", model.Targets.Scales);
        }
    });

    internal static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
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

    /// <summary>The file must be one of Nudge's, in the version that is understood.</summary>
    internal static void RequireFormat(SafeTensorsHeader header, string path, params string[] versions)
    {
        string? format = header.Metadata.GetValueOrDefault("format");
        if (format == Checkpoint.Format)
            throw new ModelFormatException(path, "this is a checkpoint of a run that goes on, and no model; expected a model, as --out saves it (the command that made it goes on from it with --resume)");
        if (format != Format)
            throw new ModelFormatException(path, "this safetensors file was not made by nudge; expected format 'nudge' in its metadata, as saving a trained model writes it");
        string version = header.Metadata.GetValueOrDefault("version", "");
        if (!versions.Contains(version))
            throw new ModelFormatException(path, $"the file has version '{version}' of the format; expected version {string.Join(" or ", versions.Select(known => $"'{known}'"))}, and a newer nudge may read it");
    }

    /// <exception cref="InvalidOperationException">A parameter is NaN or infinite.</exception>
    internal static void RequireFinite(ParameterList parameters)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            if (!double.IsFinite(parameters[i].Data))
                throw new InvalidOperationException($"The parameter {parameters.NameAt(i)} is {parameters[i].Data}; expected finite numbers. The training has diverged: try a smaller learning rate.");
        }
    }

    /// <summary>Gives a module the numbers of a file, which must have just its tensors.</summary>
    internal static void LoadTensors(Stream stream, string path, SafeTensorsHeader header, Module module)
    {
        ModuleTensor[] expected = ModuleTensor.Of(module);
        var read = new double[expected.Length][];
        if (header.Tensors.Count != expected.Length)
            throw new ModelFormatException(path, $"there are {header.Tensors.Count} tensors; expected {expected.Length}, as the architecture says");
        for (int t = 0; t < expected.Length; t++)
        {
            ModuleTensor wanted = expected[t];
            string shape = $"[{string.Join(", ", wanted.Shape)}]";
            if (!header.Tensors.TryGetValue(wanted.Name, out SafeTensor? tensor))
                throw new ModelFormatException(path, $"there is no tensor '{wanted.Name}'; expected it with shape {shape}");
            if (!tensor.Shape.SequenceEqual(wanted.Shape.Select(count => (long)count)))
                throw new ModelFormatException(path, $"the tensor '{wanted.Name}' has shape {tensor.ShapeText}; expected {shape}, as the architecture says");
            double[] numbers = SafeTensorsFile.ReadNumbers(stream, path, header, tensor);
            if (!Array.TrueForAll(numbers, double.IsFinite))
                throw new ModelFormatException(path, $"the tensor '{wanted.Name}' has a number that is NaN or infinite; expected finite numbers");
            read[t] = numbers;
        }
        // Everything has been read and found right: only now is anything changed.
        for (int t = 0; t < expected.Length; t++)
        {
            for (int i = 0; i < read[t].Length; i++)
                expected[t].Parameters[i].Data = read[t][i];
        }
    }

    /// <summary>A choice as files spell it.</summary>
    internal static string NameOf<T>(T choice)
        where T : struct, Enum => choice.ToString().ToLowerInvariant();

    /// <summary>A choice of a file.</summary>
    internal static T Named<T>(ModelJson json, string member, string what)
        where T : struct, Enum
    {
        string text = json.Text(member);
        foreach (T choice in Enum.GetValues<T>())
        {
            if (NameOf(choice) == text)
                return choice;
        }
        throw json.Error($"there is no {what} '{text}'; expected one of {string.Join(", ", Enum.GetValues<T>().Select(NameOf))}");
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

    private static Mlp Perceptron(SafeTensorsHeader header, ModelJson architecture, ModelParts parts)
    {
        RequireTensors(header, architecture);
        int[] outputs = [.. architecture.WholeList("layers").Select(count => (int)count)];
        return new Mlp(architecture.Number("inputs"), outputs, new Rng(0), ActivationOf(architecture, "activation", parts), ActivationOf(architecture, "outputActivation", parts));
    }

    private static Network OtherNetwork(ModelJson architecture, ModelParts parts)
    {
        string name = architecture.Text("network"), form = architecture.Text("form");
        if (!parts.Networks.TryGetValue(name, out Func<string, Network>? make))
            throw architecture.Error($"its network is a '{name}', which does not come with Nudge; expected what makes it in ModelParts.Networks");
        try
        {
            return make(form);
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw architecture.Error($"the form of its network '{name}' is not right: {error.Message}");
        }
    }

    /// <summary>An activation of a file: one that comes with Nudge, or one of the parts.</summary>
    internal static Activation ActivationOf(ModelJson json, string member, ModelParts parts)
    {
        string text = json.Text(member);
        IEnumerable<Activation> known = Activation.All.Concat(parts.Activations);
        return known.FirstOrDefault(activation => activation.Name == text)
            ?? throw json.Error($"there is no activation '{text}'; expected one of {string.Join(", ", known)}, or another in ModelParts.Activations");
    }

    private static string[]? ClassesIn(ModelJson json) => json.Has("classes") ? json.TextList("classes") : null;

    private static Objective WithThreshold(ModelJson json, ModelParts parts, bool isNeeded) =>
        isNeeded || json.Has("threshold") ? ObjectiveOf(json, parts).At(json.Double("threshold")) : ObjectiveOf(json, parts);

    private static Objective JointOf(ModelJson architecture, ModelParts parts, IReadOnlyList<string>?[] targetClasses, string targetName)
    {
        ModelJson[] objectives = architecture.ObjectList("objectives");
        if (objectives.Length != targetClasses.Length)
            throw architecture.Error($"there are {objectives.Length} objectives, and {targetClasses.Length} targets; expected one for each");
        return Objective.JointOf([.. objectives.Select((json, t) =>
        {
            Objective objective = WithThreshold(json, parts, isNeeded: false);
            return (objective, objective.OutputCount([targetClasses[t]], targetName));
        })]);
    }

    private static Objective ObjectiveOf(ModelJson architecture, ModelParts parts)
    {
        string text = architecture.Text("objective");
        IEnumerable<Objective> known = Objective.All.Concat(parts.Objectives);
        return known.FirstOrDefault(objective => objective.Name == text)
            ?? throw architecture.Error($"there is no objective '{text}'; expected one of {string.Join(", ", known)}, or another in ModelParts.Objectives");
    }
}
