// Elementary functions over vectors: within 2.5 units in the last place, in float64 within 3, and right at the edges.

using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using Xunit.Abstractions;

namespace Nudge.Tests.Numerics;

public unsafe class VectorMathTests(ITestOutputHelper output)
{
    private delegate void Sweep(Span<uint> patterns, ref Worst worst);

    private static readonly Dictionary<string, Sweep> s_sweeps = new()
    {
        ["exp"] = Check<ExpOperation>,
        ["log"] = Check<LogOperation>,
        ["tanh"] = Check<TanhOperation>,
        ["sigmoid"] = Check<SigmoidOperation>,
        ["sqrt"] = Check<SqrtOperation>,
        ["relu"] = Check<ReluOperation>,
        ["abs"] = Check<AbsOperation>,
        ["negate"] = Check<NegateOperation>,
    };

    private static readonly Dictionary<string, (Action<double[], double[]> Apply, Func<double, Exactly> Exact, Func<Rng, double> Sample)> s_doubles = new()
    {
        ["exp"] = ((x, y) => ApplyAtEveryWidth<double, ExpOperation>(x, y), Exactly.Exp, rng => Any(rng, -746, 710)),
        ["log"] = ((x, y) => ApplyAtEveryWidth<double, LogOperation>(x, y), Exactly.Log, rng => rng.Next(2) == 0 ? Math.Exp(Any(rng, -744, 709)) : Any(rng, 0.5, 2)),
        ["tanh"] = ((x, y) => ApplyAtEveryWidth<double, TanhOperation>(x, y), Exactly.Tanh, rng => Any(rng, -20, 20)),
        ["sigmoid"] = ((x, y) => ApplyAtEveryWidth<double, SigmoidOperation>(x, y), Exactly.Sigmoid, rng => Any(rng, -746, 40)),
    };

    public static TheoryData<string> Functions => [.. s_sweeps.Keys];

    public static TheoryData<string> DoubleFunctions => [.. s_doubles.Keys];

    // At every width, every bit pattern on request: NUDGE_SOAK=1 dotnet test -c Release --filter VectorMathTests.
    // Otherwise one in 1,009, a prime, so that all exponents and signs come up. Sine and cosine are the runtime's own.
    [Theory]
    [MemberData(nameof(Functions))]
    public void Float32_is_within_2_5_units_in_the_last_place_over_all_bit_patterns(string function)
    {
        const int block = 1 << 14;
        long stride = Soak.Wanted ? 1 : 1009, patterns = ((1L << 32) + stride - 1) / stride;
        var worst = new Worst();
        long start = Stopwatch.GetTimestamp();
        Parallel.For(
            0L,
            (patterns + block - 1) / block,
            () => (Patterns: new uint[block], Worst: new Worst()),
            (number, _, own) =>
            {
                for (int i = 0; i < block; i++)
                    own.Patterns[i] = (uint)(Math.Min(number * block + i, patterns - 1) * stride);
                s_sweeps[function](own.Patterns, ref own.Worst);
                return own;
            },
            own =>
            {
                lock (s_sweeps)
                    worst = own.Worst.Units > worst.Units ? own.Worst : worst;
            });
        output.WriteLine($"{function}: {patterns:N0} patterns, {worst}, {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
        Assert.True(worst.Units <= 2.5, $"{function} is wrong by {worst}.");
    }

    [Theory]
    [MemberData(nameof(DoubleFunctions))]
    public void Float64_is_within_3_units_in_the_last_place(string function)
    {
        var rng = new Rng(1);
        var worst = new Worst();
        double[] x = new double[1000], y = new double[x.Length];
        int rounds = Soak.Wanted ? 10_000 : 20;
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < x.Length; i++)
                x[i] = s_doubles[function].Sample(rng);
            s_doubles[function].Apply(x, y);
            for (int i = 0; i < x.Length; i++)
                worst.Add(s_doubles[function].Exact(x[i]).UnitsTo(y[i]), x[i]);
        }
        output.WriteLine($"{function} in double: {rounds * x.Length:N0} numbers, {worst}");
        Assert.True(worst.Units <= 3, $"{function} is wrong by {worst}.");
    }

    [Fact]
    public void Edges_are_right_at_every_width()
    {
        CheckEdges<Wide1<float>, float>(float.Epsilon, float.MaxValue);
        CheckEdges<Wide128<float>, float>(float.Epsilon, float.MaxValue);
        CheckEdges<Wide256<float>, float>(float.Epsilon, float.MaxValue);
        CheckEdges<Wide512<float>, float>(float.Epsilon, float.MaxValue);
        CheckEdges<Wide1<double>, double>(double.Epsilon, double.MaxValue);
        CheckEdges<Wide128<double>, double>(double.Epsilon, double.MaxValue);
        CheckEdges<Wide256<double>, double>(double.Epsilon, double.MaxValue);
        CheckEdges<Wide512<double>, double>(double.Epsilon, double.MaxValue);
    }

    private static void CheckEdges<V, T>(T least, T greatest)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T zero = T.Zero, one = T.One, half = one / (one + one), infinity = T.PositiveInfinity, nan = T.NaN;
        T[] x = [zero, T.NegativeZero, infinity, -infinity, nan, least, -least, greatest];
        var y = new T[x.Length];
        Apply<V, T, ExpOperation>(x, y);
        Assert.Equal([one, one, infinity, zero, nan, one, one, infinity], y);
        Apply<V, T, LogOperation>(x, y);
        Assert.Equal([-infinity, -infinity, infinity, nan, nan], y[..5]);
        Assert.True(T.IsNaN(y[6]));
        Apply<V, T, TanhOperation>(x, y);
        Assert.Equal([zero, zero, one, -one, nan, least, -least, one], y);
        Assert.True(T.IsNegative(y[1]) && !T.IsNegative(y[0]));
        Apply<V, T, SigmoidOperation>(x, y);
        Assert.Equal([half, half, one, zero, nan, half, half, one], y);
    }

    private static void Check<TOperation>(Span<uint> patterns, ref Worst worst)
        where TOperation : struct, IUnaryOperation
    {
        ReadOnlySpan<float> x = MemoryMarshal.Cast<uint, float>(patterns);
        Span<float> y = stackalloc float[x.Length];
        ApplyAtEveryWidth<float, TOperation>(x, y);
        for (int i = 0; i < x.Length; i++)
            worst.Add(y[i], TOperation.Apply(x[i]), x[i]);
    }

    // All widths give the same bits.
    private static void ApplyAtEveryWidth<T, TOperation>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IUnaryOperation
    {
        Span<T> other = stackalloc T[x.Length];
        Apply<Wide1<T>, T, TOperation>(x, y);
        Apply<Wide128<T>, T, TOperation>(x, other);
        RequireEqual(x, y, other, 128);
        Apply<Wide256<T>, T, TOperation>(x, other);
        RequireEqual(x, y, other, 256);
        Apply<Wide512<T>, T, TOperation>(x, other);
        RequireEqual(x, y, other, 512);
    }

    private static void RequireEqual<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> one, ReadOnlySpan<T> other, int bits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (MemoryMarshal.AsBytes(one).SequenceEqual(MemoryMarshal.AsBytes(other)))
            return;
        for (int i = 0; i < x.Length; i++)
        {
            bool equal = one[i].Equals(other[i]) && (T.IsNaN(one[i]) || T.IsNegative(one[i]) == T.IsNegative(other[i]));
            Assert.True(equal, $"{x[i]} gives {one[i]} alone and {other[i]} in vectors of {bits} bits.");
        }
    }

    // Any exponent, any number of a range, or one near 0.
    private static double Any(Rng rng, double low, double high) => rng.Next(3) switch
    {
        0 => rng.Uniform(low, high),
        1 => rng.Uniform(-1, 1) * Math.Pow(2, -rng.Next(60)) is var x && x >= low && x <= high ? x : rng.Uniform(low, high),
        _ => Math.Clamp(rng.Uniform(-5, 5), low, high),
    };

    private static void Apply<V, T, TOperation>(ReadOnlySpan<T> x, Span<T> y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IUnaryOperation
    {
        // The last of the numbers are computed in a vector of their own, filled up with ones.
        T* rest = stackalloc T[V.Count];
        new Span<T>(rest, V.Count).Fill(T.One);
        int i = 0;
        fixed (T* source = x, destination = y)
        {
            for (; i + V.Count <= x.Length; i += V.Count)
                V.Store(TOperation.Apply<V, T>(V.Load(source + i)), destination + i);
        }
        x[i..].CopyTo(new Span<T>(rest, V.Count));
        V.Store(TOperation.Apply<V, T>(V.Load(rest)), rest);
        new Span<T>(rest, x.Length - i).CopyTo(y[i..]);
    }

    /// <summary>The largest error so far, in units in the last place, and where it is.</summary>
    private struct Worst
    {
        private double _at;

        internal double Units { get; private set; }

        public override readonly string ToString() => FormattableString.Invariant($"at most {Units:F3} units in the last place, at {_at:R}");

        internal void Add(double units, double x)
        {
            if (units > Units)
                (Units, _at) = (units, x);
        }

        // Numbers are compared with the exact ones, 0, ∞ and NaN with what they are.
        internal void Add(float got, double exact, float x)
        {
            var rounded = (float)exact;
            if (BitConverter.SingleToUInt32Bits(got) == BitConverter.SingleToUInt32Bits(rounded))
            {
                if (Units < 0.5 && float.IsFinite(got))
                    Add(Math.Abs(got - exact) / UnitOf(rounded), x);
                return;
            }
            bool edge = !float.IsFinite(rounded) || !float.IsFinite(got) || (rounded == 0 && got == 0);
            Add(!edge ? Math.Abs(got - exact) / UnitOf(rounded) : float.IsNaN(rounded) && float.IsNaN(got) ? 0 : double.PositiveInfinity, x);
        }

        private static double UnitOf(float number) => MathF.BitIncrement(MathF.Abs(number)) - (double)MathF.Abs(number);
    }
}
