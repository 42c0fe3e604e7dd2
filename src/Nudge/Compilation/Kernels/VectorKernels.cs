// Products of a matrix with one vector, for a single example: its numbers lie side by side.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>A matrix whose rows lie side by side times a vector.</summary>
internal static unsafe class VectorKernels<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>y[i] (+)= Σₖ A[i, k] · x[k], each sum in sixteen parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Multiply(int rows, int depth, T* a, nint rowStride, T* x, T* y, bool adds)
    {
        T* sums = stackalloc T[4];
        int row = 0;
        for (; V.Count > 1 && row + 4 <= rows; row += 4, a += 4 * rowStride)
        {
            SixteenParts<V, T> parts0 = default, parts1 = default, parts2 = default, parts3 = default;
            int k = 0;
            for (; k + SixteenParts<V, T>.Count <= depth; k += SixteenParts<V, T>.Count)
            {
                parts0.Add(x + k, a + k);
                parts1.Add(x + k, a + rowStride + k);
                parts2.Add(x + k, a + 2 * rowStride + k);
                parts3.Add(x + k, a + 3 * rowStride + k);
            }
            if (k < depth)
            {
                parts0.AddFirst(x + k, a + k, depth - k);
                parts1.AddFirst(x + k, a + rowStride + k, depth - k);
                parts2.AddFirst(x + k, a + 2 * rowStride + k, depth - k);
                parts3.AddFirst(x + k, a + 3 * rowStride + k, depth - k);
            }
            SixteenParts<V, T>.Store(parts0, parts1, parts2, parts3, sums);
            for (int i = 0; i < 4; i++)
                y[row + i] = adds ? y[row + i] + sums[i] : sums[i];
        }
        for (; row < rows; row++, a += rowStride)
        {
            T sum = VectorSums<V, T>.Dot(x, a, depth);
            y[row] = adds ? y[row] + sum : sum;
        }
    }
}
