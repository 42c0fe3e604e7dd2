// The mean of each window.

namespace Nudge;

/// <summary>The mean of each window's numbers. PyTorch's <c>AvgPool2d</c>.</summary>
/// <inheritdoc cref="Pooling(ImageShape, int, int?)"/>
public sealed class AveragePooling(ImageShape input, int size, int? stride = null) : Pooling(input, size, stride)
{
    /// <inheritdoc/>
    protected override Value Of(ReadOnlySpan<Value> window) => Value.Mean(window);
}
