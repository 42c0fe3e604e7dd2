// The greatest number of each window.

namespace Nudge;

/// <summary>
/// The greatest number of each window, found row by row by <see cref="Value.Max(ReadOnlySpan{Value})"/>: where the greatest so far and the
/// next are equal, each gets half of the gradient. PyTorch's <c>MaxPool2d</c>, which gives all of it to the first.
/// </summary>
/// <inheritdoc cref="Pooling(ImageShape, int, int?)"/>
public sealed class MaxPooling(ImageShape input, int size, int? stride = null) : Pooling(input, size, stride)
{
    /// <inheritdoc/>
    protected override Value Of(ReadOnlySpan<Value> window) => Value.Max(window);
}
