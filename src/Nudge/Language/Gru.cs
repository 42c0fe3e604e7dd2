// A network with a memory that it can keep: gates decide what is forgotten and what is taken in.

namespace Nudge;

/// <summary>
/// The gated recurrent unit of Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014, in PyTorch's
/// form. With x the row of the token just read and h what was remembered, at first zeros:
/// <code>
/// r  = σ(R [x, h] + b)          how much of the memory the candidate sees
/// z  = σ(Z [x, h] + b)          how much of the memory stays
/// n  = tanh(C x + b + r (M h + b))  the candidate
/// h′ = (1 − z) n + z h
/// </code>
/// A linear layer makes the logits from h′.
/// </summary>
public sealed class Gru : LanguageModel
{
    private readonly Embedding _tokens;
    private readonly Layer _reset, _keep, _candidate, _memory, _output;

    /// <summary>A model.</summary>
    /// <param name="vocabularySize">V: how many different tokens there are.</param>
    /// <param name="contextLength">How many tokens of one document it reads at most.</param>
    /// <param name="rng">Where the starting numbers come from.</param>
    /// <param name="embedding">How many numbers stand for a token.</param>
    /// <param name="hidden">How many numbers it remembers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Gru(int vocabularySize, int contextLength, Rng rng, int embedding = 10, int hidden = 64)
        : base(vocabularySize, contextLength)
    {
        _tokens = AddModule("tokens", new Embedding(vocabularySize, embedding, rng));
        _reset = AddModule("reset", new Layer(embedding + hidden, hidden, rng, Activation.Sigmoid, Initialization.Xavier));
        _keep = AddModule("keep", new Layer(embedding + hidden, hidden, rng, Activation.Sigmoid, Initialization.Xavier));
        _candidate = AddModule("candidate", new Layer(embedding, hidden, rng, Activation.Linear, Initialization.Xavier));
        _memory = AddModule("memory", new Layer(hidden, hidden, rng, Activation.Linear, Initialization.Xavier));
        _output = AddModule("output", new Layer(hidden, vocabularySize, rng, Activation.Linear, Initialization.Normal(SmallDeviation)));
    }

    /// <inheritdoc/>
    public override LanguageModelSettings Settings => new()
    {
        Kind = LanguageModelKind.Gru,
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
            remembered = Remember(_tokens.Forward(token), remembered);
            return _output.Forward(remembered);
        };
    }

    private Value[] Remember(Value[] inputs, Value[] remembered)
    {
        Value[] both = [.. inputs, .. remembered];
        Value[] reset = _reset.Forward(both), keep = _keep.Forward(both);
        Value[] candidate = _candidate.Forward(inputs), memory = _memory.Forward(remembered);
        var next = new Value[remembered.Length];
        for (int i = 0; i < next.Length; i++)
        {
            Value fresh = (candidate[i] + reset[i] * memory[i]).Tanh();
            next[i] = (1 - keep[i]) * fresh + keep[i] * remembered[i];
        }
        return next;
    }
}
