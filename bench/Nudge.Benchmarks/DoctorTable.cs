// How well the doctor finds faults: the table of mistakes and tasks over many seeds, and what it costs.

using System.Diagnostics;
using System.Globalization;

namespace Nudge.Benchmarks;

internal static class DoctorTable
{
    internal const string HelpText = """
        Trains with known mistakes and counts how often the doctor names them, and what it says of good runs.

        dotnet run -c Release --project bench/Nudge.Benchmarks -- doctor [options]

          --seeds N   how many runs of each kind (200)
          --verbose   what it said of good runs as well

        The environment variable NUDGE_DATA names a folder with iris.csv; without it, heaps of points stand for it.
        """;

    private const int CostRounds = 41;
    private const double WorseBy = 1.5, Negligible = 0.01;

    internal static int Run(ReadOnlySpan<string> arguments, TextWriter output)
    {
        int seeds = 200;
        bool verbose = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--seeds" when i + 1 < arguments.Length && int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seeds) && seeds > 0:
                    i++;
                    break;
                case "--verbose":
                    verbose = true;
                    break;
                case "--help":
                    output.WriteLine(HelpText);
                    return 0;
                default:
                    throw new UsageException($"doctor: expected --seeds N, got '{arguments[i]}'.");
            }
        }
        string? iris = Environment.GetEnvironmentVariable("NUDGE_DATA") is { Length: > 0 } folder && File.Exists(Path.Combine(folder, "iris.csv")) ? Path.Combine(folder, "iris.csv") : null;
        IReadOnlyList<DoctorTask> tasks = DoctorTask.All(iris);
        (IReadOnlyList<Diagnosis> Findings, double Loss)[][] good = [.. tasks.Select(task => Enumerable.Range(1, seeds).Select(seed => DoctorTrials.Run(task, Mistake.None, (ulong)seed)).ToArray())];
        output.WriteLine($"{"found / runs (median step)",-28} {string.Concat(tasks.Select(task => $"{task.Name,-20}"))}");
        foreach (Mistake mistake in Enum.GetValues<Mistake>().Where(mistake => mistake != Mistake.None))
            output.WriteLine($"{NameOf(mistake),-28} {string.Concat(tasks.Zip(good, (task, runs) => $"{Detection(task, mistake, runs),-20}"))}");
        output.WriteLine($"{"false alarms on good runs",-28} {string.Concat(good.Select(runs => $"{FalseAlarms(runs),-20}"))}");
        output.WriteLine($"{"time of a step with it",-28} {string.Concat(tasks.Select(task => $"{Cost(task),-20}"))}");
        if (verbose)
        {
            foreach ((DoctorTask task, var runs) in tasks.Zip(good))
            {
                foreach (Diagnosis finding in runs.SelectMany(run => run.Findings))
                    output.WriteLine($"{task.Name}: {finding}");
            }
        }
        return 0;
    }

    // A learning rate that does no harm is no mistake: those runs count that end clearly worse than the good one.
    private static string Detection(DoctorTask task, Mistake mistake, (IReadOnlyList<Diagnosis> Findings, double Loss)[] good)
    {
        TrainingFault expected = DoctorTrials.Expected(mistake);
        bool onlyHarmed = expected is TrainingFault.LearningRateTooLarge or TrainingFault.LearningRateTooSmall;
        int runs = 0;
        var steps = new List<int>();
        for (int i = 0; i < good.Length; i++)
        {
            (IReadOnlyList<Diagnosis> findings, double loss) = DoctorTrials.Run(task, mistake, (ulong)i + 1);
            if (onlyHarmed && loss < WorseBy * good[i].Loss + Negligible)
                continue;
            runs++;
            steps.AddRange(findings.Where(finding => finding.Fault == expected).Select(finding => finding.Step));
        }
        steps.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{steps.Count}/{runs}{(steps.Count > 0 ? $" ({steps[steps.Count / 2]})" : "")}");
    }

    // Runs with and without take turns, so that both meet the same disturbances; the median of the ratios counts.
    private static string Cost(DoctorTask task)
    {
        double[] ratios = [.. Enumerable.Range(0, CostRounds).Select(round => Seconds(true) / Seconds(false)).Order()];
        return string.Create(CultureInfo.InvariantCulture, $"{100 * (ratios[CostRounds / 2] - 1):+0.0;-0.0} %");

        double Seconds(bool withDoctor)
        {
            long start = Stopwatch.GetTimestamp();
            DoctorTrials.Run(task, Mistake.None, 1, withDoctor);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private static string FalseAlarms((IReadOnlyList<Diagnosis> Findings, double Loss)[] good) =>
        string.Create(CultureInfo.InvariantCulture, $"{good.Count(run => run.Findings.Count > 0)}/{good.Length}");

    private static string NameOf(Mistake mistake) => mistake switch
    {
        Mistake.NoZeroing => "gradients not zeroed",
        Mistake.WrongSign => "wrong sign",
        Mistake.RateTimes20 => "learning rate × 20",
        Mistake.RateTimes100 => "learning rate × 100",
        Mistake.RateBy1000 => "learning rate ÷ 1000",
        Mistake.WeightsTimes30 => "tanh, first weights × 30",
        Mistake.BiasesOfMinus10 => "ReLU, first biases −10",
        _ => "division by 0 at step 20",
    };
}
