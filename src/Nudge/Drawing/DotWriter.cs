// A diagram in Graphviz's language.

using System.Globalization;
using System.Text;

namespace Nudge.Drawing;

internal static class DotWriter
{
    internal static string Write(Diagram diagram)
    {
        var text = new StringBuilder("digraph nudge {\n  rankdir=LR;\n  node [shape=box, fontname=monospace, fontsize=11];\n  edge [fontname=monospace, fontsize=9];\n");
        foreach (DiagramNode node in diagram.Nodes)
        {
            string shape = node.IsFold ? ", shape=box3d" : NodeText.IsLeaf(node) ? ", style=rounded" : "";
            text.Append(CultureInfo.InvariantCulture, $"  {node.Id} [label=\"{string.Join("\\n", NodeText.Lines(node).Select(Escaped))}\"{shape}{Number("data", node.Data)}{Number("grad", node.Gradient)}];\n");
        }
        foreach (DiagramEdge edge in diagram.Edges)
        {
            string style = edge.LocalDerivative switch { < 0 => ", style=dashed, color=\"#b4540a\"", > 0 => ", color=\"#0b62c4\"", _ => "" };
            text.Append(CultureInfo.InvariantCulture, $"  {edge.From} -> {edge.To} [label=\"{NodeText.Of(edge)}\"{style}];\n");
        }
        return text.Append("}\n").ToString();
    }

    private static string Number(string name, double? number) =>
        number is { } n ? string.Create(CultureInfo.InvariantCulture, $", {name}=\"{n:R}\"") : "";

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
