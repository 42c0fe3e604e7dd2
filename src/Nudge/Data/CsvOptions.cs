// How the columns of a CSV file become inputs and a target.

namespace Nudge;

/// <summary>What is to be learnt from a CSV file. The defaults take the last column as the target and all others as inputs.</summary>
public sealed record CsvOptions
{
    /// <summary>
    /// The target column: its name, or, where no column has that name, its position from 1. Default: the last column
    /// that is not ignored.
    /// </summary>
    public string? Target { get; init; }

    /// <summary>What to predict. Default: found from the target, see <see cref="CsvDataset.Load"/>.</summary>
    public LearningTask? Task { get; init; }

    /// <summary>Columns that are neither inputs nor target, by name or position from 1. Default: none.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];
}

/// <summary>What a CSV file was read as.</summary>
/// <param name="Data">The examples, in the order of the rows.</param>
/// <param name="Task">What is to be predicted.</param>
/// <param name="Reason">Why that, in words: <c>target 'species' has 3 different texts: classification</c>.</param>
/// <param name="ColumnCount">How many columns the file has, where their names are their positions; null where it names them.</param>
public sealed record CsvLoad(Dataset Data, LearningTask Task, string Reason, int? ColumnCount);
