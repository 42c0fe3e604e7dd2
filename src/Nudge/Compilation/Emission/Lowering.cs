// From statements to straight-line code: their loops unrolled.

using System.Reflection;

namespace Nudge;

/// <summary>Sums of a single lane in parts: loops, and the length of the sums, along which an operand is a row or stays in place.</summary>
internal sealed record RowSum
{
    internal required int Outer, Inner, Depth, Length, Parts;
    internal required Address Y, A;
    internal required Address? B, Bias;
    internal required bool IsRowA, IsRowB, Adds, Negative;
}

/// <summary>
/// Writes what statements do in one vector of lanes, or for the single number that a row has where there is one lane. The arithmetic and its
/// order are those of the kernels.
/// </summary>
/// <param name="code">What is written.</param>
/// <param name="machine">The vectors.</param>
/// <param name="hasLanes">Whether there are several lanes.</param>
/// <param name="isSame">Whether a number is the same for all that a vector holds.</param>
internal sealed class Lowering(RowCode code, RowMachine machine, bool hasLanes, Predicate<Location> isSame)
{
    /// <summary>Writes what a statement does for one row.</summary>
    internal void Lower(RowForm form)
    {
        if (form.Sum == RowSumKind.None)
            Lower(form.First);
        else
            AddToSum((Nest)form.First, form.Sum);
    }

    /// <summary>Writes a statement.</summary>
    internal void Lower(Statement statement)
    {
        switch (statement)
        {
            case Map map:
                Lower(map);
                break;
            case Nest nest when nest.Y.IsVarying || !hasLanes:
                Lower(nest);
                break;
            case Nest nest:
                LowerToSum(nest);
                break;
            case Sums sums:
                Lower(sums.Terms);
                break;
            case Maxima maxima:
                LowerMaxima(maxima.Terms);
                break;
            case Clear clear:
                for (int i = 0; i < clear.Rows; i++)
                    code.Write(clear.Start.Offset(i), Zero);
                break;
            default:
                throw new InvalidOperationException($"'{statement}' has no straight-line code.");
        }
    }

    private int Zero => code.Constant(0);

    private int Read(Location place) => isSame(place) ? code.Spread(place) : code.Read(place);

    private void Lower(Map map)
    {
        MethodInfo method = machine.Of(map);
        var operands = new int[4];
        for (int outer = 0; outer < map.Extent.Outer; outer++)
        {
            for (int inner = 0; inner < map.Extent.Inner; inner++)
            {
                operands.AsSpan().Fill(-1);
                for (int i = 0; i < map.Operands.Length; i++)
                    operands[i] = Read(map.Operands[i].At(outer, inner));
                Location y = map.Y.At(outer, inner);
                int value = code.Call(method, operands[0], operands[1], operands[2], operands[3]);
                code.Write(y, map.Adds ? code.Add(code.Read(y), value) : value);
            }
        }
    }

    // Each sum in turn, in the order of the loops.
    private void Lower(Nest nest)
    {
        var begun = new HashSet<Location>();
        for (int outer = 0; outer < nest.Extent.Outer; outer++)
        {
            for (int inner = 0; inner < nest.Extent.Inner; inner++)
            {
                for (int depth = 0; depth < nest.Extent.Depth; depth++)
                {
                    Location y = nest.Y.At(outer, inner, depth);
                    int? sum = !begun.Add(y) || nest.Adds ? code.Read(y) : nest.Bias is { } bias ? Read(bias.At(outer, inner)) : null;
                    int a = Read(nest.A.At(outer, inner, depth));
                    code.Write(y, nest.B is { } b
                        ? code.MultiplyAdd(nest.Negative ? code.Negate(a) : a, Read(b.At(outer, inner, depth)), sum ?? Zero)
                        : sum is { } start ? nest.Negative ? code.Subtract(start, a) : code.Add(start, a)
                        : nest.Negative ? code.Negate(a) : a);
                }
            }
        }
    }

    /// <summary>Writes sums of a single lane that are in parts.</summary>
    internal void Lower(RowSum sum)
    {
        for (int outer = 0; outer < sum.Outer; outer++)
        {
            for (int inner = 0; inner < sum.Inner; inner++)
            {
                for (int depth = 0; depth < sum.Depth; depth++)
                {
                    Location y = sum.Y.At(outer, inner, depth);
                    int total = TotalOf(sum, outer, inner, depth);
                    bool adds = sum.Adds || (outer > 0 && sum.Y.Outer == 0) || (inner > 0 && sum.Y.Inner == 0) || (depth > 0 && sum.Y.Depth == 0);
                    code.Write(y, adds ? code.Add(code.Read(y), total) : sum.Bias is { } bias ? code.Add(Read(bias.At(outer, inner)), total) : total);
                }
            }
        }
    }

    private int TotalOf(RowSum sum, int outer, int inner, int depth)
    {
        var parts = new int[sum.Parts];
        parts.AsSpan().Fill(-1);
        Location a = sum.A.At(outer, inner, depth), b = sum.B?.At(outer, inner, depth) ?? default;
        for (int i = 0; i < sum.Length; i++)
        {
            ref int part = ref parts[i % sum.Parts];
            int start = part < 0 ? Zero : part;
            part = sum.IsRowA && sum.IsRowB ? code.MultiplyAdd(Read(a.Offset(i)), Read(b.Offset(i)), start)
                : code.Add(start, Read(sum.IsRowA ? a.Offset(i) : b.Offset(i)));
        }
        for (int half = sum.Parts / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
                parts[i] = parts[i + half] < 0 ? parts[i] : parts[i] < 0 ? parts[i + half] : code.Add(parts[i], parts[i + half]);
        }
        int total = parts[0];
        if (sum.B is not null && !(sum.IsRowA && sum.IsRowB))
            total = code.Multiply(total, Read(sum.IsRowA ? b : a));
        return sum.Negative ? code.Negate(total) : total;
    }

    // Over all lanes.
    private void LowerToSum(Nest nest)
    {
        for (int outer = 0; outer < nest.Extent.Outer; outer++)
        {
            for (int inner = 0; inner < nest.Extent.Inner; inner++)
            {
                for (int depth = 0; depth < nest.Extent.Depth; depth++)
                    AddLanes(nest.Y.At(outer, inner, depth), nest.A.At(outer, inner, depth), nest.B?.At(outer, inner, depth), nest.Negative ? -1 : 1);
            }
        }
    }

    private void AddToSum(Nest row, RowSumKind kind) =>
        AddLanes(row.Y.Start, row.A.Start, row.B?.Start, row.Negative ? -1 : 1, kind == RowSumKind.AllRows, isSet: !row.Adds);

    private void AddLanes(Location y, Location a, Location? b, double scale, bool isOfAllRows = false, bool isSet = false)
    {
        if (isSame(a))
            (a, b) = (b!.Value, a);
        bool isProduct = b is { } other && !isSame(other);
        code.Sum(new(y, isProduct ? null : b, scale, isOfAllRows, isSet), code.Read(a), isProduct ? code.Read(b!.Value) : -1);
    }

    private void Lower(Term[] terms)
    {
        for (int i = 0; i < terms.Length; i++)
        {
            Term term = terms[i];
            if (hasLanes && !term.Y.IsVarying)
            {
                for (int k = 0; k < term.Count; k++)
                    AddLanes(Moved(term.Y, term.YAdvances, k), Moved(term.A, term.AAdvances, k), term.B is { } b ? Moved(b, term.BAdvances, k) : null, term.Scale);
            }
            else if (term.YAdvances)
            {
                for (int k = 0; k < term.Count; k++)
                    Put(term, k);
            }
            else
            {
                int sum = term.Adds ? code.Read(term.Y) : Zero;
                for (int k = 0; k < term.Count; k++)
                    sum = Add(term, k, sum);
                code.Write(term.Y, sum);
            }
        }
    }

    private static Location Moved(Location start, bool advances, int by) => advances ? start.Offset(by) : start;

    // A row of its own for each number of a term.
    private void Put(Term term, int k)
    {
        Location y = term.Y.Offset(k);
        int left = Scaled(term.Scale, Read(Moved(term.A, term.AAdvances, k)));
        if (term.B is { } b)
            code.Write(y, code.MultiplyAdd(left, Read(Moved(b, term.BAdvances, k)), term.Adds ? code.Read(y) : Zero));
        else
            code.Write(y, term.Adds ? code.Add(code.Read(y), left) : left);
    }

    private int Add(Term term, int k, int sum)
    {
        Location a = Moved(term.A, term.AAdvances, k);
        int left = Read(a);
        if (term.B is not { } start)
            return hasLanes && a.IsVarying ? code.MultiplyAdd(code.Constant(term.Scale), left, sum) : code.MultiplyAdd(Scaled(term.Scale, left), code.Constant(1), sum);
        Location b = Moved(start, term.BAdvances, k);
        int right = Read(b);
        // The scale goes to what is the same for all lanes, if anything is.
        return hasLanes && a.IsVarying && !b.IsVarying
            ? code.MultiplyAdd(Scaled(term.Scale, right), left, sum)
            : code.MultiplyAdd(Scaled(term.Scale, left), right, sum);
    }

    private int Scaled(double scale, int value) => scale == 1 ? value : code.Multiply(code.Constant(scale), value);

    private void LowerMaxima(Term[] terms)
    {
        for (int i = 0; i < terms.Length; i++)
        {
            Term term = terms[i];
            for (int k = 0; k < term.Count; k++)
            {
                Location y = Moved(term.Y, term.YAdvances, k);
                int next = Read(Moved(term.A, term.AAdvances, k));
                bool isFirst = term.YAdvances || (k == 0 && !(i > 0 && term.Adds));
                code.Write(y, isFirst ? next : code.Call(machine.Max, code.Read(y), next));
            }
        }
    }
}
