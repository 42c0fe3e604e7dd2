// The backward pass, from statements to statements.

namespace Nudge;

/// <summary>
/// Writes the backward pass of a plan: of each statement, from the last to the first, the statements that bring the
/// gradients of its results to those of its operands. A nest's are the nest with the roles of its operands exchanged, a
/// map's are maps of slopes. What nobody asks for, or nothing reaches, is not computed.
/// </summary>
internal sealed class Differentiation
{
    private readonly Plan _plan;
    private readonly bool _toParameters;
    private readonly bool[] _needsUniform, _needs, _reached;
    private readonly List<Statement> _statements = [];

    /// <summary>Differentiates a plan.</summary>
    /// <param name="plan">What to differentiate.</param>
    /// <param name="toParameters">Whether gradients of the parameters are asked for.</param>
    /// <param name="inputs">How many inputs' gradients are asked for.</param>
    internal Differentiation(Plan plan, bool toParameters, int inputs)
    {
        _plan = plan;
        _toParameters = toParameters;
        _needsUniform = new bool[plan.UniformSize];
        _needs = new bool[plan.VaryingSize];
        _reached = new bool[plan.VaryingSize];
        _needs.AsSpan(0, inputs).Fill(true);
        Array.ForEach(plan.Uniform, MarkNeeded);
        Array.ForEach(plan.Varying, MarkNeeded);
        foreach (Location root in plan.Roots)
        {
            if (root.IsVarying)
                _reached[root.Index] = true;
        }
        var firstWriters = new FirstWriters(plan);
        Varying = firstWriters.Settle(Reverse(plan.Varying), inputs);
        Uniform = toParameters ? FirstWriters.AddAll(Reverse(plan.Uniform)) : [];
        Verifier.CheckBackward(plan, Varying);
    }

    private Differentiation(Differentiation other, Statement[] varying, Statement[] uniform)
    {
        (_plan, _toParameters, _needsUniform, _needs, _reached) = (other._plan, other._toParameters, other._needsUniform, other._needs, other._reached);
        (Varying, Uniform) = (varying, uniform);
        (Temporaries, PackedTemporaries, UniformTemporaries) = (other.Temporaries, other.PackedTemporaries, other.UniformTemporaries);
    }

    /// <summary>Whether it gives the gradients of the parameters, and not of the inputs.</summary>
    internal bool IsToParameters => _toParameters;

    /// <summary>The same with other statements that do the same.</summary>
    internal Differentiation With(Statement[] varying, Statement[] uniform) => new(this, varying, uniform);

    /// <summary>The backward pass of the varying statements.</summary>
    internal Statement[] Varying { get; }

    /// <summary>The backward pass of the uniform statements. Their gradients are cleared before each run.</summary>
    internal Statement[] Uniform { get; }

    /// <summary>How many temporary rows it needs.</summary>
    internal int Temporaries { get; private set; }

    /// <summary>How many packed ones.</summary>
    internal int PackedTemporaries { get; private set; }

    /// <summary>How many temporary numbers.</summary>
    internal int UniformTemporaries { get; private set; }

    private void MarkNeeded(Statement statement)
    {
        if (!NeedsAny(statement))
            return;
        bool[] needs = statement.Result.IsVarying ? _needs : _needsUniform;
        foreach (Region region in statement.Writes)
        {
            foreach (Location place in region.Locations)
                needs[place.Index] = true;
        }
    }

    private bool NeedsAny(Statement statement) =>
        statement is not (Maxima or Map { Operation: Operation.Detach })
        && (statement.Reads.Any(Needs) || (statement is Contribution { Adds: true } added && Needs(added.Target)));

    private bool Needs(Region region)
    {
        if (region.Space == Space.Parameters)
            return _toParameters;
        foreach (Location place in region.Locations)
        {
            if ((place.IsVarying ? _needs : _needsUniform)[place.Index])
                return true;
        }
        return false;
    }

    private List<Statement> Reverse(Statement[] statements)
    {
        _statements.Clear();
        for (int i = statements.Length - 1; i >= 0; i--)
        {
            if (NeedsAny(statements[i]) && IsReached(statements[i]))
                AddSlopes(statements[i]);
        }
        return _statements;
    }

    private bool IsReached(Statement statement) =>
        !statement.Result.IsVarying || statement.Writes.Any(region => region.Locations.Any(place => _reached[place.Index]));

    private void AddSlopes(Statement statement)
    {
        switch (statement)
        {
            case Map map:
                AddSlopes(map);
                break;
            case Nest nest:
                Address gradient = nest.Y.Gradient;
                AddNest(nest.Extent, nest.A, gradient, nest.B, nest.Negative);
                if (nest.B is { } b)
                    AddNest(nest.Extent, b, gradient, nest.A, nest.Negative);
                if (nest.Bias is { } bias)
                    AddNest(nest.Extent with { Depth = 1 }, bias, gradient, null, false);
                break;
            case Sums sums:
                Add(new Sums([.. sums.Terms.SelectMany(SlopesOf)]));
                break;
            case SoftmaxLists softmax:
                Add(new SoftmaxSlope(softmax.A.Gradient, softmax.Y.Gradient, softmax.Y, softmax.Ends, Adds: true));
                break;
            case Select select:
                Add(new Scatter(select, [.. select.Reads.Select(Needs)]));
                break;
            case Regroup regroup:
                Add(regroup with { Y = regroup.A.Gradient, A = regroup.Y.Gradient, Packs = !regroup.Packs, Adds = true });
                break;
            case Spread spread:
                Add(new Collect(spread));
                break;
            default:
                throw new InvalidOperationException($"Nothing is known of the gradient of '{statement}'.");
        }
    }

    // What a factor contributed to a sum is the gradient of the sum times the other factor: the same term with its roles exchanged.
    private IEnumerable<Term> SlopesOf(Term term)
    {
        // Both factors of a square contribute the same.
        bool isSquare = term.A == term.B && term.AAdvances == term.BAdvances;
        if (Needs(new Region(term.A, term.AAdvances ? term.Count : 1)))
            yield return new(term.A.Gradient, term.AAdvances, term.Y.Gradient, term.YAdvances, term.B, term.BAdvances, term.Count, true, isSquare ? 2 * term.Scale : term.Scale);
        if (!isSquare && term.B is { } b && Needs(new Region(b, term.BAdvances ? term.Count : 1)))
            yield return new(b.Gradient, term.BAdvances, term.Y.Gradient, term.YAdvances, term.A, term.AAdvances, term.Count, true, term.Scale);
    }

    private void AddNest(Extent extent, Address operand, Address gradient, Address? other, bool negative)
    {
        if (Needs(new Region(operand, extent).Distinct))
            Add(new Nest(extent, operand.Gradient, gradient, other, Adds: true, negative));
    }

    private void AddSlopes(Map map)
    {
        Address a = map.Operands[0], y = map.Y, g = y.Gradient;
        switch (map.Operation)
        {
            case Operation.Add:
                AddNest(map.Extent, a, g, null, false);
                AddNest(map.Extent, map.Operands[1], g, null, false);
                break;
            case Operation.Subtract:
                AddNest(map.Extent, a, g, null, false);
                AddNest(map.Extent, map.Operands[1], g, null, true);
                break;
            case Operation.Multiply:
                AddNest(map.Extent, a, g, map.Operands[1], false);
                AddNest(map.Extent, map.Operands[1], g, a, false);
                break;
            default:
                AddMap(map, MapKind.SlopeOfFirst, a, [g, .. map.Operands, y]);
                if (map.Operands.Length > 1)
                    AddMap(map, MapKind.SlopeOfSecond, map.Operands[1], [g, .. map.Operands, y]);
                break;
        }
    }

    private void AddMap(Map map, MapKind kind, Address operand, Address[] operands)
    {
        if (!Needs(new Region(operand, map.Extent).Distinct))
            return;
        Address target = operand.Gradient;
        // A gradient that takes the place of another is whole already; one that several results share is summed up.
        bool isInPlace = operand == map.Y;
        bool isShared = operand.IsVarying != map.Y.IsVarying || !new Region(operand, map.Extent).IsInjective;
        if (!isShared || isInPlace)
        {
            Add(new Map(kind, map.Operation, map.Extent, target, operands, Adds: !isInPlace));
            return;
        }
        var temporary = new Address(Temporary(map.Y.Start, map.Count), map.Extent.Inner, 1);
        Add(new Map(kind, map.Operation, map.Extent, temporary, operands));
        Add(new Nest(map.Extent, target, temporary, null, Adds: true));
    }

    private Location Temporary(Location like, int count)
    {
        if (!like.IsVarying)
        {
            UniformTemporaries = Math.Max(UniformTemporaries, count);
            return new Location(Space.UniformTemporary, 0);
        }
        if (like.Index >= _plan.Packed?.Start)
        {
            PackedTemporaries = Math.Max(PackedTemporaries, count);
            return new Location(Space.PackedTemporary, 0);
        }
        Temporaries = Math.Max(Temporaries, count);
        return new Location(Space.Temporary, 0);
    }

    private void Add(Statement statement)
    {
        _statements.Add(statement);
        foreach (Region region in statement.Writes)
        {
            if (region.Space != Space.VaryingGradients)
                continue;
            foreach (Location place in region.Locations)
                _reached[place.Index] = true;
        }
    }
}
