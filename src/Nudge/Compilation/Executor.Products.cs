// Matrix products: of rows of lanes, of one vector, and of many vectors side by side.

using System.Runtime.CompilerServices;

namespace Nudge;

internal sealed unsafe partial class Executor<V, T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardProduct(ref Step<T> step)
    {
        T* b = step.B.Number, result = step.Result.Number;
        int lanes = WholeVectors(step.Width);
        for (int i = 0; i < step.Repeats; i++, b += step.Shape.Depth * step.Width, result += step.Rows * step.Width)
            ProductKernels<V, T>.Multiply(step.Rows, lanes, step.A.Number, b, result, step.Bias.Number, step.Shape);
    }

    // Packed rows end anywhere, and have room up to the end of a vector.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WholeVectors(int width) => (width + V.Count - 1) / V.Count * V.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardProduct(ref Step<T> step)
    {
        ProductShape shape = step.Shape;
        int lanes = WholeVectors(step.Width);
        if (lanes != step.Width)
        {
            // What stands behind their end must not count.
            ClearEnds(step.Rows, step.Width, step.Result.Gradient, shape.StrideC);
            ClearEnds(shape.Depth, step.Width, step.B.Number, shape.StrideB);
        }
        // ∂/∂B = Aᵀ · ∂/∂C: the same product with A's strides exchanged.
        ProductShape exchanged = new(shape.ColumnStride, shape.RowStride, shape.StrideC, shape.StrideB, 0, step.Rows, step.B.Slope == Slope.Add);
        for (int i = 0; i < step.Repeats; i++)
        {
            nint offset = (nint)i * shape.Depth * step.Width;
            T* gradient = step.Result.Gradient + i * step.Rows * step.Width;
            if (step.B.Slope != Slope.None)
                ProductKernels<V, T>.Multiply(shape.Depth, lanes, step.A.Number, gradient, step.B.Gradient + offset, null, exchanged);
            if (step.A.Slope != Slope.None)
                ProductKernels<V, T>.AddByTransposed(step.Rows, step.Width, step.A.Gradient, step.B.Number + offset, gradient, shape, step.Scratch);
            if (step.Bias.Slope != Slope.None)
                ProductKernels<V, T>.AddRows(step.Rows, step.Width, step.Bias.Gradient, shape.BiasStride, null, gradient, shape.StrideC);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ClearEnds(int rows, int width, T* numbers, nint stride)
    {
        int whole = width / V.Count * V.Count;
        numbers += whole;
        for (int row = 0; row < rows; row++, numbers += stride)
            V.Store(VectorTail<V, T>.First(V.Load(numbers), width - whole), numbers);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardVectorProduct(ref Step<T> step)
    {
        ProductShape shape = step.Shape;
        bool accumulate = StartFromBias(ref step);
        VectorKernels<V, T>.Multiply(
            step.Rows, shape.Depth, step.A.Number, shape.RowStride, shape.ColumnStride, step.B.Number, step.Result.Number, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardVectorProduct(ref Step<T> step)
    {
        ProductShape shape = step.Shape;
        T* gradient = step.Result.Gradient;
        if (step.B.Slope != Slope.None)
        {
            VectorKernels<V, T>.Multiply(
                shape.Depth, step.Rows, step.A.Number, shape.ColumnStride, shape.RowStride, gradient, step.B.Gradient, step.B.Slope == Slope.Add);
        }
        if (step.A.Slope != Slope.None)
            VectorKernels<V, T>.OuterProduct<RunningSum>(step.Rows, shape.Depth, gradient, step.B.Number, step.A.Gradient, shape.RowStride, shape.ColumnStride);
        AddToBias(ref step);
    }

    // Of a single example, the vectors that a matrix is multiplied with are themselves the rows of a matrix, and so are the
    // results: Y = X · Aᵀ.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardSideBySide(ref Step<T> step)
    {
        ProductShape shape = step.Shape;
        bool accumulate = StartFromBias(ref step);
        T* transposed = AsRows(step.A.Number, shape.RowStride, shape.ColumnStride, step.Rows, shape.Depth, step.Scratch, out nint stride);
        ProductKernels<V, T>.MultiplyAny(
            step.Repeats, step.Rows, step.B.Number, transposed, step.Result.Number,
            new(shape.Depth, 1, stride, step.Rows, 0, shape.Depth, accumulate));
    }

    // ∂/∂X = ∂/∂Y · A and ∂/∂A = (∂/∂Y)ᵀ · X.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardSideBySide(ref Step<T> step)
    {
        ProductShape shape = step.Shape;
        T* gradient = step.Result.Gradient;
        int rows = step.Rows, depth = shape.Depth, repeats = step.Repeats;
        if (step.B.Slope != Slope.None)
        {
            T* a = AsRows(step.A.Number, shape.ColumnStride, shape.RowStride, depth, rows, step.Scratch, out nint stride);
            ProductKernels<V, T>.MultiplyAny(
                repeats, depth, gradient, a, step.B.Gradient, new(rows, 1, stride, depth, 0, rows, step.B.Slope == Slope.Add));
        }
        if (step.A.Slope != Slope.None)
            AddOuterProducts(ref step);
        AddToBias(ref step);
    }

    private static void AddOuterProducts(ref Step<T> step)
    {
        ProductShape shape = step.Shape;
        T* gradient = step.Result.Gradient, b = step.B.Number, slope = step.A.Gradient;
        int rows = step.Rows, depth = shape.Depth, repeats = step.Repeats;
        if (shape.ColumnStride == 1)
        {
            ProductKernels<V, T>.MultiplyAny(rows, depth, gradient, b, slope, new(1, rows, depth, shape.RowStride, 0, repeats, true));
        }
        else if (shape.RowStride == 1)
        {
            ProductKernels<V, T>.MultiplyAny(depth, rows, b, gradient, slope, new(1, depth, rows, shape.ColumnStride, 0, repeats, true));
        }
        else
        {
            for (int i = 0; i < repeats; i++)
                VectorKernels<V, T>.OuterProduct<RunningSum>(rows, depth, gradient + i * rows, b + i * depth, slope, shape.RowStride, shape.ColumnStride);
        }
    }

    // The columns of a matrix as rows whose numbers lie side by side: as they are, or transposed first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T* AsRows(T* a, nint rowStride, nint columnStride, int rows, int columns, T* scratch, out nint stride)
    {
        if (rowStride == 1)
        {
            stride = columnStride;
            return a;
        }
        stride = Memory<T>.StrideOfTransposed(rows);
        if (columnStride == 1)
        {
            Transposition.Transpose(rows, columns, a, rowStride, scratch, stride);
            return scratch;
        }
        for (int column = 0; column < columns; column++)
        {
            for (int row = 0; row < rows; row++)
                scratch[column * stride + row] = a[row * rowStride + column * columnStride];
        }
        return scratch;
    }

    // Whether there is something for a product of single numbers to be added to.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool StartFromBias(ref Step<T> step)
    {
        if (step.Bias.Number == null)
            return step.Shape.Accumulate;
        T* result = step.Result.Number;
        for (int i = 0; i < step.Repeats; i++, result += step.Rows)
        {
            for (int row = 0; row < step.Rows; row++)
                result[row] = step.Bias.Number[row * step.Shape.BiasStride];
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddToBias(ref Step<T> step)
    {
        if (step.Bias.Slope == Slope.None)
            return;
        T* gradient = step.Result.Gradient;
        for (int i = 0; i < step.Repeats; i++, gradient += step.Rows)
        {
            for (int row = 0; row < step.Rows; row++)
                step.Bias.Gradient[row * step.Shape.BiasStride] += gradient[row];
        }
    }
}
