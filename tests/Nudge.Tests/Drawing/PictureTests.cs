// The written forms: golden files, well-formed, no edge without its nodes, and the engine's own numbers in them.

using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Nudge.Tests.Drawing;

public sealed class PictureTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    public static TheoryData<string> Names => ["worked", "folded", "unfolded", "twice"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Pictures_are_as_they_were_looked_at(string name)
    {
        Diagram diagram = Named(name);
        Golden.Matches($"{name}.dot", diagram.ToDot());
        Golden.Matches($"{name}.mmd", diagram.ToMermaid());
        Golden.Matches($"{name}.svg", diagram.ToSvg());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_svg_holds_every_node_and_edge_once_with_the_engines_numbers(string name)
    {
        Diagram diagram = Named(name);
        XDocument svg = XDocument.Parse(diagram.ToSvg());
        Dictionary<string, XElement> nodes = svg.Descendants(s_svg + "g").Where(g => g.Attribute("id") is not null).ToDictionary(g => g.Attribute("id")!.Value);
        Assert.Equal(diagram.Nodes.Select(node => node.Id).Order(), nodes.Keys.Order());
        foreach (DiagramNode node in diagram.Nodes)
        {
            Assert.Equal(node.Data, NumberOf(nodes[node.Id].Attribute("data-value")?.Value));
            Assert.Equal(node.Gradient, NumberOf(nodes[node.Id].Attribute("data-grad")?.Value));
            if (node.Gradient is { } gradient)
                Assert.Contains(nodes[node.Id].Elements(s_svg + "text"), text => text.Value == Value.Format(gradient));
        }
        XElement[] edges = [.. svg.Descendants(s_svg + "g").Where(g => g.Attribute("data-from") is not null)];
        Assert.Equal(diagram.Edges.Count, edges.Length);
        foreach ((DiagramEdge edge, XElement drawn) in diagram.Edges.Zip(edges))
        {
            Assert.Equal((edge.From, edge.To), (drawn.Attribute("data-from")!.Value, drawn.Attribute("data-to")!.Value));
            Assert.Equal(edge.LocalDerivative, NumberOf(drawn.Attribute("data-local")?.Value));
            Assert.True(nodes.ContainsKey(edge.From) && nodes.ContainsKey(edge.To));
            // Sign shows twice: as a colour and as a dash.
            XElement line = drawn.Elements(s_svg + "path").First();
            Assert.Equal(edge.LocalDerivative < 0, line.Attribute("stroke-dasharray") is not null);
            Assert.Equal(edge.LocalDerivative switch { > 0 => "positive", < 0 => "negative", _ => "line" }, line.Attribute("class")!.Value);
        }
        Assert.Contains("prefers-color-scheme: dark", svg.Root!.Element(s_svg + "style")!.Value);
    }

    [Fact]
    public void Edges_of_a_value_that_is_used_often_have_their_numbers_too()
    {
        Value a = new(2) { Label = "a" }, b = new(3) { Label = "b" };
        string[] labels = [.. XDocument.Parse((a * a * b + a.Sin()).ToSvg()).Descendants(s_svg + "text").Where(text => text.Attribute("font-size")?.Value == "10").Select(text => text.Value)];
        Assert.Equal(["-0.416", "1", "1", "2", "2", "3", "4"], labels.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Dot_and_mermaid_name_no_node_that_they_do_not_have(string name)
    {
        Diagram diagram = Named(name);
        string[] ids = [.. diagram.Nodes.Select(node => node.Id)];
        MatchCollection dot = Regex.Matches(diagram.ToDot(), @"^  (\w+) -> (\w+) \[", RegexOptions.Multiline);
        MatchCollection mermaid = Regex.Matches(diagram.ToMermaid(), "^  (\\w+) (?:-->|-\\.->)(?:\\|\"[^\"]*\"\\|)? (\\w+)$", RegexOptions.Multiline);
        Assert.Equal(diagram.Edges.Count, dot.Count);
        Assert.Equal(diagram.Edges.Count, mermaid.Count);
        Assert.All(dot.Concat(mermaid), match => Assert.True(ids.Contains(match.Groups[1].Value) && ids.Contains(match.Groups[2].Value)));
        MatchCollection data = Regex.Matches(diagram.ToDot(), @"^  (\w+) \[.* data=""([^""]*)""", RegexOptions.Multiline);
        Assert.Equal(
            diagram.Nodes.Where(node => node.Data is not null).Select(node => (node.Id, node.Data)),
            data.Select(match => (match.Groups[1].Value, NumberOf(match.Groups[2].Value))));
    }

    [Fact]
    public void Labels_of_any_letters_leave_every_form_valid()
    {
        Value value = new Value(1) { Label = "<w> & \"x\" \\ 'y' ]\u0001 \ud800 ;#\n🌸" } * new Value(double.NaN);
        XDocument.Parse(value.ToSvg());
        string node = value.ToMermaid().Split('\n')[1];
        Assert.Equal(2, node.Count(letter => letter == '"'));
        Assert.DoesNotContain("<w>", node);
        Assert.Contains("\\\"x\\\"", value.ToDot());
        Assert.Contains("\\\\", value.ToDot());
    }

    [Fact]
    public void Infinite_numbers_are_drawn_as_what_they_are()
    {
        Value value = new Value(0).Log() * new Value(double.NegativeInfinity);
        value.Backward();
        string svg = value.ToSvg();
        XDocument.Parse(svg);
        Assert.Contains("Infinity", svg);
        Assert.DoesNotMatch("\"[^\"]*NaN [^\"]*\"", svg);
    }

    [Fact]
    public void Too_large_a_picture_is_refused_with_what_to_do()
    {
        Value sum = new(0);
        for (int i = 0; i < 1100; i++)
            sum = sum + i;
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => sum.ToSvg());
        Assert.Contains("2,201", error.Message);
        Assert.Contains("Fold", error.Message);
    }

    [Fact]
    public void A_leaf_alone_can_be_drawn()
    {
        XDocument.Parse(new Value(3).ToSvg());
        Assert.Contains("n1", new Value(3).ToMermaid());
    }

    private static Diagram Named(string name) => name switch
    {
        "worked" => Diagram.Of(Graphs.Worked()),
        "folded" => Diagram.Of(Graphs.LossOf(Graphs.Network())),
        "unfolded" => Diagram.Of(Graphs.LossOf(Graphs.Network()), new DiagramOptions { Folding = Folding.Layers, Unfold = ["layers.1"] }),
        _ => Twice(),
    };

    private static Diagram Twice()
    {
        var a = new Value(3) { Label = "a" };
        Value b = (a + a).Named("b"), c = (b + b).Named("c");
        c.Backward();
        return Diagram.Of(c);
    }

    private static double? NumberOf(string? text) => text is null ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
