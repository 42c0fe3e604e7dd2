// A scenario in the terminal: the two loops, their numbers side by side, and why.

namespace Nudge.Cli;

internal static class LabReport
{
    private static readonly int[] s_shown = [1, 2, 3, 4, 5, 6, 10, 20, 30, 50, 100];

    internal static void WriteList(Terminal terminal)
    {
        terminal.WriteLine();
        terminal.WriteParagraph("Each but the last runs twice in the engine, from the same numbers; the code of the two differs by one token.");
        terminal.WriteLine();
        var table = new Table(false, false);
        foreach (LabScenario scenario in Lab.Scenarios)
            table.Add(new(scenario.Name, Style.Bold), scenario.Title);
        table.Add(new(VisitOrder.Name, Style.Bold), VisitOrder.Title);
        table.Write(terminal);
        terminal.WriteLine();
        terminal.WriteFact("next", "nudge lab zero   or nudge lab --watch for a page");
    }

    internal static void Write(Terminal terminal, LabScenario scenario)
    {
        terminal.WriteLine();
        IReadOnlyList<string> right = scenario.CodeOf(scenario.Right), broken = scenario.CodeOf(scenario.Broken);
        for (int i = 0; i < right.Count; i++)
        {
            if (right[i] == broken[i])
            {
                terminal.WriteLine($"    {right[i]}");
                continue;
            }
            terminal.WriteLine(terminal.Paint($"  - {right[i]}", Style.Green));
            terminal.WriteLine(terminal.Paint($"  + {broken[i]}", Style.Red));
        }
        terminal.WriteLine();

        RecordedStep[][] runs = [StepsOf(scenario, scenario.Right), StepsOf(scenario, scenario.Broken)];
        var table = new Table(true, true, true, true, true);
        string second = scenario.IsNetwork ? "saturated" : "w";
        table.Add(new("step", Style.Dim), new("right: loss", Style.Dim), new(second, Style.Dim), new("broken: loss", Style.Dim), new(second, Style.Dim));
        foreach (int number in s_shown.Where(number => number <= runs.Max(run => run.Length)))
            table.Add([Text.Count(number), .. runs.SelectMany(run => Cells(run, number))]);
        table.Write(terminal);
        terminal.WriteLine();
        terminal.WriteParagraph(scenario.Why);
    }

    internal static void WriteOrder(Terminal terminal)
    {
        terminal.WriteLine();
        terminal.WriteLine($"    {VisitOrder.Code}");
        foreach ((string title, IReadOnlyList<Visit> visits) in new[] { ("outputs first (topological):", VisitOrder.OutputsFirst()), ("at once, edge by edge:", VisitOrder.EdgeByEdge()) })
        {
            terminal.WriteLine();
            terminal.WriteLine($"  {title}");
            var table = new Table(false, false, true);
            table.Add(new("visit", Style.Dim), new("passes on", Style.Dim), new("grad of a", Style.Dim));
            foreach (Visit visit in visits)
                table.Add(visit.Node, visit.What, Text.Number(visit.GradientOfA));
            table.Write(terminal, "    ");
        }
        terminal.WriteLine();
        terminal.WriteFact("true", $"{Text.Number(VisitOrder.Truth())}, by the engine: nudge a by 1, and c moves by 4");
        terminal.WriteParagraph(VisitOrder.Why);
    }

    private static RecordedStep[] StepsOf(LabScenario scenario, LabSettings settings) =>
        [.. RunRecording.Open(LabRun.Record(scenario.Name, settings, scenario.IsNetwork, scenario.IsNetwork ? 100 : 30, Lab.Seed), scenario.Name).Steps()];

    private static IEnumerable<Cell> Cells(RecordedStep[] run, int number)
    {
        if (number > run.Length)
            return ["", ""];
        RecordedStep step = run[number - 1];
        return [Text.Number(step.Loss), step.Parameters.Count == 1 ? Text.Number(step.Parameters[0]) : Text.Percent(SaturatedShare(step))];
    }

    /// <summary>The share of tanh so near to ±1 that hardly any gradient passes.</summary>
    internal static double SaturatedShare(RecordedStep step)
    {
        double[] outputs = [.. step.Graph!.Nodes.Select((node, i) => (node, i)).Where(pair => pair.node.Operation == Operation.Tanh).Select(pair => step.NodeData[pair.i])];
        return outputs.Count(output => Math.Abs(output) > 0.99) / (double)outputs.Length;
    }
}
