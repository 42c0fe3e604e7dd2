using System.Numerics;

namespace Nudge.Tests.Compilation;

/// <summary>Products of every small shape, at every width, with every stride, against the plain loops.</summary>
public unsafe class ProductKernelTests
{
    private static readonly int[] s_sizes = [1, 2, 3, 4, 5, 6, 7, 9, 11, 12, 13, 16, 18, 23, 25, 37];

    // Depths at which rows of transposed numbers stand further apart, and one or two more, which are no vector of their own.
    private static readonly int[] s_powers = [64, 65, 66, 128, 129, 130];

    [Fact]
    public void Products_of_128_bits() => Check<Wide128<float>, float>(1e-5);

    [Fact]
    public void Products_of_256_bits() => Check<Wide256<float>, float>(1e-5);

    [Fact]
    public void Products_of_512_bits() => Check<Wide512<float>, float>(1e-5);

    [Fact]
    public void Products_of_128_bits_in_double() => Check<Wide128<double>, double>(1e-13);

    [Fact]
    public void Products_of_256_bits_in_double() => Check<Wide256<double>, double>(1e-13);

    [Fact]
    public void Products_of_512_bits_in_double() => Check<Wide512<double>, double>(1e-13);

    [Fact]
    public void Products_with_one_vector()
    {
        CheckVector<Wide256<float>, float>(1e-5);
        CheckVector<Wide512<double>, double>(1e-13);
    }

    [Fact]
    public void A_transposition_exchanges_rows_and_columns()
    {
        foreach (int rows in s_sizes)
        {
            foreach (int columns in s_sizes)
            {
                CheckTransposition(rows, columns, gap: 0);
                CheckTransposition(rows, columns, gap: 2);
            }
        }
    }

    private static void CheckTransposition(int rows, int columns, int gap)
    {
        int stride = columns + gap;
        double[] from = [.. Enumerable.Range(0, (rows - 1) * stride + columns).Select(i => (double)i)];
        var narrow = new AlignedArray<float>(from.Length);
        for (int i = 0; i < from.Length; i++)
            narrow.Span[i] = i;
        var to = new AlignedArray<float>(columns * (rows + 1));
        var converted = new AlignedArray<float>(to.Length);
        var doubles = new AlignedArray<double>(to.Length);
        Transposition.Transpose(rows, columns, narrow.Pointer, stride, to.Pointer, rows + 1);
        fixed (double* source = from)
        {
            Transposition.TransposeFrom(rows, columns, source, stride, converted.Pointer, rows + 1);
            Transposition.TransposeFrom(rows, columns, source, stride, doubles.Pointer, rows + 1);
        }
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double expected = i * stride + j;
                Assert.Equal(expected, to.Span[j * (rows + 1) + i]);
                Assert.Equal(expected, converted.Span[j * (rows + 1) + i]);
                Assert.Equal(expected, doubles.Span[j * (rows + 1) + i]);
            }
            Assert.Equal(0, converted.Span[(i % columns) * (rows + 1) + rows]); // between the columns nothing is written
        }
    }

    private static void Check<V, T>(double tolerance)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rng = new Rng(1);
        foreach (int rows in s_sizes)
        {
            foreach (int depth in s_sizes)
            {
                foreach (int vectors in new[] { 1, 2, 3, 4, 5, 7 })
                {
                    for (int variant = 0; variant < 3; variant++)
                        CheckShape<V, T>(rows, depth, vectors * V.Count, variant, rng, tolerance * depth);
                }
            }
        }
        foreach (int depth in s_powers)
        {
            for (int variant = 0; variant < 3; variant++)
                CheckShape<V, T>(9, depth, 2 * V.Count, variant, rng, tolerance * depth);
        }
    }

    // Variants: A by rows with a bias; A by columns, added to what is there; A with gaps, from nothing.
    private static void CheckShape<V, T>(int rows, int depth, int lanes, int variant, Rng rng, double tolerance)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int rowStride, int columnStride) = variant switch { 0 => (depth, 1), 1 => (1, rows), _ => (2 * depth + 1, 2) };
        AlignedArray<T> a = Random<T>((rows - 1) * rowStride + (depth - 1) * columnStride + 1, rng), b = Random<T>(depth * lanes, rng), bias = Random<T>(rows, rng);
        AlignedArray<T> c = Random<T>(rows * lanes, rng), before = Copy(c);
        var shape = new ProductShape(rowStride, columnStride, lanes, lanes, variant == 0 ? 1 : 0, depth, Accumulate: variant == 1);
        ProductKernels<V, T>.Multiply(rows, lanes, a.Pointer, b.Pointer, c.Pointer, variant == 0 ? bias.Pointer : null, shape);
        double Start(int i, int lane) => variant switch { 0 => Number(bias, i), 1 => Number(before, i * lanes + lane), _ => 0 };
        for (int i = 0; i < rows; i++)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                double expected = Start(i, lane);
                for (int k = 0; k < depth; k++)
                    expected += Number(a, i * rowStride + k * columnStride) * Number(b, k * lanes + lane);
                RequireClose(expected, Number(c, i * lanes + lane), tolerance);
            }
        }

        // The gradient of A; what lies between its numbers stays as it is.
        AlignedArray<T> slope = Copy(a);
        var scratch = new AlignedArray<T>(lanes * Memory<T>.StrideOfTransposed(depth));
        ProductKernels<V, T>.AddByTransposed(rows, lanes, slope.Pointer, b.Pointer, c.Pointer, shape, scratch.Pointer);
        Assert.Equal(T.Zero, scratch.Pointer[scratch.Length]); // nothing is written behind it
        double[] sums = [.. Enumerable.Range(0, a.Length).Select(i => Number(a, i))];
        for (int i = 0; i < rows; i++)
        {
            for (int k = 0; k < depth; k++)
            {
                for (int lane = 0; lane < lanes; lane++)
                    sums[i * rowStride + k * columnStride] += Number(c, i * lanes + lane) * Number(b, k * lanes + lane);
            }
        }
        for (int i = 0; i < a.Length; i++)
            RequireClose(sums[i], Number(slope, i), tolerance * lanes);
    }

    private static void CheckVector<V, T>(double tolerance)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rng = new Rng(2);
        foreach (int rows in s_sizes)
        {
            foreach (int depth in s_sizes)
            {
                foreach ((int rowStride, int columnStride) in new[] { (depth + 1, 1), (1, rows + 1), (2 * depth, 2) })
                {
                    AlignedArray<T> a = Random<T>(rows * rowStride + depth * columnStride, rng), x = Random<T>(depth, rng), y = Random<T>(rows, rng), before = Copy(y);
                    bool accumulate = rng.NextDouble() < 0.5;
                    VectorKernels<V, T>.Multiply(rows, depth, a.Pointer, rowStride, columnStride, x.Pointer, y.Pointer, accumulate);
                    for (int i = 0; i < rows; i++)
                    {
                        double expected = accumulate ? Number(before, i) : 0;
                        for (int k = 0; k < depth; k++)
                            expected += Number(a, i * rowStride + k * columnStride) * Number(x, k);
                        RequireClose(expected, Number(y, i), tolerance * depth);
                    }
                }
            }
        }
    }

    private static void RequireClose(double expected, double got, double tolerance)
    {
        if (!(Math.Abs(expected - got) <= tolerance))
            Assert.Equal(expected, got, tolerance);
    }

    private static AlignedArray<T> Random<T>(int length, Rng rng)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var array = new AlignedArray<T>(length);
        for (int i = 0; i < length; i++)
            array.Span[i] = T.CreateTruncating(rng.Uniform(-1, 1));
        return array;
    }

    private static AlignedArray<T> Copy<T>(AlignedArray<T> array)
        where T : unmanaged
    {
        var copy = new AlignedArray<T>(array.Length);
        array.Span.CopyTo(copy.Span);
        return copy;
    }

    private static double Number<T>(AlignedArray<T> array, int i)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => double.CreateTruncating(array.Pointer[i]);
}
