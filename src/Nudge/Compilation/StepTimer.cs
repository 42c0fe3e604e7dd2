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

/// <summary>Adds up the time of the parts of steps, on one thread. An engine asks for it once a run; where there is none, nothing is timed.</summary>
internal sealed class StepTimer
{
    private readonly long[] _ticks = new long[Enum.GetValues<StepPart>().Length], _counts = new long[Enum.GetValues<StepPart>().Length];

    /// <summary>The timer of the runs that begin now, or null.</summary>
    internal static StepTimer? Current { get; set; }

    /// <summary>The time at which a part begins, if anyone wants to know.</summary>
    internal static long Begin() => Current is null ? 0 : Stopwatch.GetTimestamp();

    /// <summary>Adds the time since a part began.</summary>
    internal static void End(StepPart part, long began) => Current?.Add(part, began);

    private void Add(StepPart part, long began)
    {
        _ticks[(int)part] += Stopwatch.GetTimestamp() - began;
        _counts[(int)part]++;
    }

    /// <summary>The time of a part.</summary>
    internal long Ticks(StepPart part) => _ticks[(int)part];

    /// <summary>How often it was added to.</summary>
    internal long Count(StepPart part) => _counts[(int)part];
}
