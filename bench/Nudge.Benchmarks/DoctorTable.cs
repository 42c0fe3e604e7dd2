// How well the doctor finds faults: the table of mistakes and tasks over many seeds, and what it costs.

using System.Globalization;

namespace Nudge.Benchmarks;

internal static class DoctorTable
{
    internal const string HelpText = """
        Trains with known mistakes and counts how often the doctor names them, and what it says of good runs.

        dotnet run -c Release --project bench/Nudge.Benchmarks -- doctor [options]

          --seeds N     how many runs of each kind (200)
          --task NAME   one task only: lesson, moons, sine, or iris
          --verbose     the runs whose fault it missed, and what it said of good ones, as well

        The environment variable NUDGE_DATA names a folder with iris.csv; without it, heaps of points stand for it.
        """;

    private const int CostRounds = 41;
    private const double WorseBy = 1.5, Negligible = 0.01, LeastHarmed = 0.25;

    internal static int Run(ReadOnlySpan<string> arguments, TextWriter output)
    {
        int seeds = 200;
        bool verbose = false;
        string? only = null;
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--seeds" when i + 1 < arguments.Length && int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seeds) && seeds > 0:
                    i++;
                    break;
                case "--task" when i + 1 < arguments.Length:
                    only = arguments[++i];
                    break;
                case "--verbose":
                    verbose = true;
                    break;
                case "--help":
                    output.WriteLine(HelpText);
                    return 0;
                default:
                    throw new UsageException($"doctor: expected --seeds N, --task NAME or --verbose, got '{arguments[i]}'.");
            }
        }
        string? iris = Environment.GetEnvironmentVariable("NUDGE_DATA") is { Length: > 0 } folder && File.Exists(Path.Combine(folder, "iris.csv")) ? Path.Combine(folder, "iris.csv") : null;
        IReadOnlyList<DoctorTask> tasks = [.. DoctorTask.All(iris).Where(task => only is null || task.Name == only)];
        if (tasks.Count == 0)
            throw new UsageException($"doctor: there is no task '{only}'.");
        TextWriter details = verbose ? output : TextWriter.Null;
        (IReadOnlyList<Diagnosis> Findings, double Loss)[][] good = [.. tasks.Select(task => Enumerable.Range(1, seeds).Select(seed => DoctorTrials.Run(task, Mistake.None, (ulong)seed)).ToArray())];
        output.WriteLine($"{"found / runs (median step)",-28} {string.Concat(tasks.Select(task => $"{task.Name,-20}"))}");
        foreach (Mistake mistake in Enum.GetValues<Mistake>().Where(mistake => mistake != Mistake.None))
            output.WriteLine($"{NameOf(mistake),-28} {string.Concat(tasks.Zip(good, (task, runs) => $"{Detection(task, mistake, runs, details),-20}"))}");
        output.WriteLine($"{"false alarms on good runs",-28} {string.Concat(good.Select(runs => $"{FalseAlarms(runs),-20}"))}");
        output.WriteLine($"{"cost of an eager run",-28} {string.Concat(tasks.Select(task => $"{Cost(withDoctor => DoctorTrials.EagerTime(task, withDoctor)),-20}"))}");
        output.WriteLine($"{"cost of a compiled run",-28} {string.Concat(tasks.Select(task => $"{Cost(withDoctor => DoctorTrials.CompiledTime(task, withDoctor)),-20}"))}");
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

    // A learning rate that does no harm is no mistake: those runs count that end clearly worse than the good one, and where
    // that is hardly any of them, the table says so.
    private static string Detection(DoctorTask task, Mistake mistake, (IReadOnlyList<Diagnosis> Findings, double Loss)[] good, TextWriter details)
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
            int[] found = [.. findings.Where(finding => finding.Fault == expected).Select(finding => finding.Step)];
            steps.AddRange(found);
            if (found.Length == 0)
                details.WriteLine(string.Create(CultureInfo.InvariantCulture, $"missed: {task.Name}, {NameOf(mistake)}, seed {i + 1}: loss {loss:G3}, {good[i].Loss:G3} without the fault; said: {string.Join(", ", findings.Select(finding => finding.Title))}"));
        }
        if (runs < LeastHarmed * good.Length)
            return string.Create(CultureInfo.InvariantCulture, $"harmless ({steps.Count}/{runs})");
        steps.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{steps.Count}/{runs}{(steps.Count > 0 ? $" ({steps[steps.Count / 2]})" : "")}");
    }

    // Runs with and without take turns, so that both meet the same disturbances; the median of the ratios counts.
    private static string Cost(Func<bool, TimeSpan> time)
    {
        double[] ratios = [.. Enumerable.Range(0, CostRounds).Select(Ratio).Order()];
        return string.Create(CultureInfo.InvariantCulture, $"{100 * (ratios[CostRounds / 2] - 1):+0.0;-0.0} %");

        double Ratio(int round)
        {
            bool withFirst = round % 2 == 0;
            TimeSpan first = time(withFirst), second = time(!withFirst);
            return withFirst ? first / second : second / first;
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
