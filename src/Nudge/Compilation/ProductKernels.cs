// Matrix products on rows of lanes: forward, and the gradients of both factors.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Nudge;

/// <summary>
/// C[i] (+)= Σₖ A[i, k] · B[k], where the rows of B and C are lanes and A is read one number at a time with any
/// strides: A transposed is A with its strides exchanged. Nothing is packed.
/// </summary>
internal static unsafe class ProductKernels<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // With 32 registers a tile has 24 sums, with 16 it has 12.
    private static readonly int s_sums = Avx512F.IsSupported || !Avx.IsSupported ? 24 : 12;

    /// <summary>Computes a product.</summary>
    /// <param name="rows">How many rows A and C have.</param>
    /// <param name="lanes">How long the rows of B and C are: a multiple of the vector's width.</param>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    /// <param name="c">C.</param>
    /// <param name="bias">A number for each row of C to start from; null for none.</param>
    /// <param name="m">Strides, depth, and whether C is added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Multiply(int rows, int lanes, T* a, T* b, T* c, T* bias, in ProductShape m)
    {
        int lane = 0;
        for (; lane + 4 * V.Count <= lanes; lane += 4 * V.Count)
            ProductTiles<Row4<V, T>, T>.Multiply(rows, s_sums / 4, a, b + lane, c + lane, bias, m);
        if (lane + 2 * V.Count <= lanes)
        {
            ProductTiles<Row2<V, T>, T>.Multiply(rows, s_sums / 2, a, b + lane, c + lane, bias, m);
            lane += 2 * V.Count;
        }
        if (lane < lanes)
            ProductTiles<Row1<V, T>, T>.Multiply(rows, s_sums, a, b + lane, c + lane, bias, m);
    }

    /// <summary>A[i, k] += Σ over the lanes of C[i] · B[k]: the gradient of the matrix.</summary>
    /// <param name="rows">How many rows A and C have.</param>
    /// <param name="lanes">How long the rows of B and C are: a multiple of the vector's width.</param>
    /// <param name="a">What is added to.</param>
    /// <param name="b">B.</param>
    /// <param name="c">The gradient of C.</param>
    /// <param name="m">Strides and depth.</param>
    /// <param name="transposed">Room for B with its columns as rows, depth · lanes numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddByTransposed(int rows, int lanes, T* a, T* b, T* c, in ProductShape m, T* transposed)
    {
        int wide = m.ColumnStride == 1 ? m.Depth / V.Count * V.Count : 0;
        if (wide > 0)
        {
            Transposition.Transpose(wide, lanes, b, m.StrideB, transposed, wide);
            Multiply(rows, wide, c, transposed, a, null, new ProductShape(m.StrideC, 1, wide, m.RowStride, 0, lanes, Accumulate: true));
        }
        for (int k = wide; k < m.Depth; k++)
            AddRows(rows, lanes, a + k * m.ColumnStride, m.RowStride, b + k * m.StrideB, c, m.StrideC);
    }

    /// <summary>a[i] += Σ over the lanes of C[i], times those of b where there is a b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddRows(int rows, int lanes, T* a, nint strideA, T* b, T* c, nint strideC)
    {
        int row = 0;
        for (; row + 4 <= rows; row += 4, c += 4 * strideC, a += 4 * strideA)
        {
            V sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            for (int lane = 0; lane < lanes; lane += V.Count)
            {
                T* at = c + lane;
                V x = b == null ? V.Create(T.One) : V.Load(b + lane);
                sum0 = V.MultiplyAdd(x, V.Load(at), sum0);
                sum1 = V.MultiplyAdd(x, V.Load(at + strideC), sum1);
                sum2 = V.MultiplyAdd(x, V.Load(at + 2 * strideC), sum2);
                sum3 = V.MultiplyAdd(x, V.Load(at + 3 * strideC), sum3);
            }
            a[0] += V.Sum(sum0);
            a[strideA] += V.Sum(sum1);
            a[2 * strideA] += V.Sum(sum2);
            a[3 * strideA] += V.Sum(sum3);
        }
        for (; row < rows; row++, c += strideC, a += strideA)
        {
            V sum = default;
            for (int lane = 0; lane < lanes; lane += V.Count)
                sum = V.MultiplyAdd(b == null ? V.Create(T.One) : V.Load(b + lane), V.Load(c + lane), sum);
            *a += V.Sum(sum);
        }
    }
}
