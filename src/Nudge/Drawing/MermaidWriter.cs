// A diagram as a Mermaid flowchart.

using System.Globalization;
using System.Text;

namespace Nudge.Drawing;

internal static class MermaidWriter
{
    internal static string Write(Diagram diagram)
    {
        var text = new StringBuilder("flowchart LR\n");
        foreach (DiagramNode node in diagram.Nodes)
        {
            (string open, string close) = node.IsFold ? ("[[", "]]") : NodeText.IsLeaf(node) ? ("([", "])") : ("[", "]");
            text.Append(CultureInfo.InvariantCulture, $"  {node.Id}{open}\"{string.Join("<br/>", NodeText.Lines(node).Select(Escaped))}\"{close}\n");
        }
        foreach (DiagramEdge edge in diagram.Edges)
        {
            // Dashed for negative, as in the other forms.
            string arrow = edge.LocalDerivative < 0 ? "-.->" : "-->";
            string label = NodeText.Of(edge) is { Length: > 0 } number ? $"|\"{number}\"|" : "";
            text.Append(CultureInfo.InvariantCulture, $"  {edge.From} {arrow}{label} {edge.To}\n");
        }
        return text.ToString();
    }

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (char letter in text.ReplaceLineEndings(" "))
        {
            // Mermaid writes characters by their number; these would end the text, be taken for markup or for a list.
            if (letter is '"' or '#' or '<' or '>' or '&' or ';' or '`' or '*' or '_' or '\\')
                escaped.Append(CultureInfo.InvariantCulture, $"#{(int)letter};");
            else
                escaped.Append(letter);
        }
        return escaped.ToString();
    }
}
