// The first pass of a layered drawing: which nodes stand one above the other.

namespace Nudge.Drawing;

/// <summary>
/// Ranks with the least total length of edges, by the network simplex method of Gansner et al., 1993: a spanning tree of
/// edges of length 1, in which an edge whose lengthening makes the whole shorter is exchanged for another.
/// </summary>
internal sealed class RankAssignment
{
    private readonly int _count;
    private readonly (int From, int To)[] _edges;
    private readonly List<int>[] _edgesOf;
    private readonly int[] _ranks;
    private readonly bool[] _inTree;

    private RankAssignment(int count, IEnumerable<(int From, int To)> edges)
    {
        (int From, int To)[] real = [.. edges.Where(edge => edge.From != edge.To)];
        // A node after all results joins the parts of a graph that nothing else joins.
        var isUsed = new bool[count];
        foreach ((int from, _) in real)
            isUsed[from] = true;
        _edges = [.. real, .. Enumerable.Range(0, count).Where(node => !isUsed[node]).Select(node => (node, count))];
        _count = count + 1;
        _edgesOf = [.. Enumerable.Range(0, _count).Select(_ => new List<int>())];
        for (int e = 0; e < _edges.Length; e++)
        {
            _edgesOf[_edges[e].From].Add(e);
            _edgesOf[_edges[e].To].Add(e);
        }
        _ranks = LongestPaths();
        _inTree = new bool[_edges.Length];
    }

    /// <summary>A rank for each node from 0, every edge to a higher one.</summary>
    /// <param name="count">How many nodes there are.</param>
    /// <param name="edges">The edges, without cycles but for those of one node.</param>
    internal static int[] Assign(int count, IReadOnlyList<(int From, int To)> edges)
    {
        var assignment = new RankAssignment(count, edges);
        assignment.GrowTree();
        // Exchanges that gain nothing could go round in circles; in practice a few for each node are enough.
        for (int exchange = 0; exchange < 4 * count && assignment.Exchange(); exchange++)
        {
        }
        int first = assignment._ranks.Take(count).DefaultIfEmpty(0).Min();
        return [.. assignment._ranks.Take(count).Select(rank => rank - first)];
    }

    private int[] LongestPaths()
    {
        var ranks = new int[_count];
        var missing = new int[_count];
        foreach ((_, int to) in _edges)
            missing[to]++;
        var ready = new Queue<int>(Enumerable.Range(0, _count).Where(node => missing[node] == 0));
        while (ready.TryDequeue(out int node))
        {
            foreach (int e in _edgesOf[node])
            {
                (int from, int to) = _edges[e];
                if (from != node)
                    continue;
                ranks[to] = Math.Max(ranks[to], ranks[node] + 1);
                if (--missing[to] == 0)
                    ready.Enqueue(to);
            }
        }
        return ranks;
    }

    private int Slack(int e) => _ranks[_edges[e].To] - _ranks[_edges[e].From] - 1;

    /// <summary>Moves what the tree has towards what it has not, until edges of length 1 join all.</summary>
    private void GrowTree()
    {
        var reached = new bool[_count];
        List<int> tree = [_count - 1];
        reached[_count - 1] = true;
        while (true)
        {
            for (int k = 0; k < tree.Count; k++)
            {
                foreach (int e in _edgesOf[tree[k]])
                {
                    int other = Other(e, tree[k]);
                    if (reached[other] || Slack(e) != 0)
                        continue;
                    reached[other] = _inTree[e] = true;
                    tree.Add(other);
                }
            }
            if (tree.Count == _count)
                return;
            int nearest = Enumerable.Range(0, _edges.Length).Where(e => reached[_edges[e].From] != reached[_edges[e].To]).MinBy(Slack);
            int shift = reached[_edges[nearest].From] ? Slack(nearest) : -Slack(nearest);
            foreach (int node in tree)
                _ranks[node] += shift;
        }
    }

    /// <summary>Exchanges one edge of the tree for a better one. Returns false where there is none.</summary>
    private bool Exchange()
    {
        (int[] order, int[] edgeToParent) = WalkTree();
        // Lengthening the edge above a part changes the whole by the edges that leave the part less those that enter it.
        var leaving = new int[_count];
        foreach ((int from, int to) in _edges)
        {
            leaving[from]++;
            leaving[to]--;
        }
        int worst = -1, gain = 0;
        for (int k = order.Length - 1; k > 0; k--)
        {
            int node = order[k], e = edgeToParent[node];
            leaving[Other(e, node)] += leaving[node];
            int cut = _edges[e].From == node ? leaving[node] : -leaving[node];
            if (cut < gain)
                (worst, gain) = (e, cut);
        }
        if (worst < 0)
            return false;

        _inTree[worst] = false;
        bool[] tail = Part(_edges[worst].From);
        int entering = -1;
        for (int e = 0; e < _edges.Length; e++)
        {
            if (!tail[_edges[e].From] && tail[_edges[e].To] && (entering < 0 || Slack(e) < Slack(entering)))
                entering = e;
        }
        int shift = Slack(entering);
        for (int node = 0; node < _count; node++)
            _ranks[node] -= tail[node] ? shift : 0;
        _inTree[entering] = true;
        return true;
    }

    private (int[] Order, int[] EdgeToParent) WalkTree()
    {
        var edgeToParent = new int[_count];
        Array.Fill(edgeToParent, -1);
        List<int> order = [_count - 1];
        for (int k = 0; k < order.Count; k++)
        {
            foreach (int e in _edgesOf[order[k]])
            {
                if (!_inTree[e] || e == edgeToParent[order[k]])
                    continue;
                int other = Other(e, order[k]);
                edgeToParent[other] = e;
                order.Add(other);
            }
        }
        return ([.. order], edgeToParent);
    }

    /// <summary>What edges of the tree join to a node.</summary>
    private bool[] Part(int start)
    {
        var part = new bool[_count];
        part[start] = true;
        var waiting = new Stack<int>([start]);
        while (waiting.TryPop(out int node))
        {
            foreach (int e in _edgesOf[node])
            {
                int other = Other(e, node);
                if (!_inTree[e] || part[other])
                    continue;
                part[other] = true;
                waiting.Push(other);
            }
        }
        return part;
    }

    private int Other(int e, int node) => _edges[e].From == node ? _edges[e].To : _edges[e].From;
}
