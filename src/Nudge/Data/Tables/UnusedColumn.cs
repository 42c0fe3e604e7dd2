// A column that is no input.

namespace Nudge;

/// <summary>A column that is left out, and why.</summary>
public sealed class UnusedColumn : TableColumn
{
    internal UnusedColumn(string name, ColumnKind kind, string reason, ColumnFacts facts)
        : base(name, kind, false, facts) => Reason = reason;

    /// <summary>Why it is left out.</summary>
    public string Reason { get; }

    /// <inheritdoc/>
    public override string Becomes => $"left out: {Reason}";

    private protected override IReadOnlyList<string> ValueNames => [];

    private protected override CellReading ReadValue(ReadOnlySpan<byte> cell, MissingMarks marks, Span<double> inputs) => CellReading.Known;
}
