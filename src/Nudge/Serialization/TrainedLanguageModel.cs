// A language model with everything that it takes to use it on text.

namespace Nudge;

/// <summary>A trained language model together with its characters: what a model file holds.</summary>
public sealed class TrainedLanguageModel
{
    /// <summary>Puts a model together. It is not copied: training it further changes this one.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">The characters that its tokens stand for.</param>
    /// <param name="byCharacter">Whether it was trained on running text, and not on a document a line.</param>
    /// <exception cref="ArgumentException">
    /// The model has more or fewer tokens, or is one of one's own that a file cannot describe.
    /// </exception>
    public TrainedLanguageModel(LanguageModel model, Tokenizer tokenizer, bool byCharacter = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (model.VocabularySize != tokenizer.Count)
            throw new ArgumentException($"The model knows {model.VocabularySize} tokens, and the characters and the boundary are {tokenizer.Count}.", nameof(tokenizer));
        Settings = model.Settings
            ?? throw new ArgumentException($"A {model.GetType().Name} has no settings to make it again from; expected one of the models that come with Nudge.", nameof(model));
        Model = model;
        Tokenizer = tokenizer;
        ByCharacter = byCharacter;
    }

    /// <summary>The model.</summary>
    public LanguageModel Model { get; }

    /// <summary>What it takes to construct the model again.</summary>
    public LanguageModelSettings Settings { get; }

    /// <summary>The characters that its tokens stand for.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Whether it was trained on running text, and not on a document a line.</summary>
    public bool ByCharacter { get; }

    /// <summary>Whether a file holds a language model, and not a network for rows of numbers.</summary>
    /// <param name="path">A model file.</param>
    /// <exception cref="ModelFormatException">The file is damaged, foreign or of another version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool IsIn(string path) =>
        ModelSource.Read(path, (stream, name) => LanguageModelFile.IsIn(SafeTensorsHeader.Read(stream, name), name));

    /// <summary>Whether a stream holds a language model; it is read to its end.</summary>
    /// <param name="stream">A model.</param>
    /// <exception cref="ModelFormatException">The content is damaged, foreign or of another version.</exception>
    public static bool IsIn(Stream stream) =>
        ModelSource.Read(stream, (content, name) => LanguageModelFile.IsIn(SafeTensorsHeader.Read(content, name), name));

    /// <summary>Whether memory holds a language model.</summary>
    /// <param name="bytes">A model.</param>
    /// <exception cref="ModelFormatException">The content is damaged, foreign or of another version.</exception>
    public static bool IsIn(ReadOnlyMemory<byte> bytes) =>
        ModelSource.Read(bytes, (content, name) => LanguageModelFile.IsIn(SafeTensorsHeader.Read(content, name), name));

    /// <summary>Reads a model from a file.</summary>
    /// <param name="path">A file that <see cref="Save(string)"/> has written.</param>
    /// <exception cref="ModelFormatException">The file is damaged, foreign or of another version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainedLanguageModel Load(string path) => Load(path, ModelParts.None);

    /// <param name="path">A file that <see cref="Save(string)"/> has written.</param>
    /// <param name="parts">Parts of your own that it may have.</param>
    /// <inheritdoc cref="Load(string)"/>
    public static TrainedLanguageModel Load(string path, ModelParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return ModelSource.Read(path, (stream, name) => LanguageModelFile.Load(stream, name, parts));
    }

    /// <summary>Reads a model from a stream, to its end.</summary>
    /// <param name="stream">What <see cref="Save(Stream)"/> has written.</param>
    /// <exception cref="ModelFormatException">The content is damaged, foreign or of another version.</exception>
    public static TrainedLanguageModel Load(Stream stream) => Load(stream, ModelParts.None);

    /// <param name="stream">What <see cref="Save(Stream)"/> has written.</param>
    /// <param name="parts">Parts of your own that it may have.</param>
    /// <inheritdoc cref="Load(Stream)"/>
    public static TrainedLanguageModel Load(Stream stream, ModelParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return ModelSource.Read(stream, (content, name) => LanguageModelFile.Load(content, name, parts));
    }

    /// <summary>Reads a model from memory.</summary>
    /// <param name="bytes">What <see cref="Save(Stream)"/> has written.</param>
    /// <exception cref="ModelFormatException">The content is damaged, foreign or of another version.</exception>
    public static TrainedLanguageModel Load(ReadOnlyMemory<byte> bytes) => Load(bytes, ModelParts.None);

    /// <param name="bytes">What <see cref="Save(Stream)"/> has written.</param>
    /// <param name="parts">Parts of your own that it may have.</param>
    /// <inheritdoc cref="Load(ReadOnlyMemory{byte})"/>
    public static TrainedLanguageModel Load(ReadOnlyMemory<byte> bytes, ModelParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return ModelSource.Read(bytes, (content, name) => LanguageModelFile.Load(content, name, parts));
    }

    /// <summary>
    /// Writes the model to a file, in the safetensors format. A file of that name is replaced once the new one is whole;
    /// loading it gives a model of the same bits.
    /// </summary>
    /// <param name="path">The file, in a directory that exists.</param>
    /// <exception cref="InvalidOperationException">A parameter is NaN or infinite.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ModelFile.RequireFinite(Model.Parameters);
        AtomicFile.Write(path, stream => LanguageModelFile.Save(this, stream));
    }

    /// <summary>Writes the model to a stream.</summary>
    /// <param name="stream">Where to.</param>
    /// <exception cref="InvalidOperationException">A parameter is NaN or infinite.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ModelFile.RequireFinite(Model.Parameters);
        LanguageModelFile.Save(this, stream);
    }
}
