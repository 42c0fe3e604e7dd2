// Products of many small matrices that stand side by side, such as the keys of all heads of an attention at one position.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Nudge;

/// <summary>
/// For a single example: matrices of four columns each, the first row of one beside the first row of the next, so that one
/// vector holds a row of several. What belongs to them lies at a distance of its own from matrix to matrix, its headStride.
/// </summary>
internal static unsafe class HeadKernels<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Columns = 4;

    // How many matrices a vector has a row of.
    private static int Heads
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Count / Columns;
    }

    /// <summary>Whether matrices are of this kind: a row of each has so many numbers, and that of the next begins so much further on.</summary>
    internal static bool Fits(int columns, nint headStride, int count) =>
        VectorFolding<V, T, SumFold>.IsSupported && columns == Columns && headStride == Columns && count % Heads == 0;

    /// <summary>y[row] (+)= Σₖ A[row, k] · x[k], of each matrix.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Multiply(int count, int rows, T* a, nint stride, T* x, T* y, nint headStride, bool accumulate)
    {
        for (int head = 0; head < count; head += Heads, a += V.Count, x += V.Count, y += Heads * headStride)
        {
            V factor = V.Load(x);
            T* at = a;
            int row = 0;
            for (; row + 4 <= rows; row += 4, at += 4 * stride)
            {
                V sums = VectorFolding<V, T, SumFold>.WithinParts(
                    factor * V.Load(at), factor * V.Load(at + stride), factor * V.Load(at + 2 * stride), factor * V.Load(at + 3 * stride));
                Put(sums, y + row, headStride, 4, accumulate);
            }
            if (row < rows)
            {
                T* last = a + (rows - 1) * stride, second = row + 1 < rows ? at + stride : last;
                Put(VectorFolding<V, T, SumFold>.WithinParts(factor * V.Load(at), factor * V.Load(second), factor * V.Load(last), default), y + row, headStride, rows - row, accumulate);
            }
        }
    }

    /// <summary>y[k] (+)= Σ A[row, k] · x[row], of each matrix; the results stand side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void MultiplyTransposed(int count, int rows, T* a, nint stride, T* x, nint headStride, T* y, bool accumulate)
    {
        for (int head = 0; head < count; head += Heads, a += V.Count, y += V.Count, x += Heads * headStride)
        {
            V sum = accumulate ? V.Load(y) : default;
            T* at = a;
            for (int row = 0; row < rows; row++, at += stride)
                sum = V.MultiplyAdd(Spread(x + row, headStride), V.Load(at), sum);
            V.Store(sum, y);
        }
    }

    /// <summary>A[row, k] (+)= x[row] · g[k], of each matrix, where what belongs to k stands side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void OuterProduct(int count, int rows, T* x, nint headStride, T* g, T* a, nint stride, bool accumulate)
    {
        for (int head = 0; head < count; head += Heads, a += V.Count, g += V.Count, x += Heads * headStride)
        {
            V gradient = V.Load(g);
            T* at = a;
            for (int row = 0; row < rows; row++, at += stride)
                V.Store(V.MultiplyAdd(Spread(x + row, headStride), gradient, accumulate ? V.Load(at) : default), at);
        }
    }

    // One number of each matrix for all of its columns.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Spread(T* x, nint headStride)
    {
        if (sizeof(V) == 16)
            return V.Create(*x);
        Vector256<T> low = Vector256.Create(Vector128.Create(x[0]), Vector128.Create(x[headStride]));
        if (sizeof(V) == 32)
            return Unsafe.BitCast<Vector256<T>, V>(low);
        return Unsafe.BitCast<Vector512<T>, V>(Vector512.Create(low, Vector256.Create(Vector128.Create(x[2 * headStride]), Vector128.Create(x[3 * headStride]))));
    }

    // The first few of four numbers of each matrix.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V sums, T* to, nint headStride, int count, bool accumulate)
    {
        Wide128<T>* parts = (Wide128<T>*)&sums;
        for (int head = 0; head < Heads; head++, to += headStride)
        {
            Wide128<T> part = accumulate ? parts[head] + Wide128<T>.Load(to) : parts[head];
            if (count == 4)
                Wide128<T>.Store(part, to);
            else
                VectorTail<Wide128<T>, T>.Store(part, to, count);
        }
    }
}
