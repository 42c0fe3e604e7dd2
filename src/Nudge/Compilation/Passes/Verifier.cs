// Whether the statements that a pass has written make sense.

namespace Nudge;

/// <summary>
/// Checks after each pass that nothing is read before it is written, that a result is set once, and that what is added to
/// holds something. It costs as much as compiling, so that only tests and debugging ask for it.
/// </summary>
internal static class Verifier
{
    /// <summary>Whether passes are verified, and gradients of rows that nobody has written are NaN.</summary>
    internal static bool IsEnabled { get; set; }

    /// <summary>Checks a forward pass.</summary>
    /// <param name="plan">The pass.</param>
    /// <param name="step">Of some steps of a sequence, the first of them: those before it have been computed.</param>
    internal static void CheckForward(Plan plan, int step = 0)
    {
        if (!IsEnabled)
            return;
        CheckLevels(plan);
        var (uniform, varying) = (new bool[plan.UniformSize], new bool[plan.VaryingSize]);
        uniform.AsSpan(0, plan.Constants.Length).Fill(true);
        varying.AsSpan(0, plan.InputCount).Fill(true);
        for (int row = plan.InputCount; row < plan.Levels?.Length; row++)
            varying[row] = plan.Levels[row] < step;
        foreach (Statement statement in (Statement[])[.. plan.Uniform, .. plan.Varying])
        {
            RequireWritten(statement.Reads, Written, statement);
            bool adds = statement is Contribution { Adds: true }, isInPlace = statement is Map { IsInPlace: true };
            if (statement is Sums or Maxima)
                CheckTerms(statement is Sums sums ? sums.Terms : ((Maxima)statement).Terms, Written, statement);
            else
                CheckWrites(statement.Writes, Written, adds || isInPlace, statement);
        }

        ref bool Written(Location place)
        {
            if (place.IsVarying)
                return ref varying[place.Index];
            return ref uniform[place.Index];
        }
    }

    /// <summary>Checks the varying part of a backward pass.</summary>
    internal static void CheckBackward(Plan plan, Statement[] backward)
    {
        if (!IsEnabled)
            return;
        var written = new bool[plan.VaryingSize];
        foreach (Location root in plan.Roots)
        {
            if (root.IsVarying)
                written[root.Index] = true;
        }
        foreach (Statement statement in backward)
        {
            RequireWritten(statement.Reads.Where(region => region.Space == Space.VaryingGradients), Written, statement);
            switch (statement)
            {
                case Sums sums:
                    CheckTerms(sums.Terms, Written, statement);
                    break;
                case Clear or Contribution { Adds: false } and not Map { IsInPlace: true }:
                    CheckWrites(statement.Writes, Written, false, statement);
                    break;
                default:
                    CheckWrites(statement.Writes, Written, true, statement);
                    break;
            }
        }

        ref bool Written(Location place) => ref written[place.Index];
    }

    // The beginning of a statement of a sequence must be what the first steps need of it, in whole rounds of its outer loop.
    private static void CheckLevels(Plan plan)
    {
        foreach (Statement statement in plan.Varying)
        {
            if (plan.Levels is not { } levels || statement.Result.Index >= (plan.Packed?.Start ?? int.MaxValue))
                continue;
            Extent extent = statement switch { Nest nest => nest.Extent, Map map => map.Extent, Select select => select.Extent, _ => new Extent(1, statement.Count) };
            for (int i = 1; i < statement.Count; i++)
            {
                (int before, int level) = (levels[statement.Result.Index + i - 1], levels[statement.Result.Index + i]);
                if (level < before)
                    throw Fails(statement, $"has a row of level {level} after one of level {before}");
                if (level > before && extent.Outer > 1 && i % extent.Inner != 0)
                    throw Fails(statement, $"goes on to level {level} within a round");
            }
        }
    }

    private delegate ref bool Flag(Location place);

    private static void CheckTerms(Term[] terms, Flag written, Statement statement)
    {
        foreach (Term term in terms)
            CheckWrites([term.Target], written, term.Adds, statement);
    }

    private static void CheckWrites(IEnumerable<Region> regions, Flag written, bool adds, Statement statement)
    {
        foreach (Region region in regions.Where(region => region.Space is Space.Varying or Space.VaryingGradients or Space.Uniform))
        {
            foreach (Location place in region.Locations)
            {
                ref bool flag = ref written(place);
                if (flag != adds)
                    throw Fails(statement, $"{(adds ? "adds to" : "sets")} {place}, which {(flag ? "has been written" : "has not been written")}");
                flag = true;
            }
        }
    }

    private static void RequireWritten(IEnumerable<Region> regions, Flag written, Statement statement)
    {
        foreach (Region region in regions.Where(region => region.Space != Space.Parameters))
        {
            foreach (Location place in region.Locations)
            {
                if (!written(place))
                    throw Fails(statement, $"reads {place}, which has not been written");
            }
        }
    }

    private static InvalidOperationException Fails(Statement statement, string what) => new($"'{statement}' {what}.");
}
