// Which gradients a program computes, and who sets them first: nothing is cleared that is written anyway.

namespace Nudge;

/// <summary>
/// Writes the backward pass of a plan. It goes through the instructions from the last to the first, and knows of each
/// row whether anybody asks for its gradient and whether something has been written to it.
/// </summary>
internal sealed class Differentiation
{
    private readonly bool _toParameters;
    private readonly bool[] _needsUniform, _needs, _written;
    private readonly List<BackwardInstruction> _steps = [];

    /// <summary>Differentiates a plan.</summary>
    /// <param name="plan">What to differentiate.</param>
    /// <param name="toParameters">Whether gradients of the parameters are asked for.</param>
    /// <param name="inputs">How many inputs' gradients are asked for.</param>
    internal Differentiation(Plan plan, bool toParameters, int inputs)
    {
        _toParameters = toParameters;
        _needsUniform = new bool[plan.UniformSize];
        _needs = new bool[plan.VaryingSize];
        _written = new bool[plan.VaryingSize];
        _needs.AsSpan(0, inputs).Fill(true);
        Array.ForEach(plan.Uniform, MarkNeeded);
        Array.ForEach(plan.Varying, MarkNeeded);
        foreach (Place root in plan.Roots)
        {
            if (root.IsVarying)
                _written[root.Index] = true;
        }
        Varying = Reverse(plan.Varying);
        // The gradients of inputs that nothing depends on are 0.
        ClearUnwritten(0, inputs);
        Varying = [.. Varying, .. _steps];
        Uniform = toParameters ? Reverse(plan.Uniform) : [];
    }

    /// <summary>The backward pass of the varying instructions.</summary>
    internal BackwardInstruction[] Varying { get; }

    /// <summary>The backward pass of the uniform instructions. Their gradients are cleared before each run.</summary>
    internal BackwardInstruction[] Uniform { get; }

    private void MarkNeeded(Instruction instruction)
    {
        if (!NeedsAny(instruction))
            return;
        bool[] needs = instruction.Result.IsVarying ? _needs : _needsUniform;
        needs.AsSpan(instruction.Result.Index, instruction.Count).Fill(true);
    }

    private bool NeedsAny(Instruction instruction) =>
        instruction is not (GreatestInstruction or UnaryInstruction { Operation: Operation.Detach })
        && (instruction.Reads.Any(read => Needs(read.Run, read.Count)) || (instruction is ProductInstruction { Accumulate: true } && Needs(new Run(instruction.Result, 1), instruction.Count)));

    private bool Needs(Place place) => place.Space switch
    {
        Space.Parameters => _toParameters,
        Space.Uniform => _needsUniform[place.Index],
        _ => _needs[place.Index],
    };

    private bool Needs(Run run, int count)
    {
        if (run.Space == Space.Parameters)
            return _toParameters;
        for (int i = 0; i < count; i++)
        {
            if (Needs(new Place(run.Space, run.At(i))))
                return true;
        }
        return false;
    }

    private bool NeedsMatrix(ProductInstruction product)
    {
        if (product.A.Space == Space.Parameters)
            return _toParameters;
        for (int row = 0; row < product.Rows; row++)
        {
            if (Needs(product.RowOfA(row), product.Depth))
                return true;
        }
        return false;
    }

    private bool NeedsCells(LaneProductInstruction product)
    {
        for (int row = 0; row < product.Count; row++)
        {
            if (Needs(product.RowOfA(row), product.Depth))
                return true;
        }
        return false;
    }

    private bool NeedsFactors(LaneProductInstruction product)
    {
        for (int repeat = 0; repeat < product.Repeats; repeat++)
        {
            if (Needs(product.FactorsOf(repeat), product.Depth))
                return true;
        }
        return false;
    }

    private BackwardInstruction[] Reverse(Instruction[] instructions)
    {
        _steps.Clear();
        for (int i = instructions.Length - 1; i >= 0; i--)
        {
            if (IsReached(instructions[i]))
                _steps.Add(Slopes(instructions[i]));
        }
        BackwardInstruction[] steps = [.. _steps];
        _steps.Clear();
        return steps;
    }

    // What gets no gradient itself, or gives it to nobody, has no part in the backward pass.
    private bool IsReached(Instruction instruction)
    {
        if (!NeedsAny(instruction))
            return false;
        Place result = instruction.Result;
        if (!result.IsVarying)
            return true;
        if (!_written.AsSpan(result.Index, instruction.Count).Contains(true))
            return false;
        ClearUnwritten(result.Index, instruction.Count);
        return true;
    }

    private SlopesInstruction Slopes(Instruction instruction)
    {
        switch (instruction)
        {
            case UnaryInstruction unary when unary.A.Start == unary.Result:
                return new(unary, Slope.Set, Slope.None, Slope.None, null);
            case UnaryInstruction unary:
                return new(unary, Claim(unary.A, unary.Count), Slope.None, Slope.None, null);
            case BinaryInstruction binary:
                if (binary.A != binary.B && Overlap(binary))
                {
                    ClearUnwritten(binary.A, binary.Count);
                    ClearUnwritten(binary.B, binary.Count);
                }
                return new(binary, Claim(binary.A, binary.Count, isSummed: true), Claim(binary.B, binary.Count, isSummed: true), Slope.None, null);
            case ProductInstruction product:
                return new(
                    product,
                    NeedsMatrix(product) ? Slope.Add : Slope.None,
                    Claim(product.Factors, product.Depth * product.Repeats),
                    product.Bias is { } bias && Needs(bias, product.Rows) ? Slope.Add : Slope.None,
                    null);
            case LaneProductInstruction product:
                return Slopes(product);
            case SumInstruction sum:
                return new(sum, Slope.None, Slope.None, Slope.None, Array.ConvertAll(sum.Terms, term =>
                    Claim(term)));
            case GatherInstruction gather:
                return new(gather, Slope.None, Slope.None, Slope.None, Array.ConvertAll(gather.Sources, source => (Claim(new Run(source, 0), 1), Slope.None)));
            case SoftmaxInstruction softmax:
                return new(softmax, Claim(softmax.Numbers, softmax.Count), Slope.None, Slope.None, null);
            case SpreadInstruction spread:
                return new(spread, Slope.Add, Slope.None, Slope.None, null);
            case RegroupInstruction regroup:
                return new(regroup, Claim(new Run(regroup.Source, 1), regroup.SourceCount), Slope.None, Slope.None, null);
            case SelectInstruction select:
                ClearUnwritten(select);
                return new(
                    select, Slope.None, Slope.None, Slope.None,
                    Array.ConvertAll(select.Choices, choice => (Claim(select.RowsOf(choice), select.Count), Slope.None)));
            default:
                throw new InvalidOperationException("An instruction of no known kind.");
        }
    }

    private SlopesInstruction Slopes(LaneProductInstruction product)
    {
        if (product.Repeats > 1 && Overlap(product))
        {
            for (int repeat = 0; repeat < product.Repeats; repeat++)
                ClearUnwritten(product.FactorsOf(repeat), product.Depth);
        }
        Slope slopeB = NeedsFactors(product) ? Claim(product.Repeats, product.Depth, product.FactorsOf) : Slope.None;
        Slope slopeA = NeedsCells(product) ? Claim(product.Count, product.Depth, product.RowOfA) : Slope.None;
        return new(product, slopeA, slopeB, Slope.None, null);
    }

    // Of many runs of varying rows, which are written alike.
    private Slope Claim(int runs, int count, Func<int, Run> runAt)
    {
        bool isFirst = true;
        var claimed = new HashSet<int>();
        for (int i = 0; i < runs && isFirst; i++)
        {
            Run run = runAt(i);
            for (int k = 0; k < count && isFirst; k++)
                isFirst = !_written[run.At(k)] && claimed.Add(run.At(k));
        }
        for (int i = 0; i < runs; i++)
        {
            Run run = runAt(i);
            if (!isFirst)
                ClearUnwritten(run, count);
            for (int k = 0; k < count; k++)
                _written[run.At(k)] = true;
        }
        return isFirst ? Slope.Set : Slope.Add;
    }

    private (Slope First, Slope Second) Claim(Term term)
    {
        var first = new Run(term.First, 1);
        if (term.Second is not { } place)
            return (Claim(first, term.Count), Slope.None);
        var second = new Run(place, 1);
        // Where a factor of one product is the other factor of another, neither can be the first.
        if (first != second && first.Space == second.Space && Math.Abs(first.Start.Index - second.Start.Index) < term.Count)
        {
            ClearUnwritten(first, term.Count);
            ClearUnwritten(second, term.Count);
        }
        return (Claim(first, term.Count), Claim(second, term.Count));
    }

    private static bool Overlap(BinaryInstruction binary)
    {
        if (!binary.A.Start.IsVarying || !binary.B.Start.IsVarying)
            return false;
        (int firstA, int lastA) = Range(binary.A, binary.Count);
        (int firstB, int lastB) = Range(binary.B, binary.Count);
        return firstA <= lastB && firstB <= lastA;
    }

    // Repeats write their gradients one after the other: what is a cell in one and a factor in another is the first in neither.
    private static bool Overlap(LaneProductInstruction product)
    {
        var factors = new HashSet<int>();
        for (int repeat = 0; repeat < product.Repeats; repeat++)
        {
            for (int k = 0; k < product.Depth; k++)
                factors.Add(product.FactorsOf(repeat).At(k));
        }
        return Enumerable.Range(0, product.Count).Any(row => Enumerable.Range(0, product.Depth).Any(k => factors.Contains(product.RowOfA(row).At(k))));
    }

    private static (int First, int Last) Range(Run run, int count)
    {
        int end = run.At(Math.Min(count, run.Length) - 1), leap = run.At(count - 1) - end;
        int first = Math.Min(run.Start.Index, end), last = Math.Max(run.Start.Index, end);
        return (first + Math.Min(leap, 0), last + Math.Max(leap, 0));
    }

    /// <summary>
    /// Says how gradients of operands are written, and notes that they have been. An operand that stays where it is gets
    /// all contributions one after the other, unless they are summed first.
    /// </summary>
    private Slope Claim(Run run, int count, bool isSummed = false)
    {
        if (!Needs(run, count))
            return Slope.None;
        if (run.Space != Space.Varying)
            return Slope.Add;
        bool any = (run.Stride == 0 && count > 1 && run.Length > 1 && !isSummed) || run.MeetsAgain(count);
        for (int i = 0; i < count && !any; i++)
            any = _written[run.At(i)];
        if (any)
            ClearUnwritten(run, count);
        for (int i = 0; i < count; i++)
            _written[run.At(i)] = true;
        return any ? Slope.Add : Slope.Set;
    }

    // In the order of the rows, so that those side by side are cleared together.
    private void ClearUnwritten(SelectInstruction select)
    {
        var rows = new SortedSet<int>();
        foreach (Run run in select.Choices.Where(choice => choice.IsVarying).Select(select.RowsOf))
        {
            for (int i = 0; i < select.Count; i++)
                rows.Add(run.At(i));
        }
        foreach (int row in rows)
            ClearUnwritten(row, 1);
    }

    private void ClearUnwritten(Run run, int count)
    {
        if (run.Space != Space.Varying)
            return;
        for (int i = 0; i < count; i++)
            ClearUnwritten(run.At(i), 1);
    }

    private void ClearUnwritten(int start, int count)
    {
        for (int i = start; i < start + count; i++)
        {
            if (_written[i])
                continue;
            _written[i] = true;
            if (_steps.Count > 0 && _steps[^1] is ClearInstruction last && last.Start.Index + last.Count == i)
                _steps[^1] = last with { Count = last.Count + 1 };
            else
                _steps.Add(new ClearInstruction(new Place(Space.Varying, i), 1));
        }
    }
}
