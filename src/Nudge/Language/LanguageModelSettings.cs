// Which language model, and how large: what it takes to construct it again.

namespace Nudge;

/// <summary>A rung of the ladder of language models.</summary>
public enum LanguageModelKind
{
    /// <summary><see cref="Nudge.Bigram"/>.</summary>
    Bigram,

    /// <summary><see cref="CharacterMlp"/>.</summary>
    Mlp,

    /// <summary><see cref="ElmanRnn"/>.</summary>
    Rnn,

    /// <summary><see cref="Nudge.Gru"/>.</summary>
    Gru,

    /// <summary><see cref="Nudge.Gpt"/>.</summary>
    Gpt,
}

/// <summary>
/// A language model as a kind and some numbers, as a file keeps it. Each kind reads the settings that are named for it and
/// leaves the others alone.
/// </summary>
public sealed record LanguageModelSettings
{
    /// <summary>Which model.</summary>
    public required LanguageModelKind Kind { get; init; }

    /// <summary>V: how many different tokens there are.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>How many tokens of one document it reads at most.</summary>
    public required int ContextLength { get; init; }

    /// <summary>MLP: how many tokens it looks at. Default: 3.</summary>
    public int Window { get; init; } = 3;

    /// <summary>MLP, RNN and GRU: how many numbers stand for a token. Default: 10.</summary>
    public int Embedding { get; init; } = 10;

    /// <summary>MLP: how many neurons the hidden layer has; RNN and GRU: how many numbers are remembered. Default: 64.</summary>
    public int Hidden { get; init; } = 64;

    /// <summary>GPT: how many blocks. Default: 1.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>GPT: how many numbers stand for a position. Default: 16.</summary>
    public int Width { get; init; } = 16;

    /// <summary>GPT: how many heads the attention of each block has: a divisor of the width. Default: 4.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>GPT: the norm before each part. Default: <see cref="Norm.Rms"/>.</summary>
    public Norm Norm { get; init; } = Norm.Rms;

    /// <summary>GPT: what the hidden neurons of each block do to their sum. Default: ReLU.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>GPT: whether layers and norms have biases. Default: no.</summary>
    public bool Biases { get; init; }

    /// <summary>The model of these settings. The same settings and the same seed give the same model everywhere.</summary>
    /// <param name="rng">Where the starting numbers come from.</param>
    /// <exception cref="ArgumentException">The settings make no model; the message says which and why.</exception>
    public LanguageModel Create(Rng rng)
    {
        ArgumentNullException.ThrowIfNull(rng);
        Require(nameof(VocabularySize), VocabularySize);
        Require(nameof(ContextLength), ContextLength);
        switch (Kind)
        {
            case LanguageModelKind.Bigram:
                return new Bigram(VocabularySize, ContextLength);
            case LanguageModelKind.Mlp:
                Require(nameof(Window), Window);
                RequireMemory();
                return new CharacterMlp(VocabularySize, ContextLength, rng, Window, Embedding, Hidden);
            case LanguageModelKind.Rnn:
                RequireMemory();
                return new ElmanRnn(VocabularySize, ContextLength, rng, Embedding, Hidden);
            case LanguageModelKind.Gru:
                RequireMemory();
                return new Gru(VocabularySize, ContextLength, rng, Embedding, Hidden);
            case LanguageModelKind.Gpt:
                return new Gpt(VocabularySize, ContextLength, rng, GptOptions());
            default:
                throw new ArgumentException($"There is no language model of the kind {Kind}; expected one of {string.Join(", ", Enum.GetNames<LanguageModelKind>())}.");
        }
    }

    /// <summary>How many parameters the model has, without making it: as a floating-point number, which no size overflows.</summary>
    internal double ParameterCount
    {
        get
        {
            double v = VocabularySize, e = Embedding, h = Hidden, w = Width;
            int bias = Biases ? 1 : 0, gains = Norm == Norm.Layer ? 1 + bias : 0;
            return Kind switch
            {
                LanguageModelKind.Bigram => v * v,
                LanguageModelKind.Mlp => v * e + (Window * e + 1) * h + (h + 1) * v,
                LanguageModelKind.Rnn => v * e + (e + h + 1) * h + (h + 1) * v,
                LanguageModelKind.Gru => v * e + 2 * (e + h + 1) * h + (e + 1) * h + (h + 1) * h + (h + 1) * v,
                LanguageModelKind.Gpt => (v + ContextLength) * w + Layers * (12 * w * w + 9 * w * bias + 2 * w * gains) + w * gains + (w + bias) * v,
                _ => throw new InvalidOperationException($"The parameters of {Kind} are not counted."),
            };
        }
    }

    private GptOptions GptOptions()
    {
        Require(nameof(Layers), Layers);
        Require(nameof(Width), Width);
        Require(nameof(Heads), Heads);
        if (Width % Heads != 0)
            throw new ArgumentException($"{Heads} heads cannot share a width of {Width} evenly. Take a number of heads that divides the width.");
        if (!Enum.IsDefined(Norm))
            throw new ArgumentException($"Expected a norm that exists, got {Norm}.");
        return new GptOptions { Layers = Layers, Width = Width, Heads = Heads, Norm = Norm, Activation = Activation, Biases = Biases };
    }

    private void RequireMemory()
    {
        Require(nameof(Embedding), Embedding);
        Require(nameof(Hidden), Hidden);
    }

    private void Require(string name, int number)
    {
        if (number < 1)
            throw new ArgumentException($"Expected {name} of at least 1 for the {Kind} model, got {number}.");
    }
}
