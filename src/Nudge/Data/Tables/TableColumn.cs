// A column of a table: what it holds, what it becomes, and what was seen in it.

namespace Nudge;

/// <summary>What a column holds.</summary>
public enum ColumnKind
{
    /// <summary>Numbers: one input.</summary>
    Number,

    /// <summary>One of some names: an input for each.</summary>
    Category,

    /// <summary>Yes or no: one input.</summary>
    YesNo,

    /// <summary>Dates, times or both: their parts that repeat.</summary>
    Date,

    /// <summary>A number or name for each row, which says nothing about other rows: left out.</summary>
    RowNumber,

    /// <summary>The same in every row: left out.</summary>
    Constant,

    /// <summary>Texts that hardly repeat: left out.</summary>
    Text,

    /// <summary>Whatever it is, it is not to be used.</summary>
    Ignored,
}

/// <summary>What was seen in a column when it was understood.</summary>
/// <param name="Distinct">How many different texts; null where there are too many to count.</param>
/// <param name="Missing">In how many rows the value is missing.</param>
/// <param name="Unreadable">How many cells are not what the column is, and count as missing.</param>
public sealed record ColumnFacts(int? Distinct = null, int Missing = 0, int Unreadable = 0);

/// <summary>How a cell was read.</summary>
internal enum CellReading
{
    Known,
    Missing,
    Unseen,
    Unreadable,
}

/// <summary>A column as a schema has it. It does not change.</summary>
public abstract class TableColumn
{
    private protected TableColumn(string name, ColumnKind kind, bool hasIndicator, ColumnFacts facts)
    {
        Name = name;
        Kind = kind;
        HasIndicator = hasIndicator;
        Facts = facts;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What it holds.</summary>
    public ColumnKind Kind { get; }

    /// <summary>Whether it has an input that is 1 where the value is missing.</summary>
    public bool HasIndicator { get; }

    /// <summary>What was seen in it.</summary>
    public ColumnFacts Facts { get; }

    /// <summary>What a cell is expected to be, in words.</summary>
    internal string Expected => Kind switch
    {
        ColumnKind.Number => "a number",
        ColumnKind.YesNo => "yes or no",
        ColumnKind.Date => "a date",
        _ => "a text",
    };

    /// <summary>The names of the inputs that it becomes.</summary>
    public IReadOnlyList<string> InputNames => HasIndicator ? [.. ValueNames, $"{Name} is missing"] : ValueNames;

    /// <summary>What it becomes, in words, or why it is left out.</summary>
    public abstract string Becomes { get; }

    /// <summary>The inputs without the indicator.</summary>
    private protected abstract IReadOnlyList<string> ValueNames { get; }

    internal virtual int InputCount => ValueNames.Count + (HasIndicator ? 1 : 0);

    /// <summary>By what an input is divided to be of the size of others; null for its standard deviation.</summary>
    internal double? ScaleOf(int input) => input == ValueNames.Count ? 0.5 : FixedScale;

    private protected virtual double? FixedScale => null;

    /// <summary>Writes a cell as inputs: NaN where there is no value to write.</summary>
    internal CellReading Read(ReadOnlySpan<byte> cell, MissingMarks marks, Span<double> inputs)
    {
        CellReading reading = ReadValue(cell, marks, inputs);
        bool isMissing = reading is CellReading.Missing or CellReading.Unreadable;
        if (isMissing)
            WriteMissing(inputs[..^(HasIndicator ? 1 : 0)]);
        if (HasIndicator)
            inputs[^1] = isMissing ? 1 : 0;
        return reading;
    }

    /// <summary>Writes the value of a cell, if it has one.</summary>
    private protected abstract CellReading ReadValue(ReadOnlySpan<byte> cell, MissingMarks marks, Span<double> inputs);

    private protected static bool IsMissing(ReadOnlySpan<byte> cell, MissingMarks marks) =>
        NumberText.TryParse(cell, out double number) ? marks.Has(number) : marks.Has(cell);

    private protected virtual void WriteMissing(Span<double> inputs) => inputs.Fill(double.NaN);
}
