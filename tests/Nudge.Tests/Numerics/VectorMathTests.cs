// Elementary functions over vectors: within 2.5 units in the last place, and right at the edges.

using System.Numerics;

namespace Nudge.Tests.Numerics;

public unsafe class VectorMathTests
{
    private static readonly (string Name, Func<double, double> Exact)[] s_functions =
    [
        ("exp", Math.Exp),
        ("log", Math.Log),
        ("tanh", Math.Tanh),
        ("sigmoid", x => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x))),
    ];

    public static TheoryData<int> Functions => [.. Enumerable.Range(0, s_functions.Length)];

    // Every bit pattern on request, otherwise one in 1,009, a prime, so that all exponents and signs come up.
    [Theory]
    [MemberData(nameof(Functions))]
    public void Float32_is_within_2_5_units_in_the_last_place_over_all_bit_patterns(int function)
    {
        const int block = 4096;
        var x = new float[block];
        var y = new float[block];
        (double error, float at) worst = (0, 0);
        ulong stride = Soak.Wanted ? 1UL : 1009;
        for (ulong bits = 0; bits <= uint.MaxValue;)
        {
            for (int i = 0; i < block; i++, bits += stride)
                x[i] = BitConverter.UInt32BitsToSingle((uint)Math.Min(bits, uint.MaxValue));
            Apply<Wide256<float>, float>(function, x, y);
            for (int i = 0; i < block; i++)
            {
                double error = UnitsInTheLastPlace(y[i], s_functions[function].Exact(x[i]));
                if (error > worst.error)
                    worst = (error, x[i]);
            }
        }
        Assert.True(worst.error <= 2.5, $"{s_functions[function].Name}({worst.at:R}) is wrong by {worst.error:F2} units in the last place.");
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Float64_is_within_5_units_in_the_last_place(int function)
    {
        var rng = new Rng(1);
        double[] x = [.. Enumerable.Range(0, 100_000).Select(i => (i % 3) switch
        {
            0 => rng.Uniform(-700, 700),
            1 => rng.Uniform(-5, 5),
            _ => rng.Uniform(-1, 1) * Math.Pow(10, -rng.Next(12)),
        })];
        if (s_functions[function].Name == "log")
            x = Array.ConvertAll(x, Math.Exp);
        var y = new double[x.Length];
        Apply<Wide256<double>, double>(function, x, y);
        for (int i = 0; i < x.Length; i++)
        {
            double exact = s_functions[function].Exact(x[i]);
            Assert.True(Math.Abs(y[i] - exact) <= 5 * (Math.BitIncrement(Math.Abs(exact)) - Math.Abs(exact)), $"{s_functions[function].Name}({x[i]:R}) = {y[i]:R}, exactly {exact:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void All_widths_give_the_same_bits(int function)
    {
        var rng = new Rng(2);
        float[] x = [.. Enumerable.Range(0, 1024).Select(_ => BitConverter.UInt32BitsToSingle((uint)rng.NextBits()))];
        float[] one = new float[1024], narrow = new float[1024], middle = new float[1024], wide = new float[1024];
        Apply<Wide1<float>, float>(function, x, one);
        Apply<Wide128<float>, float>(function, x, narrow);
        Apply<Wide256<float>, float>(function, x, middle);
        Apply<Wide512<float>, float>(function, x, wide);
        Assert.Equal(one, narrow);
        Assert.Equal(one, middle);
        Assert.Equal(one, wide);
    }

    [Fact]
    public void Edges_are_right()
    {
        float[] x = [0f, -0f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.Epsilon, -float.Epsilon, float.MaxValue];
        var y = new float[x.Length];
        Apply<Wide256<float>, float>(0, x, y);
        Assert.Equal([1, 1, float.PositiveInfinity, 0, float.NaN, 1, 1, float.PositiveInfinity], y);
        Apply<Wide256<float>, float>(1, x, y);
        Assert.Equal([float.NegativeInfinity, float.NegativeInfinity, float.PositiveInfinity, float.NaN, float.NaN], y[..5]);
        Assert.True(float.IsNaN(y[6]));
        Apply<Wide256<float>, float>(2, x, y);
        Assert.Equal([0, 0, 1, -1, float.NaN, float.Epsilon, -float.Epsilon, 1], y);
        Assert.True(float.IsNegative(y[1]) && !float.IsNegative(y[0]));
        Apply<Wide256<float>, float>(3, x, y);
        Assert.Equal([0.5f, 0.5f, 1, 0, float.NaN, 0.5f, 0.5f, 1], y);
    }

    private static double UnitsInTheLastPlace(float got, double exact)
    {
        var rounded = (float)exact;
        if (float.IsNaN(rounded) || float.IsInfinity(rounded) || float.IsInfinity(got))
            return got.Equals(rounded) ? 0 : double.PositiveInfinity;
        float size = MathF.Abs(rounded);
        return Math.Abs(got - exact) / (MathF.BitIncrement(size) - (double)size);
    }

    private static void Apply<V, T>(int function, T[] x, T[] y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* source = x, destination = y)
        {
            for (int i = 0; i + V.Count <= x.Length; i += V.Count)
            {
                V a = V.Load(source + i);
                V.Store(
                    function switch
                    {
                        0 => VectorMath.Exp<V, T>(a),
                        1 => VectorMath.Log<V, T>(a),
                        2 => VectorMath.Tanh<V, T>(a),
                        _ => VectorMath.Sigmoid<V, T>(a),
                    },
                    destination + i);
            }
        }
    }
}
