// A softmax, which is written as five things and better done as one, and its slope.

namespace Nudge;

/// <summary>
/// y[i] = e^(a[i] − m) / Σⱼ e^(a[j] − m) over the numbers a of a list, with m the maximum of them. The lists follow each other
/// and end at <c>Ends[i]</c>; so do their results.
/// </summary>
internal sealed record SoftmaxLists(Location Y, Location A, int[] Ends) : Statement
{
    internal override IEnumerable<Region> Reads => [new(A, Count)];

    internal override IEnumerable<Region> Writes => [new(Y, Count)];

    internal override Location Result => Y;

    internal override int Count => Ends[^1];

    internal override double Work => 5.0 * Count;

    internal override IEnumerable<int> Shape => Ends;

    internal override SoftmaxLists Slice(int from, int count) => new(
        Y.Offset(from), A.Offset(from), [.. Ends.Where(end => end > from && end <= from + count).Select(end => end - from)]);

    internal override SoftmaxLists Move(Func<Location, Location> to) => this with { Y = to(Y), A = to(A) };

    public override string ToString() => $"softmax of {Count / Ends.Length} × {Ends.Length}";
}

/// <summary>The gradient of a softmax: of each list s[i] (+)= y[i] · (g[i] − Σⱼ g[j] · y[j]).</summary>
internal sealed record SoftmaxSlope(Location S, Location G, Location Y, int[] Ends, bool Adds = false) : Contribution(Adds)
{
    internal override IEnumerable<Region> Reads => [new(G, Count), new(Y, Count)];

    internal override IEnumerable<Region> Writes => [new(S, Count)];

    internal override Location Result => S;

    internal override int Count => Ends[^1];

    internal override double Work => 4.0 * Count;

    internal override IEnumerable<int> Shape => [.. Ends, Adds ? 1 : 0];

    internal override SoftmaxSlope Slice(int from, int count) => throw new NotSupportedException("Backward passes are not cut.");

    internal override SoftmaxSlope Move(Func<Location, Location> to) => this with { S = to(S), G = to(G), Y = to(Y) };

    public override string ToString() => $"slope of softmax of {Count / Ends.Length} × {Ends.Length}";
}
