// A column of yes and no.

namespace Nudge;

/// <summary>Yes or no, in any spelling: one input, 1 for yes and 0 for no.</summary>
public sealed class YesNoColumn : TableColumn
{
    private readonly string[] _names;

    internal YesNoColumn(string name, bool hasIndicator, ColumnFacts facts)
        : base(name, ColumnKind.YesNo, hasIndicator, facts) => _names = [name];

    /// <inheritdoc/>
    public override string Becomes => "1 for yes, 0 for no";

    private protected override IReadOnlyList<string> ValueNames => _names;

    private protected override double? FixedScale => 0.5;

    private protected override CellReading ReadValue(ReadOnlySpan<byte> cell, MissingMarks marks, Span<double> inputs)
    {
        if (IsMissing(cell, marks))
            return CellReading.Missing;
        if (YesNo.Read(cell) is not { } isYes)
            return CellReading.Unreadable;
        inputs[0] = isYes ? 1 : 0;
        return CellReading.Known;
    }
}
