// Prints what was measured.

using System.Globalization;
using System.Runtime.InteropServices;

namespace Nudge.Benchmarks;

internal sealed class Report(TextWriter output)
{
    private readonly List<(Row Row, Outcome Base, Outcome Compiled)> _compared = [];

    /// <summary>The machine, the runtime and the run's settings.</summary>
    internal void Machine(Options options, Setting setting)
    {
        (double single, double @double) = Benchmarks.Machine.MeasurePeak(setting.VectorBits);
        Line($"{Benchmarks.Machine.Processor}, {Environment.ProcessorCount} cores; {RuntimeInformation.FrameworkDescription}");
        Line($"vectors of {setting.VectorBits} bits for everyone; {(setting.Core is { } core ? $"pinned to core {core}" : "pinned to no core: there is no taskset")}");
        Line($"measured peak of one core: {single / 1e9:F1} GFLOP/s in float32, {@double / 1e9:F1} in double");
        Line($"C: gcc {string.Join(' ', setting.CompilerFlags)}; OpenBLAS: {OpenBlasKernels(setting)}");
        Line($"{options.Rounds} interleaved rounds of about {options.SliceSeconds * 1000:F0} ms for each contender; {options.Starts} new processes for first steps");
        Line($"inputs: {(Workspace.HasGivenData ? "given by NUDGE_DATA" : "generated")}");
    }

    private static string OpenBlasKernels(Setting setting)
    {
        try
        {
            return $"kernels for {new Toolchain(setting).OpenBlasCore}";
        }
        catch (MissingException missing)
        {
            return missing.Message;
        }
    }

    /// <summary>One row. Returns whether all contenders did the same work.</summary>
    internal bool Row(Row row, Race race)
    {
        output.WriteLine();
        Line($"Row {row.Name}: {row.Title}");
        IReadOnlyList<Outcome> outcomes = race.Run();
        bool agree = true;
        if (outcomes.Count > 0)
        {
            Table(row, race, outcomes);
            agree = Agreement(row, outcomes);
            if (outcomes.FirstOrDefault(outcome => outcome.Name == "compiled") is { } compiled && outcomes.First(outcome => outcome.Name == race.Base) is var divisor && divisor != compiled)
                _compared.Add((row, divisor, compiled));
        }
        foreach ((string name, string reason) in race.Skipped)
            Line($"  SKIPPED {name}: {reason}");
        output.Flush();
        return agree;
    }

    /// <summary>How far "compiled" is from the base in each row so far, from the nearest to the farthest, and in the middle.</summary>
    internal void Summary()
    {
        output.WriteLine();
        if (_compared.Count == 0)
            return;
        (Row Row, Outcome Base, Outcome Compiled)[] sorted = [.. _compared.OrderBy(one => one.Compiled.Ratio)];
        Line($"{"row",-8}{sorted[0].Base.Name,12}{"compiled",12}{$"÷ {sorted[0].Base.Name}",10}  work");
        foreach ((Row row, Outcome divisor, Outcome compiled) in sorted)
            Line($"{row.Name,-8}{Time(divisor.Median),12}{Time(compiled.Median),12}{Ratio(compiled.Ratio),10}  {row.Title}");
        double median = (sorted[(sorted.Length - 1) / 2].Compiled.Ratio + sorted[sorted.Length / 2].Compiled.Ratio) / 2;
        Line($"median ratio {Ratio(median)}, worst {Ratio(sorted[^1].Compiled.Ratio)}");
    }

    private void Table(Row row, Race race, IReadOnlyList<Outcome> outcomes)
    {
        double perStep = row.Unit is { } unit ? unit.Count() : 1;
        bool hasFirst = outcomes.Any(outcome => outcome.First is not null);
        string first = hasFirst ? $"{"first 0.2 s",14}{"÷ steady",10}{"≤ 2× after",12}" : "";
        Line($"  {"contender",-20}{$"median a {row.Unit?.Name ?? "step"}",16}{"best round",14}{$"÷ {race.Base}",22}{(row.Operations is null ? "" : $"{"GFLOP/s",12}{"of peak",10}")}{first}");
        foreach (Outcome outcome in outcomes)
        {
            string rate = "";
            if (row.Operations is { } operations)
            {
                double speed = operations() / outcome.Median;
                rate = string.Create(CultureInfo.InvariantCulture, $"{speed / 1e9,12:G3}{speed / race.Peak,10:P1}");
            }
            Line($"  {outcome.Name,-20}{Time(outcome.Median / perStep),16}{Time(outcome.Best / perStep),14}{Ratio(outcome.Ratio),22}{rate}{(hasFirst ? First(outcome.First, perStep) : "")}{Rounds(outcomes, outcome)}");
        }
        if (row.Unit is { } named && perStep != 1)
            Line($"  {perStep:N0} {named.Name}s a step");
        foreach (Outcome outcome in outcomes)
        {
            if (outcome.Parts is { } parts)
                Line($"  {outcome.Name}: {Shares(parts, row.Operations?.Invoke(), race.Peak)}");
            if (outcome.Note is { } note)
                Line($"  {outcome.Name}: {note}");
        }
    }

    private static string First(FirstSteps? first, double perStep) => first is null
        ? $"{"–",14}{"–",10}{"–",12}"
        : string.Create(CultureInfo.InvariantCulture, $"{Time(first.Mean / perStep),14}{Ratio(first.Mean / first.Steady),10}{Time(first.Until),12}");

    // Of the peak within products only where there are enough of them to be timed.
    private static string Shares(TimeParts parts, double? operations, double peak)
    {
        if (double.IsNaN(parts.Products))
            return "its parts are too short to be timed";
        string within = operations is { } count && parts.Products > 1e-6 ? $" ({count / parts.Products / peak:P0} of peak)" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"products {Share(parts.Products)}{within}, maps {Share(parts.Maps)}, optimizer {Share(parts.Optimizer)}, batch {Share(parts.Batch)}, bookkeeping {Share(parts.Bookkeeping)}");

        string Share(double seconds) => (seconds / parts.Total).ToString("P0", CultureInfo.InvariantCulture);
    }

    private static string Rounds(IReadOnlyList<Outcome> outcomes, Outcome outcome) =>
        outcome.Rounds < outcomes.Max(other => other.Rounds) ? $"  ({outcome.Rounds} rounds)" : "";

    private bool Agreement(Row row, IReadOnlyList<Outcome> outcomes)
    {
        double[] wanted = row.Expected ?? outcomes[0].Results;
        string source = row.Expected is null ? outcomes[0].Name : "known results";
        Line($"  {row.Results}: {Numbers(wanted)} ({source})");
        bool agree = true;
        foreach (Outcome outcome in outcomes)
        {
            // Who has fewer results than the rest, as the value alone, is compared in those.
            bool same = outcome.Results.Zip(wanted).All(pair => Math.Abs(pair.First - pair.Second) <= row.Tolerance * Math.Abs(pair.Second));
            if (!same)
                Line($"  DIFFERENT WORK: {outcome.Name} gives {Numbers(outcome.Results)}, more than {row.Tolerance:G1} away");
            agree &= same;
        }
        if (agree && outcomes.Count > 1)
            Line($"  all {outcomes.Count} agree within {row.Tolerance:0.#e-0}");
        return agree;
    }

    private static string Numbers(double[] numbers) =>
        string.Join(", ", numbers.Select(number => number.ToString("G8", CultureInfo.InvariantCulture)));

    private static string Ratio(double ratio) => ratio.ToString(ratio < 10 ? "F2" : "N0", CultureInfo.InvariantCulture);

    private static string Time(double seconds)
    {
        (double scale, string unit) = seconds switch
        {
            0 => (1e3, "ms"),
            < 1e-6 => (1e9, "ns"),
            < 1e-3 => (1e6, "µs"),
            < 1 => (1e3, "ms"),
            _ => (1, "s"),
        };
        double number = seconds * scale;
        string format = number < 10 ? "F2" : number < 100 ? "F1" : "F0";
        return $"{number.ToString(format, CultureInfo.InvariantCulture)} {unit}";
    }

    private void Line(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
