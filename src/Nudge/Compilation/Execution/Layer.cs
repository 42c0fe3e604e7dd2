// Several statements that are one call: what would take no longer than going from one to the next.

using System.Numerics;

namespace Nudge;

/// <summary>
/// A small layer y = f(A·b + bias) of as many lanes as a vector has, or what it gives to the gradients: pointers to numbers
/// and to their gradients, which are null where nobody asks for them.
/// </summary>
internal sealed unsafe class Layer<T> : CallParts<T>
    where T : unmanaged
{
    internal required int Rows { get; init; }

    internal required int Depth { get; init; }

    internal T* Y, A, B, Bias, GradientOfY, GradientOfA, GradientOfB, GradientOfBias;

    internal nint RowStride, ColumnStride, BiasStride;

    /// <summary>Whether each number of the bias follows upon its row of A, as in a neuron.</summary>
    internal bool HasBiasInRows => GradientOfBias == GradientOfA + Depth && (BiasStride == RowStride || Rows == 1) && ColumnStride == 1;

    /// <summary>Whether it adds to y; backward, to the gradient of b.</summary>
    internal bool Adds;

    internal override bool Move(T* numbers, int count, nint by) =>
        Move(ref Y, numbers, count, by) | Move(ref A, numbers, count, by) | Move(ref B, numbers, count, by) | Move(ref Bias, numbers, count, by)
        | Move(ref GradientOfY, numbers, count, by) | Move(ref GradientOfA, numbers, count, by) | Move(ref GradientOfB, numbers, count, by)
        | Move(ref GradientOfBias, numbers, count, by);
}

/// <summary>A squared error c · (a − b)², or what it gives to the gradients of a and b, which are null where nobody asks for them.</summary>
internal sealed unsafe class SquaredError<T> : CallParts<T>
    where T : unmanaged
{
    internal required int Width { get; init; }

    internal Operand<T> A, B;

    internal T* Difference, Square, Y, Factor, GradientOfY, GradientOfA, GradientOfB;

    internal bool AddsToA, AddsToB;

    internal override bool Move(T* numbers, int count, nint by) =>
        A.Move(numbers, count, by) | B.Move(numbers, count, by) | Move(ref Difference, numbers, count, by) | Move(ref Square, numbers, count, by)
        | Move(ref Y, numbers, count, by) | Move(ref Factor, numbers, count, by) | Move(ref GradientOfY, numbers, count, by)
        | Move(ref GradientOfA, numbers, count, by) | Move(ref GradientOfB, numbers, count, by);
}

/// <summary>Finds them among statements that follow each other. The numbers are those that the statements give.</summary>
internal static unsafe class LayerFinder<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A call for the first of some statements, with as many of the others as it does as well; null if there is none.</summary>
    internal static Call<T>? Find(ReadOnlySpan<Statement> statements, Linker<V, T> linker, int lanes, out int count) =>
        lanes != V.Count ? Nothing(out count) : FindForward(statements, linker, out count) ?? FindBackward(statements, linker, out count) ?? FindError(statements, linker, out count) ?? FindErrorSlope(statements, linker, out count);

    private static Call<T>? Nothing(out int count)
    {
        count = 0;
        return null;
    }

    private static bool IsSmall(Nest nest, Location rows, Linker<V, T> linker) =>
        nest is { B: not null, Negative: false, Extent.Outer: 1 } && nest.Extent.Count <= ProductKernels<V, T>.SmallMatrix && !linker.IsPacked(rows);

    private static Call<T>? FindForward(ReadOnlySpan<Statement> statements, Linker<V, T> linker, out int count)
    {
        count = 0;
        if (statements[0] is not Nest { Y: { Start.Space: Space.Varying, Inner: 1 }, A.IsVarying: false, B: { IsVarying: true, Inner: 0, Depth: 1 } b } nest || !IsSmall(nest, nest.Y.Start, linker))
            return null;
        if (nest.A.Inner == 0 && nest.Extent.Inner > 1)
            return null;
        Operation function = statements.Length > 1 && statements[1] is Map { Kind: MapKind.Apply, IsInPlace: true } map && IsRow(map, nest.Y.Start, nest.Count) ? map.Operation : default;
        if (!LayerKernels<V, T>.Knows(function))
            function = default;
        count = function == default ? 1 : 2;
        var layer = new Layer<T>
        {
            Rows = nest.Extent.Inner,
            Depth = nest.Extent.Depth,
            Y = linker.Find(nest.Y).At,
            A = linker.Find(nest.A).At,
            B = linker.Find(b).At,
            Bias = nest.Bias is { } bias ? linker.Find(bias).At : null,
            RowStride = nest.A.Inner,
            ColumnStride = nest.A.Depth,
            BiasStride = nest.Bias?.Inner ?? 0,
            Adds = nest.Adds,
        };
        return new Call<T> { Kernel = LayerKernels<V, T>.Forward(layer, function), Parts = layer };
    }

    private static bool IsRow(Map map, Location start, int count) => map.Y.Start == start && map.Extent == new Extent(1, count) && map.Y.Inner == 1;

    private static Call<T>? FindBackward(ReadOnlySpan<Statement> statements, Linker<V, T> linker, out int count)
    {
        count = 0;
        int next = 0;
        Map? map = statements[0] as Map;
        Operation function = default;
        if (map is { Kind: MapKind.SlopeOfFirst, IsInPlace: true, Y.Start.Space: Space.VaryingGradients } && LayerKernels<V, T>.Knows(map.Operation))
            (function, next) = (map.Operation, 1);
        if (next == statements.Length || statements[next] is not Nest { Y.Start.Space: Space.ParameterGradients or Space.UniformGradients, Adds: true, A: { Start.Space: Space.VaryingGradients, Inner: 1, Depth: 0 } g, B: { IsVarying: true, Inner: 0, Depth: 1 } b } toA || !IsSmall(toA, g.Start, linker))
            return null;
        if (function != default && !IsRow(map!, g.Start, toA.Extent.Inner))
            return null;
        Location a = ValueOf(toA.Y.Start);
        var layer = new Layer<T>
        {
            Rows = toA.Extent.Inner,
            Depth = toA.Extent.Depth,
            Y = linker.Find(g with { Start = g.Start with { Space = Space.Varying } }).At,
            GradientOfY = linker.Find(g).At,
            A = linker.Find(toA.Y with { Start = a }).At,
            GradientOfA = linker.Find(toA.Y).At,
            B = linker.Find(b).At,
            RowStride = toA.Y.Inner,
            ColumnStride = toA.Y.Depth,
        };
        next++;
        if (next < statements.Length && statements[next] is Nest { Y: { Start.Space: Space.VaryingGradients } y } toB
            && toB == new Nest(toA.Extent, b.Gradient, g, toA.Y with { Start = a }, toB.Adds) && y.Start != g.Start)
        {
            layer.GradientOfB = linker.Find(toB.Y).At;
            layer.Adds = toB.Adds;
            next++;
        }
        if (next < statements.Length && statements[next] is Nest { Adds: true, B: null, Negative: false, Y: { IsVarying: false, Start.IsGradient: true } bias } toBias
            && toBias.A == g && toBias.Extent == new Extent(1, toA.Extent.Inner) && (bias.Inner != 0 || layer.Rows == 1))
        {
            layer.GradientOfBias = linker.Find(bias).At;
            layer.BiasStride = bias.Inner;
            next++;
        }
        count = next;
        return new Call<T> { Kernel = LayerKernels<V, T>.Backward(layer, function), Parts = layer };
    }

    private static Location ValueOf(Location gradient) => gradient with { Space = gradient.Space == Space.ParameterGradients ? Space.Parameters : Space.Uniform };

    private static bool IsOneRow(Map map, Linker<V, T> linker) => map.Kind == MapKind.Apply && map.Count == 1 && map.Y.IsVarying && !linker.IsPacked(map.Y.Start);

    private static Call<T>? FindError(ReadOnlySpan<Statement> statements, Linker<V, T> linker, out int count)
    {
        count = 0;
        if (statements.Length < 2 || statements[0] is not Map { Operation: Operation.Subtract } difference || statements[1] is not Map { Operation: Operation.Multiply } square
            || !IsOneRow(difference, linker) || !IsOneRow(square, linker) || square.Operands[0].Start != difference.Result || square.Operands[1].Start != difference.Result)
        {
            return null;
        }
        var error = new SquaredError<T>
        {
            Width = linker.WidthOf(difference.Result),
            A = linker.Find(difference.Operands[0]),
            B = linker.Find(difference.Operands[1]),
            Difference = linker.Find(difference.Y).At,
            Square = linker.Find(square.Y).At,
        };
        count = 2;
        if (statements.Length > 2 && statements[2] is Map { Operation: Operation.Multiply } scaled && IsOneRow(scaled, linker) && scaled.Operands[0].Start == square.Result && !scaled.Operands[1].IsVarying)
        {
            error.Factor = linker.Find(scaled.Operands[1]).At;
            error.Y = linker.Find(scaled.Y).At;
            count = 3;
        }
        return new Call<T> { Kernel = Linker<V, T>.Pointer(&LayerKernels<V, T>.ForwardError), Parts = error };
    }

    // The gradient of the square; twice that of the difference, by each of its two equal factors; and that of both its operands.
    private static Call<T>? FindErrorSlope(ReadOnlySpan<Statement> statements, Linker<V, T> linker, out int count)
    {
        count = 0;
        int next = 0;
        Nest? scaled = null;
        if (statements[0] is Nest { B.IsVarying: false } factor && IsOneRow(factor, linker) && !factor.Adds)
            (scaled, next) = (factor, 1);
        if (next + 2 >= statements.Length || statements[next] is not Nest { B: { IsVarying: true } d } first || statements[next + 1] is not Nest second || statements[next + 2] is not Nest third
            || !IsOneRow(first, linker) || second != first with { Adds = true } || first.Adds || first.Y.Start != d.Start.Gradient
            || (scaled is not null && first.A.Start != scaled.Y.Start) || !IsTaken(third, first.Y.Start, linker))
        {
            return null;
        }
        Location g = (scaled ?? first).A.Start;
        var error = new SquaredError<T>
        {
            Width = linker.WidthOf(d.Start),
            Difference = linker.Find(d).At,
            GradientOfY = linker.Find(g, 0).At,
            Factor = scaled?.B is { } c ? linker.Find(c).At : null,
        };
        count = next + 3;
        if (third.Negative)
        {
            error.GradientOfB = linker.Find(third.Y).At;
            error.AddsToB = third.Adds;
        }
        else
        {
            error.GradientOfA = linker.Find(third.Y).At;
            error.AddsToA = third.Adds;
            if (count < statements.Length && statements[count] is Nest { Negative: true } fourth && IsTaken(fourth, first.Y.Start, linker))
            {
                error.GradientOfB = linker.Find(fourth.Y).At;
                error.AddsToB = fourth.Adds;
                count++;
            }
        }
        // What is in between is not stored: nobody else may read it.
        if (count < statements.Length && statements[count].Reads.Any(region => region.Address.Start == first.Y.Start))
            return Nothing(out count);
        return new Call<T> { Kernel = Linker<V, T>.Pointer(&LayerKernels<V, T>.BackwardError), Parts = error };
    }

    private static bool IsOneRow(Nest nest, Linker<V, T> linker) =>
        nest is { Extent.Count: 1, Y.Start.Space: Space.VaryingGradients, A.IsVarying: true, Negative: false, Bias: null } && !linker.IsPacked(nest.Y.Start);

    private static bool IsTaken(Nest nest, Location gradient, Linker<V, T> linker) =>
        nest is { Extent.Count: 1, B: null, Y.Start.Space: Space.VaryingGradients } && nest.A.Start == gradient && !linker.IsPacked(nest.Y.Start);
}
