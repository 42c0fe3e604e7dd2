// The printed form of a gradient: a tree of every step, and the sum of paths for each name.

using System.Globalization;

namespace Nudge.Cli;

internal sealed class GradientView(Terminal terminal, Gradient gradient)
{
    private const double Nudge = 0.01;
    private const int MostPaths = 4;

    private readonly Dictionary<string, List<string>> _paths = [];
    private readonly Dictionary<string, int> _occurrences = gradient.Nodes
        .Where(node => node.Operation == Operation.Leaf)
        .CountBy(node => node.Name).ToDictionary();
    private readonly Table _tree = new(false, true, true, true, true);
    private readonly Dictionary<string, int> _seen = [];

    /// <param name="report">The comparison with measured slopes, where one was made.</param>
    /// <param name="explanation">The paths of one name's gradient, where they were asked for.</param>
    internal void Write(GradientReport? report, GradientExplanation? explanation)
    {
        _tree.Add("", new("value", Style.Dim), new("gradient", Style.Dim), new("= above", Style.Dim), new("× local", Style.Dim));
        Branch(gradient.Expression, "", "", null, double.NaN);
        terminal.WriteLine();
        _tree.Write(terminal);
        terminal.WriteLine();
        if (gradient.Leaves.Count == 0)
        {
            terminal.WriteParagraph("There is no name in it, and so nothing to nudge.");
            return;
        }
        WriteNames();
        terminal.WriteLine();
        if (gradient.FirstBad is { } bad)
            WriteBad(bad);
        else
            WriteNudge();
        if (report is not null)
            WriteCheck(report);
        if (explanation is not null)
            WriteExplanation(explanation);
    }

    private void Branch(Expression node, string lead, string childLead, Value? above, double local)
    {
        Value value = gradient[node];
        bool isName = node.Operation == Operation.Leaf, isNumber = node.Operation == Operation.Constant;
        string text = lead + node;
        if (isName)
        {
            int seen = _seen[node.Name] = _seen.GetValueOrDefault(node.Name) + 1;
            if (_occurrences[node.Name] is > 1 and int all)
                text += $" ({seen} of {all})";
            if (!_paths.TryGetValue(node.Name, out List<string>? paths))
                _paths.Add(node.Name, paths = []);
            paths.Add(above is null ? "1" : $"{Factor(above.Grad)}*{Factor(local)}");
        }
        _tree.Add(
            new(text, isName ? Style.Bold : isNumber ? Style.Dim : Style.Plain),
            Text.Number(value.Data),
            new(isNumber ? "" : Text.Number(value.Grad), Sign(value.Grad)),
            new(isNumber || above is null ? "" : Text.Number(above.Grad), Style.Dim),
            new(isNumber || above is null ? "" : Text.Number(local), Style.Dim));
        for (int i = 0; i < node.Operands.Count; i++)
        {
            bool last = i == node.Operands.Count - 1;
            Branch(node.Operands[i], childLead + (last ? "└─ " : "├─ "), childLead + (last ? "   " : "│  "), value, value.LocalDerivatives[i]);
        }
    }

    private void WriteNames()
    {
        var table = new Table(false, true, false);
        foreach ((string name, Value leaf) in gradient.Leaves)
        {
            List<string> paths = _paths[name];
            string sum = string.Join(" + ", paths.Take(MostPaths)) + (paths.Count > MostPaths ? " + …" : "");
            table.Add($"gradient of {name}", new(Text.Number(leaf.Grad), Sign(leaf.Grad)), new($"= {sum}", Style.Dim));
        }
        table.Write(terminal);
        if (_paths.FirstOrDefault(entry => entry.Value.Count > 1).Key is { } shared)
            terminal.WriteParagraph($"{shared} stands in it {_paths[shared].Count} times: its gradient is the sum over all paths.");
    }

    private void WriteBad(Expression bad)
    {
        string operands = string.Join(" and ", bad.Operands.Select(operand => $"{operand} is {Text.Number(gradient[operand].Data)}").Distinct());
        terminal.WriteParagraph($"{bad} is {Text.Number(gradient[bad].Data)}, since {operands}: it has no finite value there, and what is computed from it has none that means anything.");
    }

    private void WriteNudge()
    {
        (string name, Value leaf) = gradient.Leaves.MaxBy(leaf => Math.Abs(leaf.Value.Grad));
        double actual = gradient.At(name, leaf.Data + Nudge) - gradient.Result.Data;
        terminal.WriteParagraph(string.Create(
            CultureInfo.InvariantCulture,
            $"Nudge {name} by {Nudge}: the gradient predicts a change of {Text.Number(leaf.Grad * Nudge)}, and it is {Text.Number(actual)}."));
    }

    private void WriteCheck(GradientReport report)
    {
        terminal.WriteLine();
        var table = new Table(false, true, true, true, false);
        table.Add(new("check", Style.Dim), new("computed", Style.Dim), new("measured", Style.Dim), new("error", Style.Dim));
        foreach (GradientComparison entry in report.Entries)
        {
            bool good = entry.Error <= report.Tolerance;
            (double Left, double Right)? kink = good ? null : gradient.KinkAt(entry);
            table.Add(
                entry.Name, Text.Number(entry.Computed), Text.Number(entry.Measured), Text.Short(entry.Error),
                kink is { } slopes
                    ? new($"a kink: slope {Text.Short(slopes.Left)} below {Text.Short(entry.Data)}, {Text.Short(slopes.Right)} above", Style.Yellow)
                    : new(good ? "agrees" : "differs", good ? Style.Green : Style.Red));
        }
        table.Write(terminal);
    }

    private void WriteExplanation(GradientExplanation explanation)
    {
        terminal.WriteLine();
        var table = new Table(true, false);
        table.Add(new("product", Style.Dim), new($"path from {explanation.Parameter.Label} to the whole", Style.Dim));
        foreach (GradientPath path in explanation.Paths)
        {
            IEnumerable<string> steps = path.LocalDerivatives.Zip(path.Nodes, (derivative, node) => $" ×{Factor(derivative)}→ {gradient.TextOf(node)}");
            table.Add(new(Text.Number(path.Product), Sign(path.Product)), explanation.Parameter.Label + string.Concat(steps.Reverse()));
        }
        if (!explanation.IsComplete)
            table.Add(new(Text.Number(explanation.Rest), Sign(explanation.Rest)), $"all {Text.Number(explanation.PathCount - explanation.Paths.Count)} other paths together");
        table.Add(new(Text.Number(explanation.Gradient), Style.Bold), $"their sum, the gradient of {explanation.Parameter.Label}");
        table.Add(Text.Number(explanation.Measured), new("measured by nudging it up and down", Style.Dim));
        table.Write(terminal);
    }

    private static string Factor(double number) => number < 0 ? $"({Text.Number(number)})" : Text.Number(number);

    private static Style Sign(double number) => number < 0 ? Style.Red : number > 0 ? Style.Green : Style.Plain;
}
