// Statements that go over the same rows, in one loop.

namespace Nudge;

/// <summary>
/// Statements that follow each other and go over the same rows together: what one of them writes for a row the others touch for the same row
/// alone, or not at all.
/// </summary>
internal sealed class RowGroup
{
    private readonly Dictionary<Location, RowStride> _strides = [];
    private readonly List<RowForm> _forms = [];

    /// <summary>A group of one; null if its places move in more than one way.</summary>
    internal static RowGroup? Of(RowForm form)
    {
        var group = new RowGroup();
        return group.TryAddAlike(form) ? group : null;
    }

    internal int Outer => _forms[0].Outer;

    internal int Inner => _forms[0].Inner;

    internal IReadOnlyList<RowForm> Forms => _forms;

    /// <summary>Whether the rows of an inner loop are as the numbers of a vector.</summary>
    internal bool IsSideBySide => _forms.TrueForAll(form => form.IsSideBySide);

    /// <summary>How far a place of the first row moves.</summary>
    internal RowStride StrideOf(Location place) => _strides.GetValueOrDefault(place);

    /// <summary>All that is touched for the first row, and how far it moves.</summary>
    internal IEnumerable<KeyValuePair<Location, RowStride>> Places => _strides;

    /// <summary>Takes in the next statement, if it can go along.</summary>
    internal bool TryAdd(RowForm form)
    {
        if (form.In(Outer, Inner) is { } alike)
            return TryAddAlike(alike);
        // Or all go as it does.
        if (_forms.ConvertAll(own => own.In(form.Outer, form.Inner)) is var others && others.Contains(null))
            return false;
        List<RowForm> before = [.. _forms];
        Restart(others!);
        if (TryAddAlike(form))
            return true;
        Restart(before);
        return false;
    }

    private void Restart(IEnumerable<RowForm> forms)
    {
        _strides.Clear();
        _forms.Clear();
        foreach (RowForm form in forms)
            Add(form);
    }

    private bool TryAddAlike(RowForm form)
    {
        var own = new Dictionary<Location, RowStride>();
        foreach (RowAccess access in form.Accesses)
        {
            foreach (Location place in access.Places)
            {
                if ((_strides.TryGetValue(place, out RowStride stride) || own.TryGetValue(place, out stride)) && stride != access.Stride)
                    return false;
                own[place] = access.Stride;
            }
        }
        foreach (RowForm other in _forms)
        {
            foreach (RowAccess a in form.Accesses)
            {
                foreach (RowAccess b in other.Accesses)
                {
                    if ((a.Writes || b.Writes) && Meet(a, b) && !GoTogether(form, a, other, b))
                        return false;
                }
            }
        }
        Add(form);
        return true;
    }

    private void Add(RowForm form)
    {
        foreach (RowAccess access in form.Accesses)
        {
            foreach (Location place in access.Places)
                _strides[place] = access.Stride;
        }
        _forms.Add(form);
    }

    // Each row keeps to itself; of sums over all rows one ends after the other.
    private static bool GoTogether(RowForm form, RowAccess a, RowForm other, RowAccess b)
    {
        if (a.Places is not [var place] || b.Places is not [var same] || place != same)
            return false;
        return a.Writes && form.Sum != RowSumKind.None || b.Writes && other.Sum != RowSumKind.None
            ? a.Writes && b.Writes && form.Sum == RowSumKind.AllRows && other.Sum == RowSumKind.AllRows
            : IsOwn(a.Stride, form);
    }

    // Whether each row has a place of its own.
    private static bool IsOwn(RowStride stride, RowForm form)
    {
        (int outer, int inner) = (Math.Abs(stride.Outer), Math.Abs(stride.Inner));
        return form.Outer == 1 ? inner > 0
            : form.Inner == 1 ? outer > 0
            : (inner > 0 && outer > (form.Inner - 1) * inner) || (outer > 0 && inner > (form.Outer - 1) * outer);
    }

    private bool Meet(RowAccess a, RowAccess b)
    {
        if (a.Places[0].Space != b.Places[0].Space)
            return false;
        (int firstOfA, int lastOfA) = Ends(a);
        (int firstOfB, int lastOfB) = Ends(b);
        return firstOfA <= lastOfB && firstOfB <= lastOfA;
    }

    private (int First, int Last) Ends(RowAccess access)
    {
        (int first, int last) = (access.Places.Min(place => place.Index), access.Places.Max(place => place.Index));
        foreach (int reach in (ReadOnlySpan<int>)[(Outer - 1) * access.Stride.Outer, (Inner - 1) * access.Stride.Inner])
            (first, last) = (first + Math.Min(0, reach), last + Math.Max(0, reach));
        return (first, last);
    }
}
