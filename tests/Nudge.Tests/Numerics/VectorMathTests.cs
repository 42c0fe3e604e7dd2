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
        ["exp"] = (x, ref worst) => Check<ExpOperation>(x, Math.Exp, ref worst),
        ["log"] = (x, ref worst) => Check<LogOperation>(x, Math.Log, ref worst),
        ["tanh"] = (x, ref worst) => Check<TanhOperation>(x, Math.Tanh, ref worst),
        ["sigmoid"] = (x, ref worst) => Check<SigmoidOperation>(x, a => 1 / (1 + Math.Exp(-a)), ref worst),
        ["sin"] = (x, ref worst) => Check<SinOperation>(x, Math.Sin, ref worst),
        ["cos"] = (x, ref worst) => Check<CosOperation>(x, Math.Cos, ref worst),
        ["sqrt"] = (x, ref worst) => Check<SqrtOperation>(x, Math.Sqrt, ref worst),
        ["relu"] = (x, ref worst) => Check<ReluOperation>(x, a => a <= 0 ? 0 : a, ref worst),
        ["abs"] = (x, ref worst) => Check<AbsOperation>(x, Math.Abs, ref worst),
        ["negate"] = (x, ref worst) => Check<NegateOperation>(x, a => -a, ref worst),
    };

    private static readonly Dictionary<string, (Action<double[], double[]> Apply, Func<double, Exactly> Exact, Func<Rng, double> Sample)> s_doubles = new()
    {
        ["exp"] = ((x, y) => ApplyAtEveryWidth<double, ExpOperation>(x, y), Exactly.Exp, rng => Any(rng, -746, 710)),
        ["log"] = ((x, y) => ApplyAtEveryWidth<double, LogOperation>(x, y), Exactly.Log, rng => rng.Next(2) == 0 ? Math.Exp(Any(rng, -744, 709)) : Any(rng, 0.5, 2)),
        ["tanh"] = ((x, y) => ApplyAtEveryWidth<double, TanhOperation>(x, y), Exactly.Tanh, rng => Any(rng, -20, 20)),
        ["sigmoid"] = ((x, y) => ApplyAtEveryWidth<double, SigmoidOperation>(x, y), Exactly.Sigmoid, rng => Any(rng, -746, 40)),
        ["sin"] = ((x, y) => ApplyAtEveryWidth<double, SinOperation>(x, y), Exactly.Sin, Angle),
        ["cos"] = ((x, y) => ApplyAtEveryWidth<double, CosOperation>(x, y), Exactly.Cos, Angle),
    };

    public static TheoryData<string> Functions => [.. s_sweeps.Keys];

    public static TheoryData<string> DoubleFunctions => [.. s_doubles.Keys];

    // At every width, every bit pattern on request: NUDGE_SOAK=1 dotnet test -c Release --filter VectorMathTests.
    // Otherwise one in 1,009, a prime, so that all exponents and signs come up.
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
    public void Float64_is_within_2_6_units_in_the_last_place(string function)
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
        Assert.True(worst.Units <= 2.6, $"{function} is wrong by {worst}.");
    }

    [Fact]
    public void Powers_of_float32_are_within_a_unit_in_the_last_place()
    {
        var worst = new Worst();
        Parallel.For(0, Soak.Wanted ? 200_000 : 100, () => new Worst(), (round, _, own) =>
        {
            var rng = new Rng((ulong)round);
            float[] a = new float[4096], b = new float[a.Length], y = new float[a.Length];
            for (int i = 0; i < a.Length; i++)
            {
                a[i] = rng.Next(2) == 0 ? BitConverter.UInt32BitsToSingle((uint)rng.NextBits()) : (float)rng.Uniform(-5, 20);
                b[i] = rng.Next(3) switch
                {
                    0 => rng.Next(41) - 20,
                    1 => BitConverter.UInt32BitsToSingle((uint)rng.NextBits()),
                    _ => (float)rng.Uniform(-20, 20),
                };
            }
            ApplyAtEveryWidth<float, PowerOperation>(a, b, y);
            for (int i = 0; i < a.Length; i++)
                own.Add(y[i], Math.Pow(a[i], b[i]), a[i]);
            return own;
        }, own =>
        {
            lock (s_sweeps)
                worst = own.Units > worst.Units ? own : worst;
        });
        output.WriteLine($"pow: {worst}");
        Assert.True(worst.Units <= 1, $"pow is wrong by {worst}.");
    }

    [Fact]
    public void Powers_of_float64_are_within_a_unit_in_the_last_place_and_their_slopes_within_four()
    {
        var rng = new Rng(2);
        Worst value = new(), inBase = new(), inExponent = new();
        double[] a = new double[500], b = new double[a.Length], y = new double[a.Length];
        for (int round = 0; round < (Soak.Wanted ? 1000 : 10); round++)
        {
            for (int i = 0; i < a.Length; i++)
                (a[i], b[i]) = BaseAndExponent(rng);
            ApplyAtEveryWidth<double, PowerOperation>(a, b, y);
            for (int i = 0; i < a.Length; i++)
            {
                value.Add(Exactly.Pow(a[i], b[i]).UnitsTo(y[i]), a[i]);
                (double slopeA, double slopeB) = OperationTable.Derivatives(Operation.Power, a[i], b[i], y[i]);
                inBase.Add(Exactly.PowSlopeInBase(a[i], b[i]).UnitsTo(slopeA), a[i]);
                inExponent.Add(Exactly.PowSlopeInExponent(a[i], b[i]).UnitsTo(slopeB), a[i]);
            }
        }
        output.WriteLine($"pow in double: {value}; slope in the base: {inBase}; in the exponent: {inExponent}");
        Assert.True(value.Units <= 1, $"pow is wrong by {value}.");
        Assert.True(inBase.Units <= 4 && inExponent.Units <= 4, $"The slopes of pow are wrong by {inBase} and {inExponent}.");
    }

    [Fact]
    public void Powers_of_whole_numbers_are_exact()
    {
        for (int a = -20; a <= 20; a++)
        {
            for (int b = 0; b <= 12; b++)
                Assert.Equal((double)BigInteger.Pow(a, b), OperationTable.Apply(Operation.Power, a, b));
        }
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

    private static void Check<TOperation>(Span<uint> patterns, Func<double, double> exact, ref Worst worst)
        where TOperation : struct, IUnaryOperation
    {
        ReadOnlySpan<float> x = MemoryMarshal.Cast<uint, float>(patterns);
        Span<float> y = stackalloc float[x.Length];
        ApplyAtEveryWidth<float, TOperation>(x, y);
        for (int i = 0; i < x.Length; i++)
            worst.Add(y[i], exact(x[i]), x[i]);
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

    private static void ApplyAtEveryWidth<T, TOperation>(T[] a, T[] b, T[] y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IBinaryOperation
    {
        var other = new T[y.Length];
        Apply<Wide1<T>, T, TOperation>(a, b, y);
        Apply<Wide128<T>, T, TOperation>(a, b, other);
        RequireEqual<T>(a, y, other, 128);
        Apply<Wide256<T>, T, TOperation>(a, b, other);
        RequireEqual<T>(a, y, other, 256);
        Apply<Wide512<T>, T, TOperation>(a, b, other);
        RequireEqual<T>(a, y, other, 512);
    }

    // The last of the numbers that make no whole vector are computed once more in one that ends with them.
    private static void Apply<V, T, TOperation>(T[] a, T[] b, T[] y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IBinaryOperation
    {
        fixed (T* first = a, second = b, result = y)
        {
            for (int i = 0; i < y.Length; i += V.Count)
            {
                int at = Math.Min(i, y.Length - V.Count);
                V.Store(TOperation.Apply<V, T>(V.Load(first + at), V.Load(second + at)), result + at);
            }
        }
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

    // Small, moderate, near a multiple of π/2, and of any size.
    private static double Angle(Rng rng) => rng.Next(5) switch
    {
        0 => rng.Uniform(-4, 4),
        1 => rng.Uniform(-1.7e6, 1.7e6),
        2 => Math.BitIncrement(rng.Next(1 << 20) * (Math.PI / 2)),
        3 => rng.Next(3000) * (Math.PI / 2),
        _ => (rng.Next(2) == 0 ? 1 : -1) * Math.Exp(rng.Uniform(-30, 709)),
    };

    // Any power that is a number, powers of numbers near 1, and whole numbers; not the powers whose slope is 0.
    private static (double A, double B) BaseAndExponent(Rng rng)
    {
        double a = rng.Next(4) switch
        {
            0 => rng.Uniform(0.01, 10),
            1 => Math.Exp(rng.Uniform(-740, 705)),
            2 => 1 + rng.Uniform(-1, 1) * Math.Pow(2, -rng.Next(50)),
            _ => rng.Next(100) + 2,
        };
        double b = rng.Next(3) == 0 ? rng.Next(12) + 1 : rng.Uniform(-735, 705) / Math.Log(a);
        return a == 1 || !double.IsFinite(b) || Math.Abs(b * Math.Log(a)) > 740 ? (1.5, 2.5) : (a, b);
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
