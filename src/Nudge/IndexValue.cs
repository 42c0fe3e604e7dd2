// A whole number that an expression uses to look something up.

namespace Nudge;

/// <summary>
/// An index into a list of values: a plain <see cref="int"/>, or an input of an expression that is being recorded, as
/// the class of an example.
/// </summary>
public readonly struct IndexValue
{
    private readonly int _number;

    internal IndexValue(Value placeholder)
    {
        Placeholder = placeholder;
        _number = (int)placeholder.Number;
    }

    private IndexValue(int number) => _number = number;

    /// <summary>The input of the recording; null for a plain number.</summary>
    internal Value? Placeholder { get; }

    /// <summary>The index, while recording that of the example recorded.</summary>
    internal int Number => _number;

    /// <summary>A plain number is an index.</summary>
    /// <param name="number">From 0.</param>
    public static implicit operator IndexValue(int number) => new(number);

    /// <summary>The same as the implicit conversion, for languages that have none.</summary>
    /// <param name="number">From 0.</param>
    public static IndexValue FromInt32(int number) => new(number);
}
