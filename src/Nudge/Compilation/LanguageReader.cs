// Reading documents with a compiled language model, a token of each at a time.

namespace Nudge;

/// <summary>Documents that a <see cref="CompiledLanguageModel"/> reads side by side, a token of each at a time.</summary>
public sealed class LanguageReader
{
    private readonly CompiledLanguageModel _model;
    private readonly SequenceRun _run;
    private readonly int _choices;

    internal LanguageReader(CompiledLanguageModel model, Engine engine, int documents)
    {
        _model = model;
        _run = engine.Open(documents);
        _choices = Math.Min(engine.Plan.IndexBounds.Min(), model.VocabularySize);
        Count = documents;
    }

    /// <summary>How many documents are read side by side.</summary>
    public int Count { get; }

    /// <summary>How many tokens of each have been read.</summary>
    public int Position { get; private set; }

    /// <summary>Forgets what was read: the documents are empty again.</summary>
    public void Restart() => Position = 0;

    /// <summary>Reads the next token of each document.</summary>
    /// <param name="tokens">One token for each document.</param>
    /// <param name="logits">V logits for each document, one document after the other: the scores of the tokens that could follow.</param>
    /// <exception cref="ArgumentException">There are more or fewer tokens or logits than documents ask for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    /// <exception cref="InvalidOperationException">The documents are full.</exception>
    public void Read(ReadOnlySpan<int> tokens, Span<double> logits)
    {
        if (tokens.Length != Count || logits.Length != Count * _model.VocabularySize)
            throw new ArgumentException($"Expected {Count} tokens and room for {Count * _model.VocabularySize} logits, got {tokens.Length} and {logits.Length}.", nameof(tokens));
        if (Position == _model.ContextLength)
            throw new InvalidOperationException($"The model reads at most {_model.ContextLength} tokens of a document. Restart with the last of them.");
        foreach (int token in tokens)
        {
            if ((uint)token >= (uint)_choices)
                throw new ArgumentOutOfRangeException(nameof(tokens), token, $"A token is one of 0 to {_choices - 1}.");
        }
        _run.Run(Position++, tokens, logits);
    }
}
