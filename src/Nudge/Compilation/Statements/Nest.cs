// The multiply-accumulate nest: products, dots, outer products, sums and copies are all this, with some strides 0.

namespace Nudge;

/// <summary>
/// y[·] (+)= ± a[·] · b[·] over nested loops, and over the lanes where an operand has any: what y stays in place for is a sum.
/// Each operand has a stride for each loop. A bias is what each sum starts from; without b the products are a.
/// </summary>
internal sealed record Nest(Extent Extent, Address Y, Address A, Address? B, bool Adds = false, bool Negative = false, Address? Bias = null)
    : Contribution(Adds)
{
    internal override IEnumerable<Region> Reads
    {
        get
        {
            yield return new Region(A, Extent).Distinct;
            if (B is { } b)
                yield return new Region(b, Extent).Distinct;
            if (Bias is { } bias)
                yield return new Region(bias, Extent with { Depth = 1 }).Distinct;
        }
    }

    internal override IEnumerable<Region> Writes => [new Region(Y, Extent).Distinct];

    internal override Location Result => Y.Start;

    internal override int Count => Extent.Outer * Extent.Inner;

    internal override double Work => (B is null ? 1.0 : 2.0) * Extent.Count;

    /// <summary>Whether it multiplies a matrix of each lane's own.</summary>
    internal bool IsOfLanes => A.IsVarying && B is { IsVarying: true };

    internal override IEnumerable<int> Shape =>
    [
        Extent.Outer, Extent.Inner, Extent.Depth, .. Strides(Y), .. Strides(A), .. B is { } b ? Strides(b) : [], .. Bias is { } bias ? Strides(bias) : [],
        Adds ? 1 : 0, Negative ? 1 : 0, B is null ? 0 : 1, Bias is null ? 0 : 1,
    ];

    internal override Nest Slice(int from, int count)
    {
        (int outer, int inner) = Extent.Outer == 1 ? (0, from) : (from / Extent.Inner, 0);
        return this with
        {
            Extent = Extent.Outer == 1 ? Extent with { Inner = count } : Extent with { Outer = count / Extent.Inner },
            Y = Y.From(outer, inner),
            A = A.From(outer, inner),
            B = B?.From(outer, inner),
            Bias = Bias?.From(outer, inner),
        };
    }

    internal override Nest Move(Func<Location, Location> to) => this with
    {
        Y = Y with { Start = to(Y.Start) },
        A = A with { Start = to(A.Start) },
        B = B is { } b ? b with { Start = to(b.Start) } : null,
        Bias = Bias is { } bias ? bias with { Start = to(bias.Start) } : null,
    };

    public override string ToString()
    {
        string own = IsOfLanes ? " of its own" : "";
        string times = Extent.Outer == 1 ? "" : $", {Extent.Outer} times";
        return B is not null ? $"product {Extent.Inner} × {Extent.Depth}{own}{times}"
            : Extent.Depth > 1 ? $"sum of {Extent.Depth} × {Extent.Outer * Extent.Inner}"
            : $"copy × {Extent.Outer * Extent.Inner}";
    }

    /// <summary>One more round of the outer loop, if that is what another nest is.</summary>
    internal Nest? With(Nest next)
    {
        int outerA = Extent.Outer == 1 ? next.A.Start.Index - A.Start.Index : A.Outer, outerB = Extent.Outer == 1 ? next.B!.Value.Start.Index - B!.Value.Start.Index : B!.Value.Outer;
        Nest whole = this with
        {
            Extent = Extent with { Outer = Extent.Outer + 1 },
            Y = Y with { Outer = Extent.Inner },
            A = A with { Outer = outerA },
            B = B.Value with { Outer = outerB },
        };
        return whole.Slice(Count, Extent.Inner) == next with { Y = next.Y with { Outer = Extent.Inner }, A = next.A with { Outer = outerA }, B = next.B!.Value with { Outer = outerB } } ? whole : null;
    }

    private static IEnumerable<int> Strides(Address address) => [address.Outer, address.Inner, address.Depth];
}
