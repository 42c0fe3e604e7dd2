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
            if (depth < V.Count && V.Count > Wide128<T>.Count)
                VectorKernels<Wide128<T>, T>.MultiplyByRows(rows, depth, a, rowStride, x, y, accumulate);
            else
                MultiplyByRows(rows, depth, a, rowStride, x, y, accumulate);
            return;
        }
        int row = 0;
        if (rowStride == 1)
        {
            for (; row + V.Count <= rows; row += V.Count)
                MultiplyByColumns<V>(depth, a + row, columnStride, x, y + row, accumulate);
            for (; row + Wide128<T>.Count <= rows; row += Wide128<T>.Count)
                MultiplyByColumns<Wide128<T>>(depth, a + row, columnStride, x, y + row, accumulate);
        }
        for (; row < rows; row++)
        {
            T* number = a + row * rowStride;
            T sum = accumulate ? y[row] : T.Zero;
            for (int k = 0; k < depth; k++, number += columnStride)
                sum += x[k] * *number;
            y[row] = sum;
        }
    }

    // As many rows as a vector has numbers, where these lie side by side.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyByColumns<TVector>(int depth, T* a, nint columnStride, T* x, T* y, bool accumulate)
        where TVector : unmanaged, IVector<TVector, T>
    {
        TVector sum = accumulate ? TVector.Load(y) : default;
        for (int k = 0; k < depth; k++, a += columnStride)
            sum = TVector.MultiplyAdd(TVector.Create(x[k]), TVector.Load(a), sum);
        TVector.Store(sum, y);
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
            for (; k + Wide128<T>.Count <= depth; k += Wide128<T>.Count)
            {
                var b = Wide128<T>.Load(x + k);
                y0 += Wide128<T>.Sum(b * Wide128<T>.Load(a + k));
                y1 += Wide128<T>.Sum(b * Wide128<T>.Load(a + rowStride + k));
                y2 += Wide128<T>.Sum(b * Wide128<T>.Load(a + 2 * rowStride + k));
                y3 += Wide128<T>.Sum(b * Wide128<T>.Load(a + 3 * rowStride + k));
            }
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
            for (; k + Wide128<T>.Count <= depth; k += Wide128<T>.Count)
                total += Wide128<T>.Sum(Wide128<T>.Load(x + k) * Wide128<T>.Load(a + k));
            for (; k < depth; k++)
                total += x[k] * a[k];
            y[row] = accumulate ? y[row] + total : total;
        }
    }
}
