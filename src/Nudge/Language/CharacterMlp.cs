// The first neural language model: it looks at the last few tokens through a table and a hidden layer.

namespace Nudge;

/// <summary>
/// The multilayer perceptron of Bengio, Ducharme, Vincent and Jauvin, "A neural probabilistic language model", 2003: the
/// last n tokens become rows of a table, side by side they are the inputs of a tanh layer, and from that a linear layer
/// makes the logits. Before the start of a document stands token 0, the boundary.
/// </summary>
public sealed class CharacterMlp : LanguageModel
{
    private readonly Embedding _tokens;
    private readonly Layer _hidden, _output;

    /// <summary>A model.</summary>
    /// <param name="vocabularySize">V: how many different tokens there are.</param>
    /// <param name="contextLength">How many tokens of one document it reads at most; it only ever looks at the last few.</param>
    /// <param name="rng">Where the starting numbers come from.</param>
    /// <param name="window">n: how many tokens it looks at.</param>
    /// <param name="embedding">How many numbers stand for a token.</param>
    /// <param name="hidden">How many neurons the hidden layer has.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public CharacterMlp(int vocabularySize, int contextLength, Rng rng, int window = 3, int embedding = 10, int hidden = 200)
        : base(vocabularySize, contextLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        Window = window;
        _tokens = AddModule("tokens", new Embedding(vocabularySize, embedding, rng));
        _hidden = AddModule("hidden", new Layer(window * embedding, hidden, rng, Activation.Tanh, Initialization.Xavier));
        _output = AddModule("output", new Layer(hidden, vocabularySize, rng, Activation.Linear, Initialization.Normal(SmallDeviation)));
    }

    /// <summary>n: how many tokens it looks at.</summary>
    public int Window { get; }

    /// <inheritdoc/>
    public override LanguageModelSettings Settings => new()
    {
        Kind = LanguageModelKind.Mlp,
        VocabularySize = VocabularySize,
        ContextLength = ContextLength,
        Window = Window,
        Embedding = _tokens.Width,
        Hidden = _hidden.OutputCount,
    };

    /// <inheritdoc/>
    public override Func<IndexValue, Value[]> Begin()
    {
        var window = new IndexValue[Window];
        return token =>
        {
            window = [.. window[1..], token];
            return Forward(window);
        };
    }

    /// <summary>The logits of the token that follows n tokens.</summary>
    /// <param name="window">n tokens, from the oldest to the last.</param>
    /// <exception cref="ArgumentException">There are more or fewer tokens than n.</exception>
    public Value[] Forward(params ReadOnlySpan<IndexValue> window)
    {
        if (window.Length != Window)
            throw new ArgumentException($"Expected {Window} tokens, got {window.Length}.", nameof(window));
        var inputs = new List<Value>();
        foreach (IndexValue token in window)
            inputs.AddRange(_tokens.Forward(token));
        return _output.Forward(_hidden.Forward([.. inputs]));
    }
}
