// A compiled program together with what compiling it cost.

using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Nudge.Benchmarks;

/// <summary>Compiles, and says how long that took; once more when it is asked for the costs.</summary>
/// <remarks>
/// The expression of a compilation is built within <see cref="Recorder.Record(Func{Value})"/>, so that its share is known.
/// </remarks>
internal sealed class CompiledProgram<T>
    where T : class
{
    private readonly Func<Recorder, T> _compile;
    private readonly Action<T> _run;
    private readonly bool _isDifferentiated;
    private readonly TimeSpan _first;

    /// <param name="compile">Compiles it.</param>
    /// <param name="run">Makes a step.</param>
    /// <param name="isDifferentiated">Whether compiling checks gradients.</param>
    internal CompiledProgram(Func<Recorder, T> compile, Action<T> run, bool isDifferentiated = true)
    {
        _compile = compile;
        _run = run;
        _isDifferentiated = isDifferentiated;
        long start = Stopwatch.GetTimestamp();
        Program = Compile();
        _first = Stopwatch.GetElapsedTime(start);
    }

    internal T Program { get; }

    /// <summary>The costs in words; the memory is what a second program keeps once it has run.</summary>
    internal string Note
    {
        get
        {
            long before = GC.GetTotalMemory(forceFullCollection: true), start = Stopwatch.GetTimestamp();
            T second = Compile();
            TimeSpan again = Stopwatch.GetElapsedTime(start);
            _run(second);
            long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
            GC.KeepAlive(second);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"compiled in {again.TotalMilliseconds:F1} ms; the first time in a process {_first.TotalMilliseconds:F0} ms; holds {bytes / 1024.0:N0} KiB");
        }
    }

    /// <summary>Compiles again and again.</summary>
    internal CompilingCosts Measure(int repeats)
    {
        long start = Stopwatch.GetTimestamp();
        Compile();
        TimeSpan again = Stopwatch.GetElapsedTime(start);
        // Until the runtime has compiled the compiler with what it has learned of it.
        for (start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2);)
            CompileOnce();
        CompilingCosts[] costs = [.. Enumerable.Range(0, repeats).Select(_ => CompileOnce())];
        return new CompilingCosts(
            costs[0].Values, _first.TotalSeconds, again.TotalSeconds, Median(costs, cost => cost.Total), Median(costs, cost => cost.Recording), Median(costs, cost => cost.Check));
    }

    // On its own, so that what was recorded is no longer in sight of the caller when it measures memory.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private T Compile() => _compile(new Recorder());

    private CompilingCosts CompileOnce()
    {
        var recorder = new Recorder();
        long start = Stopwatch.GetTimestamp();
        _compile(recorder);
        TimeSpan total = Stopwatch.GetElapsedTime(start);
        TimeSpan check = _isDifferentiated ? recorder.Differentiate() : TimeSpan.Zero;
        return new CompilingCosts(recorder.Values, 0, 0, total.TotalSeconds, recorder.Time.TotalSeconds, check.TotalSeconds);
    }

    private static double Median(CompilingCosts[] costs, Func<CompilingCosts, double> part)
    {
        double[] sorted = [.. costs.Select(part).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
