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

    /// <summary>Times a contender's steps with the engine's timer, and its optimizer apart.</summary>
    /// <param name="run">Makes so many steps and returns the seconds.</param>
    /// <param name="update">Zeroes gradients and updates the parameters, or null where there is no training.</param>
    /// <param name="steps">How many.</param>
    internal static TimeParts Measure(Func<int, double> run, Action? update, int steps)
    {
        double total = run(steps) / steps;
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
        return new TimeParts(total, Seconds(StepPart.Products), Seconds(StepPart.Maps), Seconds(StepPart.Batch), UpdateSeconds(update, steps));

        // Reading the clock takes longer than the shortest kernels do.
        double Seconds(StepPart part) => Math.Max(0, timer.Ticks(part) / (double)Stopwatch.Frequency - timer.Count(part) * SecondsOfClock()) / steps;
    }

    private static double UpdateSeconds(Action? update, int steps)
    {
        if (update is null)
            return 0;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < steps; i++)
            update();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / steps;
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
