// Where a row's time goes, statement by statement.

using System.Globalization;

namespace Nudge.Benchmarks;

internal static class WhereTable
{
    private const int WarmUp = 400, Steps = 20_000;

    private const double WarmSeconds = 2.5;

    /// <summary>Prints the time of each statement of a row's program in a step, and what a step takes beside all statements.</summary>
    internal static int Run(string rowName, TextWriter output)
    {
        using var workspace = new Workspace();
        Entry entry = Rows.All(workspace).Single(row => row.Name == rowName).Entries.First(entry => entry.Name == "compiled");
        using Contender contender = (entry.Served ?? entry.Make)();
        double seconds = contender.Run(WarmUp);
        for (double spent = 0; spent < WarmSeconds; spent += seconds)
            seconds = contender.Run(WarmUp);
        int steps = Math.Clamp((int)(1 / Math.Max(seconds / WarmUp, 1e-7)), 20, Steps);
        double plain = contender.Run(steps) / steps * 1e6;
        var times = new StatementTimes();
        StatementTimes.Current = times;
        double measured = contender.Run(steps) / steps * 1e6;
        StatementTimes.Current = null;
        double all = 0;
        foreach ((string what, double microseconds, long runs) in times.Times
            .GroupBy(time => $"{time.Statement.GetType().Name,-12} {time.Statement}")
            .Select(group => (group.Key, group.Sum(time => time.Microseconds) / steps, group.Sum(time => time.Runs) / steps))
            .OrderByDescending(line => line.Item2))
        {
            all += microseconds;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{microseconds,10:F3} µs {runs,5}  {what}"));
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a step: {plain:F3} µs; measured {measured:F3} µs, of which {all:F3} in statements"));
        return 0;
    }
}
