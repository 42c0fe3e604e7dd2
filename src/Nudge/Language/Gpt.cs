// The model at the top of the ladder: positions that look at each other.

namespace Nudge;

/// <summary>
/// A small GPT, after Radford et al., "Language models are unsupervised multitask learners", 2019. The row of a token and
/// the row of its position are added and normed; the <see cref="GptBlock"/>s change them one after the other; a linear
/// layer makes the logits.
/// </summary>
/// <remarks>
/// The parameters, in order: <c>tokens</c> V × width; <c>positions</c> context × width; for each block <c>attention</c>
/// query, key, value and output, each width × width, <c>expand</c> 4·width × width and <c>contract</c> width × 4·width;
/// <c>output</c> V × width. In each layer a row belongs to an output. With biases, a neuron's stands after its weights;
/// with layer norms, the gains (and biases) of a norm stand before the part that it is for.
/// </remarks>
public sealed class Gpt : LanguageModel
{
    internal const double Deviation = 0.08;

    private readonly GptOptions _options;
    private readonly Embedding _tokens, _positions;
    private readonly Network _norm;
    private readonly IReadOnlyList<GptBlock> _blocks;
    private readonly Layer _output;

    /// <summary>
    /// A model. Weights start normally distributed with deviation 0.08; those of the layers whose results are added to
    /// what is there, with 0.08 / √(2·layers).
    /// </summary>
    /// <param name="vocabularySize">V: how many different tokens there are.</param>
    /// <param name="contextLength">How many tokens of one document it reads at most.</param>
    /// <param name="rng">Where the starting numbers come from.</param>
    /// <param name="options">Its size and variant.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="ArgumentException">The heads cannot share the width evenly.</exception>
    public Gpt(int vocabularySize, int contextLength, Rng rng, GptOptions? options = null)
        : base(vocabularySize, contextLength)
    {
        _options = options ?? new GptOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Layers, 1, nameof(options));
        Initialization start = Initialization.Normal(Deviation);
        _tokens = AddModule("tokens", new Embedding(vocabularySize, _options.Width, rng, start));
        _positions = AddModule("positions", new Embedding(contextLength, _options.Width, rng, start));
        _norm = AddModule("norm", GptBlock.MakeNorm(_options));
        _blocks = AddModules("blocks", Enumerable.Range(0, _options.Layers).Select(_ => new GptBlock(_options, rng)));
        _output = AddModule("output", new Layer(_options.Width, vocabularySize, rng, Activation.Linear, start, _options.Biases));
    }

    /// <inheritdoc/>
    public override LanguageModelSettings Settings => new()
    {
        Kind = LanguageModelKind.Gpt,
        VocabularySize = VocabularySize,
        ContextLength = ContextLength,
        Layers = _options.Layers,
        Width = _options.Width,
        Heads = _options.Heads,
        Norm = _options.Norm,
        Activation = _options.Activation,
        Biases = _options.Biases,
    };

    /// <inheritdoc/>
    public override Func<IndexValue, Value[]> Begin()
    {
        Func<Value[], Value[]>[] blocks = [.. _blocks.Select(block => block.Begin())];
        int position = 0;
        return token =>
        {
            if (position == ContextLength)
                throw new InvalidOperationException($"The model reads at most {ContextLength} tokens of a document. Begin again with the last of them.");
            Value[] signal = _norm.Forward(GptBlock.Add(_tokens.Forward(token), _positions.Forward(position++)));
            foreach (Func<Value[], Value[]> block in blocks)
                signal = block(signal);
            return _output.Forward(signal);
        };
    }
}
