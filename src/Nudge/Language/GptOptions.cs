// How large a GPT is, and which of its variants.

namespace Nudge;

/// <summary>The norm that a GPT puts before each of its parts.</summary>
public enum Norm
{
    /// <summary><see cref="RmsNorm"/>, without a gain.</summary>
    Rms,

    /// <summary><see cref="LayerNorm"/>, with a gain.</summary>
    Layer,
}

/// <summary>The size and the variant of a <see cref="Gpt"/>.</summary>
public sealed record GptOptions
{
    /// <summary>How many blocks it has. Default: 1.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>How many numbers stand for a position. Default: 16.</summary>
    public int Width { get; init; } = 16;

    /// <summary>How many heads the attention of each block has: a divisor of the width. Default: 4.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>The norm before each part. Default: <see cref="Norm.Rms"/>.</summary>
    public Norm Norm { get; init; } = Norm.Rms;

    /// <summary>What the hidden neurons of each block do to their sum. Default: ReLU.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether layers and norms have biases. Default: no.</summary>
    public bool Biases { get; init; }
}
