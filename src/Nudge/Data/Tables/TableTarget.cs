// What is to be predicted: classes, or a number.

using System.Text;

namespace Nudge;

/// <summary>The column to be predicted, or several columns that are predicted together.</summary>
/// <param name="Name">Its name; of several columns their names, with commas between them.</param>
/// <param name="Task">What is asked of it; of several columns <see cref="LearningTask.Regression"/> if all are numbers.</param>
/// <param name="Reason">Why that, in words: <c>target 'species' has 3 different texts: classification</c>.</param>
/// <param name="Classes">The names of the classes, sorted; null for a number, and for several columns, of which each has its own.</param>
/// <param name="Style">How its numbers are written.</param>
/// <param name="Missing">In how many rows it was missing; these are no examples.</param>
public sealed record TableTarget(
    string Name, LearningTask Task, string Reason, IReadOnlyList<string>? Classes, NumberStyle Style, int Missing)
{
    private Dictionary<string, int>? _places;

    /// <summary>The columns: this one alone, or several, each as a target of its own.</summary>
    public IReadOnlyList<TableTarget> Columns { get => field ?? [this]; private init; }

    /// <summary>Several columns as one target.</summary>
    internal static TableTarget Several(IReadOnlyList<TableTarget> columns, string? reason = null) => new(
        string.Join(", ", columns.Select(column => column.Name)),
        columns.All(column => column.Classes is null) ? LearningTask.Regression : LearningTask.Classification,
        reason ?? ReasonOf(columns),
        null, NumberStyle.Plain, columns.Max(column => column.Missing))
    {
        Columns = columns,
    };

    /// <summary>The names of so many numbers to predict: those of the columns, or else their number behind the name of all.</summary>
    internal static IReadOnlyList<string> NamesOf(TableSchema? schema, string name, int count) =>
        count == 1 ? [name]
        : schema?.Target.Columns is { } columns && columns.Count == count ? [.. columns.Select(column => column.Name)]
        : [.. Enumerable.Range(1, count).Select(i => FormattableString.Invariant($"{name} {i}"))];

    private static string ReasonOf(IReadOnlyList<TableTarget> columns) => columns.All(column => column.Classes is null)
        ? $"targets {string.Join(" and ", columns.Select(column => $"'{column.Name}'"))} are numbers, predicted together: regression"
        : $"{columns.Count} targets, predicted together: {string.Join("; ", columns.Select(column => column.Reason))}";

    /// <summary>Reads a cell: the place of its class, or its number; NaN where it is neither.</summary>
    internal double Read(ReadOnlySpan<byte> cell)
    {
        if (Classes is null)
            return Style.TryRead(cell, out double number) ? number : double.NaN;
        _places ??= Classes.Select((name, place) => (name, place)).ToDictionary(pair => pair.name, pair => pair.place, StringComparer.Ordinal);
        string text = Encoding.UTF8.GetString(cell);
        return _places.TryGetValue(text, out int found) || (Style.TryRead(cell, out double value) && _places.TryGetValue(NumberText.NameOf(value), out found))
            ? found
            : double.NaN;
    }

    /// <summary>Whether a cell has no value.</summary>
    internal bool IsMissing(ReadOnlySpan<byte> cell, MissingMarks marks) => Style.TryRead(cell, out double number) ? marks.Has(number) : marks.Has(cell);
}
