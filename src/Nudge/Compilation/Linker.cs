// Turns instructions into steps: places become addresses.

using System.Numerics;

namespace Nudge;

/// <summary>Finds the operands of instructions in the memory of an executor.</summary>
internal sealed unsafe class Linker<T>(Memory<T> memory, T* parameters, bool forwardOnly, T* parameterGradients)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal Step<T>[] Link(Instruction[] instructions) => Array.ConvertAll(instructions, Link);

    internal Step<T>[] Link(BackwardInstruction[] instructions) => Array.ConvertAll(instructions, Link);

    private Step<T> Link(Instruction instruction)
    {
        Place result = instruction.Result;
        int width = WidthOf(result);
        var step = new Step<T>
        {
            Rows = instruction.Count,
            Repeats = 1,
            Width = width,
            Result = Find(result, 1, result),
            IsPacked = IsPacked(result) && instruction is not RegroupInstruction,
        };
        switch (instruction)
        {
            case UnaryInstruction unary:
                step.Kind = StepKind.Unary;
                step.Operation = unary.Operation;
                step.A = step.B = Find(unary.A, result);
                Merge(ref step, unary.A.RepeatsOf(unary.Count));
                break;
            case BinaryInstruction binary:
                step.Kind = StepKind.Binary;
                step.Operation = binary.Operation;
                step.A = Find(binary.A, result);
                step.B = Find(binary.B, result);
                Merge(ref step, binary.A.RepeatsOf(binary.Count));
                break;
            case ProductInstruction product:
                step.Kind = StepKind.Product;
                step.Rows = product.Rows;
                step.Repeats = product.Repeats;
                step.A = Find(product.A, 0, result);
                step.B = Find(product.B, 1, result);
                step.Shape = new ProductShape(
                    product.RowStride, product.ColumnStride, width, width, product.Bias?.Stride ?? 0, product.Depth, product.Accumulate);
                if (product.Bias is { } bias)
                    step.Bias = Find(bias.Start, 0, result);
                step.Scratch = memory.Scratch.Pointer;
                break;
            case LaneProductInstruction product:
                step.Kind = StepKind.LaneProduct;
                step.Rows = product.Rows;
                step.Repeats = product.Repeats;
                step.A = Find(product.A, 0, result, product.LeapA);
                step.B = Find(product.B, 1, result, product.LeapB);
                step.Shape = new ProductShape(
                    product.RowStride * memory.Lanes, product.ColumnStride * memory.Lanes, memory.Lanes, memory.Lanes, 0, product.Depth, Accumulate: false);
                break;
            case SumInstruction sum:
                step.Kind = StepKind.Sum;
                step.Terms = Array.ConvertAll(sum.Terms, term => Link(term, result));
                step.Ends = sum.Ends;
                break;
            case GreatestInstruction greatest:
                step.Kind = StepKind.Greatest;
                step.Terms = Array.ConvertAll(greatest.Terms, term => Link(term, result));
                step.Ends = greatest.Ends;
                break;
            case SoftmaxInstruction softmax:
                step.Kind = StepKind.Softmax;
                step.A = Find(softmax.Source, 1, result);
                step.Ends = softmax.Ends;
                break;
            case GatherInstruction gather:
                step.Kind = StepKind.Gather;
                step.Terms = Array.ConvertAll(gather.Sources, source => Link(new Term(source, null, false, 1), result));
                break;
            case SelectInstruction select:
                step.Kind = StepKind.Select;
                step.Rows = select.Rows;
                step.Repeats = select.Repeats;
                step.Terms = Array.ConvertAll(select.Choices, choice => new LinkedTerm<T> { First = Find(choice, select.Stride, result, select.Leap) });
                step.Indices = step.IsPacked ? memory.PackedIndices.Pointer + select.IndexNumber * memory.Pitch : memory.Indices.Pointer + select.IndexNumber * memory.Lanes;
                step.Scratch = memory.Scratch.Pointer;
                break;
            case SpreadInstruction spread:
                step.Kind = StepKind.Spread;
                step.Repeats = spread.Levels;
                step.A = Find(spread.Source, spread.Stride, result, spread.Leap);
                step.Indices = memory.LevelStarts.Pointer;
                break;
            case RegroupInstruction regroup:
                step.Kind = regroup.Packs ? StepKind.Pack : StepKind.Unpack;
                step.Rows = regroup.Rows;
                step.Repeats = regroup.Levels;
                step.A = Find(regroup.Source, 1, regroup.Source);
                step.Width = memory.Lanes;
                step.Indices = memory.LevelStarts.Pointer;
                break;
        }
        return step;
    }

    private Step<T> Link(BackwardInstruction instruction)
    {
        if (instruction is ClearInstruction clear)
            return Link(clear);
        var slopes = (SlopesInstruction)instruction;
        Step<T> step = Link(slopes.Forward);
        step.A.Slope = slopes.A;
        step.B.Slope = slopes.B;
        step.Bias.Slope = slopes.Bias;
        for (int i = 0; i < slopes.Terms?.Length; i++)
            (step.Terms![i].First.Slope, step.Terms[i].Second.Slope) = slopes.Terms[i];
        return step;
    }

    private Step<T> Link(ClearInstruction clear)
    {
        int width = WidthOf(clear.Start);
        bool isPacked = IsPacked(clear.Start);
        return new Step<T>
        {
            Kind = StepKind.Clear,
            Rows = isPacked ? clear.Count : 1,
            Width = isPacked ? width : clear.Count * width,
            Result = Find(clear.Start, 1, clear.Start),
            IsPacked = isPacked,
        };
    }

    private LinkedTerm<T> Link(Term term, Place result) => new()
    {
        First = Find(term.First, 1, result),
        Second = term.Second is { } second ? Find(second, 1, result) : default,
        HasSecond = term.Second is not null,
        Negative = term.Negative,
        Count = term.Count,
    };

    // Where every operand advances with the results, all rows are one long row. Of a single example, an operand may also
    // stay where it is: it is one number for the whole row. Repeats of one row are rows.
    private static void Merge(ref Step<T> step, int repeats)
    {
        step.Rows /= repeats;
        step.Repeats = repeats;
        if (step.IsPacked)
            return;
        if (Follows(step.A, step.Width) && Follows(step.B, step.Width) && (step.A.Advance != 0 || step.B.Advance != 0))
        {
            step.A.IsRow = step.A.Advance != 0;
            step.B.IsRow = step.B.Advance != 0;
            (step.Rows, step.Width) = (repeats, step.Rows * step.Width);
            (step.A.Advance, step.B.Advance, step.Repeats) = (step.A.Leap, step.B.Leap, 1);
            step.Result.Advance = step.Width;
        }
    }

    private static bool Follows(in Operand<T> operand, int width) =>
        (operand.IsRow && operand.Advance == width) || (width == 1 && operand.Advance == 0);

    private Operand<T> Find(Run run, Place result) => Find(run.Start, run.Stride, result, run.Leap);

    private Operand<T> Find(Place place, int stride, Place result, int leap = 0)
    {
        T* numbers = place.Space switch
        {
            Space.Parameters => parameters,
            Space.Uniform => memory.Uniform.Pointer,
            _ => memory.Varying.Pointer,
        };
        T* gradients = forwardOnly ? null : place.Space switch
        {
            Space.Parameters => parameterGradients,
            Space.Uniform => memory.UniformGradients.Pointer,
            _ => memory.VaryingGradients.Pointer,
        };
        nint width = WidthOf(place), offset = place.IsVarying ? memory.OffsetOf(place.Index) : place.Index;
        return new Operand<T>
        {
            Number = numbers + offset,
            Gradient = forwardOnly ? null : gradients + offset,
            Advance = stride * width,
            Leap = leap * width,
            IsRow = width == WidthOf(result),
        };
    }

    private bool IsPacked(Place place) => place.IsVarying && memory.IsPacked(place.Index);

    private int WidthOf(Place place) => place.IsVarying ? memory.WidthOf(place.Index) : 1;
}
