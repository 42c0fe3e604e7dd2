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
    private const int MostRows = 12;

    // Only float32 is transposed by vectors.
    private static readonly int s_fewRows = typeof(T) == typeof(float) ? 7 : 24;

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
        if (s_sums == 24)
        {
            for (; lane + 4 * V.Count <= lanes; lane += 4 * V.Count)
                ProductTiles<Row4<V, T>, T>.Multiply(rows, 6, a, b + lane, c + lane, bias, m);
        }
        for (; lane + 2 * V.Count <= lanes; lane += 2 * V.Count)
            ProductTiles<Row2<V, T>, T>.Multiply(rows, s_sums / 2, a, b + lane, c + lane, bias, m);
        if (lane < lanes)
            ProductTiles<Row1<V, T>, T>.Multiply(rows, MostRows, a, b + lane, c + lane, bias, m);
    }

    /// <summary>Computes a product whose rows of B and C may have any length.</summary>
    /// <param name="rows">How many rows A and C have.</param>
    /// <param name="lanes">How long the rows of B and C are.</param>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    /// <param name="c">C.</param>
    /// <param name="bias">A number for each row of C to start from; null for none.</param>
    /// <param name="m">Strides, depth, and whether C is added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void MultiplyAny(int rows, int lanes, T* a, T* b, T* c, T* bias, in ProductShape m)
    {
        int whole = lanes / V.Count * V.Count;
        if (whole > 0)
            Multiply(rows, whole, a, b, c, bias, m);
        if (whole < lanes)
            MultiplyEnd(rows, lanes - whole, a, b + whole, c + whole, bias, m);
    }

    // The last lanes fill no vector: they are computed beside their place, and then stored or added.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyEnd(int rows, int count, T* a, T* b, T* c, T* bias, in ProductShape m)
    {
        T* sums = stackalloc T[MostRows * V.Count];
        var beside = new ProductShape(m.RowStride, m.ColumnStride, m.StrideB, V.Count, m.BiasStride, m.Depth, Accumulate: false);
        for (int from = 0; from < rows; from += MostRows)
        {
            int next = Math.Min(MostRows, rows - from);
            ProductTiles<Row1<V, T>, T>.Multiply(next, MostRows, a + from * m.RowStride, b, sums, bias == null ? null : bias + from * m.BiasStride, beside);
            for (int row = 0; row < next; row++, c += m.StrideC)
            {
                V sum = V.Load(sums + row * V.Count);
                VectorTail<V, T>.Store(m.Accumulate ? V.Load(c) + sum : sum, c, count);
            }
        }
    }

    /// <summary>A[i, k] += Σ over the lanes of C[i] · B[k]: the gradient of the matrix.</summary>
    /// <param name="rows">How many rows A and C have.</param>
    /// <param name="lanes">How long the rows of B and C are: a multiple of the vector's width.</param>
    /// <param name="a">What is added to.</param>
    /// <param name="b">B.</param>
    /// <param name="c">The gradient of C.</param>
    /// <param name="m">Strides and depth.</param>
    /// <param name="scratch">Room for B with its columns as rows, each as long as <see cref="Memory{T}.StrideOfTransposed"/> of the depth.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddByTransposed(int rows, int lanes, T* a, T* b, T* c, in ProductShape m, T* scratch)
    {
        // Few sums over many lanes are dot products; many over few are a product with B transposed.
        bool few = rows <= s_fewRows && lanes >= 4 * V.Count;
        int wide = m.ColumnStride != 1 || few ? 0
            : m.Depth % V.Count < Wide128<T>.Count ? m.Depth / V.Count * V.Count
            : m.Depth;
        if (wide > 0)
        {
            int stride = Memory<T>.StrideOfTransposed(m.Depth);
            Transposition.Transpose(wide, lanes, b, m.StrideB, scratch, stride);
            MultiplyAny(rows, wide, c, scratch, a, null, new ProductShape(m.StrideC, 1, stride, m.RowStride, 0, lanes, Accumulate: true));
        }
        int next = wide;
        if (wide == 0 && rows < 4)
        {
            // Four columns of a row have their sums at once, where there are no four rows.
            for (int row = 0; row < rows; row++)
                AddRows(m.Depth, lanes, a + row * m.RowStride, m.ColumnStride, c + row * m.StrideC, b, m.StrideB);
            return;
        }
        for (; next + 2 <= m.Depth; next += 2)
            AddPairs(rows, lanes, a + next * m.ColumnStride, b + next * m.StrideB, c, m);
        for (int k = next; k < m.Depth; k++)
            AddRows(rows, lanes, a + k * m.ColumnStride, m.RowStride, b + k * m.StrideB, c, m.StrideC);
    }

    // Two columns of A at a time, four rows of it: a load serves several sums.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddPairs(int rows, int lanes, T* a, T* b, T* c, in ProductShape m)
    {
        nint strideA = m.RowStride, columnA = m.ColumnStride, strideC = m.StrideC;
        T* other = b + m.StrideB;
        int row = 0;
        for (; row + 4 <= rows; row += 4, c += 4 * strideC, a += 4 * strideA)
        {
            V sum00 = default, sum01 = default, sum10 = default, sum11 = default, sum20 = default, sum21 = default, sum30 = default, sum31 = default;
            for (int lane = 0; lane < lanes; lane += V.Count)
            {
                V x = V.Load(b + lane), y = V.Load(other + lane);
                T* at = c + lane;
                V z = V.Load(at);
                sum00 = V.MultiplyAdd(x, z, sum00);
                sum01 = V.MultiplyAdd(y, z, sum01);
                z = V.Load(at + strideC);
                sum10 = V.MultiplyAdd(x, z, sum10);
                sum11 = V.MultiplyAdd(y, z, sum11);
                z = V.Load(at + 2 * strideC);
                sum20 = V.MultiplyAdd(x, z, sum20);
                sum21 = V.MultiplyAdd(y, z, sum21);
                z = V.Load(at + 3 * strideC);
                sum30 = V.MultiplyAdd(x, z, sum30);
                sum31 = V.MultiplyAdd(y, z, sum31);
            }
            VectorFolding<V, T, SumFold>.JoinTo(sum00, sum10, sum20, sum30, a, strideA);
            VectorFolding<V, T, SumFold>.JoinTo(sum01, sum11, sum21, sum31, a + columnA, strideA);
        }
        for (; row < rows; row++, c += strideC, a += strideA)
        {
            V sum0 = default, sum1 = default;
            for (int lane = 0; lane < lanes; lane += V.Count)
            {
                V z = V.Load(c + lane);
                sum0 = V.MultiplyAdd(V.Load(b + lane), z, sum0);
                sum1 = V.MultiplyAdd(V.Load(other + lane), z, sum1);
            }
            a[0] += V.Sum(sum0);
            a[columnA] += V.Sum(sum1);
        }
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
            VectorFolding<V, T, SumFold>.JoinTo(sum0, sum1, sum2, sum3, a, strideA);
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

/// <summary>The shape of a product: strides in numbers; that of the bias is 0 where there is none.</summary>
internal readonly record struct ProductShape(
    nint RowStride, nint ColumnStride, nint StrideB, nint StrideC, nint BiasStride, int Depth, bool Accumulate);
