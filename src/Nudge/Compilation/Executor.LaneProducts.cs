// Products in which every lane has a matrix of its own, as in attention.

using System.Runtime.CompilerServices;

namespace Nudge;

internal sealed unsafe partial class Executor<V, T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardLaneProduct(ref Step<T> step)
    {
        ProductShape shape = step.Shape;
        T* a = step.A.Number, b = step.B.Number, result = step.Result.Number;
        for (int i = 0; i < step.Repeats; i++, a += step.A.Leap, b += step.B.Leap, result += step.Rows * step.Width)
        {
            if (step.Width == 1)
                VectorKernels<V, T>.Multiply(step.Rows, shape.Depth, a, shape.RowStride, shape.ColumnStride, b, result, false);
            else
                LaneKernels<V, T>.Multiply(step.Rows, step.Width, a, b, result, shape);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardLaneProduct(ref Step<T> step)
    {
        ProductShape shape = step.Shape;
        bool addToB = step.B.Slope == Slope.Add, addToA = step.A.Slope == Slope.Add;
        var exchanged = new ProductShape(shape.ColumnStride, shape.RowStride, shape.StrideC, shape.StrideB, 0, step.Rows, addToB);
        T* gradient = step.Result.Gradient;
        for (int i = 0; i < step.Repeats; i++, gradient += step.Rows * step.Width)
        {
            nint atA = i * step.A.Leap, atB = i * step.B.Leap;
            T* a = step.A.Number + atA, b = step.B.Number + atB, slopeA = step.A.Gradient + atA, slopeB = step.B.Gradient + atB;
            if (step.B.Slope != Slope.None && step.Width == 1)
                VectorKernels<V, T>.Multiply(shape.Depth, step.Rows, a, shape.ColumnStride, shape.RowStride, gradient, slopeB, addToB);
            else if (step.B.Slope != Slope.None)
                LaneKernels<V, T>.Multiply(shape.Depth, step.Width, a, gradient, slopeB, exchanged);
            if (step.A.Slope == Slope.None)
                continue;
            if (step.Width > 1 && addToA)
                LaneKernels<V, T>.OuterProduct<RunningSum>(step.Rows, step.Width, gradient, b, slopeA, shape);
            else if (step.Width > 1)
                LaneKernels<V, T>.OuterProduct<FreshSum>(step.Rows, step.Width, gradient, b, slopeA, shape);
            else if (addToA)
                VectorKernels<V, T>.OuterProduct<RunningSum>(step.Rows, shape.Depth, gradient, b, slopeA, shape.RowStride, shape.ColumnStride);
            else
                VectorKernels<V, T>.OuterProduct<FreshSum>(step.Rows, shape.Depth, gradient, b, slopeA, shape.RowStride, shape.ColumnStride);
        }
    }

    // Of a single example, the rows of all its matrices side by side: A as it is, or the other way round.
    private static bool HasHeads(in Step<T> step) =>
        step.Width == 1 && step.Shape.ColumnStride == 1 && step.B.Leap == step.Shape.Depth && HeadKernels<V, T>.Fits(step.Shape.Depth, step.A.Leap, step.Repeats);

    private static bool HasTransposedHeads(in Step<T> step) =>
        step.Width == 1 && step.Shape.RowStride == 1 && HeadKernels<V, T>.Fits(step.Rows, step.A.Leap, step.Repeats);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardHeads(ref Step<T> step) =>
        HeadKernels<V, T>.Multiply(step.Repeats, step.Rows, step.A.Number, step.Shape.RowStride, step.B.Number, step.Result.Number, step.Rows, false);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardHeads(ref Step<T> step)
    {
        T* gradient = step.Result.Gradient;
        int count = step.Repeats, rows = step.Rows;
        nint stride = step.Shape.RowStride;
        if (step.B.Slope != Slope.None)
            HeadKernels<V, T>.MultiplyTransposed(count, rows, step.A.Number, stride, gradient, rows, step.B.Gradient, step.B.Slope == Slope.Add);
        if (step.A.Slope != Slope.None)
            HeadKernels<V, T>.OuterProduct(count, rows, gradient, rows, step.B.Number, step.A.Gradient, stride, step.A.Slope == Slope.Add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardTransposedHeads(ref Step<T> step) => HeadKernels<V, T>.MultiplyTransposed(
        step.Repeats, step.Shape.Depth, step.A.Number, step.Shape.ColumnStride, step.B.Number, step.B.Leap, step.Result.Number, false);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardTransposedHeads(ref Step<T> step)
    {
        T* gradient = step.Result.Gradient;
        int count = step.Repeats, rows = step.Shape.Depth;
        nint stride = step.Shape.ColumnStride;
        if (step.B.Slope != Slope.None)
            HeadKernels<V, T>.Multiply(count, rows, step.A.Number, stride, gradient, step.B.Gradient, step.B.Leap, step.B.Slope == Slope.Add);
        if (step.A.Slope != Slope.None)
            HeadKernels<V, T>.OuterProduct(count, rows, step.B.Number, step.B.Leap, gradient, step.A.Gradient, stride, step.A.Slope == Slope.Add);
    }
}
