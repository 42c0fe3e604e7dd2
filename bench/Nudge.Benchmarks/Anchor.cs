// The anchor: a GPT's training of 1,000 steps, whose every loss is known, made by each contender.

using System.Globalization;

namespace Nudge.Benchmarks;

internal static class Anchor
{
    /// <summary>Returns the exit code: 0, or 1 where someone's losses are not the known ones.</summary>
    /// <param name="known">The known losses, or null where there is nothing to compare with.</param>
    /// <param name="output">Where the table goes.</param>
    internal static int Run(double[]? known, TextWriter output)
    {
        if (known is null)
        {
            output.WriteLine("SKIPPED: the known losses are given data, and NUDGE_DATA names no folder. Nothing was compared.");
            return 0;
        }
        using var workspace = new Workspace();
        Row row = Rows.All(workspace, Setting.OfMachine).Single(row => row.Name == "D16x1");
        Line(output, $"Row {row.Name}'s model trained for {known.Length:N0} steps; the known losses have five digits");
        Line(output, $"  {"contender",-20}{"largest difference",20}{"at step",10}{"mean of last 100",20}{"aim",10}");
        bool reached = true;
        foreach (Entry entry in row.Entries)
            reached &= Compare(entry, known, output);
        return reached ? 0 : 1;
    }

    private static bool Compare(Entry entry, double[] known, TextWriter output)
    {
        try
        {
            using Contender contender = entry.Make();
            double[] losses = contender.Check([.. Enumerable.Range(0, known.Length)]);
            int worst = Enumerable.Range(0, known.Length).MaxBy(k => Difference(losses, known, k));
            // In double only the rounding of what is known remains: half a unit of its last digit.
            double difference = Difference(losses, known, worst), aim = entry.Kind == Kinds.Eager ? 5e-6 : 1e-4;
            bool reached = difference <= aim + 1e-9;
            Line(output, $"  {entry.Name,-20}{difference,20:0.00e-0}{worst,10}{losses[^100..].Average(),20:F4}{aim,10:0e-0}{(reached ? "" : "  MISSED")}");
            return reached;
        }
        catch (MissingException missing)
        {
            Line(output, $"  SKIPPED {entry.Name}: {missing.Message}");
            return true;
        }
    }

    // Whatever is not a number is as far away as can be.
    private static double Difference(double[] losses, double[] known, int k) =>
        Math.Abs(losses[k] - known[k]) is var difference && double.IsNaN(difference) ? double.PositiveInfinity : difference;

    private static void Line(TextWriter output, FormattableString line)
    {
        output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        output.Flush();
    }
}
