// Operands of loops: where the first is, and how far the next.

namespace Nudge;

/// <summary>How often each of three nested loops runs, from the outermost to the innermost.</summary>
internal readonly record struct Extent(int Outer, int Inner, int Depth = 1)
{
    /// <summary>How often the innermost statement runs.</summary>
    internal int Count => Outer * Inner * Depth;
}

/// <summary>An operand of nested loops: a place, and its stride, in places, for each loop.</summary>
internal readonly record struct Address(Location Start, int Outer, int Inner, int Depth = 0)
{
    /// <summary>A row of operands for one loop.</summary>
    internal Address(Location start, int stride)
        : this(start, 0, stride)
    {
    }

    internal bool IsVarying => Start.IsVarying;

    /// <summary>The same walk over the gradients of what it walks over.</summary>
    internal Address Gradient => this with { Start = Start.Gradient };

    internal Location At(int outer, int inner, int depth = 0) => Start.Offset(outer * Outer + inner * Inner + depth * Depth);

    /// <summary>The same walk from a later point of the outer and the inner loop on.</summary>
    internal Address From(int outer, int inner) => this with { Start = At(outer, inner) };
}

/// <summary>All places that an address meets.</summary>
internal readonly record struct Region(Address Address, Extent Extent)
{
    /// <summary>Consecutive places.</summary>
    internal Region(Location start, int count, int stride = 1)
        : this(new Address(start, stride), new Extent(1, count))
    {
    }

    internal Space Space => Address.Start.Space;

    /// <summary>The places one by one, the innermost loop first.</summary>
    internal IEnumerable<Location> Locations
    {
        get
        {
            for (int outer = 0; outer < Extent.Outer; outer++)
            {
                for (int inner = 0; inner < Extent.Inner; inner++)
                {
                    for (int depth = 0; depth < Extent.Depth; depth++)
                        yield return Address.At(outer, inner, depth);
                }
            }
        }
    }

    /// <summary>The same region without the loops in which it stays where it is.</summary>
    internal Region Distinct => this with
    {
        Extent = new(Address.Outer == 0 ? 1 : Extent.Outer, Address.Inner == 0 ? 1 : Extent.Inner, Address.Depth == 0 ? 1 : Extent.Depth),
    };

    /// <summary>Whether no place is met twice.</summary>
    internal bool IsInjective
    {
        get
        {
            // Mostly each stride steps over all that the smaller ones reach.
            Span<(int Extent, int Stride)> loops =
                [(Extent.Outer, Math.Abs(Address.Outer)), (Extent.Inner, Math.Abs(Address.Inner)), (Extent.Depth, Math.Abs(Address.Depth))];
            loops.Sort((a, b) => a.Stride.CompareTo(b.Stride));
            int reach = 0;
            bool isNested = true;
            foreach ((int extent, int stride) in loops)
            {
                if (extent == 1)
                    continue;
                isNested &= stride > reach;
                reach += (extent - 1) * stride;
            }
            return isNested || new HashSet<Location>(Locations).Count == Extent.Count;
        }
    }
}
