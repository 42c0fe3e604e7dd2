// What is asked of a table beyond what is found from it.

namespace Nudge;

/// <summary>What becomes of cells without a value.</summary>
public enum MissingPolicy
{
    /// <summary>They count as average, and an input says that they were missing.</summary>
    Fill,

    /// <summary>Their rows are left out.</summary>
    Drop,

    /// <summary>The file is refused.</summary>
    Refuse,
}

/// <summary>
/// What is to be learnt from a table. By default the last column is the target, and what the others are is found from
/// them. Columns are named, or, where none has that name, given by position from 1.
/// </summary>
public sealed record TableOptions
{
    /// <summary>
    /// The target column, or several columns to predict together, with commas between their names. Default: the last column that is
    /// not ignored.
    /// </summary>
    public string? Target { get; init; }

    /// <summary>What to predict, of several targets of each. Default: found from the target.</summary>
    public LearningTask? Task { get; init; }

    /// <summary>Columns that are neither inputs nor target. Default: none.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Columns whose values are names, whatever they look like. Default: found.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Columns that are numbers; a cell that is none counts as missing. Default: found.</summary>
    public IReadOnlyList<string> Numbers { get; init; } = [];

    /// <summary>Columns that are dates or times; a cell that is none counts as missing. Default: found.</summary>
    public IReadOnlyList<string> Dates { get; init; } = [];

    /// <summary>What becomes of missing cells. Default: they are filled.</summary>
    public MissingPolicy Missing { get; init; }

    /// <summary>
    /// Texts and numbers that stand for a missing value besides the usual ones (an empty cell, NA, ? and so on). Null, the
    /// default: −999, −9999 and so on where they stand far outside of a column and again and again.
    /// </summary>
    public IReadOnlyList<string>? MissingMarks { get; init; }
}
