// Examples laid out once as a compiled loss reads them.

using System.Numerics;

namespace Nudge;

/// <summary>
/// Examples in the precision and the layout of a compiled loss, made by <see cref="CompiledLoss.Prepare"/>: a batch, or a data
/// set from which batches are picked by row. What has been prepared is a copy: the numbers that it was made of may change.
/// Any number of threads may read it.
/// </summary>
public abstract class CompiledData
{
    private protected CompiledData(int count, int[] indices)
    {
        Count = count;
        Indices = indices;
    }

    /// <summary>How many examples there are.</summary>
    public int Count { get; }

    /// <summary>The whole numbers, one example after the other.</summary>
    internal int[] Indices { get; }

    /// <summary>Writes the numbers of some examples, one example after the other.</summary>
    internal abstract void Write(int firstExample, ReadOnlySpan<double> numbers);
}

/// <inheritdoc/>
internal sealed unsafe class CompiledData<T> : CompiledData
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _size;
    private readonly AlignedArray<T> _rows;
    private Transposed? _transposed;

    internal CompiledData(int count, int size, int[] indices)
        : base(count, indices)
    {
        _size = size;
        _rows = new AlignedArray<T>(checked(count * size));
    }

    internal override void Write(int firstExample, ReadOnlySpan<double> numbers)
    {
        Span<T> rows = _rows.Span.Slice(firstExample * _size, numbers.Length);
        for (int i = 0; i < numbers.Length; i++)
            rows[i] = T.CreateTruncating(numbers[i]);
    }

    /// <summary>How many numbers an example has.</summary>
    internal int NumbersOfExample => _size;

    /// <summary>The numbers of an example.</summary>
    internal ReadOnlySpan<T> Row(int example) => _rows.Span.Slice(example * _size, _size);

    /// <summary>
    /// All numbers in blocks of as many examples as there are lanes, the examples side by side: a row of lanes for each number. Lanes
    /// beyond the last example repeat it.
    /// </summary>
    internal AlignedArray<T> Blocks(int lanes)
    {
        Transposed blocks = _transposed is { } known && known.Lanes == lanes ? known : _transposed = Transpose(lanes);
        return blocks.Numbers;
    }

    private Transposed Transpose(int lanes)
    {
        int chunks = (Count + lanes - 1) / lanes;
        var numbers = new AlignedArray<T>(checked(chunks * lanes * _size));
        for (int lane = 0; lane < chunks * lanes; lane++)
        {
            T* from = _rows.Pointer + (nint)Math.Min(lane, Count - 1) * _size, to = numbers.Pointer + (nint)(lane / lanes) * lanes * _size + lane % lanes;
            for (int i = 0; i < _size; i++, to += lanes)
                *to = from[i];
        }
        return new(lanes, numbers);
    }

    private sealed record Transposed(int Lanes, AlignedArray<T> Numbers);
}
