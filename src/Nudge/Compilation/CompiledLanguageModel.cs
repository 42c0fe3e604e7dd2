// The public face of the compiler for generating: a language model that reads several documents side by side.

namespace Nudge;

/// <summary>
/// A language model compiled for reading: it is given tokens and gives the logits of those that follow. What it computed
/// for earlier tokens stays, so that one more token costs one more token.
/// </summary>
public sealed class CompiledLanguageModel
{
    private readonly LanguageModel _model;

    private CompiledLanguageModel(LanguageModel model, Precision precision)
    {
        _model = model;
        Precision = precision;
    }

    /// <summary>V: how many different tokens there are.</summary>
    public int VocabularySize => _model.VocabularySize;

    /// <summary>How many tokens of one document it reads at most.</summary>
    public int ContextLength => _model.ContextLength;

    /// <summary>The numbers it computes with.</summary>
    public Precision Precision { get; }

    /// <summary>Compiles a model.</summary>
    /// <param name="model">The model, whose parameters are read anew in each run.</param>
    /// <param name="precision">The numbers to compute with.</param>
    /// <exception cref="InvalidOperationException">The model branches on numbers that depend on the tokens.</exception>
    public static CompiledLanguageModel Compile(LanguageModel model, Precision precision = Precision.Single)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new CompiledLanguageModel(model, precision);
    }

    /// <summary>Opens empty documents, to be read side by side.</summary>
    /// <param name="documents">How many, at least 1.</param>
    public LanguageReader Begin(int documents = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(documents, 1);
        return new LanguageReader(_model, documents);
    }
}

/// <summary>Documents that a <see cref="CompiledLanguageModel"/> reads side by side, a token of each at a time.</summary>
public sealed class LanguageReader
{
    private readonly LanguageModel _model;
    private readonly Func<IndexValue, Value[]>[] _read;

    internal LanguageReader(LanguageModel model, int documents)
    {
        _model = model;
        _read = [.. Enumerable.Range(0, documents).Select(_ => model.Begin())];
    }

    /// <summary>How many documents are read side by side.</summary>
    public int Count => _read.Length;

    /// <summary>How many tokens of each have been read.</summary>
    public int Position { get; private set; }

    /// <summary>Reads the next token of each document.</summary>
    /// <param name="tokens">One token for each document.</param>
    /// <param name="logits">V logits for each document, one document after the other: the scores of the tokens that could follow.</param>
    /// <exception cref="ArgumentException">There are more or fewer tokens or logits than documents ask for.</exception>
    /// <exception cref="InvalidOperationException">The documents are full.</exception>
    public void Read(ReadOnlySpan<int> tokens, Span<double> logits)
    {
        if (tokens.Length != Count || logits.Length != Count * _model.VocabularySize)
            throw new ArgumentException($"Expected {Count} tokens and room for {Count * _model.VocabularySize} logits, got {tokens.Length} and {logits.Length}.", nameof(tokens));
        if (Position == _model.ContextLength)
            throw new InvalidOperationException($"The model reads at most {_model.ContextLength} tokens of a document. Begin again with the last of them.");
        for (int i = 0; i < tokens.Length; i++)
        {
            Value[] scores = _read[i](tokens[i]);
            for (int v = 0; v < scores.Length; v++)
                logits[i * scores.Length + v] = scores[v].Data;
        }
        Position++;
    }
}
