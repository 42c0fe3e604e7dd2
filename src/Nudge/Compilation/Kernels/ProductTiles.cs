// The register tiles of matrix products: one loop, for several numbers of rows.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>
/// C[i] (+)= Σₖ A[i, k] · B[k] for one row of vectors of B and C, a few rows of C at a time: as many as registers hold.
/// Written out, since the compiler keeps no arrays in registers.
/// </summary>
internal static unsafe class ProductTiles<TRow, T>
    where TRow : unmanaged, IVectorRow<TRow, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>All rows of A and C.</summary>
    /// <param name="rows">How many there are.</param>
    /// <param name="most">How many rows registers hold: at least 6.</param>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    /// <param name="c">C.</param>
    /// <param name="bias">A number for each row of C to start from; null for none.</param>
    /// <param name="m">Strides, depth, and whether C is added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Multiply(int rows, int most, T* a, T* b, T* c, T* bias, in ProductShape m)
    {
        int row = 0;
        if (most >= 12)
        {
            // Two tiles of 8 keep the multipliers busier than one of 12 and one of 4.
            for (; row + 12 <= rows && rows - row != 16; row += 12)
                Tile12(m, a + row * m.RowStride, b, c + row * m.StrideC, bias + row * m.BiasStride);
            for (; row + 8 <= rows; row += 8)
                Tile8(m, a + row * m.RowStride, b, c + row * m.StrideC, bias + row * m.BiasStride);
        }
        for (; row + 6 <= rows; row += 6)
            Tile6(m, a + row * m.RowStride, b, c + row * m.StrideC, bias + row * m.BiasStride);
        if (row + 4 <= rows)
        {
            Tile4(m, a + row * m.RowStride, b, c + row * m.StrideC, bias + row * m.BiasStride);
            row += 4;
        }
        if (row + 2 <= rows)
        {
            Tile2(m, a + row * m.RowStride, b, c + row * m.StrideC, bias + row * m.BiasStride);
            row += 2;
        }
        if (row < rows)
            Tile1(m, a + row * m.RowStride, b, c + row * m.StrideC, bias + row * m.BiasStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile12(in ProductShape m, T* a, T* b, T* c, T* bias)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        T* a3 = a + 3 * rowStride, a6 = a + 6 * rowStride, a9 = a + 9 * rowStride;
        TRow c0 = Start(m, bias, 0, c), c1 = Start(m, bias, 1, c + strideC),
            c2 = Start(m, bias, 2, c + 2 * strideC), c3 = Start(m, bias, 3, c + 3 * strideC),
            c4 = Start(m, bias, 4, c + 4 * strideC), c5 = Start(m, bias, 5, c + 5 * strideC),
            c6 = Start(m, bias, 6, c + 6 * strideC), c7 = Start(m, bias, 7, c + 7 * strideC),
            c8 = Start(m, bias, 8, c + 8 * strideC), c9 = Start(m, bias, 9, c + 9 * strideC),
            c10 = Start(m, bias, 10, c + 10 * strideC), c11 = Start(m, bias, 11, c + 11 * strideC);
        for (int k = m.Depth; k > 0; k--)
        {
            TRow x = TRow.Load(b);
            c0 = TRow.MultiplyAdd(a[0], x, c0);
            c1 = TRow.MultiplyAdd(a[rowStride], x, c1);
            c2 = TRow.MultiplyAdd(a[2 * rowStride], x, c2);
            c3 = TRow.MultiplyAdd(a3[0], x, c3);
            c4 = TRow.MultiplyAdd(a3[rowStride], x, c4);
            c5 = TRow.MultiplyAdd(a3[2 * rowStride], x, c5);
            c6 = TRow.MultiplyAdd(a6[0], x, c6);
            c7 = TRow.MultiplyAdd(a6[rowStride], x, c7);
            c8 = TRow.MultiplyAdd(a6[2 * rowStride], x, c8);
            c9 = TRow.MultiplyAdd(a9[0], x, c9);
            c10 = TRow.MultiplyAdd(a9[rowStride], x, c10);
            c11 = TRow.MultiplyAdd(a9[2 * rowStride], x, c11);
            a += columnStride;
            a3 += columnStride;
            a6 += columnStride;
            a9 += columnStride;
            b += strideB;
        }
        TRow.Store(c0, c);
        TRow.Store(c1, c + strideC);
        TRow.Store(c2, c + 2 * strideC);
        TRow.Store(c3, c + 3 * strideC);
        TRow.Store(c4, c + 4 * strideC);
        TRow.Store(c5, c + 5 * strideC);
        TRow.Store(c6, c + 6 * strideC);
        TRow.Store(c7, c + 7 * strideC);
        TRow.Store(c8, c + 8 * strideC);
        TRow.Store(c9, c + 9 * strideC);
        TRow.Store(c10, c + 10 * strideC);
        TRow.Store(c11, c + 11 * strideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8(in ProductShape m, T* a, T* b, T* c, T* bias)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        T* a3 = a + 3 * rowStride, a6 = a + 6 * rowStride;
        TRow c0 = Start(m, bias, 0, c), c1 = Start(m, bias, 1, c + strideC),
            c2 = Start(m, bias, 2, c + 2 * strideC), c3 = Start(m, bias, 3, c + 3 * strideC),
            c4 = Start(m, bias, 4, c + 4 * strideC), c5 = Start(m, bias, 5, c + 5 * strideC),
            c6 = Start(m, bias, 6, c + 6 * strideC), c7 = Start(m, bias, 7, c + 7 * strideC);
        for (int k = m.Depth; k > 0; k--)
        {
            TRow x = TRow.Load(b);
            c0 = TRow.MultiplyAdd(a[0], x, c0);
            c1 = TRow.MultiplyAdd(a[rowStride], x, c1);
            c2 = TRow.MultiplyAdd(a[2 * rowStride], x, c2);
            c3 = TRow.MultiplyAdd(a3[0], x, c3);
            c4 = TRow.MultiplyAdd(a3[rowStride], x, c4);
            c5 = TRow.MultiplyAdd(a3[2 * rowStride], x, c5);
            c6 = TRow.MultiplyAdd(a6[0], x, c6);
            c7 = TRow.MultiplyAdd(a6[rowStride], x, c7);
            a += columnStride;
            a3 += columnStride;
            a6 += columnStride;
            b += strideB;
        }
        TRow.Store(c0, c);
        TRow.Store(c1, c + strideC);
        TRow.Store(c2, c + 2 * strideC);
        TRow.Store(c3, c + 3 * strideC);
        TRow.Store(c4, c + 4 * strideC);
        TRow.Store(c5, c + 5 * strideC);
        TRow.Store(c6, c + 6 * strideC);
        TRow.Store(c7, c + 7 * strideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6(in ProductShape m, T* a, T* b, T* c, T* bias)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        T* a3 = a + 3 * rowStride;
        TRow c0 = Start(m, bias, 0, c), c1 = Start(m, bias, 1, c + strideC),
            c2 = Start(m, bias, 2, c + 2 * strideC), c3 = Start(m, bias, 3, c + 3 * strideC),
            c4 = Start(m, bias, 4, c + 4 * strideC), c5 = Start(m, bias, 5, c + 5 * strideC);
        for (int k = m.Depth; k > 0; k--)
        {
            TRow x = TRow.Load(b);
            c0 = TRow.MultiplyAdd(a[0], x, c0);
            c1 = TRow.MultiplyAdd(a[rowStride], x, c1);
            c2 = TRow.MultiplyAdd(a[2 * rowStride], x, c2);
            c3 = TRow.MultiplyAdd(a3[0], x, c3);
            c4 = TRow.MultiplyAdd(a3[rowStride], x, c4);
            c5 = TRow.MultiplyAdd(a3[2 * rowStride], x, c5);
            a += columnStride;
            a3 += columnStride;
            b += strideB;
        }
        TRow.Store(c0, c);
        TRow.Store(c1, c + strideC);
        TRow.Store(c2, c + 2 * strideC);
        TRow.Store(c3, c + 3 * strideC);
        TRow.Store(c4, c + 4 * strideC);
        TRow.Store(c5, c + 5 * strideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(in ProductShape m, T* a, T* b, T* c, T* bias)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        T* a3 = a + 3 * rowStride;
        TRow c0 = Start(m, bias, 0, c), c1 = Start(m, bias, 1, c + strideC),
            c2 = Start(m, bias, 2, c + 2 * strideC), c3 = Start(m, bias, 3, c + 3 * strideC);
        for (int k = m.Depth; k > 0; k--)
        {
            TRow x = TRow.Load(b);
            c0 = TRow.MultiplyAdd(a[0], x, c0);
            c1 = TRow.MultiplyAdd(a[rowStride], x, c1);
            c2 = TRow.MultiplyAdd(a[2 * rowStride], x, c2);
            c3 = TRow.MultiplyAdd(a3[0], x, c3);
            a += columnStride;
            a3 += columnStride;
            b += strideB;
        }
        TRow.Store(c0, c);
        TRow.Store(c1, c + strideC);
        TRow.Store(c2, c + 2 * strideC);
        TRow.Store(c3, c + 3 * strideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2(in ProductShape m, T* a, T* b, T* c, T* bias)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        TRow c0 = Start(m, bias, 0, c), c1 = Start(m, bias, 1, c + strideC);
        for (int k = m.Depth; k > 0; k--)
        {
            TRow x = TRow.Load(b);
            c0 = TRow.MultiplyAdd(a[0], x, c0);
            c1 = TRow.MultiplyAdd(a[rowStride], x, c1);
            a += columnStride;
            b += strideB;
        }
        TRow.Store(c0, c);
        TRow.Store(c1, c + strideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(in ProductShape m, T* a, T* b, T* c, T* bias)
    {
        nint rowStride = m.RowStride, columnStride = m.ColumnStride, strideB = m.StrideB, strideC = m.StrideC;
        TRow c0 = Start(m, bias, 0, c);
        for (int k = m.Depth; k > 0; k--)
        {
            TRow x = TRow.Load(b);
            c0 = TRow.MultiplyAdd(a[0], x, c0);
            a += columnStride;
            b += strideB;
        }
        TRow.Store(c0, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRow Start(in ProductShape m, T* bias, int row, T* c) =>
        bias != null ? TRow.Create(bias[row * m.BiasStride]) : m.Accumulate ? TRow.Load(c) : default;
}
