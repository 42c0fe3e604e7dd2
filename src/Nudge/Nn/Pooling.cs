// What stands for each window of an image.

using System.Globalization;

namespace Nudge;

/// <summary>
/// One number for each window of each channel of an image, so that a smaller image comes out. Images lie in lists as
/// <see cref="ImageShape"/> says; rows and columns at the end that fill no window are left out. Derive from it for another pooling.
/// </summary>
public abstract class Pooling : Network
{
    /// <summary>A pooling.</summary>
    /// <param name="input">The size of the images that it takes.</param>
    /// <param name="size">How many rows and columns a window has, at least 1.</param>
    /// <param name="stride">How many rows or columns lie between two windows, at least 1; as many as a window has if left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="ArgumentException">The window is larger than the image.</exception>
    protected Pooling(ImageShape input, int size, int? stride)
    {
        InputShape = input;
        OutputShape = input.Through(input.Channels, size, stride ?? size, padding: 0);
        (Size, Stride) = (size, stride ?? size);
    }

    /// <summary>The size of the images that it takes.</summary>
    public ImageShape InputShape { get; }

    /// <summary>The size of the images that it gives.</summary>
    public ImageShape OutputShape { get; }

    /// <inheritdoc/>
    public override int InputCount => InputShape.Count;

    /// <inheritdoc/>
    public override int OutputCount => OutputShape.Count;

    /// <summary>How many rows and columns a window has.</summary>
    public int Size { get; }

    /// <summary>How many rows or columns lie between two windows.</summary>
    public int Stride { get; }

    internal override string Description => string.Create(
        CultureInfo.InvariantCulture, $"{GetType().Name} {InputShape} → {OutputShape}, windows of {Size}, stride {Stride}");

    /// <inheritdoc/>
    public override Value[] Forward(params ReadOnlySpan<Value> inputs)
    {
        RequireInputs(inputs);
        var outputs = new Value[OutputCount];
        var window = new Value[Size * Size];
        for (int channel = 0, next = 0; channel < OutputShape.Channels; channel++)
        {
            for (int row = 0; row < OutputShape.Height; row++)
            {
                for (int column = 0; column < OutputShape.Width; column++)
                {
                    for (int i = 0; i < window.Length; i++)
                        window[i] = inputs[InputShape.IndexOf(channel, row * Stride + i / Size, column * Stride + i % Size)];
                    outputs[next++] = Of(window);
                }
            }
        }
        return outputs;
    }

    /// <summary>What stands for a window.</summary>
    /// <param name="window">Its numbers, row by row.</param>
    protected abstract Value Of(ReadOnlySpan<Value> window);
}
