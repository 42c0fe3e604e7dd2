// The parameters of a module, or any list of leaves, in a fixed order and with their names.

using System.Collections;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>
/// The numbers that are trained, in a stable order. Write one for loose leaves as <c>[w, b]</c>.
/// </summary>
/// <remarks>
/// Making a list moves leaves that no list holds yet into one contiguous block that belongs to it. They stay the same
/// <see cref="Value"/> objects and become views of the block's numbers. A leaf moves once: lists made later see the
/// same block.
/// </remarks>
[CollectionBuilder(typeof(ParameterList), nameof(Create))]
public sealed class ParameterList : IReadOnlyList<Value>
{
    private readonly Value[] _values;
    private readonly Func<int, string?>? _nameOf;
    private readonly ParameterSegment[] _segments;
    private readonly ParameterSegment _first; // of them, where most parameters are found; empty where there is none
    private Dictionary<Value, int>? _places;
    // Up to so many segments are searched one after the other.
    private const int FewSegments = 4;

    private readonly int[]? _indexInBlock; // for each number of this list's own block, its place in the list

    private readonly ParameterBlock? _block;

    /// <summary>A list of leaves.</summary>
    /// <param name="values">Leaves, none twice.</param>
    /// <exception cref="ArgumentException">A value is no leaf, or stands in the list twice.</exception>
    public ParameterList(IEnumerable<Value> values)
        : this([.. values], null)
    {
    }

    internal ParameterList(Value[] values, Func<int, string?>? nameOf)
    {
        _values = values;
        _nameOf = nameOf;
        Count = values.Length;
        Validate(values);
        int loose = values.Count(value => value.Operation == Operation.Leaf);
        if (loose > 0)
        {
            _block = new ParameterBlock(this, loose);
            _indexInBlock = new int[loose];
            MoveLooseLeaves();
        }
        _segments = FindSegments();
        _first = _segments.FirstOrDefault();
    }

    private ParameterList(int count)
    {
        _values = [];
        Count = count;
        _block = new ParameterBlock(this, count);
        _first = new ParameterSegment(_block, 0, count);
        _segments = [_first];
    }

    /// <summary>Numbers for an engine alone, without values that could be a part of expressions.</summary>
    internal static ParameterList OfNumbers(int count) => new(count);

    /// <summary>How many there are.</summary>
    public int Count { get; }

    internal ReadOnlySpan<ParameterSegment> Segments => _segments;

    /// <summary>The parameter at a place.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public Value this[int index] => _values[index];

    /// <summary>A list of leaves; what <c>[w, b]</c> calls.</summary>
    /// <param name="values">Leaves, none twice.</param>
    public static ParameterList Create(ReadOnlySpan<Value> values) => new(values.ToArray(), null);

    /// <summary>
    /// The stable name of a parameter within this list, as <c>layers.0.neurons.2.w[1]</c>; for loose leaves their
    /// label, or else their place.
    /// </summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public string NameAt(int index) => _nameOf?.Invoke(index) ?? _values[index].Label ?? $"[{index}]";

    /// <summary>Sets every gradient to 0, ready for the next backward pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ZeroGradients()
    {
        foreach (ref readonly ParameterSegment segment in Segments)
            segment.ZeroGradients();
    }

    /// <summary>A copy of the present numbers, in order.</summary>
    public double[] ToArray()
    {
        var numbers = new double[Count];
        CopyTo(numbers);
        return numbers;
    }

    /// <summary>Copies the present numbers, in order.</summary>
    /// <param name="numbers">Room for as many numbers as there are parameters.</param>
    public void CopyTo(Span<double> numbers)
    {
        foreach (ParameterSegment segment in _segments)
        {
            segment.CopyDataTo(numbers);
            numbers = numbers[segment.Length..];
        }
    }

    /// <summary>Copies the present gradients, in order; 0 for one that has not been computed.</summary>
    /// <param name="gradients">Room for as many numbers as there are parameters.</param>
    public void CopyGradientsTo(Span<double> gradients)
    {
        foreach (ParameterSegment segment in _segments)
        {
            segment.CopyGradientsTo(gradients);
            gradients = gradients[segment.Length..];
        }
    }

    /// <summary>Sets every number, in order: the opposite of <see cref="ToArray"/>.</summary>
    /// <param name="numbers">As many numbers as there are parameters.</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers than parameters.</exception>
    public void Load(ReadOnlySpan<double> numbers)
    {
        if (numbers.Length != Count)
            throw new ArgumentException($"Expected {Count} numbers, one for each parameter, got {numbers.Length}.", nameof(numbers));
        foreach (ParameterSegment segment in _segments)
        {
            segment.Load(numbers);
            numbers = numbers[segment.Length..];
        }
    }

    /// <summary>The parameters in order.</summary>
    public IEnumerator<Value> GetEnumerator() => ((IEnumerable<Value>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal string? NameInBlock(ParameterBlock block, int index) =>
        _nameOf is not null && block == _block ? _nameOf(_indexInBlock![index]) : null;

    private static void Validate(Value[] values)
    {
        var seen = new HashSet<Value>(values.Length);
        foreach (Value value in values)
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Operation is not (Operation.Leaf or Operation.Parameter))
                throw new ArgumentException($"Only leaves can be parameters, and {value} is the result of {value.Operation}.", nameof(values));
            if (!seen.Add(value))
                throw new ArgumentException($"{value} stands in the list twice.", nameof(values));
        }
    }

    /// <summary>The place of a parameter in this list, or −1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int PlaceOf(Value leaf)
    {
        if (leaf.Operation != Operation.Parameter)
            return -1;
        int place = leaf.IndexInBlock - _first.Start;
        return leaf.Block == _first.Block && (uint)place < (uint)_first.Length ? place : PlaceBeyondFirst(leaf);
    }

    private int PlaceBeyondFirst(Value leaf)
    {
        if (_segments.Length > FewSegments)
            return (_places ??= Enumerate()).GetValueOrDefault(leaf, -1);
        int offset = 0;
        foreach (ParameterSegment segment in _segments)
        {
            if (segment.Block == leaf.Block && (uint)(leaf.IndexInBlock - segment.Start) < (uint)segment.Length)
                return offset + leaf.IndexInBlock - segment.Start;
            offset += segment.Length;
        }
        return -1;
    }

    private Dictionary<Value, int> Enumerate()
    {
        var places = new Dictionary<Value, int>(_values.Length);
        for (int i = 0; i < _values.Length; i++)
            places.Add(_values[i], i);
        return places;
    }

    private void MoveLooseLeaves()
    {
        int next = 0;
        for (int i = 0; i < _values.Length; i++)
        {
            if (_values[i].Operation != Operation.Leaf)
                continue;
            _indexInBlock![next] = i;
            _values[i].MoveInto(_block!, next++);
        }
    }

    private ParameterSegment[] FindSegments()
    {
        var segments = new List<ParameterSegment>();
        foreach (Value value in _values)
        {
            if (segments.Count > 0 && segments[^1] is var last && last.Block == value.Block && last.Start + last.Length == value.IndexInBlock)
                segments[^1] = last with { Length = last.Length + 1 };
            else
                segments.Add(new ParameterSegment(value.Block, value.IndexInBlock, 1));
        }
        return [.. segments];
    }
}
