// One layer of a GPT: look at the positions before, then think about what was found.

namespace Nudge;

/// <summary>
/// A block of a <see cref="Gpt"/>: x′ = x + attention(norm(x)), then x″ = x′ + contract(activation(expand(norm(x′)))).
/// Each part adds to what is there and replaces nothing, so that gradients find a straight way back.
/// </summary>
public sealed class GptBlock : Module
{
    // How many times as wide the hidden neurons are as what comes in and goes out.
    private const int Expansion = 4;

    private readonly Network _attentionNorm, _hiddenNorm;
    private readonly CausalSelfAttention _attention;
    private readonly Layer _expand, _contract;

    /// <summary>A block.</summary>
    /// <param name="options">Its size and variant.</param>
    /// <param name="rng">Where the starting numbers come from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="ArgumentException">The heads cannot share the width evenly.</exception>
    public GptBlock(GptOptions options, Rng rng)
    {
        ArgumentNullException.ThrowIfNull(options);
        int width = options.Width;
        Initialization start = Initialization.Normal(Gpt.Deviation);
        // Each of the 2·layers parts adds something: the smaller, the more there are.
        Initialization added = Initialization.Normal(Gpt.Deviation / Math.Sqrt(2 * options.Layers));
        _attentionNorm = AddModule("attentionNorm", MakeNorm(options));
        _attention = AddModule("attention", new CausalSelfAttention(width, options.Heads, rng, options.Biases, start, added));
        _hiddenNorm = AddModule("hiddenNorm", MakeNorm(options));
        _expand = AddModule("expand", new Layer(width, Expansion * width, rng, options.Activation, start, options.Biases));
        _contract = AddModule("contract", new Layer(Expansion * width, width, rng, Activation.Linear, added, options.Biases));
    }

    /// <summary>
    /// Opens an empty sequence. The function that comes back takes the numbers of one position after the other and gives
    /// what the block makes of each.
    /// </summary>
    public Func<Value[], Value[]> Begin()
    {
        Func<Value[], Value[]> attend = _attention.Begin();
        return inputs =>
        {
            Value[] attended = Add(inputs, attend(_attentionNorm.Forward(inputs)));
            return Add(attended, _contract.Forward(_expand.Forward(_hiddenNorm.Forward(attended))));
        };
    }

    internal static Network MakeNorm(GptOptions options) => options.Norm switch
    {
        Norm.Rms => new RmsNorm(options.Width),
        Norm.Layer => new LayerNorm(options.Width, options.Biases),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Norm, "There is no such norm."),
    };

    internal static Value[] Add(Value[] a, Value[] b)
    {
        var sum = new Value[a.Length];
        for (int i = 0; i < sum.Length; i++)
            sum[i] = a[i] + b[i];
        return sum;
    }
}
