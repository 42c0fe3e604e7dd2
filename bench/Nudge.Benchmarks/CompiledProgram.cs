// A compiled program together with what compiling it cost.

using System.Diagnostics;
using System.Globalization;

namespace Nudge.Benchmarks;

/// <summary>Compiles twice: how long it takes at first, and again; and how much memory the second program keeps once it has run.</summary>
internal sealed class CompiledProgram<T>
    where T : class
{
    private readonly TimeSpan _first, _again;
    private readonly long _bytes;

    internal CompiledProgram(Func<T> compile, Action<T> run)
    {
        long start = Stopwatch.GetTimestamp();
        run(compile());
        _first = Stopwatch.GetElapsedTime(start);

        long before = GC.GetTotalMemory(forceFullCollection: true);
        start = Stopwatch.GetTimestamp();
        Program = compile();
        _again = Stopwatch.GetElapsedTime(start);
        run(Program);
        _bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
    }

    internal T Program { get; }

    /// <summary>The costs in words.</summary>
    internal string Note => string.Create(
        CultureInfo.InvariantCulture,
        $"compiled in {_again.TotalMilliseconds:F1} ms; the first time in a process, with a step, {_first.TotalMilliseconds:F0} ms; holds {_bytes / 1024.0:N0} KiB");
}
