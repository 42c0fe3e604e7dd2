// Several numbers that are predicted together, each by itself.

namespace Nudge.Cli;

internal static class TargetsReport
{
    /// <summary>R² of each target on each part of the data; nothing where there is one target.</summary>
    internal static void Write(Terminal terminal, IReadOnlyList<string> names, IReadOnlyList<(string Part, int Count, Metrics Metrics)> parts)
    {
        if (parts.Any(part => part.Metrics.RSquaredOfEach is null))
            return;
        terminal.WriteLine();
        var table = new Table([false, .. parts.Select(_ => true)]);
        table.Add([new("R² of each", Style.Dim), .. parts.Select(part => new Cell(part.Part, Style.Dim))]);
        for (int i = 0; i < names.Count; i++)
            table.Add([names[i], .. parts.Select(part => new Cell(Text.Short(part.Metrics.RSquaredOfEach![i]), Style.Bold))]);
        table.Write(terminal);
    }
}
