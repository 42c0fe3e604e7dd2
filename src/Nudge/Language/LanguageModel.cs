// The base of everything that predicts the next token of a document.

namespace Nudge;

/// <summary>
/// A model of text: it reads the tokens of a document one after the other and gives, after each, a score for every token
/// that could come next. Derive from it to train a model of your own.
/// </summary>
public abstract class LanguageModel : Module
{
    /// <summary>The deviation of output weights that make the first logits small, and every token about as likely.</summary>
    internal const double SmallDeviation = 0.02;

    /// <summary>A model.</summary>
    /// <param name="vocabularySize">How many different tokens there are, at least 1.</param>
    /// <param name="contextLength">How many tokens of one document it reads at most, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no token to read.</exception>
    protected LanguageModel(int vocabularySize, int contextLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 1);
        VocabularySize = vocabularySize;
        ContextLength = contextLength;
    }

    /// <summary>V: how many different tokens there are.</summary>
    public int VocabularySize { get; }

    /// <summary>How many tokens of one document it reads at most.</summary>
    public int ContextLength { get; }

    /// <summary>What it takes to construct it again; null for a model of one's own.</summary>
    public virtual LanguageModelSettings? Settings => null;

    /// <summary>
    /// Opens an empty document. The function that comes back takes its tokens one after the other, at most
    /// <see cref="ContextLength"/> of them, and gives after each the V logits of the token that follows: scores of any
    /// size, whose softmax is the probability of each token. It remembers what it was given, so that one more token
    /// costs one more token.
    /// </summary>
    public abstract Func<IndexValue, Value[]> Begin();

    /// <summary>The losses of predicting each token of a document but the first from those before it, in nats.</summary>
    /// <param name="tokens">The document, from 2 to <see cref="ContextLength"/> + 1 tokens.</param>
    /// <returns>One <see cref="Loss.CrossEntropy"/> for each token but the first.</returns>
    /// <exception cref="ArgumentException">The document is too short or too long.</exception>
    public Value[] Losses(ReadOnlySpan<IndexValue> tokens)
    {
        if (tokens.Length < 2 || tokens.Length > ContextLength + 1)
            throw new ArgumentException($"A document of this model has from 2 to {ContextLength + 1} tokens, and this one has {tokens.Length}.", nameof(tokens));
        Func<IndexValue, Value[]> read = Begin();
        var losses = new Value[tokens.Length - 1];
        for (int i = 0; i < losses.Length; i++)
            losses[i] = Nudge.Loss.CrossEntropy(read(tokens[i]), tokens[i + 1]);
        return losses;
    }

    /// <summary>The mean loss of predicting the next token of a document, in nats per token.</summary>
    /// <param name="tokens">The document, from 2 to <see cref="ContextLength"/> + 1 tokens.</param>
    /// <exception cref="ArgumentException">The document is too short or too long.</exception>
    public Value Loss(params ReadOnlySpan<int> tokens) => Value.Mean(Losses(Array.ConvertAll(tokens.ToArray(), IndexValue.FromInt32)));
}
