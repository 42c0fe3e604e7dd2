// Rows of a table as numbers, and what had to be done to them.

namespace Nudge;

/// <summary>What was read from a table by a schema.</summary>
/// <param name="Rows">The inputs of each row; NaN where a number is missing.</param>
/// <param name="Data">The examples; null where no target was read.</param>
/// <param name="Times">For each example when it was, in days, where a column has dates, or columns of numbers are named year and month (and day and hour); else null.</param>
/// <param name="MissingCells">How many input cells had no value.</param>
/// <param name="RowsLeftOut">How many rows are no examples, since a value is missing.</param>
/// <param name="Remarks">What a person should know, in words: values that were not there in training, cells that could not be read.</param>
public sealed record TableReading(
    IReadOnlyList<double[]> Rows, Dataset? Data, IReadOnlyList<double>? Times, int MissingCells, int RowsLeftOut, IReadOnlyList<string> Remarks)
{
    /// <summary>For each example the row of the file that it stands in, from 0; null where no target was read.</summary>
    public IReadOnlyList<int>? Places { get; init; }
}
