// A diagram as a picture: boxes with numbers, and edges whose colour, dash and width say sign and size.

using System.Globalization;
using System.Text;
using static Nudge.Drawing.SvgWriter;

namespace Nudge.Drawing;

internal static class DiagramSvg
{
    private const int MostNodes = 2000, MostLabels = 2, ManyEdges = 48;
    private const double Margin = 16, LetterWidth = 7.25, LineHeight = 18, Padding = 10, NarrowestBox = 92;

    /// <exception cref="InvalidOperationException">There are too many nodes.</exception>
    internal static string Write(Diagram diagram)
    {
        if (diagram.Nodes.Count > MostNodes)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The picture would have {diagram.Nodes.Count:N0} nodes, and {MostNodes:N0} is the most that can be read. Fold it with DiagramOptions.Folding, or draw one example or a part of the expression."));
        }
        var places = diagram.Nodes.Select((node, i) => (node.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i);
        var layout = new LayeredLayout(
            [.. diagram.Nodes.Select(SizeOf)], [.. diagram.Edges.Select(edge => (places[edge.From], places[edge.To]))]);
        IReadOnlyList<(double X, double Y)[]> routes = layout.Routes();
        double largest = diagram.Edges.Max(edge => Size(edge.LocalDerivative)) is { } max and > 0 ? max : 1;
        double largestData = Largest(diagram.Nodes.Select(node => node.Data)), largestGradient = Largest(diagram.Nodes.Select(node => node.Gradient));
        bool dense = diagram.Edges.Count > ManyEdges;
        // More labels at one end of a node would lie on each other.
        HashSet<string> atStart = FewOf(edge => edge.From), atEnd = FewOf(edge => edge.To);
        return Picture(layout.Width + 2 * Margin, layout.Height + 2 * Margin, Title(diagram), svg =>
        {
            svg.Open("g", $"transform=\"translate({Number(Margin)} {Number(Margin)})\"");
            for (int e = 0; e < diagram.Edges.Count; e++)
                WriteEdge(svg, diagram.Edges[e], routes[e], largest, dense);
            for (int i = 0; i < diagram.Nodes.Count; i++)
                WriteNode(svg, diagram.Nodes[i], layout.X[i], layout.Y[i], largestData, largestGradient);
            for (int e = 0; e < diagram.Edges.Count; e++)
            {
                DiagramEdge edge = diagram.Edges[e];
                if (!dense && (atStart.Contains(edge.From) || atEnd.Contains(edge.To)))
                    WriteLabel(svg, edge, routes[e], atStart.Contains(edge.From));
            }
            svg.Close("g");
        });

        HashSet<string> FewOf(Func<DiagramEdge, string> end) =>
            [.. diagram.Edges.CountBy(end).Where(count => count.Value <= MostLabels).Select(count => count.Key)];
    }

    private static string Title(Diagram diagram) => string.Create(
        CultureInfo.InvariantCulture, $"Expression graph: {diagram.Nodes.Count} node{(diagram.Nodes.Count == 1 ? "" : "s")}, {diagram.Edges.Count} edge{(diagram.Edges.Count == 1 ? "" : "s")}");

    private static (double Width, double Height) SizeOf(DiagramNode node)
    {
        double letters = Math.Max(NodeText.Lines(node).Max(line => line.Length), (NodeText.Data(node)?.Length ?? 0) + 6);
        return (Math.Max(node.IsConstant ? 0 : NarrowestBox, letters * LetterWidth + 2 * Padding), NodeText.Lines(node).Count() * LineHeight + 12);
    }

    private static void WriteNode(SvgWriter svg, DiagramNode node, double x, double y, double largestData, double largestGradient)
    {
        (double width, double height) = SizeOf(node);
        double left = x - width / 2, top = y - height / 2;
        svg.Open("g", $"id=\"{node.Id}\"{Attribute("data-value", node.Data)}{Attribute("data-grad", node.Gradient)}");
        svg.Text("title", "", string.Join(", ", NodeText.Lines(node).Prepend(node.Id)));
        if (node.IsFold)
            svg.Element("rect", $"class=\"box\" x=\"{Number(left + 4)}\" y=\"{Number(top + 4)}\" width=\"{Number(width)}\" height=\"{Number(height)}\" rx=\"4\"");
        string kind = NodeText.IsLeaf(node) ? "box leaf" : "box";
        string corners = NodeText.IsLeaf(node) ? Number(Math.Min(14, height / 2)) : "4";
        svg.Element("rect", $"class=\"{kind}\" x=\"{Number(left)}\" y=\"{Number(top)}\" width=\"{Number(width)}\" height=\"{Number(height)}\" rx=\"{corners}\"{(node.Operation == Operation.Parameter ? " stroke-width=\"2\"" : "")}");

        double line = top + 6 + LineHeight * 0.72;
        svg.Text("text", $"x=\"{Number(x)}\" y=\"{Number(line)}\" text-anchor=\"middle\" font-weight=\"bold\"", NodeText.Title(node));
        if (NodeText.Content(node) is { } content)
            svg.Text(x, line += LineHeight, content, "quiet", "middle");
        if (NodeText.Data(node) is { } data)
            WriteRow(svg, left, line += LineHeight, width, "data", data, node.Data, largestData);
        if (NodeText.Gradient(node) is { } gradient)
            WriteRow(svg, left, line + LineHeight, width, "grad", gradient, node.Gradient, largestGradient);
        svg.Close("g");
    }

    /// <summary>A number, and below it a bar from the middle: to the right for positive, to the left for negative.</summary>
    private static void WriteRow(SvgWriter svg, double left, double line, double width, string name, string text, double? number, double largest)
    {
        svg.Text(left + Padding, line, name, "quiet");
        svg.Text(left + width - Padding, line, text, anchor: "end");
        if (number is not { } n || n == 0 || double.IsNaN(n))
            return;
        double half = (width - 2 * Padding) / 2, length = Math.Max(1.5, half * Share(n, largest)), middle = left + width / 2;
        svg.Element("rect", $"class=\"{(n > 0 ? "plus" : "minus")}\" x=\"{Number(n > 0 ? middle : middle - length)}\" y=\"{Number(line + 2.5)}\" width=\"{Number(length)}\" height=\"2\"");
    }

    private static void WriteEdge(SvgWriter svg, DiagramEdge edge, (double X, double Y)[] route, double largest, bool dense)
    {
        if (route.Length == 0)
            return;
        double number = edge.LocalDerivative ?? double.NaN, share = double.IsNaN(number) ? 0 : Share(number, largest);
        double width = dense ? 0.5 + 1.5 * share : 0.8 + 2.7 * share;
        // Among many edges, the small ones step back.
        string faint = dense ? $" opacity=\"{Number(0.2 + 0.8 * share)}\"" : "";
        string sign = number > 0 ? "positive" : number < 0 ? "negative" : "line";
        const double tip = 7;
        (double endX, double endY) = route[^1];
        bool toTheLeft = route[^2].X > endX;
        string count = edge.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" data-count=\"{edge.Count}\"");
        svg.Open("g", $"data-from=\"{edge.From}\" data-to=\"{edge.To}\"{Attribute("data-local", edge.LocalDerivative)}{count}{faint}");
        svg.Element("path", $"class=\"{sign}\" fill=\"none\" stroke-width=\"{Number(width)}\"{(number < 0 ? " stroke-dasharray=\"5 3\"" : "")} d=\"{PathOf(route, toTheLeft ? 1 - tip : tip - 1)}\"");
        double back = endX + (toTheLeft ? tip : -tip);
        svg.Element("path", $"class=\"{(number > 0 ? "plus" : number < 0 ? "minus" : "tip")}\" d=\"M{Number(endX)} {Number(endY)}L{Number(back)} {Number(endY - 3.5)}V{Number(endY + 3.5)}Z\"");
        svg.Close("g");
    }

    /// <summary>A smooth curve by all points, horizontal at both ends, which stays between the heights of neighbouring points.</summary>
    private static string PathOf((double X, double Y)[] route, double tip)
    {
        var path = new StringBuilder();
        path.Append(CultureInfo.InvariantCulture, $"M{Number(route[0].X)} {Number(route[0].Y)}H{Number(route[1].X)}");
        for (int i = 2; i < route.Length - 1; i++)
        {
            ((double fromX, double fromY), (double x, double y)) = (route[i - 1], route[i]);
            bool isStraight = i == 2 && i == route.Length - 2;
            double third = (x - fromX) / (isStraight ? 2 : 3);
            path.Append(CultureInfo.InvariantCulture, $"C{Number(fromX + third)} {Number(fromY + third * Slope(i - 1))} {Number(x - third)} {Number(y - third * Slope(i))} {Number(x)} {Number(y)}");
        }
        return path.Append(CultureInfo.InvariantCulture, $"H{Number(route[^1].X - tip)}").ToString();

        // The harmonic mean of the slopes on both sides, as in Fritsch and Carlson, "Monotone piecewise cubic
        // interpolation", 1980.
        double Slope(int i)
        {
            if (i == 1 || i == route.Length - 2)
                return 0;
            double before = Between(i - 1, i), after = Between(i, i + 1);
            return before * after <= 0 ? 0 : 2 * before * after / (before + after);
        }

        double Between(int i, int k) => (route[k].Y - route[i].Y) / (route[k].X - route[i].X);
    }

    /// <summary>The local derivative, where the edge leaves its input, or before its tip where too many leave there.</summary>
    private static void WriteLabel(SvgWriter svg, DiagramEdge edge, (double X, double Y)[] route, bool atStart)
    {
        if (route.Length == 0 || NodeText.Of(edge) is not { Length: > 0 } text)
            return;
        // On the side from which the edge bends away.
        bool rises = atStart ? route[2].Y < route[1].Y : route[^2].Y < route[^3].Y;
        double x = atStart ? route[1].X + 6 : route[^1].X - 10, y = (atStart ? route[1].Y : route[^1].Y) + (rises == atStart ? 11 : -4);
        svg.Text("text", $"class=\"quiet halo\" x=\"{Number(x)}\" y=\"{Number(y)}\"{(atStart ? "" : " text-anchor=\"end\"")} font-size=\"10\" stroke-width=\"3\" paint-order=\"stroke\"", text);
    }

    private static double? Size(double? number) => number is { } n && double.IsFinite(n) ? Math.Abs(n) : null;

    private static double Largest(IEnumerable<double?> numbers) => numbers.Max(Size) is { } largest and > 0 ? largest : 1;

    // The root makes small numbers visible beside large ones.
    private static double Share(double number, double largest) => double.IsInfinity(number) ? 1 : Math.Sqrt(Math.Abs(number) / largest);

    private static string Attribute(string name, double? number) =>
        number is { } n ? string.Create(CultureInfo.InvariantCulture, $" {name}=\"{n:R}\"") : "";
}
