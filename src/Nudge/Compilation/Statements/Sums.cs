// Sums that no nest of loops describes: a list of small nests with one loop each.

namespace Nudge;

/// <summary>
/// y (+)= scale · a · b over one loop, in which each operand advances by 1 or stays where it is: what y stays in place for is a sum.
/// </summary>
internal readonly record struct Term(Location Y, bool YAdvances, Location A, bool AAdvances, Location? B, bool BAdvances, int Count, bool Adds, double Scale = 1)
{
    internal Region Target => new(Y, YAdvances ? Count : 1);

    internal Term Move(Func<Location, Location> to) => this with { Y = to(Y), A = to(A), B = B is { } b ? to(b) : null };

    /// <summary>A factor for each number, or each.</summary>
    internal IEnumerable<Region> Reads
    {
        get
        {
            yield return new(A, AAdvances ? Count : 1);
            if (B is { } b)
                yield return new(b, BAdvances ? Count : 1);
        }
    }
}

/// <summary>Terms one after the other; those of one result follow each other.</summary>
internal sealed record Sums(Term[] Terms) : Statement
{
    internal override IEnumerable<Region> Reads => Terms.SelectMany(term => term.Reads);

    internal override IEnumerable<Region> Writes => Terms.Select(term => term.Target);

    internal override Location Result => Terms[0].Y;

    internal override int Count => Terms[^1].Y.Index + (Terms[^1].YAdvances ? Terms[^1].Count : 1) - Terms[0].Y.Index;

    internal override double Work => IsCopy ? 0 : Terms.Sum(term => term.Count * (term.B is null ? 1 : 2));

    /// <summary>Whether it only brings numbers together.</summary>
    internal bool IsCopy => Array.TrueForAll(Terms, term => term is { Adds: false, Scale: 1, B: null } && (term.YAdvances || term.Count == 1));

    internal override IEnumerable<int> Shape => Terms.SelectMany(term => (int[])
        [term.Count, (term.YAdvances ? 1 : 0) | (term.AAdvances ? 2 : 0) | (term.BAdvances ? 4 : 0) | (term.Adds ? 8 : 0) | (term.B is null ? 16 : 0), BitConverter.SingleToInt32Bits((float)term.Scale)]);

    internal override Sums Slice(int from, int count)
    {
        int first = Result.Index + from, end = first + count;
        var part = new List<Term>();
        foreach (Term term in Terms)
        {
            if (!term.YAdvances)
            {
                if (term.Y.Index >= first && term.Y.Index < end)
                    part.Add(term);
                continue;
            }
            int skip = Math.Max(0, first - term.Y.Index), left = Math.Min(term.Count, end - term.Y.Index) - skip;
            if (left > 0)
                part.Add(term with { Y = term.Y.Offset(skip), A = term.A.Offset(term.AAdvances ? skip : 0), B = term.B?.Offset(term.BAdvances ? skip : 0), Count = left });
        }
        return new([.. part]);
    }

    internal override Sums Move(Func<Location, Location> to) => new(Array.ConvertAll(Terms, term => term.Move(to)));

    public override string ToString()
    {
        int results = Terms.Count(term => !term.Adds), all = Terms.Sum(term => term.Count);
        return IsCopy ? $"gather × {all}" : $"sum of {all / Math.Max(1, results)} terms × {results}";
    }

    /// <summary>The same terms, those that go on where the one before ended as one.</summary>
    internal static Sums Of(List<Term> terms)
    {
        var joined = new List<Term>(terms.Count);
        for (int i = 0; i < terms.Count; i++)
        {
            // A result with several terms is a sum of its own, and no part of a row.
            bool isAlone = !terms[i].Adds && (i + 1 == terms.Count || !terms[i + 1].Adds || terms[i + 1].Y != terms[i].Y);
            if (joined.Count > 0 && Join(joined[^1], terms[i], isAlone) is { } both)
                joined[^1] = both;
            else
                joined.Add(terms[i]);
        }
        return new([.. joined]);
    }

    // Terms of one sum whose factors go on; copies, or products, that go on from result to result.
    private static Term? Join(Term last, Term next, bool isAlone)
    {
        bool isSum = next.Adds && next.Y == last.Y && !last.YAdvances;
        bool isRow = isAlone && !last.Adds && next.Y == last.Y.Offset(last.Count) && (last.YAdvances || last.Count == 1);
        if (last.Scale != next.Scale || last.B is null != next.B is null || !(isSum || isRow))
            return null;
        bool? a = Advance(last.A, last.AAdvances, last.Count, next.A);
        bool? b = last.B is { } ours ? Advance(ours, last.BAdvances, last.Count, next.B!.Value) : false;
        if (a is null || b is null || (isSum && !a.Value && !b.Value))
            return null;
        return last with { YAdvances = isRow, AAdvances = a.Value, BAdvances = b.Value, Count = last.Count + 1 };
    }

    private static bool? Advance(Location last, bool advances, int count, Location next) =>
        next == last.Offset(count) && (advances || count == 1) ? true : next == last && (!advances || count == 1) ? false : null;
}

/// <summary>y[i] = the maximum of a list of numbers. No gradient flows through it.</summary>
internal sealed record Maxima(Term[] Terms) : Statement
{
    private readonly Sums _lists = new(Terms);

    internal override IEnumerable<Region> Reads => _lists.Reads;

    internal override IEnumerable<Region> Writes => _lists.Writes;

    internal override Location Result => _lists.Result;

    internal override int Count => _lists.Count;

    internal override double Work => Terms.Sum(term => term.Count);

    internal override IEnumerable<int> Shape => _lists.Shape;

    internal override Maxima Slice(int from, int count) => new(_lists.Slice(from, count).Terms);

    internal override Maxima Move(Func<Location, Location> to) => new(_lists.Move(to).Terms);

    public bool Equals(Maxima? other) => other is not null && Terms.AsSpan().SequenceEqual(other.Terms);

    public override int GetHashCode() => Terms.Length;

    public override string ToString() => $"maximum of {Terms.Sum(term => term.Count) / Count} × {Count}";
}
