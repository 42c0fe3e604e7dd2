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

    private protected override bool IsMissing(ReadOnlySpan<byte> cell, MissingMarks marks) =>
        Style.TryRead(cell, out double number) ? marks.Has(number) : marks.Has(cell);

    private protected override CellReading ReadValue(ReadOnlySpan<byte> cell, Span<double> inputs) =>
        Style.TryRead(cell, out inputs[0]) ? CellReading.Known : CellReading.Unreadable;
}
