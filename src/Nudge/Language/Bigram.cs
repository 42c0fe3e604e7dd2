// The smallest language model: a table of scores, one row for each token that was read.

namespace Nudge;

/// <summary>
/// A bigram model: the logits of the next token are a row of a table, that of the token just read. V² parameters.
/// Trained, the softmax of each row is how often tokens follow that token.
/// </summary>
public sealed class Bigram : LanguageModel
{
    private readonly Value[] _scores;

    /// <summary>A bigram model whose scores start at 0: every token is as likely as any other.</summary>
    /// <param name="vocabularySize">V: how many different tokens there are.</param>
    /// <param name="contextLength">How many tokens of one document it reads at most; it only ever looks at the last.</param>
    public Bigram(int vocabularySize, int contextLength)
        : base(vocabularySize, contextLength) =>
        _scores = AddParameters("scores", vocabularySize * vocabularySize, () => 0);

    /// <inheritdoc/>
    public override LanguageModelSettings Settings => new()
    {
        Kind = LanguageModelKind.Bigram,
        VocabularySize = VocabularySize,
        ContextLength = ContextLength,
    };

    /// <inheritdoc/>
    public override Func<IndexValue, Value[]> Begin() => token =>
    {
        var logits = new Value[VocabularySize];
        var column = new Value[VocabularySize];
        for (int next = 0; next < logits.Length; next++)
        {
            for (int last = 0; last < column.Length; last++)
                column[last] = _scores[last * VocabularySize + next];
            logits[next] = Value.Select(column, token);
        }
        return logits;
    };
}
