// A column of numbers.

namespace Nudge;

/// <summary>Numbers: one input.</summary>
public sealed class NumberColumn : TableColumn
{
    private readonly string[] _names;

    internal NumberColumn(string name, NumberStyle style, bool hasIndicator, ColumnFacts facts)
        : base(name, ColumnKind.Number, hasIndicator, facts)
    {
        Style = style;
        _names = [name];
    }

    /// <summary>How its numbers are written.</summary>
    public NumberStyle Style { get; }

    /// <inheritdoc/>
    public override string Becomes => Style.Words.Length > 0 ? $"itself ({Style.Words})" : "itself";

    private protected override IReadOnlyList<string> ValueNames => _names;

    // A mark is one in the style of the column, too; and most time of reading goes here, so that a number is read once.
    private protected override CellReading ReadValue(ReadOnlySpan<byte> cell, MissingMarks marks, Span<double> inputs)
    {
        if (Style.TryRead(cell, out inputs[0]))
            return marks.Has(inputs[0]) ? CellReading.Missing : CellReading.Known;
        return marks.Has(cell) ? CellReading.Missing : CellReading.Unreadable;
    }
}
