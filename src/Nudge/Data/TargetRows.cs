// One column of rows, as rows.

using System.Collections;

namespace Nudge;

/// <summary>One target of several for each example: taken out when it is looked at, and not kept.</summary>
internal sealed class TargetRows(IReadOnlyList<double[]> rows, int target) : IReadOnlyList<double[]>
{
    public int Count => rows.Count;

    public double[] this[int index] => [rows[index][target]];

    public IEnumerator<double[]> GetEnumerator() => rows.Select(row => new[] { row[target] }).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
