// Products of small matrices with one vector of lanes: whole in one method, since calls would cost more than the work.

using System.Runtime.CompilerServices;

namespace Nudge;

internal sealed unsafe partial class Executor<V, T>
{
    // Beyond, transposing pays.
    private const int SmallMatrix = 64;

    private static bool IsSmall(in Step<T> step) =>
        step.Width == V.Count && !step.IsPacked && step.Repeats == 1 && step.Rows * step.Shape.Depth <= SmallMatrix;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardSmallProduct(ref Step<T> step)
    {
        nint rowStride = step.Shape.RowStride, columnStride = step.Shape.ColumnStride;
        int rows = step.Rows, depth = step.Shape.Depth, row = 0;
        T* a = step.A.Number, result = step.Result.Number;
        for (; row + 4 <= rows; row += 4, a += 4 * rowStride, result += 4 * V.Count)
        {
            V sum0 = Start(ref step, row, result), sum1 = Start(ref step, row + 1, result + V.Count),
                sum2 = Start(ref step, row + 2, result + 2 * V.Count), sum3 = Start(ref step, row + 3, result + 3 * V.Count);
            T* b = step.B.Number, at = a, far = a + 2 * rowStride;
            for (int k = 0; k < depth; k++, b += V.Count, at += columnStride, far += columnStride)
            {
                V x = V.Load(b);
                sum0 = V.MultiplyAdd(V.Create(at[0]), x, sum0);
                sum1 = V.MultiplyAdd(V.Create(at[rowStride]), x, sum1);
                sum2 = V.MultiplyAdd(V.Create(far[0]), x, sum2);
                sum3 = V.MultiplyAdd(V.Create(far[rowStride]), x, sum3);
            }
            V.Store(sum0, result);
            V.Store(sum1, result + V.Count);
            V.Store(sum2, result + 2 * V.Count);
            V.Store(sum3, result + 3 * V.Count);
        }
        for (; row < rows; row++, a += rowStride, result += V.Count)
        {
            V sum = Start(ref step, row, result);
            for (int k = 0; k < depth; k++)
                sum = V.MultiplyAdd(V.Create(a[k * columnStride]), V.Load(step.B.Number + k * V.Count), sum);
            V.Store(sum, result);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Start(ref Step<T> step, int row, T* result) =>
        step.Bias.Number != null ? V.Create(step.Bias.Number[row * step.Shape.BiasStride]) : step.Shape.Accumulate ? V.Load(result) : default;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardSmallProduct(ref Step<T> step)
    {
        nint rowStride = step.Shape.RowStride, columnStride = step.Shape.ColumnStride;
        int rows = step.Rows, depth = step.Shape.Depth;
        T* gradient = step.Result.Gradient;
        if (step.B.Slope != Slope.None)
            AddToFactors(ref step);
        T* slope = step.A.Gradient, bias = step.Bias.Gradient;
        for (int row = 0; row < rows; row++, gradient += V.Count, slope += rowStride, bias += step.Shape.BiasStride)
        {
            V g = V.Load(gradient);
            if (step.Bias.Slope != Slope.None)
                *bias += V.Sum(g);
            T* b = step.B.Number;
            for (int k = 0; k < depth && step.A.Slope != Slope.None; k++, b += V.Count)
                slope[k * columnStride] += V.Sum(g * V.Load(b));
        }
    }

    // ∂/∂b = Aᵀ · ∂/∂y, four rows of it at a time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToFactors(ref Step<T> step)
    {
        nint rowStride = step.Shape.RowStride, columnStride = step.Shape.ColumnStride;
        int rows = step.Rows, depth = step.Shape.Depth, k = 0;
        bool add = step.B.Slope == Slope.Add;
        T* a = step.A.Number, slope = step.B.Gradient;
        for (; k + 4 <= depth; k += 4, a += 4 * columnStride, slope += 4 * V.Count)
        {
            V sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            T* gradient = step.Result.Gradient, at = a, far = a + 2 * columnStride;
            for (int row = 0; row < rows; row++, gradient += V.Count, at += rowStride, far += rowStride)
            {
                V g = V.Load(gradient);
                sum0 = V.MultiplyAdd(V.Create(at[0]), g, sum0);
                sum1 = V.MultiplyAdd(V.Create(at[columnStride]), g, sum1);
                sum2 = V.MultiplyAdd(V.Create(far[0]), g, sum2);
                sum3 = V.MultiplyAdd(V.Create(far[columnStride]), g, sum3);
            }
            if (add)
            {
                (sum0, sum1) = (sum0 + V.Load(slope), sum1 + V.Load(slope + V.Count));
                (sum2, sum3) = (sum2 + V.Load(slope + 2 * V.Count), sum3 + V.Load(slope + 3 * V.Count));
            }
            V.Store(sum0, slope);
            V.Store(sum1, slope + V.Count);
            V.Store(sum2, slope + 2 * V.Count);
            V.Store(sum3, slope + 3 * V.Count);
        }
        for (; k < depth; k++, a += columnStride, slope += V.Count)
        {
            V sum = add ? V.Load(slope) : default;
            for (int row = 0; row < rows; row++)
                sum = V.MultiplyAdd(V.Create(a[row * rowStride]), V.Load(step.Result.Gradient + row * V.Count), sum);
            V.Store(sum, slope);
        }
    }
}
