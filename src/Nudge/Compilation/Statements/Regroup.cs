// The same numbers in another arrangement: rows by level, with a lane for each document, and packed rows. See Packing.

namespace Nudge;

/// <summary>
/// From a row for each position, with a lane for each document, to rows that have the positions of all documents side by
/// side, or back.
/// </summary>
/// <param name="Y">The rows that are written.</param>
/// <param name="A">The rows that are read.</param>
/// <param name="Rows">How many rows a position has.</param>
/// <param name="Levels">How many positions there are.</param>
/// <param name="Packs">Whether the results are packed, or what is read.</param>
/// <param name="Adds">Whether it adds to what the results hold.</param>
internal sealed record Regroup(Location Y, Location A, int Rows, int Levels, bool Packs, bool Adds = false) : Contribution(Adds)
{
    internal override IEnumerable<Region> Reads => [new(A, Packs ? Rows * Levels : Rows)];

    internal override IEnumerable<Region> Writes => [new(Y, Count)];

    internal override Location Result => Y;

    internal override int Count => Packs ? Rows : Rows * Levels;

    internal override double Work => 0;

    internal override IEnumerable<int> Shape => [Rows, Levels];

    internal override Regroup Slice(int from, int count) => (Regroup)ForLevels(count / Rows);

    internal override Statement ForLevels(int levels) => this with { Levels = levels };

    internal override Regroup Move(Func<Location, Location> to) => this with { Y = to(Y), A = to(A) };

    public override string ToString() => $"{(Packs ? "pack" : "unpack")} × {Rows}";
}

/// <summary>
/// Uniform numbers as packed rows: in the lanes of a level, row i holds the number <c>i · Stride</c> places after the
/// level's first, and that of the next level lies <c>Outer</c> further on.
/// </summary>
internal sealed record Spread(Location Y, Location A, int Rows, int Stride, int Levels, int Outer) : Statement
{
    internal override IEnumerable<Region> Reads => [new(new Address(A, Outer, Stride), new Extent(Levels, Rows))];

    internal override IEnumerable<Region> Writes => [new(Y, Rows)];

    internal override Location Result => Y;

    internal override int Count => Rows;

    internal override double Work => 0;

    internal override IEnumerable<int> Shape => [Rows, Stride, Levels, Outer];

    internal override Spread Slice(int from, int count) => this with { Y = Y.Offset(from), A = A.Offset(from * Stride), Rows = count };

    internal override Spread ForLevels(int levels) => this with { Levels = levels };

    internal override Spread Move(Func<Location, Location> to) => this with { Y = to(Y), A = to(A) };

    public override string ToString() => $"spread × {Rows}";
}

/// <summary>The gradient of numbers that were spread: each gets the sum over the lanes of its level.</summary>
internal sealed record Collect(Spread Of) : Statement
{
    internal override IEnumerable<Region> Reads => [new(Of.Y.Gradient, Of.Rows)];

    internal override IEnumerable<Region> Writes => [new(new Address(Of.A.Gradient, Of.Outer, Of.Stride), new Extent(Of.Levels, Of.Rows))];

    internal override Location Result => Of.A.Gradient;

    internal override int Count => Of.Rows;

    internal override double Work => 0;

    internal override IEnumerable<int> Shape => Of.Shape;

    internal override Collect Slice(int from, int count) => throw new NotSupportedException("Backward passes are not cut.");

    internal override Collect Move(Func<Location, Location> to) => new(Of.Move(to));

    public override string ToString() => $"collect × {Of.Rows}";
}
