// Products of a matrix with one vector, for a single example: its numbers lie side by side.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Matrix times vector, and the gradient of the matrix, for matrices of any strides.</summary>
internal static unsafe class VectorKernels<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>y[i] (+)= Σₖ A[i, k] · x[k].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Multiply(int rows, int depth, T* a, nint rowStride, nint columnStride, T* x, T* y, bool accumulate)
    {
        if (columnStride == 1)
        {
            MultiplyByRows(rows, depth, a, rowStride, x, y, accumulate);
            return;
        }
        if (!accumulate)
            new Span<T>(y, rows).Clear();
        for (int k = 0; k < depth; k++, a += columnStride)
            AddScaled(rows, x[k], a, rowStride, y, 1);
    }

    /// <summary>A[i, k] += g[i] · x[k].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddOuterProduct(int rows, int depth, T* g, T* x, T* a, nint rowStride, nint columnStride)
    {
        if (rowStride == 1)
        {
            for (int k = 0; k < depth; k++)
                AddScaled(rows, x[k], g, 1, a + k * columnStride, 1);
            return;
        }
        for (int i = 0; i < rows; i++)
            AddScaled(depth, g[i], x, 1, a + i * rowStride, columnStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyByRows(int rows, int depth, T* a, nint rowStride, T* x, T* y, bool accumulate)
    {
        int row = 0;
        for (; row + 4 <= rows; row += 4, a += 4 * rowStride)
        {
            V sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            int k = 0;
            for (; k + V.Count <= depth; k += V.Count)
            {
                V b = V.Load(x + k);
                sum0 = V.MultiplyAdd(b, V.Load(a + k), sum0);
                sum1 = V.MultiplyAdd(b, V.Load(a + rowStride + k), sum1);
                sum2 = V.MultiplyAdd(b, V.Load(a + 2 * rowStride + k), sum2);
                sum3 = V.MultiplyAdd(b, V.Load(a + 3 * rowStride + k), sum3);
            }
            T y0 = V.Sum(sum0), y1 = V.Sum(sum1), y2 = V.Sum(sum2), y3 = V.Sum(sum3);
            for (; k < depth; k++)
            {
                y0 += x[k] * a[k];
                y1 += x[k] * a[rowStride + k];
                y2 += x[k] * a[2 * rowStride + k];
                y3 += x[k] * a[3 * rowStride + k];
            }
            y[row] = accumulate ? y[row] + y0 : y0;
            y[row + 1] = accumulate ? y[row + 1] + y1 : y1;
            y[row + 2] = accumulate ? y[row + 2] + y2 : y2;
            y[row + 3] = accumulate ? y[row + 3] + y3 : y3;
        }
        for (; row < rows; row++, a += rowStride)
        {
            V sum = default;
            int k = 0;
            for (; k + V.Count <= depth; k += V.Count)
                sum = V.MultiplyAdd(V.Load(x + k), V.Load(a + k), sum);
            T total = V.Sum(sum);
            for (; k < depth; k++)
                total += x[k] * a[k];
            y[row] = accumulate ? y[row] + total : total;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScaled(int count, T scale, T* x, nint strideX, T* y, nint strideY)
    {
        int i = 0;
        if (strideX == 1 && strideY == 1)
        {
            V wide = V.Create(scale);
            for (; i + V.Count <= count; i += V.Count)
                V.Store(V.MultiplyAdd(wide, V.Load(x + i), V.Load(y + i)), y + i);
        }
        for (; i < count; i++)
            y[i * strideY] += scale * x[i * strideX];
    }
}
