// The largest paths of a graph, without walking all of them: there are often more than could be counted.

namespace Nudge;

/// <summary>
/// From the parameter upwards each value keeps its largest ways down to it. A value's largest are among those of its
/// inputs, each lengthened by one edge, so that no more than the largest are ever looked at.
/// </summary>
internal sealed class PathSearch
{
    private readonly ValueGraph _graph;
    private readonly int _most;
    private readonly Way[]?[] _ways;
    private readonly double[] _counts;

    internal PathSearch(ValueGraph graph, int parameter, int most)
    {
        _graph = graph;
        _most = most;
        _ways = new Way[]?[graph.Values.Length];
        _counts = new double[graph.Values.Length];
        _ways[parameter] = [new Way(1, -1, -1)];
        _counts[parameter] = 1;
        for (int i = parameter + 1; i < _ways.Length; i++)
            Extend(i);
    }

    internal double PathCount => _counts[^1];

    internal IReadOnlyList<GradientPath> Paths() => [.. (_ways[^1] ?? []).Select((_, rank) => Follow(rank))];

    private void Extend(int index)
    {
        Value value = _graph.Values[index];
        if (value.Operation == Operation.Detach)
            return;
        var found = new List<Way>();
        IReadOnlyList<Value> inputs = value.Inputs;
        IReadOnlyList<double>? local = null;
        for (int k = 0; k < inputs.Count; k++)
        {
            int input = _graph.IndexOf(inputs[k]);
            if (_ways[input] is not { } ways)
                continue;
            local ??= value.LocalDerivatives;
            _counts[index] += _counts[input];
            for (int rank = 0; rank < ways.Length; rank++)
                found.Add(new Way(Math.Abs(local[k]) * ways[rank].Size, k, rank));
        }
        // NaN before all: it is what makes the gradient NaN. Equal ones stay in the order of the inputs.
        if (found.Count > 0)
            _ways[index] = [.. found.OrderByDescending(way => double.IsNaN(way.Size)).ThenByDescending(way => way.Size).Take(_most)];
    }

    private GradientPath Follow(int rank)
    {
        int index = _graph.Values.Length - 1;
        List<Value> nodes = [_graph.Values[index]];
        var derivatives = new List<double>();
        while (_ways[index]![rank] is { Input: >= 0 } way)
        {
            derivatives.Add(nodes[^1].LocalDerivatives[way.Input]);
            nodes.Add(nodes[^1].Inputs[way.Input]);
            (index, rank) = (_graph.IndexOf(nodes[^1]), way.Rank);
        }
        return new GradientPath(nodes, derivatives);
    }

    /// <summary>A way to the parameter.</summary>
    /// <param name="Size">The size of the product along it.</param>
    /// <param name="Input">Which input it goes by; −1 at its end.</param>
    /// <param name="Rank">Which of that input's ways it goes on with.</param>
    private readonly record struct Way(double Size, int Input, int Rank);
}
