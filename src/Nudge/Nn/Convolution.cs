// The same small layer at every place of an image.

using System.Globalization;

namespace Nudge;

/// <summary>
/// y[o, r, s] = activation(b[o] + Σ w[o, c, i, j] · x[c, r · stride + i − padding, s · stride + j − padding]), the sum over all input channels
/// c and the places i, j of the kernel; what lies beyond the image adds nothing. Images lie in lists as <see cref="ImageShape"/> says.
/// LeCun et al., "Backpropagation applied to handwritten zip code recognition", 1989; PyTorch's <c>Conv2d</c>.
/// </summary>
public sealed class Convolution : Network
{
    private readonly Value[] _weights;
    private readonly Value[]? _biases;

    /// <summary>A convolution.</summary>
    /// <param name="input">The size of the images that it takes.</param>
    /// <param name="channels">How many channels it gives, at least 1.</param>
    /// <param name="kernel">How many rows and columns of the image each output sees, at least 1.</param>
    /// <param name="rng">Where the starting numbers come from.</param>
    /// <param name="stride">How many rows or columns lie between two outputs, at least 1.</param>
    /// <param name="padding">How far beyond each edge of the image the kernel goes, less than <paramref name="kernel"/>.</param>
    /// <param name="activation">What is done to each weighted sum; tanh if left out.</param>
    /// <param name="initialization">How the numbers start; the one that suits the activation if left out.</param>
    /// <param name="bias">Whether each channel that it gives has a bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the padding negative.</exception>
    /// <exception cref="ArgumentException">The kernel does not fit the image, or the padding not the kernel.</exception>
    public Convolution(
        ImageShape input,
        int channels,
        int kernel,
        Rng rng,
        int stride = 1,
        int padding = 0,
        Activation? activation = null,
        Initialization? initialization = null,
        bool bias = true)
    {
        ArgumentNullException.ThrowIfNull(rng);
        InputShape = input;
        OutputShape = input.Through(channels, kernel, stride, padding);
        (Kernel, Stride, Padding) = (kernel, stride, padding);
        Activation = activation ?? Activation.Tanh;
        Initialization start = initialization ?? Initialization.For(Activation);
        int seen = kernel * kernel;
        _weights = AddParameters("w", channels * input.Channels * seen, () => start.Weight(rng, input.Channels * seen, channels * seen));
        if (bias)
            _biases = AddParameters("b", channels, () => start.Bias(rng));
    }

    /// <summary>The size of the images that it takes.</summary>
    public ImageShape InputShape { get; }

    /// <summary>The size of the images that it gives.</summary>
    public ImageShape OutputShape { get; }

    /// <inheritdoc/>
    public override int InputCount => InputShape.Count;

    /// <inheritdoc/>
    public override int OutputCount => OutputShape.Count;

    /// <summary>How many rows and columns of the image each output sees.</summary>
    public int Kernel { get; }

    /// <summary>How many rows or columns lie between two outputs.</summary>
    public int Stride { get; }

    /// <summary>How far beyond each edge of the image the kernel goes.</summary>
    public int Padding { get; }

    /// <summary>What is done to each weighted sum.</summary>
    public Activation Activation { get; }

    /// <summary>w[o, c, i, j]: for each channel that it gives and each that it takes, the rows of the kernel.</summary>
    public IReadOnlyList<Value> Weights => _weights;

    /// <summary>b[o], one for each channel that it gives; none where it was made without.</summary>
    public IReadOnlyList<Value> Biases => _biases ?? [];

    /// <inheritdoc/>
    public override IEnumerable<ModuleTensor> Tensors
    {
        get
        {
            yield return new("weight", [OutputShape.Channels, InputShape.Channels, Kernel, Kernel], _weights);
            if (_biases is not null)
                yield return new("bias", [OutputShape.Channels], _biases);
        }
    }

    internal override string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"Convolution {InputShape} → {OutputShape}, kernel {Kernel}, stride {Stride}, padding {Padding}, {Activation.Name}, {ParameterCount} parameters");

    /// <inheritdoc/>
    public override Value[] Forward(params ReadOnlySpan<Value> inputs)
    {
        RequireInputs(inputs);
        var outputs = new Value[OutputCount];
        for (int channel = 0, next = 0; channel < OutputShape.Channels; channel++)
        {
            for (int row = 0; row < OutputShape.Height; row++)
            {
                for (int column = 0; column < OutputShape.Width; column++)
                    outputs[next++] = Activation.Apply(SumOf(inputs, channel, row * Stride - Padding, column * Stride - Padding));
            }
        }
        return outputs;
    }

    // The kernel's corner is at a row and a column of the image, or beyond its edge.
    private Value SumOf(ReadOnlySpan<Value> inputs, int output, int top, int left)
    {
        int firstRow = Math.Max(0, -top), endRow = Math.Min(Kernel, InputShape.Height - top);
        int firstColumn = Math.Max(0, -left), endColumn = Math.Min(Kernel, InputShape.Width - left);
        Value? sum = _biases?[output];
        for (int channel = 0; channel < InputShape.Channels; channel++)
        {
            int kernel = (output * InputShape.Channels + channel) * Kernel * Kernel;
            for (int i = firstRow; i < endRow; i++)
            {
                for (int j = firstColumn; j < endColumn; j++)
                {
                    Value term = _weights[kernel + i * Kernel + j] * inputs[InputShape.IndexOf(channel, top + i, left + j)];
                    sum = sum is null ? term : sum + term;
                }
            }
        }
        return sum!;
    }
}
