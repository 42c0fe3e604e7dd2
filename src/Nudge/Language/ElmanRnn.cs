// A network with a memory: one layer that sees the token just read and its own last answer.

namespace Nudge;

/// <summary>
/// The recurrent network of Elman, "Finding structure in time", 1990: h′ = tanh(W [x, h] + b), where x is the row of the
/// token just read and h what the layer gave before, at first zeros. A linear layer makes the logits from h′. PyTorch's
/// <c>RNN</c>, with its two matrices side by side in W and its two biases as one.
/// </summary>
public sealed class ElmanRnn : LanguageModel
{
    private readonly Embedding _tokens;
    private readonly Layer _memory, _output;

    /// <summary>A model.</summary>
    /// <param name="vocabularySize">V: how many different tokens there are.</param>
    /// <param name="contextLength">How many tokens of one document it reads at most.</param>
    /// <param name="rng">Where the starting numbers come from.</param>
    /// <param name="embedding">How many numbers stand for a token.</param>
    /// <param name="hidden">How many numbers it remembers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public ElmanRnn(int vocabularySize, int contextLength, Rng rng, int embedding = 10, int hidden = 64)
        : base(vocabularySize, contextLength)
    {
        _tokens = AddModule("tokens", new Embedding(vocabularySize, embedding, rng));
        _memory = AddModule("memory", new Layer(embedding + hidden, hidden, rng, Activation.Tanh, Initialization.Xavier));
        _output = AddModule("output", new Layer(hidden, vocabularySize, rng, Activation.Linear, Initialization.Normal(SmallDeviation)));
    }

    /// <inheritdoc/>
    public override LanguageModelSettings Settings => new()
    {
        Kind = LanguageModelKind.Rnn,
        VocabularySize = VocabularySize,
        ContextLength = ContextLength,
        Embedding = _tokens.Width,
        Hidden = _memory.OutputCount,
    };

    /// <inheritdoc/>
    public override Func<IndexValue, Value[]> Begin()
    {
        Value[] remembered = Network.ToValues(new double[_memory.OutputCount]);
        return token =>
        {
            remembered = _memory.Forward([.. _tokens.Forward(token), .. remembered]);
            return _output.Forward(remembered);
        };
    }
}
