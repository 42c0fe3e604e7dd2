// What the time of a compiled step is spent on, for who measures it.

using System.Diagnostics;

namespace Nudge;

/// <summary>What a part of a step does.</summary>
internal enum StepPart
{
    /// <summary>A matrix product.</summary>
    Products,

    /// <summary>Other arithmetic.</summary>
    Maps,

    /// <summary>Bringing examples to where the program reads them.</summary>
    Batch,

    /// <summary>Zeroing the gradients and updating the parameters.</summary>
    Optimizer,
}

/// <summary>
/// Adds up the time of the parts of steps, on one thread. An engine asks for it once a run; where there is none, nothing is
/// timed. Reading the clock costs some 20 ns each time.
/// </summary>
/// <param name="byStatement">Whether statements are told apart.</param>
internal sealed class StepTimer(bool byStatement = false)
{
    private readonly long[] _ticks = new long[Enum.GetValues<StepPart>().Length], _counts = new long[Enum.GetValues<StepPart>().Length];
    private readonly Dictionary<Statement, (long Ticks, long Runs)> _statements = new(ReferenceEqualityComparer.Instance);

    /// <summary>The timer of the runs that begin now, or null.</summary>
    internal static StepTimer? Current { get; set; }

    /// <summary>The time at which a part begins, if anyone wants to know.</summary>
    internal static long Begin() => Current is null ? 0 : Stopwatch.GetTimestamp();

    /// <summary>Adds the time since a part began.</summary>
    internal static void End(StepPart part, long began) => Current?.Add(part, Stopwatch.GetTimestamp() - began);

    /// <summary>Adds the time since a statement began.</summary>
    internal void End(Statement statement, long began)
    {
        long ticks = Stopwatch.GetTimestamp() - began;
        Add(statement is Nest { B: not null } ? StepPart.Products : StepPart.Maps, ticks);
        if (!byStatement)
            return;
        (long before, long runs) = _statements.GetValueOrDefault(statement);
        _statements[statement] = (before + ticks, runs + 1);
    }

    /// <summary>The statements with their times and how often they ran.</summary>
    internal IEnumerable<(Statement Statement, double Microseconds, long Runs)> Statements =>
        _statements.Select(time => (time.Key, time.Value.Ticks * 1e6 / Stopwatch.Frequency, time.Value.Runs));

    /// <summary>The time of a part.</summary>
    internal long Ticks(StepPart part) => _ticks[(int)part];

    /// <summary>How often it was added to.</summary>
    internal long Count(StepPart part) => _counts[(int)part];

    private void Add(StepPart part, long ticks)
    {
        _ticks[(int)part] += ticks;
        _counts[(int)part]++;
    }
}
