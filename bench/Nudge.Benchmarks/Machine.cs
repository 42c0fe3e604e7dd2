// What this machine is and how fast it can multiply and add on one core, measured.

using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Nudge.Benchmarks;

internal static class Machine
{
    /// <summary>The processor's name, as far as the system tells it.</summary>
    internal static string Processor
    {
        get
        {
            const string cpuinfo = "/proc/cpuinfo";
            string? line = File.Exists(cpuinfo) ? File.ReadLines(cpuinfo).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
            return line?.Split(':', 2)[1].Trim()
                ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
                ?? RuntimeInformation.ProcessArchitecture.ToString();
        }
    }

    /// <summary>The widest vectors that multiply and add here, in bits.</summary>
    internal static int VectorBits => Avx512F.IsSupported ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>Floating-point operations a second of fused multiply-adds in registers, in float32 and in double, with vectors as wide as given.</summary>
    internal static (double Single, double Double) MeasurePeak(int vectorBits) => vectorBits switch
    {
        512 => (Measure<Vector512<float>, Single512>(), Measure<Vector512<double>, Double512>()),
        256 => (Measure<Vector256<float>, Single256>(), Measure<Vector256<double>, Double256>()),
        _ => (Measure<Vector128<float>, Single128>(), Measure<Vector128<double>, Double128>()),
    };

    // The best of a few short runs: the peak is what the core can do when it is left alone.
    private static double Measure<TVector, T>()
        where T : struct, IMultiplyAdd<TVector>
    {
        const int count = 100_000, runs = 5;
        double best = 0;
        for (int run = 0; run < runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            T.Keep(Work<TVector, T>(count));
            best = Math.Max(best, 12.0 * 2 * T.Lanes * count / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    // Twelve independent sums hide the latency of each addition.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]
    private static TVector Work<TVector, T>(int count)
        where T : struct, IMultiplyAdd<TVector>
    {
        TVector factor = T.Fill(0.5f), term = T.Fill(0.25f);
        TVector a = factor, b = factor, c = factor, d = factor, e = factor, f = factor;
        TVector g = factor, h = factor, i = factor, j = factor, k = factor, l = factor;
        for (int n = 0; n < count; n++)
        {
            a = T.MultiplyAdd(a, factor, term);
            b = T.MultiplyAdd(b, factor, term);
            c = T.MultiplyAdd(c, factor, term);
            d = T.MultiplyAdd(d, factor, term);
            e = T.MultiplyAdd(e, factor, term);
            f = T.MultiplyAdd(f, factor, term);
            g = T.MultiplyAdd(g, factor, term);
            h = T.MultiplyAdd(h, factor, term);
            i = T.MultiplyAdd(i, factor, term);
            j = T.MultiplyAdd(j, factor, term);
            k = T.MultiplyAdd(k, factor, term);
            l = T.MultiplyAdd(l, factor, term);
        }
        TVector sum = T.MultiplyAdd(a, b, T.MultiplyAdd(c, d, T.MultiplyAdd(e, f, g)));
        return T.MultiplyAdd(h, i, T.MultiplyAdd(j, k, T.MultiplyAdd(l, sum, sum)));
    }

    private interface IMultiplyAdd<TVector>
    {
        static abstract int Lanes { get; }

        static abstract TVector Fill(float number);

        static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

        /// <summary>Uses a result, so that computing it cannot be left out.</summary>
        static abstract void Keep(TVector result);
    }

    private readonly struct Single512 : IMultiplyAdd<Vector512<float>>
    {
        public static int Lanes => 16;

        public static Vector512<float> Fill(float number) => Vector512.Create(number);

        public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Avx512F.FusedMultiplyAdd(a, b, c);

        public static void Keep(Vector512<float> result) => GC.KeepAlive(result[0] > 1e30f ? Processor : null);
    }

    private readonly struct Double512 : IMultiplyAdd<Vector512<double>>
    {
        public static int Lanes => 8;

        public static Vector512<double> Fill(float number) => Vector512.Create((double)number);

        public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Avx512F.FusedMultiplyAdd(a, b, c);

        public static void Keep(Vector512<double> result) => GC.KeepAlive(result[0] > 1e30 ? Processor : null);
    }

    private readonly struct Single256 : IMultiplyAdd<Vector256<float>>
    {
        public static int Lanes => 8;

        public static Vector256<float> Fill(float number) => Vector256.Create(number);

        public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.FusedMultiplyAdd(a, b, c);

        public static void Keep(Vector256<float> result) => GC.KeepAlive(result[0] > 1e30f ? Processor : null);
    }

    private readonly struct Double256 : IMultiplyAdd<Vector256<double>>
    {
        public static int Lanes => 4;

        public static Vector256<double> Fill(float number) => Vector256.Create((double)number);

        public static Vector256<double> MultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Vector256.FusedMultiplyAdd(a, b, c);

        public static void Keep(Vector256<double> result) => GC.KeepAlive(result[0] > 1e30 ? Processor : null);
    }

    private readonly struct Single128 : IMultiplyAdd<Vector128<float>>
    {
        public static int Lanes => 4;

        public static Vector128<float> Fill(float number) => Vector128.Create(number);

        public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.FusedMultiplyAdd(a, b, c);

        public static void Keep(Vector128<float> result) => GC.KeepAlive(result[0] > 1e30f ? Processor : null);
    }

    private readonly struct Double128 : IMultiplyAdd<Vector128<double>>
    {
        public static int Lanes => 2;

        public static Vector128<double> Fill(float number) => Vector128.Create((double)number);

        public static Vector128<double> MultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> c) => Vector128.FusedMultiplyAdd(a, b, c);

        public static void Keep(Vector128<double> result) => GC.KeepAlive(result[0] > 1e30 ? Processor : null);
    }
}
