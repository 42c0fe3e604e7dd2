// The structure of an expression as a recording keeps it: what each node is and what it was computed from.

namespace Nudge.Recordings;

/// <summary>A node of a recorded expression.</summary>
/// <param name="Operation">What it is.</param>
/// <param name="First">The place of its first input in the graph, or −1; of a parameter, its place among the parameters.</param>
/// <param name="Second">The place of its second input, or −1.</param>
public readonly record struct RecordedNode(Operation Operation, int First, int Second);

/// <summary>A recorded expression: its nodes in creation order, the last one being the loss.</summary>
/// <param name="Nodes">The nodes.</param>
/// <param name="Labels">The labels that leaves and results were given, by place.</param>
public sealed record RecordedGraph(IReadOnlyList<RecordedNode> Nodes, IReadOnlyDictionary<int, string> Labels)
{
    /// <summary>The label of a node, or its place and operation.</summary>
    /// <param name="place">The place of the node.</param>
    public string NameOf(int place) =>
        Labels.TryGetValue(place, out string? label) ? label : $"node {place} ({OperationTable.Symbol(Nodes[place].Operation)})";
}
