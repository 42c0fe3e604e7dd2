// Where the time of a step goes.

using System.Diagnostics;

namespace Nudge.Benchmarks;

/// <summary>Seconds of one step by what they are spent on.</summary>
/// <param name="Total">The whole step.</param>
/// <param name="Products">Matrix products.</param>
/// <param name="Maps">All other arithmetic of the program.</param>
/// <param name="Batch">Bringing the examples to where the program reads them.</param>
/// <param name="Optimizer">Zeroing the gradients and updating the parameters.</param>
internal sealed record TimeParts(double Total, double Products, double Maps, double Batch, double Optimizer)
{
    /// <summary>What is left.</summary>
    internal double Bookkeeping => Math.Max(0, Total - Products - Maps - Batch - Optimizer);

    /// <summary>
    /// Makes steps, and as many with the engine's timer. Reading the clock takes longer than the shortest kernels do: what it costs is
    /// taken off, and where the parts are more than the whole all the same, each is made smaller by as much. Where the clock takes longer
    /// than the whole step, its parts are not numbers.
    /// </summary>
    /// <param name="run">Makes so many steps and returns the seconds.</param>
    /// <param name="steps">How many.</param>
    internal static TimeParts Measure(Func<int, double> run, int steps)
    {
        double clock = SecondsOfClock(), total = run(steps) / steps;
        var timer = new StepTimer();
        StepTimer.Current = timer;
        try
        {
            run(steps);
        }
        finally
        {
            StepTimer.Current = null;
        }
        double[] parts = Array.ConvertAll(
            [StepPart.Products, StepPart.Maps, StepPart.Batch, StepPart.Optimizer],
            part => Math.Max(0, timer.Ticks(part) / (double)Stopwatch.Frequency - timer.Count(part) * clock) / steps);
        double clocks = clock * Enum.GetValues<StepPart>().Sum(timer.Count) / steps;
        double share = clocks > total ? double.NaN : Math.Min(1, total / parts.Sum());
        return new TimeParts(total, share * parts[0], share * parts[1], share * parts[2], share * parts[3]);
    }

    private static double SecondsOfClock()
    {
        const int count = 10_000;
        long start = Stopwatch.GetTimestamp(), last = start;
        for (int i = 0; i < count; i++)
            last = Stopwatch.GetTimestamp();
        return Stopwatch.GetElapsedTime(start, last).TotalSeconds / count;
    }
}
