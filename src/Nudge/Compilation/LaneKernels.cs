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
        for (int lane = 0; lane < lanes; lane += V.Count)
        {
            int row = 0;
            for (; row + 4 <= rows; row += 4)
                MultiplyFour(a + row * m.RowStride + lane, x + lane, y + row * m.StrideC + lane, m);
            for (; row < rows; row++)
            {
                T* factor = a + row * m.RowStride + lane, other = x + lane, result = y + row * m.StrideC + lane;
                V sum = m.Accumulate ? V.Load(result) : default;
                for (int k = 0; k < m.Depth; k++, factor += m.ColumnStride, other += m.StrideB)
                    sum = V.MultiplyAdd(V.Load(factor), V.Load(other), sum);
                V.Store(sum, result);
            }
        }
    }

    // Four rows at a time: a load serves several sums.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyFour(T* a, T* x, T* y, in ProductShape m)
    {
        T* y1 = y + m.StrideC, y2 = y1 + m.StrideC, y3 = y2 + m.StrideC;
        V sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        if (m.Accumulate)
            (sum0, sum1, sum2, sum3) = (V.Load(y), V.Load(y1), V.Load(y2), V.Load(y3));
        nint stride = m.RowStride;
        for (int k = 0; k < m.Depth; k++, a += m.ColumnStride, x += m.StrideB)
        {
            V factor = V.Load(x);
            sum0 = V.MultiplyAdd(V.Load(a), factor, sum0);
            sum1 = V.MultiplyAdd(V.Load(a + stride), factor, sum1);
            sum2 = V.MultiplyAdd(V.Load(a + 2 * stride), factor, sum2);
            sum3 = V.MultiplyAdd(V.Load(a + 3 * stride), factor, sum3);
        }
        V.Store(sum0, y);
        V.Store(sum1, y1);
        V.Store(sum2, y2);
        V.Store(sum3, y3);
    }

    /// <summary>A[i, k] (+)= g[i] · x[k].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void OuterProduct<TSum>(int rows, int lanes, T* g, T* x, T* a, in ProductShape m)
        where TSum : struct, ISum
    {
        int columns = m.Depth;
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
                    TSum.Put<V, T>(g0 * other, target);
                    TSum.Put<V, T>(g1 * other, target + rowStride);
                    TSum.Put<V, T>(g2 * other, target + 2 * rowStride);
                    TSum.Put<V, T>(g3 * other, target + 3 * rowStride);
                }
            }
            for (; row < rows; row++)
            {
                V gradient = V.Load(g + row * strideG);
                T* factor = x, target = a + row * rowStride;
                for (int k = 0; k < columns; k++, factor += strideX, target += columnStride)
                    TSum.Put<V, T>(gradient * V.Load(factor), target);
            }
        }
    }
}
