// Products in which every lane has a matrix of its own, such as the attention of every document.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Matrix times vector in each lane, and the gradient of the matrix. Strides are in numbers.</summary>
internal static unsafe class LaneKernels<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>y[i] (+)= Σₖ A[i, k] · x[k].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Multiply(int rows, int lanes, T* a, T* x, T* y, in ProductShape m)
    {
        int depth = m.Depth;
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideX = m.StrideB, strideY = m.StrideC;
        bool accumulate = m.Accumulate;
        for (int lane = 0; lane < lanes; lane += V.Count, a += V.Count, x += V.Count, y += V.Count)
        {
            T* rowOfA = a, result = y;
            int row = 0;
            // Four rows at a time, or two: a load serves several sums.
            for (; row + 4 <= rows; row += 4, rowOfA += 4 * rowStride, result += 4 * strideY)
            {
                T* at = rowOfA, far = rowOfA + 2 * rowStride, factors = x;
                V sum0 = default, sum1 = default, sum2 = default, sum3 = default;
                for (int k = 0; k < depth; k++, at += columnStride, far += columnStride, factors += strideX)
                {
                    V factor = V.Load(factors);
                    sum0 = V.MultiplyAdd(V.Load(at), factor, sum0);
                    sum1 = V.MultiplyAdd(V.Load(at + rowStride), factor, sum1);
                    sum2 = V.MultiplyAdd(V.Load(far), factor, sum2);
                    sum3 = V.MultiplyAdd(V.Load(far + rowStride), factor, sum3);
                }
                Put(sum0, result, accumulate);
                Put(sum1, result + strideY, accumulate);
                Put(sum2, result + 2 * strideY, accumulate);
                Put(sum3, result + 3 * strideY, accumulate);
            }
            if (row + 2 <= rows)
            {
                T* at = rowOfA, factors = x;
                V sum0 = default, sum1 = default;
                for (int k = 0; k < depth; k++, at += columnStride, factors += strideX)
                {
                    V factor = V.Load(factors);
                    sum0 = V.MultiplyAdd(V.Load(at), factor, sum0);
                    sum1 = V.MultiplyAdd(V.Load(at + rowStride), factor, sum1);
                }
                Put(sum0, result, accumulate);
                Put(sum1, result + strideY, accumulate);
                row += 2;
                rowOfA += 2 * rowStride;
                result += 2 * strideY;
            }
            if (row < rows)
            {
                T* at = rowOfA, factors = x;
                V sum = default;
                for (int k = 0; k < depth; k++, at += columnStride, factors += strideX)
                    sum = V.MultiplyAdd(V.Load(at), V.Load(factors), sum);
                Put(sum, result, accumulate);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V sum, T* result, bool accumulate) => V.Store(accumulate ? V.Load(result) + sum : sum, result);

    /// <summary>A[i, k] (+)= g[i] · x[k].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void OuterProduct(int rows, int lanes, T* g, T* x, T* a, in ProductShape m)
    {
        int columns = m.Depth;
        bool adds = m.Accumulate;
        nint strideG = m.StrideC, strideX = m.StrideB, rowStride = m.RowStride, columnStride = m.ColumnStride;
        if (rows % 4 != 0 && columns % 4 == 0)
        {
            (rows, columns) = (columns, rows);
            T* factors = x;
            x = g;
            g = factors;
            (strideG, strideX, rowStride, columnStride) = (strideX, strideG, columnStride, rowStride);
        }
        for (int lane = 0; lane < lanes; lane += V.Count, g += V.Count, x += V.Count, a += V.Count)
        {
            int row = 0;
            for (; row + 4 <= rows; row += 4)
            {
                T* at = g + row * strideG, factor = x, target = a + row * rowStride;
                V g0 = V.Load(at), g1 = V.Load(at + strideG), g2 = V.Load(at + 2 * strideG), g3 = V.Load(at + 3 * strideG);
                for (int k = 0; k < columns; k++, factor += strideX, target += columnStride)
                {
                    V other = V.Load(factor);
                    Put(g0 * other, target, adds);
                    Put(g1 * other, target + rowStride, adds);
                    Put(g2 * other, target + 2 * rowStride, adds);
                    Put(g3 * other, target + 3 * rowStride, adds);
                }
            }
            for (; row < rows; row++)
            {
                V gradient = V.Load(g + row * strideG);
                T* factor = x, target = a + row * rowStride;
                for (int k = 0; k < columns; k++, factor += strideX, target += columnStride)
                    Put(gradient * V.Load(factor), target, adds);
            }
        }
    }
}
