// Matrix products on rows of lanes: one loop, in register tiles of several sizes.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>
/// C[i] (+)= Σₖ A[i, k] · B[k], where the rows of B and C are lanes and A is read one number at a time with any
/// strides: A transposed is A with its strides exchanged. Nothing is packed or copied.
/// </summary>
internal static unsafe class ProductKernels<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes a product.</summary>
    /// <param name="rows">How many rows A and C have.</param>
    /// <param name="lanes">How long the rows of B and C are: a multiple of the vector's width.</param>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    /// <param name="c">C.</param>
    /// <param name="m">Strides, depth, and whether C is added to.</param>
    internal static void Multiply(int rows, int lanes, T* a, T* b, T* c, in Matrices m)
    {
        int lane = 0;
        for (; lane + 2 * V.Count <= lanes; lane += 2 * V.Count)
        {
            int row = 0;
            for (; row + 6 <= rows; row += 6)
                Tile6x2(m, a + row * m.RowStride, b + lane, c + row * m.StrideC + lane);
            for (; row + 2 <= rows; row += 2)
                Tile2x2(m, a + row * m.RowStride, b + lane, c + row * m.StrideC + lane);
            if (row < rows)
                Tile1x2(m, a + row * m.RowStride, b + lane, c + row * m.StrideC + lane);
        }
        for (; lane < lanes; lane += V.Count)
        {
            int row = 0;
            for (; row + 8 <= rows; row += 8)
                Tile8x1(m, a + row * m.RowStride, b + lane, c + row * m.StrideC + lane);
            for (; row + 4 <= rows; row += 4)
                Tile4x1(m, a + row * m.RowStride, b + lane, c + row * m.StrideC + lane);
            for (; row < rows; row++)
                Tile1x1(m, a + row * m.RowStride, b + lane, c + row * m.StrideC + lane);
        }
    }

    /// <summary>A[i, k] += Σ over the lanes of C[i] · B[k]: the gradient of the matrix.</summary>
    /// <param name="rows">How many rows A and C have.</param>
    /// <param name="lanes">How long the rows of B and C are: a multiple of the vector's width.</param>
    /// <param name="a">What is added to.</param>
    /// <param name="b">B.</param>
    /// <param name="c">The gradient of C.</param>
    /// <param name="m">Strides and depth.</param>
    /// <param name="transposed">Room for B with its columns as rows, depth · lanes numbers.</param>
    internal static void MultiplyByTransposed(int rows, int lanes, T* a, T* b, T* c, in Matrices m, T* transposed)
    {
        int wide = m.ColumnStride == 1 ? m.Depth / V.Count * V.Count : 0;
        if (wide > 0)
        {
            for (int k = 0; k < wide; k++)
            {
                for (int lane = 0; lane < lanes; lane++)
                    transposed[lane * wide + k] = b[k * m.StrideB + lane];
            }
            Multiply(rows, wide, c, transposed, a, new Matrices(m.StrideC, 1, wide, m.RowStride, lanes, Accumulate: true));
        }
        for (int row = 0; row < rows; row++)
        {
            for (int k = wide; k < m.Depth; k++)
            {
                T* x = c + row * m.StrideC, y = b + k * m.StrideB;
                V sum = default;
                for (int lane = 0; lane < lanes; lane += V.Count)
                    sum = V.MultiplyAdd(V.Load(x + lane), V.Load(y + lane), sum);
                a[row * m.RowStride + k * m.ColumnStride] += V.Sum(sum);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6x2(in Matrices m, T* a, T* b, T* c)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        V c00 = m.Accumulate ? V.Load(c) : default, c01 = m.Accumulate ? V.Load(c + V.Count) : default;
        V c10 = m.Accumulate ? V.Load(c + strideC) : default, c11 = m.Accumulate ? V.Load(c + strideC + V.Count) : default;
        V c20 = m.Accumulate ? V.Load(c + 2 * strideC) : default, c21 = m.Accumulate ? V.Load(c + 2 * strideC + V.Count) : default;
        V c30 = m.Accumulate ? V.Load(c + 3 * strideC) : default, c31 = m.Accumulate ? V.Load(c + 3 * strideC + V.Count) : default;
        V c40 = m.Accumulate ? V.Load(c + 4 * strideC) : default, c41 = m.Accumulate ? V.Load(c + 4 * strideC + V.Count) : default;
        V c50 = m.Accumulate ? V.Load(c + 5 * strideC) : default, c51 = m.Accumulate ? V.Load(c + 5 * strideC + V.Count) : default;
        for (int k = m.Depth; k > 0; k--)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count), x;
            x = V.Create(a[0]);
            c00 = V.MultiplyAdd(x, b0, c00);
            c01 = V.MultiplyAdd(x, b1, c01);
            x = V.Create(a[rowStride]);
            c10 = V.MultiplyAdd(x, b0, c10);
            c11 = V.MultiplyAdd(x, b1, c11);
            x = V.Create(a[2 * rowStride]);
            c20 = V.MultiplyAdd(x, b0, c20);
            c21 = V.MultiplyAdd(x, b1, c21);
            x = V.Create(a[3 * rowStride]);
            c30 = V.MultiplyAdd(x, b0, c30);
            c31 = V.MultiplyAdd(x, b1, c31);
            x = V.Create(a[4 * rowStride]);
            c40 = V.MultiplyAdd(x, b0, c40);
            c41 = V.MultiplyAdd(x, b1, c41);
            x = V.Create(a[5 * rowStride]);
            c50 = V.MultiplyAdd(x, b0, c50);
            c51 = V.MultiplyAdd(x, b1, c51);
            a += columnStride;
            b += strideB;
        }
        V.Store(c00, c);
        V.Store(c01, c + V.Count);
        V.Store(c10, c + strideC);
        V.Store(c11, c + strideC + V.Count);
        V.Store(c20, c + 2 * strideC);
        V.Store(c21, c + 2 * strideC + V.Count);
        V.Store(c30, c + 3 * strideC);
        V.Store(c31, c + 3 * strideC + V.Count);
        V.Store(c40, c + 4 * strideC);
        V.Store(c41, c + 4 * strideC + V.Count);
        V.Store(c50, c + 5 * strideC);
        V.Store(c51, c + 5 * strideC + V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2x2(in Matrices m, T* a, T* b, T* c)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        V c00 = m.Accumulate ? V.Load(c) : default, c01 = m.Accumulate ? V.Load(c + V.Count) : default;
        V c10 = m.Accumulate ? V.Load(c + strideC) : default, c11 = m.Accumulate ? V.Load(c + strideC + V.Count) : default;
        for (int k = m.Depth; k > 0; k--)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count), x;
            x = V.Create(a[0]);
            c00 = V.MultiplyAdd(x, b0, c00);
            c01 = V.MultiplyAdd(x, b1, c01);
            x = V.Create(a[rowStride]);
            c10 = V.MultiplyAdd(x, b0, c10);
            c11 = V.MultiplyAdd(x, b1, c11);
            a += columnStride;
            b += strideB;
        }
        V.Store(c00, c);
        V.Store(c01, c + V.Count);
        V.Store(c10, c + strideC);
        V.Store(c11, c + strideC + V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x2(in Matrices m, T* a, T* b, T* c)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        V c00 = m.Accumulate ? V.Load(c) : default, c01 = m.Accumulate ? V.Load(c + V.Count) : default;
        for (int k = m.Depth; k > 0; k--)
        {
            V b0 = V.Load(b), b1 = V.Load(b + V.Count), x;
            x = V.Create(a[0]);
            c00 = V.MultiplyAdd(x, b0, c00);
            c01 = V.MultiplyAdd(x, b1, c01);
            a += columnStride;
            b += strideB;
        }
        V.Store(c00, c);
        V.Store(c01, c + V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x1(in Matrices m, T* a, T* b, T* c)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        V c00 = m.Accumulate ? V.Load(c) : default;
        V c10 = m.Accumulate ? V.Load(c + strideC) : default;
        V c20 = m.Accumulate ? V.Load(c + 2 * strideC) : default;
        V c30 = m.Accumulate ? V.Load(c + 3 * strideC) : default;
        V c40 = m.Accumulate ? V.Load(c + 4 * strideC) : default;
        V c50 = m.Accumulate ? V.Load(c + 5 * strideC) : default;
        V c60 = m.Accumulate ? V.Load(c + 6 * strideC) : default;
        V c70 = m.Accumulate ? V.Load(c + 7 * strideC) : default;
        for (int k = m.Depth; k > 0; k--)
        {
            V b0 = V.Load(b), x;
            x = V.Create(a[0]);
            c00 = V.MultiplyAdd(x, b0, c00);
            x = V.Create(a[rowStride]);
            c10 = V.MultiplyAdd(x, b0, c10);
            x = V.Create(a[2 * rowStride]);
            c20 = V.MultiplyAdd(x, b0, c20);
            x = V.Create(a[3 * rowStride]);
            c30 = V.MultiplyAdd(x, b0, c30);
            x = V.Create(a[4 * rowStride]);
            c40 = V.MultiplyAdd(x, b0, c40);
            x = V.Create(a[5 * rowStride]);
            c50 = V.MultiplyAdd(x, b0, c50);
            x = V.Create(a[6 * rowStride]);
            c60 = V.MultiplyAdd(x, b0, c60);
            x = V.Create(a[7 * rowStride]);
            c70 = V.MultiplyAdd(x, b0, c70);
            a += columnStride;
            b += strideB;
        }
        V.Store(c00, c);
        V.Store(c10, c + strideC);
        V.Store(c20, c + 2 * strideC);
        V.Store(c30, c + 3 * strideC);
        V.Store(c40, c + 4 * strideC);
        V.Store(c50, c + 5 * strideC);
        V.Store(c60, c + 6 * strideC);
        V.Store(c70, c + 7 * strideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x1(in Matrices m, T* a, T* b, T* c)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        V c00 = m.Accumulate ? V.Load(c) : default;
        V c10 = m.Accumulate ? V.Load(c + strideC) : default;
        V c20 = m.Accumulate ? V.Load(c + 2 * strideC) : default;
        V c30 = m.Accumulate ? V.Load(c + 3 * strideC) : default;
        for (int k = m.Depth; k > 0; k--)
        {
            V b0 = V.Load(b), x;
            x = V.Create(a[0]);
            c00 = V.MultiplyAdd(x, b0, c00);
            x = V.Create(a[rowStride]);
            c10 = V.MultiplyAdd(x, b0, c10);
            x = V.Create(a[2 * rowStride]);
            c20 = V.MultiplyAdd(x, b0, c20);
            x = V.Create(a[3 * rowStride]);
            c30 = V.MultiplyAdd(x, b0, c30);
            a += columnStride;
            b += strideB;
        }
        V.Store(c00, c);
        V.Store(c10, c + strideC);
        V.Store(c20, c + 2 * strideC);
        V.Store(c30, c + 3 * strideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x1(in Matrices m, T* a, T* b, T* c)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        V c00 = m.Accumulate ? V.Load(c) : default;
        for (int k = m.Depth; k > 0; k--)
        {
            V b0 = V.Load(b), x;
            x = V.Create(a[0]);
            c00 = V.MultiplyAdd(x, b0, c00);
            a += columnStride;
            b += strideB;
        }
        V.Store(c00, c);
    }

    /// <summary>Strides in numbers, and the length of the sums.</summary>
    internal readonly record struct Matrices(nint RowStride, nint ColumnStride, nint StrideB, nint StrideC, int Depth, bool Accumulate);
}
