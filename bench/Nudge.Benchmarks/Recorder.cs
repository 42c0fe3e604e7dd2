// Looks on while a compilation builds its expression.

using System.Diagnostics;

namespace Nudge.Benchmarks;

/// <summary>How long building an expression took, and what came of it.</summary>
internal sealed class Recorder
{
    private Value[] _results = [];

    internal TimeSpan Time { get; private set; }

    /// <summary>How many values were made, by their creation order.</summary>
    internal long Values { get; private set; }

    /// <summary>Builds the result of an expression.</summary>
    internal Value Record(Func<Value> build) => Record(() => [build()])[0];

    /// <summary>Builds the results of an expression.</summary>
    internal Value[] Record(Func<Value[]> build)
    {
        long before = new Value(0).Order, start = Stopwatch.GetTimestamp();
        _results = build();
        Time = Stopwatch.GetElapsedTime(start);
        Values = new Value(0).Order - before - 1;
        return _results;
    }

    /// <summary>Does once more what the compiler checks a program by, the backward pass of what was built, and says how long it took.</summary>
    internal TimeSpan Differentiate()
    {
        Value result = Value.Mean(_results);
        long start = Stopwatch.GetTimestamp();
        result.Backward();
        return Stopwatch.GetElapsedTime(start);
    }
}
