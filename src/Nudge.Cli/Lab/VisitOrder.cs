// Why backward visits a node only after everything that uses it: b = a + a; c = b + b in two orders.

namespace Nudge.Cli;

/// <summary>A visit of a node by a backward pass.</summary>
/// <param name="Node">The node.</param>
/// <param name="What">What it passes on.</param>
/// <param name="GradientOfA">The gradient of a after the visit.</param>
internal sealed record Visit(string Node, string What, double GradientOfA);

internal static class VisitOrder
{
    internal const string Name = "order", Title = "why a topological order", Code = "b = a + a;   c = b + b";

    internal const string Why =
        "A node may pass its gradient on only when all of it has come: who visits b after each of its two edges passes on the first half twice, and a gets 6 where 4 is true.";

    /// <summary>The gradient of a by the engine: each of its four paths to c counts 1.</summary>
    internal static double Truth()
    {
        Value a = 1, b = a + a, c = b + b;
        return c.Gradients(a)[0];
    }

    /// <summary>Each node once, after everything that uses it.</summary>
    internal static IReadOnlyList<Visit> OutputsFirst()
    {
        var graph = new Graph();
        foreach (Value node in graph.Nodes.OrderByDescending(node => node.Order))
            graph.Visit(node);
        return graph.Visits;
    }

    /// <summary>A node as soon as something has come along an edge, with all that it has by then.</summary>
    internal static IReadOnlyList<Visit> EdgeByEdge()
    {
        var graph = new Graph();
        foreach (Value input in graph.Root.Inputs)
        {
            graph.Pass(graph.Root, input);
            graph.Visit(input);
        }
        return graph.Visits;
    }

    private sealed class Graph
    {
        private readonly Dictionary<Value, double> _gradients = [];
        private readonly Value _a = new Value(1).Named("a");

        internal Graph()
        {
            Value b = (_a + _a).Named("b");
            Root = (b + b).Named("c");
            Nodes = [b, Root];
            _gradients[Root] = 1;
        }

        internal Value Root { get; }

        internal IReadOnlyList<Value> Nodes { get; }

        internal List<Visit> Visits { get; } = [];

        /// <summary>Passes a node's gradient along both of its edges.</summary>
        internal void Visit(Value node)
        {
            double gradient = _gradients.GetValueOrDefault(node);
            string input = node.Inputs[0].Label!;
            for (int i = 0; i < node.Inputs.Count; i++)
                Add(node, i);
            Tell(node, $"{Text.Number(gradient)} along each of its two edges to {input}");
        }

        /// <summary>Passes a node's gradient along one edge.</summary>
        internal void Pass(Value node, Value input)
        {
            double gradient = _gradients.GetValueOrDefault(node);
            _gradients[input] = _gradients.GetValueOrDefault(input) + gradient;
            Tell(node, $"{Text.Number(gradient)} along one edge to {input.Label}, which now has {Text.Number(_gradients[input])}");
        }

        private void Add(Value node, int input) => _gradients[node.Inputs[input]] =
            _gradients.GetValueOrDefault(node.Inputs[input]) + _gradients.GetValueOrDefault(node) * node.LocalDerivatives[input];

        private void Tell(Value node, string what) => Visits.Add(new Visit(node.Label!, what, _gradients.GetValueOrDefault(_a)));
    }
}
