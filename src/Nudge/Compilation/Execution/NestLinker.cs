// The roles of a nest's loops: which one runs along vectors, which ones share what has been loaded.

using System.Numerics;

namespace Nudge;

/// <summary>
/// Brings the loops of a nest, of which the lanes are one, into the order of one of the forms in which the kernels do
/// nests. The innermost loop is a row: y has its numbers side by side, or stays in place for a sum.
/// </summary>
internal static unsafe class NestLinker<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A loop, and how far each operand advances with it.</summary>
    private readonly record struct Loop(int Count, nint Y, nint A, nint B, nint Bias)
    {
        internal bool IsSum => Y == 0;
    }

    private static readonly Loop s_once = new(1, 0, 0, 0, 0);

    internal static Call<T> Link(Nest nest, Linker<V, T> linker)
    {
        Operand<T> y = linker.Find(nest.Y), a = linker.Find(nest.A), b = nest.B is { } address ? linker.Find(address) : default;
        Operand<T> bias = nest.Bias is { } start ? linker.Find(start) : default;
        Location rows = nest.Y.IsVarying ? nest.Y.Start : nest.A.IsVarying ? nest.A.Start : nest.B?.Start ?? nest.A.Start;
        bool isPacked = linker.IsPacked(rows);
        int width = linker.WidthOf(rows);
        var call = new Call<T> { Adds = nest.Adds, Negative = nest.Negative, IsPacked = isPacked };
        List<Loop> loops =
        [
            new(nest.Extent.Depth, y.Depth, a.Depth, b.Depth, bias.Depth),
            new(nest.Extent.Inner, y.Inner, a.Inner, b.Inner, bias.Inner),
            new(nest.Extent.Outer, y.Outer, a.Outer, b.Outer, bias.Outer),
        ];
        if (isPacked || width > 1)
            loops.Insert(0, new(width, y.IsRow ? 1 : 0, a.IsRow ? 1 : 0, b.IsRow ? 1 : 0, 0));
        Loop? lanes = isPacked ? loops[0] : null;
        loops.RemoveAll(loop => loop.Count == 1 && loop != lanes);
        Merge(loops, lanes);
        // Where there are lanes they are the row, alone or as a part of a longer one.
        Loop row = lanes ?? (width > 1 ? loops[0] : RowOf(loops, nest.B is not null) ?? s_once);
        loops.Remove(row);
        Arrange(ref call, row, loops, (y, a, b, bias), nest.B is not null);
        call.Kernel = NestKernels<V, T>.Choose(ref call, nest.B is not null, linker);
        return call;
    }

    // Loops that follow each other in every operand are one.
    private static void Merge(List<Loop> loops, Loop? lanes)
    {
        for (int i = lanes is null ? 0 : 1; i < loops.Count; i++)
        {
            for (int j = lanes is null ? 0 : 1; j < loops.Count; j++)
            {
                if (i == j || !Follows(loops[i], loops[j]))
                    continue;
                // The longer loop stays in the place of the inner one: lanes are the first.
                loops[i] = loops[i] with { Count = loops[i].Count * loops[j].Count };
                loops.RemoveAt(j);
                Merge(loops, lanes);
                return;
            }
        }
    }

    private static bool Follows(Loop inner, Loop outer) =>
        outer.Y == inner.Y * inner.Count && outer.A == inner.A * inner.Count && outer.B == inner.B * inner.Count && outer.Bias == inner.Bias * inner.Count;

    private static bool IsRow(Loop loop, bool hasB) =>
        loop.Y is 0 or 1 && loop.A is 0 or 1 && loop.B is 0 or 1 && (loop.Y == 1 || (loop.A == 1 && (!hasB || loop.B == 1)));

    // Of a single example: results side by side, or else factors; the longest of them.
    private static Loop? RowOf(List<Loop> loops, bool hasB)
    {
        Loop? best = null;
        foreach (Loop loop in loops)
        {
            if (IsRow(loop, hasB) && (best is not { } other || (loop.Y == other.Y ? loop.Count > other.Count : loop.Y > other.Y)))
                best = loop;
        }
        return best;
    }

    private static void Arrange(ref Call<T> call, Loop row, List<Loop> loops, (Operand<T> Y, Operand<T> A, Operand<T> B, Operand<T> Bias) operands, bool hasB)
    {
        // One number for the whole row comes first, and what several results share last.
        bool isShared = row.A == 1 && row.B == 1 && !row.IsSum && loops.Exists(loop => !loop.IsSum && loop.A == 0) && !loops.Exists(loop => !loop.IsSum && loop.B == 0);
        if (hasB && ((row.A == 1 && row.B == 0) || isShared))
        {
            (operands.A, operands.B) = (operands.B, operands.A);
            (row, loops) = (Swap(row), loops.ConvertAll(Swap));
        }
        bool isRowSum = row.IsSum && row.Count > 1;
        // A sum along the row has results of two loops; otherwise there is a loop of results that share b, and a sum.
        Loop inner, depth;
        if (isRowSum)
        {
            inner = Take(loops, loop => !loop.IsSum && loop.B == 0 && loop.A != 0);
            depth = Take(loops, loop => !loop.IsSum && loop.A == 0 && loop.B != 0);
        }
        else
        {
            depth = Take(loops, loop => loop.IsSum);
            inner = Take(loops, loop => !loop.IsSum && loop.B == 0);
            if (inner == s_once)
                inner = Take(loops, loop => !loop.IsSum);
            if (depth == s_once)
                depth = Take(loops, _ => true);
        }
        if (inner == s_once && loops.Count > 1)
            inner = Take(loops, _ => true);
        if (depth == s_once && loops.Count > 1 && isRowSum)
            depth = Take(loops, _ => true);
        Loop outer = Take(loops, _ => true);
        if (loops.Count > 0)
            throw new InvalidOperationException("A nest has more loops than there are roles.");
        (call.Outer, call.Inner, call.Depth, call.Width) = (outer.Count, inner.Count, depth.Count, row.Count);
        call.Y = operands.Y with { Outer = outer.Y, Inner = inner.Y, Depth = depth.Y, IsRow = row.Y == 1 };
        call.A = operands.A with { Outer = outer.A, Inner = inner.A, Depth = depth.A, IsRow = row.A == 1 };
        call.B = operands.B with { Outer = outer.B, Inner = inner.B, Depth = depth.B, IsRow = row.B == 1 };
        call.C = operands.Bias with { Outer = outer.Bias, Inner = inner.Bias, Depth = row.Bias, IsRow = row.Bias != 0 };
    }

    private static Loop Swap(Loop loop) => loop with { A = loop.B, B = loop.A };

    private static Loop Take(List<Loop> loops, Predicate<Loop> fits)
    {
        int at = loops.FindIndex(fits);
        if (at < 0)
            return s_once;
        Loop loop = loops[at];
        loops.RemoveAt(at);
        return loop;
    }
}
