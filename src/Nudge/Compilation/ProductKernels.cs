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
    /// <param name="bias">A number for each row of C to start from; null for none.</param>
    /// <param name="m">Strides, depth, and whether C is added to.</param>
    internal static void Multiply(int rows, int lanes, T* a, T* b, T* c, T* bias, in ProductShape m)
    {
        int lane = 0;
        for (; lane + 2 * V.Count <= lanes; lane += 2 * V.Count)
        {
            int row = 0;
            for (; row + 6 <= rows; row += 6)
                Tile6x2(m, a + row * m.RowStride, b + lane, c + row * m.StrideC + lane, bias + row * m.BiasStride);
            for (; row + 2 <= rows; row += 2)
                Tile2x2(m, a + row * m.RowStride, b + lane, c + row * m.StrideC + lane, bias + row * m.BiasStride);
            if (row < rows)
                Tile1x2(m, a + row * m.RowStride, b + lane, c + row * m.StrideC + lane, bias + row * m.BiasStride);
        }
        for (; lane < lanes; lane += V.Count)
        {
            int row = 0;
            for (; row + 8 <= rows; row += 8)
                Tile8x1(m, a + row * m.RowStride, b + lane, c + row * m.StrideC + lane, bias + row * m.BiasStride);
            for (; row + 4 <= rows; row += 4)
                Tile4x1(m, a + row * m.RowStride, b + lane, c + row * m.StrideC + lane, bias + row * m.BiasStride);
            for (; row < rows; row++)
                Tile1x1(m, a + row * m.RowStride, b + lane, c + row * m.StrideC + lane, bias + row * m.BiasStride);
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
    internal static void MultiplyByTransposed(int rows, int lanes, T* a, T* b, T* c, in ProductShape m, T* transposed)
    {
        int wide = m.ColumnStride == 1 ? m.Depth / V.Count * V.Count : 0;
        if (wide > 0)
        {
            for (int k = 0; k < wide; k++)
            {
                for (int lane = 0; lane < lanes; lane++)
                    transposed[lane * wide + k] = b[k * m.StrideB + lane];
            }
            Multiply(rows, wide, c, transposed, a, null, new ProductShape(m.StrideC, 1, wide, m.RowStride, 0, lanes, Accumulate: true));
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
    private static void Tile6x2(in ProductShape m, T* a, T* b, T* c, T* bias)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        V c00 = Start(m, bias, 0, c), c01 = Start(m, bias, 0, c + V.Count);
        V c10 = Start(m, bias, 1, c + strideC), c11 = Start(m, bias, 1, c + strideC + V.Count);
        V c20 = Start(m, bias, 2, c + 2 * strideC), c21 = Start(m, bias, 2, c + 2 * strideC + V.Count);
        V c30 = Start(m, bias, 3, c + 3 * strideC), c31 = Start(m, bias, 3, c + 3 * strideC + V.Count);
        V c40 = Start(m, bias, 4, c + 4 * strideC), c41 = Start(m, bias, 4, c + 4 * strideC + V.Count);
        V c50 = Start(m, bias, 5, c + 5 * strideC), c51 = Start(m, bias, 5, c + 5 * strideC + V.Count);
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
    private static void Tile2x2(in ProductShape m, T* a, T* b, T* c, T* bias)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        V c00 = Start(m, bias, 0, c), c01 = Start(m, bias, 0, c + V.Count);
        V c10 = Start(m, bias, 1, c + strideC), c11 = Start(m, bias, 1, c + strideC + V.Count);
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
    private static void Tile1x2(in ProductShape m, T* a, T* b, T* c, T* bias)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        V c00 = Start(m, bias, 0, c), c01 = Start(m, bias, 0, c + V.Count);
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
    private static void Tile8x1(in ProductShape m, T* a, T* b, T* c, T* bias)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        V c00 = Start(m, bias, 0, c);
        V c10 = Start(m, bias, 1, c + strideC);
        V c20 = Start(m, bias, 2, c + 2 * strideC);
        V c30 = Start(m, bias, 3, c + 3 * strideC);
        V c40 = Start(m, bias, 4, c + 4 * strideC);
        V c50 = Start(m, bias, 5, c + 5 * strideC);
        V c60 = Start(m, bias, 6, c + 6 * strideC);
        V c70 = Start(m, bias, 7, c + 7 * strideC);
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
    private static void Tile4x1(in ProductShape m, T* a, T* b, T* c, T* bias)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        V c00 = Start(m, bias, 0, c);
        V c10 = Start(m, bias, 1, c + strideC);
        V c20 = Start(m, bias, 2, c + 2 * strideC);
        V c30 = Start(m, bias, 3, c + 3 * strideC);
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
    private static void Tile1x1(in ProductShape m, T* a, T* b, T* c, T* bias)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        V c00 = Start(m, bias, 0, c);
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Start(in ProductShape m, T* bias, int row, T* c) =>
        bias != null ? V.Create(bias[row * m.BiasStride]) : m.Accumulate ? V.Load(c) : default;
}
