using System.Numerics;

namespace Nudge.Tests.Compilation;

/// <summary>Products of matrices side by side, for every number of rows, against the plain loops.</summary>
public unsafe class HeadKernelTests
{
    private const int Columns = 4, Heads = 8, MostRows = 13, Stride = Heads * Columns + 5, Leap = MostRows + 2;

    private readonly Rng _rng = new(1);

    [Fact]
    public void Heads_in_128_bits() => Check<Wide128<float>>();

    [Fact]
    public void Heads_in_256_bits() => Check<Wide256<float>>();

    [Fact]
    public void Heads_in_512_bits() => Check<Wide512<float>>();

    [Fact]
    public void Other_matrices_are_left_to_other_kernels()
    {
        Assert.False(HeadKernels<Wide256<float>, float>.Fits(5, 5, Heads));
        Assert.False(HeadKernels<Wide256<float>, float>.Fits(Columns, Columns + 1, Heads));
        Assert.False(HeadKernels<Wide256<float>, float>.Fits(Columns, Columns, 3));
        Assert.False(HeadKernels<Wide256<double>, double>.Fits(Columns, Columns, Heads));
    }

    private void Check<V>()
        where V : unmanaged, IVector<V, float>
    {
        if (!HeadKernels<V, float>.Fits(Columns, Columns, Heads))
            return; // the machine lacks what they are made of, and programs do without
        for (int rows = 1; rows <= MostRows; rows++)
        {
            foreach (bool accumulate in new[] { false, true })
            {
                AlignedArray<float> a = Numbers(MostRows * Stride + V.Count), x = Numbers(Heads * Columns), y = Numbers(Heads * Leap + V.Count);
                int count = rows;
                Compare(y, (h, row) => h * Leap + row, rows, accumulate, (h, row) => Sum(Columns, k => a.Span[row * Stride + h * Columns + k] * (double)x.Span[h * Columns + k]), () =>
                    HeadKernels<V, float>.Multiply(Heads, count, a.Pointer, Stride, x.Pointer, y.Pointer, Leap, accumulate));
                Compare(x, (h, k) => h * Columns + k, Columns, accumulate, (h, k) => Sum(count, row => a.Span[row * Stride + h * Columns + k] * (double)y.Span[h * Leap + row]), () =>
                    HeadKernels<V, float>.MultiplyTransposed(Heads, count, a.Pointer, Stride, y.Pointer, Leap, x.Pointer, accumulate));
                Compare(a, (h, i) => i / Columns * Stride + h * Columns + i % Columns, rows * Columns, accumulate, (h, i) => y.Span[h * Leap + i / Columns] * (double)x.Span[h * Columns + i % Columns], () =>
                    HeadKernels<V, float>.OuterProduct(Heads, count, y.Pointer, Leap, x.Pointer, a.Pointer, Stride, accumulate));
            }
        }
    }

    // Runs a kernel: what it should have written is right, and nothing else has changed.
    private static void Compare(AlignedArray<float> result, Func<int, int, int> placeOf, int count, bool accumulate, Func<int, int, double> expected, Action run)
    {
        float[] wanted = result.Span.ToArray();
        for (int head = 0; head < Heads; head++)
        {
            for (int i = 0; i < count; i++)
                wanted[placeOf(head, i)] = (float)((accumulate ? wanted[placeOf(head, i)] : 0) + expected(head, i));
        }
        run();
        for (int i = 0; i < wanted.Length; i++)
            Assert.Equal(wanted[i], result.Span[i], 1e-5);
    }

    private static double Sum(int count, Func<int, double> term) => Enumerable.Range(0, count).Sum(term);

    private AlignedArray<float> Numbers(int count)
    {
        var numbers = new AlignedArray<float>(count);
        for (int i = 0; i < count; i++)
            numbers.Span[i] = (float)_rng.Uniform(-1, 1);
        return numbers;
    }
}
