// The graph that is drawn: its ids, its numbers, and what is folded into what.

namespace Nudge.Tests.Drawing;

public sealed class DiagramTests
{
    [Fact]
    public void Every_value_is_a_node_with_the_engines_own_numbers()
    {
        Value loss = Graphs.Worked();
        Diagram diagram = Diagram.Of(loss);
        var graph = new ValueGraph([loss]);
        Assert.Equal(graph.Values.Length, diagram.Nodes.Count);
        foreach ((Value value, DiagramNode node) in graph.Values.Zip(diagram.Nodes))
        {
            Assert.Equal(value.Data, node.Data);
            Assert.Equal(value.HasGrad ? value.Grad : null, node.Gradient);
            Assert.Equal(value.Operation, node.Operation);
            Assert.Equal(value.Label, node.Label);
        }
        Assert.Equal(6, diagram.Edges.Count);
        Assert.Contains(new DiagramEdge("n1", "n4", 2), diagram.Edges);
    }

    [Fact]
    public void A_gradient_that_was_not_computed_is_none_and_never_0()
    {
        Diagram diagram = Diagram.Of(new Value(1) * new Value(2));
        Assert.All(diagram.Nodes, node => Assert.Null(node.Gradient));
        Assert.Contains("grad –", diagram.ToDot());
        Assert.DoesNotContain("grad 0", diagram.ToDot());
    }

    [Fact]
    public void Ids_follow_creation_and_are_the_same_whenever_the_expression_is_built()
    {
        string[] first = [.. Diagram.Of(Graphs.Worked()).Nodes.Select(node => $"{node.Id} {node.Operation} {node.Label}")];
        string[] second = [.. Diagram.Of(Graphs.Worked()).Nodes.Select(node => $"{node.Id} {node.Operation} {node.Label}")];
        Assert.Equal(first, second);
        Assert.Equal("n1 Leaf w", first[0]);

        Mlp network = Graphs.Network();
        Value loss = Graphs.LossOf(network);
        string idOfLoss = Diagram.Of(loss, new DiagramOptions { Folding = Folding.None }).Nodes[^1].Id;
        Diagram part = Diagram.Of(loss, new DiagramOptions { Folding = Folding.Layers, Unfold = ["layers.2.neurons.0"] });
        string[] whole = [.. Diagram.Of(loss, new DiagramOptions { Folding = Folding.None }).Nodes.Select(node => $"{node.Id} {node.Operation} {node.Data}")];
        Assert.Contains(part.Nodes, node => node.Id == "layers_0");
        Assert.All(part.Nodes.Where(node => !node.IsFold), node => Assert.Contains($"{node.Id} {node.Operation} {node.Data}", whole));
        Assert.Equal("n", idOfLoss[..1]);
    }

    [Fact]
    public void A_value_used_twice_has_two_edges()
    {
        var a = new Value(3);
        Diagram diagram = Diagram.Of(a + a);
        Assert.Equal([new DiagramEdge("n1", "n2", 1), new DiagramEdge("n1", "n2", 1)], diagram.Edges);
    }

    [Theory]
    [InlineData(Folding.Neurons, 3 + 9 + 1)]
    [InlineData(Folding.Layers, 1 + 3 + 1)]
    [InlineData(Folding.Network, 1 + 1 + 1)]
    [InlineData(Folding.Automatic, 3 + 9 + 1)]
    public void A_loss_over_four_examples_folds_to_inputs_modules_and_the_loss(Folding folding, int nodes)
    {
        Value loss = Graphs.LossOf(Graphs.Network());
        Diagram diagram = Diagram.Of(loss, new DiagramOptions { Folding = folding });
        Assert.Equal(nodes, diagram.Nodes.Count);
        Assert.Equal(new ValueGraph([loss]).Values.Length, diagram.Nodes.Sum(node => node.ValueCount));
        Assert.Equal(41, diagram.Nodes.Sum(node => node.ParameterCount));
        DiagramNode result = diagram.Nodes.Single(node => node.Label == "loss");
        Assert.Equal((loss.Data, 1), (result.Data, result.Gradient));
    }

    [Fact]
    public void An_edge_into_a_folded_neuron_is_its_weight()
    {
        Mlp network = Graphs.Network();
        Diagram diagram = Diagram.Of(Graphs.LossOf(network), new DiagramOptions { Folding = Folding.Neurons });
        Neuron neuron = network.Layers[1].Neurons[2];
        for (int i = 0; i < 4; i++)
        {
            DiagramEdge edge = diagram.Edges.Single(edge => edge.From == $"layers_0_neurons_{i}" && edge.To == "layers_1_neurons_2");
            Assert.Equal(neuron.Weights[i].Data, edge.LocalDerivative);
            Assert.Equal(4, edge.Count);
        }
    }

    [Fact]
    public void A_folded_neuron_of_one_example_shows_its_output()
    {
        Mlp network = Graphs.Network();
        Value[] inputs = [2, 3, -1];
        Value expected = network.Layers[0].Forward(inputs)[1];
        Diagram diagram = Diagram.Of(network, [2, 3, -1], new DiagramOptions { Folding = Folding.Neurons });
        Assert.Equal(expected.Data, diagram.Nodes.Single(node => node.Id == "layers_0_neurons_1").Data);
        Assert.Equal(["x0", "x1", "x2"], diagram.Nodes.Where(node => node.Operation == Operation.Leaf).Select(node => node.Label));
    }

    [Fact]
    public void One_neuron_or_layer_unfolds_and_the_rest_stays()
    {
        Mlp network = Graphs.Network();
        Diagram diagram = Diagram.Of(network, [2, 3, -1], new DiagramOptions { Folding = Folding.Layers, Unfold = ["layers.1.neurons.2"] });
        Assert.Contains(diagram.Nodes, node => node.Label == "layers.0");
        Assert.Contains(diagram.Nodes, node => node.Label == "layers.1.neurons.0");
        Assert.DoesNotContain(diagram.Nodes, node => node.Label == "layers.1.neurons.2");
        Assert.Contains(diagram.Nodes, node => node.Label == "layers.1.neurons.2.w[3]");
        ArgumentException error = Assert.Throws<ArgumentException>(() => Diagram.Of(network, [2, 3, -1], new DiagramOptions { Unfold = ["layers.7"] }));
        Assert.Contains("'layers.7'", error.Message);
        Assert.Contains("layers.1.neurons.2", error.Message);
    }

    [Fact]
    public void Two_networks_in_one_loss_are_told_apart()
    {
        Mlp first = Graphs.Network(), second = Graphs.Network();
        Value loss = first.Forward(1.0, 2, 3)[0] - second.Forward(1.0, 2, 3)[0];
        Diagram diagram = Diagram.Of(loss, new DiagramOptions { Folding = Folding.Network });
        Assert.Equal(["network 1", "network 2"], diagram.Nodes.Select(node => node.Label).Where(label => label?.StartsWith("network", StringComparison.Ordinal) == true));
        Assert.Equal(diagram.Nodes.Count, diagram.Nodes.Select(node => node.Id).Distinct().Count());
    }

    [Fact]
    public void What_stands_between_two_uses_of_a_network_stays_outside_the_fold_of_the_loss()
    {
        Mlp network = Graphs.Network();
        Value once = network.Forward(1.0, 2, 3)[0];
        Value twice = network.Forward([once.Sin(), once.Cos(), once])[0];
        Diagram diagram = Diagram.Of((twice - 1).Pow(2), new DiagramOptions { Folding = Folding.Layers });
        Assert.Contains(diagram.Nodes, node => node.Operation == Operation.Sin);
        // The network feeds itself: a cycle of folds, which the picture must survive.
        Assert.StartsWith("<svg", diagram.ToSvg());
    }
}
