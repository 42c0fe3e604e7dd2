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
    public static bool IsIn(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        return LanguageModelFile.IsIn(SafeTensorsHeader.Read(stream, path), path);
    }

    /// <summary>Reads a model from a file.</summary>
    /// <param name="path">A file that <see cref="Save"/> has written.</param>
    /// <exception cref="ModelFormatException">The file is damaged, foreign or of another version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainedLanguageModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        return LanguageModelFile.Load(stream, path);
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
}
