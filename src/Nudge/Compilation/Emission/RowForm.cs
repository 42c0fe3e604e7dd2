// How a statement goes over rows: what it does for the first of them, and where the others are.

namespace Nudge;

/// <summary>How far a place moves with each step of two loops over rows.</summary>
internal readonly record struct RowStride(int Outer, int Inner);

/// <summary>What a statement reads or writes for the first row, and where that of the others is.</summary>
/// <param name="Places">The places: one, or all that are added up for the row.</param>
/// <param name="Stride">How far they move.</param>
/// <param name="Writes">Whether they are written.</param>
internal sealed record RowAccess(Location[] Places, RowStride Stride, bool Writes);

/// <summary>Whether a statement adds up its rows.</summary>
internal enum RowSumKind : byte
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Each row over its lanes.</summary>
    EachRow,

    /// <summary>All rows together.</summary>
    AllRows,
}

/// <summary>A statement that does the same for each of some rows, in two loops.</summary>
/// <param name="First">What it does for the first row.</param>
/// <param name="Outer">How often the outer loop runs.</param>
/// <param name="Inner">How often the inner loop runs.</param>
/// <param name="Accesses">What it reads and writes.</param>
/// <param name="Sum">Whether it adds up rows.</param>
internal sealed record RowForm(Statement First, int Outer, int Inner, RowAccess[] Accesses, RowSumKind Sum)
{
    private const int MostReduced = 8;

    /// <summary>A place, and how far it moves with each loop of a statement.</summary>
    private readonly record struct Operand(Location Start, bool Writes, params int[] Strides);

    /// <summary>How many rows there are.</summary>
    internal int Rows => Outer * Inner;

    /// <summary>Whether the rows of an inner loop lie side by side, as the numbers of a vector do, or are the same for all.</summary>
    internal bool IsSideBySide =>
        Array.TrueForAll(Accesses, access => access.Stride.Inner == 1 || (access.Stride.Inner == 0 && (!access.Writes || Sum == RowSumKind.AllRows)));

    /// <summary>The forms of a statement: one, or one for each term of a list; null if it has none.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="sumOf">How a nest adds up rows; null if it does so in an order of its own.</param>
    internal static RowForm[]? Of(Statement statement, Func<Nest, RowSumKind?> sumOf)
    {
        RowForm?[] forms = statement switch
        {
            Map map => [Of(map with { Extent = new(1, 1) }, [map.Extent.Outer, map.Extent.Inner], [false, false], [OperandOf(map.Y, true), .. map.Operands.Select(address => OperandOf(address))])],
            Nest nest when sumOf(nest) is { } sum => [Of(nest, sum)],
            Clear clear => [Of(clear with { Rows = 1 }, [clear.Rows], [false], [new(clear.Start, true, 1)])],
            Sums sums => Array.ConvertAll(sums.Terms, Of),
            _ => [null],
        };
        return forms.Contains(null) ? null : [.. forms.OfType<RowForm>()];
    }

    private static RowForm? Of(Term term) => !term.YAdvances
        ? null
        : Of(new Sums([term with { Count = 1 }]), [term.Count], [false], [.. OperandsOf(term)]);

    private static RowForm? Of(Nest nest, RowSumKind sum)
    {
        int[] counts = [nest.Extent.Outer, nest.Extent.Inner, nest.Extent.Depth], ofY = [nest.Y.Outer, nest.Y.Inner, nest.Y.Depth];
        bool[] isReduced = [.. counts.Select((count, i) => sum == RowSumKind.None && count > 1 && ofY[i] == 0)];
        var first = new Extent(isReduced[0] ? counts[0] : 1, isReduced[1] ? counts[1] : 1, isReduced[2] ? counts[2] : 1);
        if (first.Count > MostReduced)
            return null;
        var operands = new List<Operand> { OperandOf(nest.Y, true), OperandOf(nest.A) };
        if (nest.B is { } b)
            operands.Add(OperandOf(b));
        if (nest.Bias is { } bias)
            operands.Add(OperandOf(bias with { Depth = 0 }));
        return Of(nest with { Extent = first }, counts, isReduced, [.. operands], sum);
    }

    private static Operand OperandOf(Address address, bool writes = false) => new(address.Start, writes, address.Outer, address.Inner, address.Depth);

    private static IEnumerable<Operand> OperandsOf(Term term)
    {
        yield return new(term.Y, true, 1);
        yield return new(term.A, false, term.AAdvances ? 1 : 0);
        if (term.B is { } b)
            yield return new(b, false, term.BAdvances ? 1 : 0);
    }

    private static RowForm? Of(Statement first, int[] counts, bool[] isReduced, Operand[] operands, RowSumKind sum = RowSumKind.None)
    {
        // Loops that follow each other in every operand are one.
        var loops = new List<(int Count, int[] Strides)>();
        for (int i = 0; i < counts.Length; i++)
        {
            int count = counts[i];
            if (count == 1 || isReduced[i])
                continue;
            int[] strides = Array.ConvertAll(operands, operand => operand.Strides[i]);
            if (loops.Count > 0 && loops[^1].Strides.Zip(strides).All(pair => pair.First == pair.Second * count))
                loops[^1] = (loops[^1].Count * count, strides);
            else
                loops.Add((count, strides));
        }
        if (loops.Count is 0 or > 2)
            return null;
        (int innerCount, int[] inner) = loops[^1];
        (int outerCount, int[] outer) = loops.Count == 2 ? loops[0] : (1, Array.ConvertAll(inner, stride => stride * innerCount));
        RowAccess[] accesses = [.. operands.Select((operand, i) => new RowAccess(PlacesOf(operand, counts, isReduced), new(outer[i], inner[i]), operand.Writes))];
        return new(first, outerCount, innerCount, accesses, sum);
    }

    private static Location[] PlacesOf(Operand operand, int[] counts, bool[] isReduced)
    {
        Location[] places = [operand.Start];
        for (int loop = 0; loop < counts.Length; loop++)
        {
            if (isReduced[loop])
                places = [.. places.SelectMany(place => Enumerable.Range(0, counts[loop]).Select(i => place.Offset(i * operand.Strides[loop])))];
        }
        return places;
    }

    /// <summary>The same with its one loop as two; null if it does not have as many rows.</summary>
    internal RowForm? In(int outer, int inner) => (Outer, Inner) == (outer, inner) ? this
        : Outer != 1 || Inner != outer * inner || Sum == RowSumKind.AllRows ? null
        : this with { Outer = outer, Inner = inner, Accesses = Array.ConvertAll(Accesses, access => access with { Stride = new(access.Stride.Inner * inner, access.Stride.Inner) }) };
}
