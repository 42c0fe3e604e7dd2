// Interleaved measuring: in every round each contender has one turn, so that what slows the machine slows them all.

using System.Diagnostics;

namespace Nudge.Benchmarks;

/// <summary>What one contender did.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Results">Its results of the checked steps.</param>
/// <param name="Median">Seconds a step, the median over rounds.</param>
/// <param name="Best">Seconds a step in its best round.</param>
/// <param name="Ratio">Its time divided by the base's of the same round, the median over rounds; below 1 is faster.</param>
/// <param name="Rounds">The rounds it took part in.</param>
/// <param name="Note">What it says of itself.</param>
internal sealed record Outcome(string Name, double[] Results, double Median, double Best, double Ratio, int Rounds, string? Note)
{
    /// <summary>The first steps of new processes, where they were measured.</summary>
    internal FirstSteps? First { get; init; }

    /// <summary>What the time of a step is spent on, where that is known.</summary>
    internal TimeParts? Parts { get; init; }
}

/// <summary>The measuring of one row.</summary>
internal sealed class Race(Row row, Options options, Setting setting)
{
    // Long enough for the runtime to compile the hot code with what it has learned of it.
    private const double WarmupSeconds = 1.5;

    private readonly List<(string Name, string Reason)> _skipped = [];

    /// <summary>Who could not take part, and why.</summary>
    internal IReadOnlyList<(string Name, string Reason)> Skipped => _skipped;

    /// <summary>The contender that ratios are of.</summary>
    internal string Base { get; private set; } = "";

    /// <summary>The machine's peak in float32 while this row ran: operations a second, the median over rounds.</summary>
    internal double Peak { get; private set; }

    /// <summary>Runs the rounds.</summary>
    internal IReadOnlyList<Outcome> Run()
    {
        var runners = new List<Runner>();
        try
        {
            foreach (Entry entry in row.Entries)
                Prepare(entry, runners);
            if (runners.Count == 0)
                return [];
            Runner baseRunner = runners.Find(runner => string.Equals(runner.Name, options.Base, StringComparison.OrdinalIgnoreCase)) ?? runners[0];
            Base = baseRunner.Name;

            var peaks = new double[options.Rounds];
            for (int round = 0; round < options.Rounds; round++)
            {
                peaks[round] = Machine.MeasurePeak(setting.VectorBits).Single;
                for (int turn = 0; turn < runners.Count; turn++)
                    runners[(round + turn) % runners.Count].Turn(round);
            }
            Peak = Median(peaks);
            return [.. runners.Select(runner => runner.Outcome(baseRunner) with { First = First(runner.Entry) })];
        }
        finally
        {
            runners.ForEach(runner => runner.Contender.Dispose());
        }
    }

    private void Prepare(Entry entry, List<Runner> runners)
    {
        Contender? contender = null;
        try
        {
            contender = entry.Make();
            runners.Add(Calibrate(entry, contender, contender.Check([.. row.CheckedSteps.Where(step => step <= entry.LastChecked)])));
        }
        catch (MissingException missing)
        {
            contender?.Dispose();
            _skipped.Add((entry.Name, missing.Message));
        }
    }

    // Each time in a process of its own; what else runs there has ended or waits.
    private FirstSteps? First(Entry entry)
    {
        if (!entry.IsOnOneCore || options.Starts == 0)
            return null;
        return FirstSteps.MedianOf([.. Enumerable.Range(0, options.Starts).Select(_ => FirstOf(entry))]);
    }

    private static FirstSteps FirstOf(Entry entry)
    {
        using Contender contender = entry.Make();
        return contender.First();
    }

    private Runner Calibrate(Entry entry, Contender contender, double[] results)
    {
        double slice = options.SliceSeconds, secondsPerStep;
        int steps = 1;
        long start = Stopwatch.GetTimestamp();
        do
        {
            secondsPerStep = contender.Run(steps) / steps;
            steps = (int)Math.Clamp(slice / Math.Max(secondsPerStep, 1e-9), 1, Math.Min(10.0 * steps, int.MaxValue));
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < WarmupSeconds);

        // Someone far slower than a slice takes part in fewer rounds, in three at least.
        int every = (int)Math.Clamp(secondsPerStep / (10 * slice), 1, Math.Max(1, options.Rounds / 3));
        return new Runner(entry, contender, results, steps, every, options.Rounds);
    }

    private static double Median(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private sealed class Runner(Entry entry, Contender contender, double[] results, int steps, int every, int rounds)
    {
        private readonly double[] _seconds = [.. Enumerable.Repeat(double.NaN, rounds)];

        internal Entry Entry => entry;

        internal string Name => entry.Name;

        internal Contender Contender => contender;

        internal void Turn(int round)
        {
            if (round % every == 0)
                _seconds[round] = contender.Run(steps) / steps;
        }

        internal Outcome Outcome(Runner divisor)
        {
            double[] own = [.. _seconds.Where(double.IsFinite)];
            double[] ratios = [.. _seconds.Zip(divisor._seconds, (mine, its) => mine / its).Where(double.IsFinite)];
            return new Outcome(Name, results, Median(own), own.Min(), Median(ratios), own.Length, contender.Note)
            {
                Parts = entry.IsOnOneCore ? contender.Parts(steps) : null,
            };
        }
    }
}
