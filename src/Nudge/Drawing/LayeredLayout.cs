// Where the nodes and edges of a graph go: ranks from left to right, few crossings, straight long edges.

namespace Nudge.Drawing;

/// <summary>
/// A layered drawing, in four passes (after Sugiyama, Tagawa and Toda, "Methods for visual understanding of
/// hierarchical system structures", 1981, and Gansner et al., "A technique for drawing directed graphs", 1993): ranks,
/// so that edges go to the right and are short; an order within each rank with few crossings; places; routes.
/// </summary>
internal sealed class LayeredLayout
{
    private const double RankGap = 64, MostTilt = 5;

    private readonly (double Width, double Height)[] _sizes;
    private readonly (int From, int To)[] _edges; // those that went to the left are turned round
    private readonly bool[] _turned;

    /// <param name="sizes">The size of each node.</param>
    /// <param name="edges">The edges, as places in <paramref name="sizes"/>.</param>
    internal LayeredLayout((double Width, double Height)[] sizes, IReadOnlyList<(int From, int To)> edges)
    {
        _sizes = sizes;
        _edges = [.. edges];
        _turned = TurnCycles();
        int[] ranks = RankAssignment.Assign(sizes.Length, _edges);
        Graph = new RankedGraph(sizes.Length, ranks, _edges);
        RankOrder.Improve(Graph);
        Y = CoordinateAssignment.Find(Graph, [.. sizes.Select(size => size.Height)]);
        (X, Bands) = PlaceRanks();
        double top = Enumerable.Range(0, Graph.Count).Min(i => Y[i] - HeightOf(i) / 2);
        for (int i = 0; i < Y.Length; i++)
            Y[i] -= top;
        Width = Bands[^1].Right;
        Height = Enumerable.Range(0, Graph.Count).Max(i => Y[i] + HeightOf(i) / 2);
    }

    /// <summary>The graph by ranks, with the bends of long edges as nodes.</summary>
    internal RankedGraph Graph { get; }

    /// <summary>The middle of each node, and after these of each bend.</summary>
    internal double[] X { get; }

    /// <inheritdoc cref="X"/>
    internal double[] Y { get; }

    internal double Width { get; }

    internal double Height { get; }

    /// <summary>How many pairs of edges cross.</summary>
    internal int Crossings => Graph.Crossings();

    /// <summary>The left and the right end of each rank.</summary>
    private (double Left, double Right)[] Bands { get; }

    /// <summary>The route of each edge: from its node to the end of the rank, by its bends, and to its node from the end of the rank.</summary>
    internal IReadOnlyList<(double X, double Y)[]> Routes()
    {
        double[] start = Ports(outgoing: true), end = Ports(outgoing: false);
        var routes = new List<(double, double)[]>();
        for (int e = 0; e < _edges.Length; e++)
        {
            (int from, int to) = _edges[e];
            if (from == to)
            {
                routes.Add([]);
                continue;
            }
            List<(double X, double Y)> route = [(X[from] + _sizes[from].Width / 2, start[e]), (Bands[Graph.Rank[from]].Right, start[e])];
            foreach (int bend in Graph.Bends[e])
            {
                // Nearly level through the rank, so as not to touch what stands there.
                (double left, double right) = Bands[Graph.Rank[bend]];
                double tilt = Math.Clamp(Tilt(bend) * (right - left) / 2, -MostTilt, MostTilt);
                route.Add((left, Y[bend] - tilt));
                route.Add((right, Y[bend] + tilt));
            }
            route.Add((Bands[Graph.Rank[to]].Left, end[e]));
            route.Add((X[to] - _sizes[to].Width / 2, end[e]));
            if (_turned[e])
                route.Reverse();
            routes.Add([.. route]);
        }
        return routes;
    }

    /// <summary>How steep a long edge is at a bend; level where it turns back there.</summary>
    private double Tilt(int bend)
    {
        int before = Graph.Previous[bend][0], after = Graph.Next[bend][0];
        double first = (Y[bend] - Y[before]) / (X[bend] - X[before]), second = (Y[after] - Y[bend]) / (X[after] - X[bend]);
        return first * second <= 0 ? 0 : Math.Abs(first) < Math.Abs(second) ? first : second;
    }

    private double HeightOf(int i) => i < _sizes.Length ? _sizes[i].Height : 0;

    /// <summary>Turns round the edges that close a cycle, as those of a recurrent network do.</summary>
    private bool[] TurnCycles()
    {
        var turned = new bool[_edges.Length];
        ILookup<int, int> outgoing = Enumerable.Range(0, _edges.Length).ToLookup(e => _edges[e].From);
        var state = new byte[_sizes.Length]; // 0 not seen, 1 on the way, 2 done
        var way = new Stack<(int Node, IEnumerator<int> Edges)>();
        for (int start = 0; start < state.Length; start++)
        {
            if (state[start] == 0)
                Enter(start);
            while (way.TryPeek(out (int Node, IEnumerator<int> Edges) top))
            {
                if (!top.Edges.MoveNext())
                {
                    state[top.Node] = 2;
                    way.Pop();
                    continue;
                }
                int edge = top.Edges.Current, to = _edges[edge].To;
                turned[edge] = state[to] == 1 && to != top.Node;
                if (state[to] == 0)
                    Enter(to);
            }
        }
        for (int e = 0; e < turned.Length; e++)
        {
            if (turned[e])
                _edges[e] = (_edges[e].To, _edges[e].From);
        }
        return turned;

        void Enter(int node)
        {
            state[node] = 1;
            way.Push((node, outgoing[node].GetEnumerator()));
        }
    }

    private (double[] X, (double Left, double Right)[] Bands) PlaceRanks()
    {
        var x = new double[Graph.Count];
        var bands = new (double Left, double Right)[Graph.Ranks.Length];
        double left = 0;
        for (int rank = 0; rank < bands.Length; rank++)
        {
            double width = Graph.Ranks[rank].Max(i => i < _sizes.Length ? _sizes[i].Width : 0);
            bands[rank] = (left, left + width);
            foreach (int i in Graph.Ranks[rank])
                x[i] = left + width / 2;
            // Steep edges need room, or they cannot be followed.
            int edges = Graph.Ranks[rank].Sum(i => Graph.Next[i].Count);
            left += width + RankGap + Math.Min(200, edges);
        }
        return (x, bands);
    }

    /// <summary>The height at which each edge leaves or meets its node: in the order of where it comes from.</summary>
    private double[] Ports(bool outgoing)
    {
        var ports = new double[_edges.Length];
        foreach (IGrouping<int, int> node in Enumerable.Range(0, _edges.Length).GroupBy(e => outgoing ? _edges[e].From : _edges[e].To))
        {
            int[] edges = [.. node.OrderBy(e => Y[Neighbour(e)])];
            double step = Math.Min(14, (_sizes[node.Key].Height - 12) / edges.Length);
            for (int k = 0; k < edges.Length; k++)
                ports[edges[k]] = Y[node.Key] + (k - (edges.Length - 1) / 2.0) * step;
        }
        return ports;

        int Neighbour(int e) => (outgoing, Graph.Bends[e]) switch
        {
            (true, [int first, ..]) => first,
            (false, [.., int last]) => last,
            (true, _) => _edges[e].To,
            _ => _edges[e].From,
        };
    }
}
