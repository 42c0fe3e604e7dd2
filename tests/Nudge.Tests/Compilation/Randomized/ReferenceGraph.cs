// A recorded expression as flat arrays, read off its values alone: nothing of the compiler takes part.

namespace Nudge.Tests.Compilation.Randomized;

/// <summary>The nodes that some results need, inputs before their users.</summary>
internal sealed class ReferenceGraph
{
    private readonly Dictionary<Value, int> _locations = [];

    internal ReferenceGraph(Value[] inputs, IndexValue[] indices, ParameterList parameters, Value[] roots)
    {
        InputCount = inputs.Length;
        ParameterCount = parameters.Count;
        Value[] nodes = NodesOf(roots);
        Operations = new Operation[nodes.Length];
        First = new int[nodes.Length];
        Second = new int[nodes.Length];
        Numbers = new double[nodes.Length];
        Choices = new int[nodes.Length][];
        for (int i = 0; i < nodes.Length; i++)
        {
            Value node = nodes[i];
            _locations.Add(node, i);
            Operations[i] = node.Operation;
            int input = Array.IndexOf(inputs, node), parameter = node.Operation == Operation.Parameter ? parameters.PlaceOf(node) : -1;
            if (input >= 0)
            {
                First[i] = input;
            }
            else if (parameter >= 0)
            {
                First[i] = parameter;
            }
            else if (node.IsLeaf)
            {
                Operations[i] = Operation.Constant;
                Numbers[i] = node.Data;
            }
            else if (node.Operation == Operation.Select)
            {
                Choices[i] = Array.ConvertAll(node.Choices, choice => _locations[choice]);
                Second[i] = Array.FindIndex(indices, index => index.Placeholder == node.Second);
            }
            else
            {
                First[i] = _locations[node.First];
                Second[i] = node.HasSecond ? _locations[node.Second] : -1;
            }
        }
        Roots = Array.ConvertAll(roots, root => _locations[root]);
    }

    internal int Count => Operations.Length;

    internal int InputCount { get; }

    internal int ParameterCount { get; }

    /// <summary>What each node is; a <see cref="Operation.Leaf"/> is an input.</summary>
    internal Operation[] Operations { get; }

    /// <summary>The first input of a node; of an input or a parameter its number.</summary>
    internal int[] First { get; }

    /// <summary>The second input of a node, −1 where there is none; of a select the number of its index.</summary>
    internal int[] Second { get; }

    /// <summary>The number of a constant.</summary>
    internal double[] Numbers { get; }

    /// <summary>What a select chooses from.</summary>
    internal int[][] Choices { get; }

    internal int[] Roots { get; }

    internal bool IsSum(int node) => Operations[node] is Operation.Add or Operation.Subtract or Operation.Negate;

    /// <summary>A line for each node, as one would write it.</summary>
    public override string ToString() => string.Join('\n', [
        .. Enumerable.Range(0, Count).Where(node => Operations[node] > Operation.Parameter).Select(node => $"v{node} = {Text(node)}"),
        $"results: {string.Join(", ", Roots.Select(Name))}"]);

    private string Text(int node) => Operations[node] switch
    {
        Operation.Add or Operation.Subtract or Operation.Multiply or Operation.Divide =>
            $"{Name(First[node])} {OperationTable.Symbol(Operations[node])} {Name(Second[node])}",
        Operation.Select => $"[{string.Join(", ", Choices[node].Select(Name))}][k{Second[node]}]",
        Operation operation => $"{OperationTable.Symbol(operation)}({Name(First[node])}{(Second[node] >= 0 ? ", " + Name(Second[node]) : "")})",
    };

    private string Name(int node) => Operations[node] switch
    {
        Operation.Leaf => $"x{First[node]}",
        Operation.Parameter => $"p{First[node]}",
        Operation.Constant => FormattableString.Invariant($"{Numbers[node]:R}"),
        _ => $"v{node}",
    };

    // Creation order is a topological order.
    private static Value[] NodesOf(Value[] roots)
    {
        var found = new HashSet<Value>();
        var waiting = new Stack<Value>(roots);
        while (waiting.TryPop(out Value? node))
        {
            if (!found.Add(node) || node.IsLeaf)
                continue;
            if (node.Operation == Operation.Select)
            {
                Array.ForEach(node.Choices, waiting.Push);
                continue;
            }
            waiting.Push(node.First);
            if (node.HasSecond)
                waiting.Push(node.Second);
        }
        Value[] nodes = [.. found];
        Array.Sort(nodes, (a, b) => a.Order.CompareTo(b.Order));
        return nodes;
    }
}
