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

    /// <summary>How many elements a small matrix has at most: of few lanes, its sums over them are dots.</summary>
    internal const int SmallMatrix = 64;

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
        // One number at a time, rows of several would be structs that a browser copies wrongly.
        if (s_sums == 24 && V.Count > 1)
        {
            for (; lane + 4 * V.Count <= lanes; lane += 4 * V.Count)
                ProductTiles<Row4<V, T>, T>.Multiply(rows, 6, a, b + lane, c + lane, bias, m);
        }
        for (; V.Count > 1 && lane + 2 * V.Count <= lanes; lane += 2 * V.Count)
            ProductTiles<Row2<V, T>, T>.Multiply(rows, s_sums / 2, a, b + lane, c + lane, bias, m);
        for (; lane < lanes; lane += V.Count)
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

    // The last lanes fill no vector: they are computed beside their place, and then stored.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyEnd(int rows, int count, T* a, T* b, T* c, T* bias, in ProductShape m)
    {
        T* sums = stackalloc T[MostRows * V.Count];
        var beside = m with { StrideC = V.Count };
        for (int from = 0; from < rows; from += MostRows)
        {
            int next = Math.Min(MostRows, rows - from);
            for (int row = 0; row < next && m.Accumulate; row++)
                V.Store(V.Load(c + row * m.StrideC), sums + row * V.Count);
            ProductTiles<Row1<V, T>, T>.Multiply(next, MostRows, a + from * m.RowStride, b, sums, bias == null ? null : bias + from * m.BiasStride, beside);
            for (int row = 0; row < next; row++, c += m.StrideC)
                VectorTail<V, T>.Store(V.Load(sums + row * V.Count), c, count);
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
        int wide = DepthInTurn(rows, m.Depth, lanes, m.ColumnStride);
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
                AddDots(m.Depth, lanes, a + row * m.RowStride, m.ColumnStride, c + row * m.StrideC, b, m.StrideB);
            return;
        }
        for (; next + 2 <= m.Depth && sizeof(V) == 64; next += 2)
            AddPairs(rows, lanes, a + next * m.ColumnStride, b + next * m.StrideB, c, m);
        for (int k = next; k < m.Depth; k++)
            AddDots(rows, lanes, a + k * m.ColumnStride, m.RowStride, b + k * m.StrideB, c, m.StrideC);
    }

    /// <summary>
    /// Few sums over many lanes are dot products, in sixteen parts; many over few are a product with B transposed, in turn. Which of the
    /// two must not depend on the machine.
    /// </summary>
    /// <returns>How many columns of the gradient are summed up in turn.</returns>
    internal static int DepthInTurn(int rows, int depth, int lanes, nint columnStride)
    {
        int parts = Sixteen<T>.Parts;
        bool isSmall = lanes <= parts && rows * depth <= SmallMatrix, few = rows <= s_fewRows && lanes >= 4 * parts;
        return columnStride != 1 || few || isSmall ? 0
            : depth % parts < parts / 4 ? depth / parts * parts
            : depth;
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

    // a[i] += Σ over the lanes of C[i] · b.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddDots(int rows, int lanes, T* a, nint strideA, T* b, T* c, nint strideC)
    {
        T* sums = stackalloc T[4];
        int row = 0;
        for (; V.Count > 1 && row + 4 <= rows; row += 4, c += 4 * strideC, a += 4 * strideA)
        {
            SixteenParts<V, T> parts0 = default, parts1 = default, parts2 = default, parts3 = default;
            int lane = 0;
            for (; lane + SixteenParts<V, T>.Count <= lanes; lane += SixteenParts<V, T>.Count)
            {
                T* at = c + lane;
                parts0.Add(b + lane, at);
                parts1.Add(b + lane, at + strideC);
                parts2.Add(b + lane, at + 2 * strideC);
                parts3.Add(b + lane, at + 3 * strideC);
            }
            if (lane < lanes)
            {
                T* at = c + lane;
                parts0.AddFirst(b + lane, at, lanes - lane);
                parts1.AddFirst(b + lane, at + strideC, lanes - lane);
                parts2.AddFirst(b + lane, at + 2 * strideC, lanes - lane);
                parts3.AddFirst(b + lane, at + 3 * strideC, lanes - lane);
            }
            SixteenParts<V, T>.Store(parts0, parts1, parts2, parts3, sums);
            a[0] += sums[0];
            a[strideA] += sums[1];
            a[2 * strideA] += sums[2];
            a[3 * strideA] += sums[3];
        }
        for (; row < rows; row++, c += strideC, a += strideA)
            *a += VectorSums<V, T>.Dot(b, c, lanes);
    }
}

/// <summary>The shape of a product: strides in numbers; that of the bias is 0 where there is none.</summary>
internal readonly record struct ProductShape(
    nint RowStride, nint ColumnStride, nint StrideB, nint StrideC, nint BiasStride, int Depth, bool Accumulate);
