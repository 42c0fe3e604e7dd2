// The map: one elementwise operation, or the slope of one, over aligned operands.

namespace Nudge;

/// <summary>What a map does with an operation.</summary>
internal enum MapKind : byte
{
    /// <summary>y = f(a) or f(a, b).</summary>
    Apply,

    /// <summary>y (+)= g · ∂f/∂a, with the operands g, a, f(a) or g, a, b, f(a, b).</summary>
    SlopeOfFirst,

    /// <summary>y (+)= g · ∂f/∂b, with the operands g, a, b, f(a, b).</summary>
    SlopeOfSecond,
}

/// <summary>An operation, or its slope times a gradient, for each round of two loops and each lane.</summary>
internal sealed record Map(MapKind Kind, Operation Operation, Extent Extent, Address Y, Address[] Operands, bool Adds = false) : Contribution(Adds)
{
    internal override IEnumerable<Region> Reads => Operands.Select(operand => new Region(operand, Extent).Distinct);

    internal override IEnumerable<Region> Writes => [new Region(Y, Extent)];

    internal override Location Result => Y.Start;

    internal override int Count => Extent.Count;

    internal override double Work => Extent.Count;

    internal override IEnumerable<int> Shape =>
        [(int)Kind, (int)Operation, Extent.Outer, Extent.Inner, Y.Outer, Y.Inner, Adds ? 1 : 0, .. Operands.SelectMany(operand => (int[])[operand.Outer, operand.Inner])];

    /// <summary>Whether the results take the place of an operand.</summary>
    internal bool IsInPlace => Operands.Contains(Y);

    internal override Map Slice(int from, int count)
    {
        (int outer, int inner) = Extent.Outer == 1 ? (0, from) : (from / Extent.Inner, 0);
        return this with
        {
            Extent = Extent.Outer == 1 ? Extent with { Inner = count } : Extent with { Outer = count / Extent.Inner },
            Y = Y.From(outer, inner),
            Operands = Array.ConvertAll(Operands, operand => operand.From(outer, inner)),
        };
    }

    internal override Map Move(Func<Location, Location> to) => this with
    {
        Y = Y with { Start = to(Y.Start) },
        Operands = Array.ConvertAll(Operands, operand => operand with { Start = to(operand.Start) }),
    };

    public override string ToString() => $"{(Kind == MapKind.Apply ? "" : "slope of ")}{OperationTable.Symbol(Operation)} × {Extent.Count}";
}
