// A language model as a safetensors file: what each tensor and each line of metadata means. See docs/model-files.md.

using System.Text;

namespace Nudge;

internal static class LanguageModelFile
{
    private const string Characters = "characters", Documents = "documents";
    private const string Lines = "lines", RunningText = "text";
    private const int MaxContext = 1 << 16;

    internal static bool IsIn(SafeTensorsHeader header, string path)
    {
        bool isText = header.Metadata.ContainsKey(Characters);
        ModelFile.RequireFormat(header, path, isText ? [ModelFile.Version] : [ModelFile.Version, ModelFile.VersionWithSchema, ModelFile.VersionWithThreshold, ModelFile.VersionWithRamps, ModelFile.VersionOfOtherNetworks, ModelFile.VersionOfJointTargets]);
        return isText;
    }

    internal static void Save(TrainedLanguageModel model, Stream stream) => SafeTensorsFile.Write(
        stream,
        [
            .. ModelFile.FormatAndVersion,
            ("architecture", Architecture(model.Settings)),
            (Characters, model.Tokenizer.Characters),
            (Documents, model.ByCharacter ? RunningText : Lines),
        ],
        ModuleTensor.Of(model.Model));

    internal static TrainedLanguageModel Load(Stream stream, string path, ModelParts parts)
    {
        SafeTensorsHeader header = SafeTensorsHeader.Read(stream, path);
        if (!IsIn(header, path))
            throw new ModelFormatException(path, "this is a model for rows of numbers; expected a language model, as nudge train-text saves it");
        LanguageModelSettings settings = SettingsOf(header.MetadataObject(path, "architecture"), parts);
        Tokenizer tokenizer = TokenizerOf(header, path);
        bool byCharacter = header.Metadata.GetValueOrDefault(Documents) switch
        {
            Lines => false,
            RunningText => true,
            var other => throw new ModelFormatException(path, $"the metadata has documents '{other}'; expected '{Lines}' or '{RunningText}'"),
        };
        // Before a model of that size is made, the file must be of that size.
        long held = header.Tensors.Values.Sum(tensor => tensor.Shape.Aggregate(1L, (product, count) => product * count));
        if (settings.ParameterCount != held)
            throw new ModelFormatException(path, $"the tensors have {held} numbers; expected {settings.ParameterCount}, as the architecture says");
        try
        {
            LanguageModel model = settings.Create(new Rng(0));
            ModelFile.LoadTensors(stream, path, header, model);
            return new TrainedLanguageModel(model, tokenizer, byCharacter);
        }
        catch (ArgumentException error)
        {
            throw new ModelFormatException(path, $"the parts of the model were expected to fit together and do not: {error.Message.Split(" (Parameter ")[0]}");
        }
    }

    private static Tokenizer TokenizerOf(SafeTensorsHeader header, string path)
    {
        Rune[] characters = [.. header.Metadata[Characters].EnumerateRunes()];
        if (characters.Length is 0 or > Tokenizer.MaxCharacters)
            throw new ModelFormatException(path, $"there are {characters.Length} characters; expected from 1 to {Tokenizer.MaxCharacters}");
        if (!characters.Zip(characters.Skip(1)).All(pair => pair.First < pair.Second))
            throw new ModelFormatException(path, "the characters stand in another order or more than once; expected each once, by their code points");
        return new Tokenizer(characters.ToHashSet());
    }

    private static string Architecture(LanguageModelSettings settings) => ModelJson.Write(json =>
    {
        json.WriteString("kind", ModelFile.NameOf(settings.Kind));
        json.WriteNumber("vocabulary", settings.VocabularySize);
        json.WriteNumber("context", settings.ContextLength);
        switch (settings.Kind)
        {
            case LanguageModelKind.Mlp:
                json.WriteNumber("window", settings.Window);
                WriteMemory();
                break;
            case LanguageModelKind.Rnn or LanguageModelKind.Gru:
                WriteMemory();
                break;
            case LanguageModelKind.Gpt:
                json.WriteNumber("layers", settings.Layers);
                json.WriteNumber("width", settings.Width);
                json.WriteNumber("heads", settings.Heads);
                json.WriteString("norm", ModelFile.NameOf(settings.Norm));
                json.WriteString("activation", settings.Activation.Name);
                json.WriteBoolean("biases", settings.Biases);
                break;
            case LanguageModelKind.Bigram:
                break;
            default:
                throw new InvalidOperationException($"A model of the kind {settings.Kind} cannot be written.");
        }

        void WriteMemory()
        {
            json.WriteNumber("embedding", settings.Embedding);
            json.WriteNumber("hidden", settings.Hidden);
        }
    });

    private static LanguageModelSettings SettingsOf(ModelJson architecture, ModelParts parts)
    {
        var settings = new LanguageModelSettings
        {
            Kind = ModelFile.Named<LanguageModelKind>(architecture, "kind", "kind of language model"),
            VocabularySize = architecture.Number("vocabulary"),
            ContextLength = architecture.Number("context"),
        };
        if (settings.ContextLength > MaxContext)
            throw architecture.Error($"the context is {settings.ContextLength} tokens; expected at most {MaxContext}");
        return settings.Kind switch
        {
            LanguageModelKind.Mlp => WithMemory(settings with { Window = architecture.Number("window") }),
            LanguageModelKind.Rnn or LanguageModelKind.Gru => WithMemory(settings),
            LanguageModelKind.Gpt => settings with
            {
                Layers = architecture.Number("layers"),
                Width = architecture.Number("width"),
                Heads = architecture.Number("heads"),
                Norm = ModelFile.Named<Norm>(architecture, "norm", "norm"),
                Activation = ModelFile.ActivationOf(architecture, "activation", parts),
                Biases = architecture.Flag("biases"),
            },
            LanguageModelKind.Bigram => settings,
            _ => throw architecture.Error($"a model of the kind {settings.Kind} cannot be read"),
        };

        LanguageModelSettings WithMemory(LanguageModelSettings sizes) =>
            sizes with { Embedding = architecture.Number("embedding"), Hidden = architecture.Number("hidden") };
    }
}
