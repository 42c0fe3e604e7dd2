// How the numbers of an image lie in a list.

using System.Globalization;

namespace Nudge;

/// <summary>
/// The size of an image. In a list its numbers lie channel after channel, in each row after row, in each column after column: the number
/// of channel c, row y and column x is at (c · <see cref="Height"/> + y) · <see cref="Width"/> + x, as PyTorch has them.
/// </summary>
/// <param name="Channels">How many numbers each point has.</param>
/// <param name="Height">How many rows.</param>
/// <param name="Width">How many columns.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>How many numbers an image has.</summary>
    public int Count => Channels * Height * Width;

    /// <summary>Channels × height × width.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Channels} × {Height} × {Width}");

    /// <summary>Where the number of a channel, a row and a column lies.</summary>
    internal int IndexOf(int channel, int row, int column) => (channel * Height + row) * Width + column;

    /// <summary>What comes out where a square window takes steps over an image.</summary>
    /// <param name="channels">How many channels come out.</param>
    /// <param name="size">How high and wide the window is.</param>
    /// <param name="stride">How far a step goes.</param>
    /// <param name="padding">How far beyond each edge the window goes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or the padding negative.</exception>
    /// <exception cref="ArgumentException">The window is larger than the image with its padding.</exception>
    internal ImageShape Through(int channels, int size, int stride, int padding)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(padding);
        int height = Height + 2 * padding, width = Width + 2 * padding;
        if (size > height || size > width)
            throw new ArgumentException($"A window of {size} × {size} does not fit an image of {height} × {width}, padding included. Take a smaller window or more padding.", nameof(size));
        if (padding >= size)
            throw new ArgumentException($"A padding of {padding} would put a whole window of {size} × {size} outside of the image. Take a padding below {size}.", nameof(padding));
        return new ImageShape(channels, (height - size) / stride + 1, (width - size) / stride + 1);
    }
}
