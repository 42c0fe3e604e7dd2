// The finished plan of a program: immutable, shared by all runs.

namespace Nudge;

/// <summary>What a compiled program does, without the numbers it does it with.</summary>
/// <param name="Uniform">The statements that run once for all examples.</param>
/// <param name="Varying">The statements that run for every lane.</param>
/// <param name="Constants">The first numbers of the uniform space.</param>
/// <param name="UniformSize">How many numbers the uniform space holds.</param>
/// <param name="VaryingSize">How many rows the varying space holds.</param>
/// <param name="InputCount">How many inputs it has: the first rows of the varying space.</param>
/// <param name="IndexBounds">For each index input, how many choices it chooses from.</param>
/// <param name="Roots">Where the results are.</param>
/// <param name="Levels">
/// Of a sequence, which of its steps needs each varying row first: the rows of a statement stand in this order. Null
/// where all roots are computed together.
/// </param>
internal sealed record Plan(
    Statement[] Uniform,
    Statement[] Varying,
    double[] Constants,
    int UniformSize,
    int VaryingSize,
    int InputCount,
    int[] IndexBounds,
    Location[] Roots,
    int[]? Levels)
{
    /// <summary>The packed rows of a sequence, where it has any.</summary>
    internal PackedRows? Packed { get; init; }

    /// <summary>The results of some of the steps of a sequence: one for all packed steps together, if their result is packed.</summary>
    private Location[] RootsOf(int from, int to, int rootsInStep) => Packed is { Root: { } root } && to > Packed.FirstLevel
        ? [.. Roots[..Packed.FirstLevel], root]
        : Roots[(from * rootsInStep)..(to * rootsInStep)];

    /// <summary>
    /// What there is to do for some of the steps of a sequence when those before them have been computed. Numbers stay
    /// where they are.
    /// </summary>
    internal Plan ForSteps(int from, int to, int rootsInStep)
    {
        var cut = new List<Statement>();
        foreach (Statement statement in Varying)
        {
            if (statement.Result.Index >= Packed?.Start)
            {
                if (to > Packed.FirstLevel)
                    cut.Add(statement.ForLevels(to - Packed.FirstLevel));
                continue;
            }
            ReadOnlySpan<int> levels = Levels.AsSpan(statement.Result.Index, statement.Count);
            int first = FirstAt(levels, from), count = FirstAt(levels, to) - first;
            if (count == statement.Count)
                cut.Add(statement);
            else if (count > 0)
                cut.Add(statement.Slice(first, count));
        }
        Plan some = this with { Varying = [.. cut], Roots = RootsOf(from, to, rootsInStep) };
        Verifier.CheckForward(some, from);
        return some;
    }

    /// <summary>Whether each step of a sequence keeps to the tokens that it may know.</summary>
    /// <param name="lookAhead">How many tokens after that of its own step it may know.</param>
    /// <exception cref="InvalidOperationException">A step depends on a token that comes later.</exception>
    internal void RequireCausal(int lookAhead)
    {
        foreach (Select select in Varying.OfType<Select>())
        {
            for (int repeat = 0; repeat < select.Extent.Outer; repeat++)
            {
                int level = Levels![select.Result.Index + repeat * select.Extent.Inner], token = select.IndexNumber + repeat;
                if (token > level + lookAhead)
                    throw new InvalidOperationException($"Result {level} of the sequence depends on token {token}, which comes later: a shorter document does not have it.");
            }
        }
    }

    private static int FirstAt(ReadOnlySpan<int> levels, int level)
    {
        int at = 0;
        while (at < levels.Length && levels[at] < level)
            at++;
        return at;
    }
}
