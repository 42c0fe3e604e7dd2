// Who writes a gradient first sets it, and who comes later adds to it: decided here once, for all kinds of statements.

namespace Nudge;

/// <summary>
/// Goes through a backward pass and knows of each row whether something has been written to it. The first to write a row sets it; where a
/// statement meets some rows that hold something and others that do not, the others are cleared before all. Statements that
/// meet a row several times are split until no part does.
/// </summary>
internal sealed class FirstWriters
{
    private readonly bool[] _written, _cleared;
    private readonly int _firstPacked;
    private readonly List<Statement> _settled = [];

    /// <summary>For a plan whose results have their gradients.</summary>
    internal FirstWriters(Plan plan)
    {
        _written = new bool[plan.VaryingSize];
        _cleared = new bool[plan.VaryingSize];
        _firstPacked = plan.Packed?.Start ?? plan.VaryingSize;
        foreach (Location root in plan.Roots)
        {
            if (root.IsVarying)
                _written[root.Index] = true;
        }
    }

    /// <summary>The statements, each of which sets or adds.</summary>
    /// <param name="statements">Statements that add.</param>
    /// <param name="inputs">How many rows, from the first on, are results: nothing may have contributed to them.</param>
    internal Statement[] Settle(List<Statement> statements, int inputs)
    {
        foreach (Statement statement in statements)
        {
            foreach (Region region in statement.Reads)
                ClearUnwritten(region);
            foreach (Statement part in Split(statement))
                _settled.Add(Settle(part));
        }
        ClearUnwritten(new Region(new Location(Space.VaryingGradients, 0), inputs));
        return [.. Clears(), .. _settled];
    }

    // As few as there are stretches of rows that lie one after the other, packed ones by themselves.
    private IEnumerable<Clear> Clears()
    {
        for (int row = 0, end; row < _cleared.Length; row = end)
        {
            end = row + 1;
            if (!_cleared[row])
                continue;
            while (end < _cleared.Length && _cleared[end] && end != _firstPacked)
                end++;
            yield return new Clear(new Location(Space.VaryingGradients, row), end - row);
        }
    }

    /// <summary>The statements, where all gradients are cleared beforehand.</summary>
    internal static Statement[] AddAll(List<Statement> statements) => [.. statements.SelectMany(Split)];

    // Places that are met again are written in several rounds: as few as there may be.
    private static IEnumerable<Statement> Split(Statement statement)
    {
        if (statement is not Nest nest || nest.Target.IsInjective)
            return [statement];
        IEnumerable<Nest>[] ways = [.. Ways(nest)];
        IEnumerable<Nest> rounds = ways.Where(way => way.First().Target.IsInjective).Concat(ways).First();
        return rounds.SelectMany(Split);
    }

    // The rounds of each of its loops, the shortest first.
    private static IEnumerable<IEnumerable<Nest>> Ways(Nest nest)
    {
        Extent extent = nest.Extent;
        (int Rounds, int Stride, Extent One, Func<Address, int, Location> Place)[] loops =
        [
            (extent.Outer, nest.Y.Outer, extent with { Outer = 1 }, (address, i) => address.At(i, 0)),
            (extent.Inner, nest.Y.Inner, extent with { Inner = 1 }, (address, i) => address.At(0, i)),
            (extent.Depth, nest.Y.Depth, extent with { Depth = 1 }, (address, i) => address.At(0, 0, i)),
        ];
        return loops.Where(loop => loop.Rounds > 1 && loop.Stride != 0).OrderBy(loop => loop.Rounds).Select(loop => Enumerable.Range(0, loop.Rounds).Select(i => nest with
        {
            Extent = loop.One,
            Y = nest.Y with { Start = loop.Place(nest.Y, i) },
            A = nest.A with { Start = loop.Place(nest.A, i) },
            B = nest.B is { } b ? b with { Start = loop.Place(b, i) } : null,
        }));
    }

    private Statement Settle(Statement statement)
    {
        switch (statement)
        {
            case Map { IsInPlace: true }:
                return statement;
            case Contribution contribution:
                return contribution with { Adds = Claim(contribution.Target) };
            case Sums sums:
                return new Sums(Array.ConvertAll(sums.Terms, term => term with { Adds = Claim(term.Target) }));
            default:
                // The others always add.
                foreach (Region region in statement.Writes)
                    ClearUnwritten(region);
                return statement;
        }
    }

    // Whether something is there to be added to; from then on there is.
    private bool Claim(Region region)
    {
        if (region.Space is Space.ParameterGradients or Space.UniformGradients)
            return true;
        if (region.Space != Space.VaryingGradients)
            return false;
        bool any = region.Locations.Any(place => _written[place.Index]);
        if (any)
            ClearUnwritten(region);
        foreach (Location place in region.Locations)
            _written[place.Index] = true;
        return any;
    }

    private void ClearUnwritten(Region region)
    {
        if (region.Space != Space.VaryingGradients)
            return;
        foreach (Location place in region.Locations)
        {
            _cleared[place.Index] |= !_written[place.Index];
            _written[place.Index] = true;
        }
    }
}
