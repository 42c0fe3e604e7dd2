// Where the time of a program goes, statement by statement.

using System.Diagnostics;

namespace Nudge;

/// <summary>
/// Measures what is run while it is <see cref="Current"/>: how long each statement took, summed up by what the statement says
/// of itself. Measuring costs some 20 ns a statement, which are part of its time.
/// </summary>
internal sealed class StatementTimes
{
    private readonly Dictionary<Statement, (long Ticks, long Runs)> _times = new(ReferenceEqualityComparer.Instance);

    /// <summary>What is measured now; null for nothing. It serves one thread.</summary>
    internal static StatementTimes? Current { get; set; }

    /// <summary>The statements with their times in microseconds and how often they ran.</summary>
    internal IEnumerable<(Statement Statement, double Microseconds, long Runs)> Times =>
        _times.Select(time => (time.Key, time.Value.Ticks * 1e6 / Stopwatch.Frequency, time.Value.Runs));

    internal void Add(Statement statement, long ticks)
    {
        (long before, long runs) = _times.GetValueOrDefault(statement);
        _times[statement] = (before + ticks, runs + 1);
    }
}
