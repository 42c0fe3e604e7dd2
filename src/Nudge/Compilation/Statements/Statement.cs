// What a compiled program is made of: statements, each over rows of numbers, which say of themselves what they do.

namespace Nudge;

/// <summary>
/// One statement of a program. Forward and backward passes are made of the same kinds. It is immutable, and describes itself:
/// what it reads and writes, what a part of it is, what it costs, and how it reads.
/// </summary>
internal abstract record Statement
{
    /// <summary>All that it reads, apart from what its results hold when it adds to them.</summary>
    internal abstract IEnumerable<Region> Reads { get; }

    /// <summary>All that it writes.</summary>
    internal abstract IEnumerable<Region> Writes { get; }

    /// <summary>All places that it reads or writes.</summary>
    internal IEnumerable<Location> Places => Reads.Concat(Writes).SelectMany(region => region.Locations);

    /// <summary>The first of the consecutive results of a statement of a forward pass.</summary>
    internal abstract Location Result { get; }

    /// <summary>How many results that are.</summary>
    internal abstract int Count { get; }

    /// <summary>Multiplications and additions for one example, each function counted as one.</summary>
    internal abstract double Work { get; }

    /// <summary>A statement of a forward pass for some of its results. It may be cut between two rounds of an outer loop only.</summary>
    internal abstract Statement Slice(int from, int count);

    /// <summary>The same with other places.</summary>
    internal abstract Statement Move(Func<Location, Location> to);

    /// <summary>Of what goes from level to level of packed rows, the same for the first levels.</summary>
    internal virtual Statement ForLevels(int levels) => this;

    /// <summary>All numbers, beside places, by which it may differ from another of its kind.</summary>
    internal abstract IEnumerable<int> Shape { get; }

    /// <summary>As a reader would write it, without places: what it does, and how often.</summary>
    public abstract override string ToString();
}

/// <summary>A statement that sets its results, or adds to what they hold.</summary>
internal abstract record Contribution(bool Adds) : Statement
{
    internal Region Target => Writes.Single();
}

/// <summary>Sets rows to 0.</summary>
internal sealed record Clear(Location Start, int Rows) : Statement
{
    internal override IEnumerable<Region> Reads => [];

    internal override IEnumerable<Region> Writes => [new(Start, Rows)];

    internal override Location Result => Start;

    internal override int Count => Rows;

    internal override double Work => 0;

    internal override IEnumerable<int> Shape => [Rows];

    internal override Clear Slice(int from, int count) => new(Start.Offset(from), count);

    internal override Clear Move(Func<Location, Location> to) => this with { Start = to(Start) };

    public override string ToString() => $"clear × {Rows}";
}
