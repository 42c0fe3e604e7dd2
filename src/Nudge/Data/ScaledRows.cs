// Rows on another scale, computed when they are looked at.

using System.Collections;

namespace Nudge;

/// <summary>Rows as a <see cref="Standardizer"/> gives them: each anew whenever it is asked for, and none kept.</summary>
internal sealed class ScaledRows(IReadOnlyList<double[]> rows, Standardizer scales) : IReadOnlyList<double[]>
{
    private readonly RowScaler _scaler = new(scales);

    public int Count => rows.Count;

    public double[] this[int index] => _scaler.Apply(rows[index]);

    public IEnumerator<double[]> GetEnumerator() => rows.Select(_scaler.Apply).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
