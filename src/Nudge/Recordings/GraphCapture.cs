// Reads the nodes of a loss, step after step: quickly where the expression has the form it had before.

namespace Nudge.Recordings;

/// <summary>The nodes of an expression in creation order, and the structure that they share from step to step.</summary>
internal sealed class GraphCapture(ParameterList parameters, int mostNodes)
{
    private readonly Dictionary<Value, int> _parameterIndices = [];
    private Value?[] _nodes = [];
    private bool _tooLarge;

    /// <summary>The structure; null before the first capture, and where there are too many nodes.</summary>
    internal RecordedGraph? Graph { get; private set; }

    /// <summary>The nodes of the last capture, in the order of the structure.</summary>
    internal ReadOnlySpan<Value?> Nodes => _nodes;

    /// <summary>Whether there is an expression small enough, as far as is known.</summary>
    internal bool MayFit => !_tooLarge && mostNodes > 0;

    /// <summary>Finds the nodes of a loss. Returns true where <see cref="Graph"/> has changed.</summary>
    internal bool Capture(Value loss)
    {
        if (Graph is not null && HasSameStructure(loss))
            return false;
        return Explore(loss);
    }

    // The structure says where each input of each node has its index, so one walk from the loss down finds all. That
    // creation orders rise from index to index proves that no two indices have got the same node.
    private bool HasSameStructure(Value loss)
    {
        IReadOnlyList<RecordedNode> structure = Graph!.Nodes;
        Array.Clear(_nodes);
        _nodes[^1] = loss;
        long order = long.MaxValue;
        for (int i = structure.Count - 1; i >= 0; i--)
        {
            RecordedNode expected = structure[i];
            if (_nodes[i] is not { } node || node.Operation != expected.Operation || node.Order >= order)
                return false;
            order = node.Order;
            if (expected.Operation == Operation.Parameter)
            {
                if (parameters[expected.First] != node)
                    return false;
            }
            else if (expected.First >= 0 && !Put(expected.First, node.First))
            {
                return false;
            }
            else if (expected.Second >= 0 && !Put(expected.Second, node.Second))
            {
                return false;
            }
        }
        return true;
    }

    private bool Put(int index, Value node)
    {
        ref Value? there = ref _nodes[index];
        if (there is not null)
            return there == node;
        there = node;
        return true;
    }

    private bool Explore(Value loss)
    {
        Graph = null;
        var found = new HashSet<Value> { loss };
        var waiting = new Stack<Value>([loss]);
        while (waiting.TryPop(out Value? node))
        {
            foreach (Value input in node.Inputs)
            {
                if (!found.Add(input))
                    continue;
                if (found.Count > mostNodes)
                {
                    _tooLarge = true;
                    return false;
                }
                waiting.Push(input);
            }
        }
        Value[] nodes = [.. found.OrderBy(node => node.Order)];
        // A recorded select has any number of inputs, and a parameter of another list has no place here: not kept.
        if (nodes.Any(node => node.Operation == Operation.Select || (node.Operation == Operation.Parameter && IndexOf(node) < 0)))
        {
            _tooLarge = true;
            return false;
        }
        _nodes = nodes;
        Graph = StructureOf(nodes);
        return true;
    }

    private RecordedGraph StructureOf(Value[] nodes)
    {
        var indices = new Dictionary<Value, int>(nodes.Length);
        var structure = new RecordedNode[nodes.Length];
        var labels = new Dictionary<int, string>();
        for (int i = 0; i < nodes.Length; i++)
        {
            Value node = nodes[i];
            indices.Add(node, i);
            structure[i] = OperationTable.Arity(node.Operation) switch
            {
                0 => new RecordedNode(node.Operation, node.Operation == Operation.Parameter ? IndexOf(node) : -1, -1),
                1 => new RecordedNode(node.Operation, indices[node.First], -1),
                _ => new RecordedNode(node.Operation, indices[node.First], indices[node.Second]),
            };
            if (node.Operation != Operation.Parameter && node.Label is { } label)
                labels.Add(i, label);
        }
        return new RecordedGraph(structure, labels);
    }

    private int IndexOf(Value parameter)
    {
        if (_parameterIndices.Count == 0)
        {
            for (int i = 0; i < parameters.Count; i++)
                _parameterIndices.Add(parameters[i], i);
        }
        return _parameterIndices.GetValueOrDefault(parameter, -1);
    }
}
