// A column of names.

using System.Text;

namespace Nudge;

/// <summary>
/// One of some names: an input for each, 1 for the name that stands there. Names of few rows share one input, and so do
/// names that were not there in training; where no name is rare, for such a one all inputs are 0.
/// </summary>
public sealed class CategoryColumn : TableColumn
{
    private readonly string[] _names;
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly HashSet<string> _rare;

    internal CategoryColumn(string name, IReadOnlyList<string> values, IReadOnlyList<string> rare, bool hasIndicator, ColumnFacts facts)
        : base(name, ColumnKind.Category, hasIndicator, facts)
    {
        Values = values;
        Rare = rare;
        _rare = new HashSet<string>(rare, StringComparer.Ordinal);
        _names = [.. values.Select(value => $"{name}={value}")];
        if (rare.Count > 0)
            _names = [.. _names, $"{name}=another"];
        for (int i = 0; i < values.Count; i++)
            _places.Add(values[i], i);
    }

    /// <summary>The names that have an input of their own.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>The names that share an input.</summary>
    public IReadOnlyList<string> Rare { get; }

    /// <inheritdoc/>
    public override string Becomes => Rare.Count switch
    {
        0 => "an input for each",
        1 => $"an input for each of {Values.Count}, one for a rare one",
        _ => $"an input for each of {Values.Count}, one for {Rare.Count} rare ones",
    };

    private protected override IReadOnlyList<string> ValueNames => _names;

    private protected override double? FixedScale => 1;

    private protected override void WriteMissing(Span<double> inputs) => inputs.Clear();

    private protected override CellReading ReadValue(ReadOnlySpan<byte> cell, MissingMarks marks, Span<double> inputs)
    {
        if (IsMissing(cell, marks))
            return CellReading.Missing;
        inputs.Clear();
        Span<char> buffer = stackalloc char[256];
        ReadOnlySpan<char> text = cell.Length <= buffer.Length ? buffer[..Encoding.UTF8.GetChars(cell, buffer)] : Encoding.UTF8.GetString(cell);
        if (_places.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out int place))
        {
            inputs[place] = 1;
            return CellReading.Known;
        }
        if (_rare.Count == 0)
            return CellReading.Unseen;
        inputs[Values.Count] = 1;
        return _rare.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text) ? CellReading.Known : CellReading.Unseen;
    }
}
