// From statements to calls: places become addresses, and loops get their roles.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Where the spaces begin in the memory of a run.</summary>
internal unsafe struct Spaces<T>
    where T : unmanaged
{
    internal T* Parameters, ParameterGradients;
}

/// <summary>Finds the operands of statements in memory, and the kernels that do them.</summary>
internal sealed unsafe class Linker<V, T>(Memory<T> memory, Spaces<T> spaces)
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal Call<T>[] Link(Statement[] statements)
    {
        var calls = new List<Call<T>>(statements.Length);
        for (int i = 0, count; i < statements.Length; i += count)
        {
            Call<T>? whole = LayerFinder<V, T>.Find(statements.AsSpan(i), this, memory.Lanes, out count);
            if (whole is null)
                count = 1;
            calls.Add((whole ?? Link(statements[i])) with { Statement = statements[i] });
        }
        return [.. calls];
    }

    private Call<T> Link(Statement statement)
    {
        switch (statement)
        {
            case Nest nest:
                return NestLinker<V, T>.Link(nest, this);
            case Map map:
                return Link(map);
            case Sums sums:
                return Link(sums.Terms, isMaximum: false);
            case Maxima maxima:
                return Link(maxima.Terms, isMaximum: true);
            case SoftmaxLists softmax:
                return Make(&SoftmaxKernels<V, T>.Softmax, &SoftmaxKernels<V, T>.SoftmaxAlong, softmax.Y, softmax.Ends, Find(softmax.Y, 1), Find(softmax.A, 1), default, false);
            case SoftmaxSlope slope:
                return Make(&SoftmaxKernels<V, T>.Slope, &SoftmaxKernels<V, T>.SlopeAlong, slope.S, slope.Ends, Find(slope.S, 1), Find(slope.G, 1), Find(slope.Y, 1), slope.Adds);
            case Select select:
                return Link(select, isScatter: false, null);
            case Scatter scatter:
                return Link(scatter.Of, isScatter: true, scatter.Needed);
            case Regroup regroup:
                return new Call<T>
                {
                    Kernel = Pointer(&PackingKernels<V, T>.Regroup),
                    Outer = regroup.Levels,
                    Inner = regroup.Rows,
                    Depth = memory.Lanes,
                    Width = regroup.Packs ? 1 : 0,
                    Y = Find(regroup.Y, 1),
                    A = Find(regroup.A, 1),
                    Adds = regroup.Adds,
                    Negative = regroup.Y.IsGradient,
                    Indices = memory.LevelStarts.Pointer,
                };
            case Spread spread:
                return LinkSpread(Pointer(&PackingKernels<V, T>.Spread), spread, spread.Y, spread.A);
            case Collect collect:
                return LinkSpread(Pointer(&PackingKernels<V, T>.Collect), collect.Of, collect.Of.Y.Gradient, collect.Of.A.Gradient);
            case Clear clear:
                return new Call<T>
                {
                    Kernel = Pointer(&LookupKernels<V, T>.Clear),
                    Y = Find(clear.Start, 1),
                    Inner = IsPacked(clear.Start) ? clear.Rows : 1,
                    Width = IsPacked(clear.Start) ? WidthOf(clear.Start) : clear.Rows * WidthOf(clear.Start),
                    IsPacked = IsPacked(clear.Start),
                };
            case Piece piece:
                return new Call<T> { Kernel = Pointer(&RunPiece), Parts = new PieceParts<T>(piece, BasesOf(piece), Link) };
            default:
                throw new InvalidOperationException($"No kernel does '{statement}'.");
        }
    }

    private static void RunPiece(ref Call<T> call) => Unsafe.As<PieceParts<T>>(call.Parts!).Run();

    private nint[] BasesOf(Piece piece)
    {
        var bases = new nint[PieceParts<T>.Spaces];
        bases[0] = (nint)memory.Inputs;
        foreach (Space space in piece.Reads.Concat(piece.Writes).Select(region => region.Space).Distinct())
            bases[(int)space] = (nint)BaseOf(new(space, 0));
        return bases;
    }

    /// <summary>Whether rows have several lanes.</summary>
    internal bool HasLanes => memory.Lanes > 1;

    internal T* ScratchFor(int size) => memory.ScratchFor(size);

    internal static nint Pointer(delegate*<ref Call<T>, void> kernel) => (nint)kernel;

    private Call<T> Make(
        delegate*<ref Call<T>, void> across, delegate*<ref Call<T>, void> along, Location result, int[] ends, Operand<T> y, Operand<T> a, Operand<T> b, bool adds)
    {
        int width = WidthOf(result);
        bool isPacked = IsPacked(result);
        return new() { Kernel = (nint)(width == 1 && !isPacked ? along : across), Ends = ends, Width = width, Y = y, A = a, B = b, Adds = adds, IsPacked = isPacked };
    }

    private Call<T> LinkSpread(nint kernel, Spread spread, Location rows, Location numbers) => new()
    {
        Kernel = kernel,
        Outer = spread.Levels,
        Inner = spread.Rows,
        Depth = memory.Lanes,
        Y = Find(rows, 1),
        A = Find(new Address(numbers, spread.Outer, spread.Stride)),
        Indices = memory.LevelStarts.Pointer,
    };

    private Call<T> Link(Map map)
    {
        Operand<T>[] operands = [Find(map.Y), .. Array.ConvertAll(map.Operands, Find)];
        bool isPacked = Array.Exists([map.Y, .. map.Operands], operand => IsPacked(operand.Start));
        int width = map.Y.IsVarying ? WidthOf(map.Y.Start) : 1, outer = map.Extent.Outer, inner = map.Extent.Inner;
        if (!isPacked && width == 1)
        {
            // The numbers of a single example lie side by side: rows run along whichever loop has them so.
            if (!Array.TrueForAll(operands, operand => operand.Inner is 0 or 1) && Array.TrueForAll(operands, operand => operand.Outer is 0 or 1))
            {
                (outer, inner) = (inner, outer);
                operands = Array.ConvertAll(operands, operand => operand with { Outer = operand.Inner, Inner = operand.Outer });
            }
            bool isRow = inner > 1 && operands[0].Inner == 1 && Array.TrueForAll(operands, operand => operand.Inner is 0 or 1);
            if (isRow)
            {
                operands = Array.ConvertAll(operands, operand => operand with { IsRow = operand.Inner == 1, Inner = operand.Outer, Outer = 0 });
                (width, inner, outer) = (inner, outer, 1);
            }
            else
            {
                operands = Array.ConvertAll(operands, operand => operand with { IsRow = true });
            }
        }
        // Where each row begins at the end of the one before, all are one long row.
        for (int i = 0; i < 2 && !isPacked && width > 1; i++)
        {
            int row = width;
            if (Array.TrueForAll(operands, operand => inner == 1 || operand.Inner == (operand.IsRow ? row : 0)))
            {
                operands = Array.ConvertAll(operands, operand => operand with { Inner = operand.Outer, Outer = 0 });
                (width, inner, outer) = (width * inner, outer, 1);
            }
        }
        var call = new Call<T> { Outer = outer, Inner = inner, Width = width, Adds = map.Adds, IsPacked = isPacked, Y = operands[0], A = operands[1] };
        if (operands.Length > 2)
            call.B = operands[2];
        if (operands.Length > 3)
            call.C = operands[3];
        if (operands.Length > 4)
            call.D = operands[4];
        call.Kernel = MapKernels.Choose<V, T>(map.Kind, map.Operation, width, isPacked);
        return call;
    }

    private Call<T> Link(Term[] terms, bool isMaximum)
    {
        var ends = new List<int>();
        for (int i = 0; i < terms.Length; i++)
        {
            // Terms of one result are added up before they are stored.
            bool goesOn = i + 1 < terms.Length && terms[i + 1].Adds && terms[i + 1].Y == terms[i].Y && !terms[i].YAdvances && !terms[i + 1].YAdvances;
            if (!goesOn)
                ends.Add(i + 1);
        }
        LinkedTerm<T>[] linked = Array.ConvertAll(terms, term => new LinkedTerm<T>
        {
            Y = Find(term.Y, term.YAdvances ? 1 : 0),
            A = Find(term.A, term.AAdvances ? 1 : 0),
            B = term.B is { } b ? Find(b, term.BAdvances ? 1 : 0) : default,
            HasB = term.B is not null,
            Count = term.Count,
            Adds = term.Adds,
            Scale = T.CreateTruncating(term.Scale),
        });
        Location rows = Array.Find(terms, term => term.Y.IsVarying || term.A.IsVarying) is { Count: > 0 } varying ? (varying.Y.IsVarying ? varying.Y : varying.A) : terms[0].Y;
        int width = WidthOf(rows);
        bool isPacked = IsPacked(rows), isAlong = width == 1 && !isPacked;
        return new Call<T>
        {
            Kernel = isMaximum ? Pointer(isAlong ? &SumKernels<V, T>.MaximaAlong : &SumKernels<V, T>.Maxima) : Pointer(isAlong ? &SumKernels<V, T>.SumsAlong : &SumKernels<V, T>.Sums),
            Terms = linked,
            Ends = [.. ends],
            Width = width,
            IsPacked = isPacked,
        };
    }

    private Call<T> Link(Select select, bool isScatter, bool[]? needed)
    {
        Location y = isScatter ? select.Y.Gradient : select.Y;
        bool isPacked = IsPacked(y);
        var choices = new Operand<T>[select.Choices.Length];
        for (int i = 0; i < choices.Length; i++)
        {
            if (!isScatter)
                choices[i] = Find(select.RowsOf(select.Choices[i]));
            else if (needed![i])
                choices[i] = Find(select.RowsOf(select.Choices[i].Gradient));
        }
        bool isTable = LookupKernels<V, T>.IsTable(select.Extent.Inner, select.Choices, select.Stride);
        return new Call<T>
        {
            Kernel = isScatter
                ? Pointer(isTable ? &LookupKernels<V, T>.ScatterTable : &LookupKernels<V, T>.Scatter)
                : Pointer(isTable ? &LookupKernels<V, T>.SelectTable : &LookupKernels<V, T>.Select),
            Outer = select.Extent.Outer,
            Inner = select.Extent.Inner,
            Width = WidthOf(y),
            Y = Find(y, 1),
            Choices = choices,
            IsPacked = isPacked,
            Indices = isPacked ? memory.PackedIndices.Pointer + select.IndexNumber * memory.Pitch : memory.Indices.Pointer + select.IndexNumber * memory.Lanes,
            Scratch = memory.ScratchFor(WidthOf(y) * Memory<T>.StrideOfTransposed(select.Extent.Inner)),
        };
    }

    internal Operand<T> Find(Location place, int stride) => Find(new Address(place, stride));

    internal Operand<T> Find(Address address)
    {
        Location place = address.Start;
        int pitch = PitchOf(place);
        return new()
        {
            At = BaseOf(place),
            Outer = address.Outer * pitch,
            Inner = address.Inner * pitch,
            Depth = address.Depth * pitch,
            IsRow = place.IsVarying && (IsPacked(place) || memory.Lanes > 1),
        };
    }

    internal bool IsPacked(Location place) =>
        place.Space == Space.PackedTemporary || (place.Space is Space.Varying or Space.VaryingGradients && memory.IsPacked(place.Index));

    /// <summary>How long a row is: that of a uniform number is 1.</summary>
    internal int WidthOf(Location place) => !place.IsVarying ? 1 : IsPacked(place) ? memory.Pitch : memory.Lanes;

    private int PitchOf(Location place) => WidthOf(place);

    private T* BaseOf(Location place) => place.Space switch
    {
        Space.Parameters => spaces.Parameters + place.Index,
        Space.ParameterGradients => spaces.ParameterGradients + place.Index,
        Space.Uniform => memory.Uniform.Pointer + place.Index,
        Space.UniformGradients => memory.UniformGradients.Pointer + place.Index,
        Space.Varying => memory.Varying.Pointer + memory.OffsetOf(place.Index),
        Space.VaryingGradients => memory.VaryingGradients.Pointer + memory.OffsetOf(place.Index),
        Space.Temporary => memory.Temporary.Pointer + place.Index * memory.Lanes,
        Space.PackedTemporary => memory.PackedTemporary.Pointer + place.Index * memory.Pitch,
        Space.UniformTemporary => memory.UniformTemporary.Pointer + place.Index,
        _ => throw new InvalidOperationException($"{place} is nowhere."),
    };
}
