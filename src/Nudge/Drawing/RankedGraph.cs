// A graph by ranks: edges over several ranks are cut into pieces, with a bend at each rank between.

namespace Nudge.Drawing;

internal sealed class RankedGraph
{
    /// <param name="nodeCount">How many nodes there are, without bends.</param>
    /// <param name="ranks">The rank of each.</param>
    /// <param name="edges">The edges, each to a higher rank or back to its own node.</param>
    internal RankedGraph(int nodeCount, int[] ranks, IReadOnlyList<(int From, int To)> edges)
    {
        NodeCount = nodeCount;
        Rank = [.. ranks];
        Bends = new List<int>[edges.Count];
        for (int i = 0; i < nodeCount; i++)
            AddVertex();
        for (int e = 0; e < edges.Count; e++)
        {
            Bends[e] = [];
            (int from, int to) = edges[e];
            if (from == to)
                continue;
            int previous = from;
            for (int rank = ranks[from] + 1; rank < ranks[to]; rank++)
            {
                int bend = Rank.Count;
                Rank.Add(rank);
                AddVertex();
                Bends[e].Add(bend);
                Join(previous, bend);
                previous = bend;
            }
            Join(previous, to);
        }
        Ranks = [.. Enumerable.Range(0, ranks.Max() + 1).Select(_ => new List<int>())];
        for (int i = 0; i < Count; i++)
            Ranks[Rank[i]].Add(i);
        Position = new int[Count];
        NotePositions();
    }

    /// <summary>How many nodes there are; the vertices from here on are bends.</summary>
    internal int NodeCount { get; }

    internal int Count => Rank.Count;

    internal List<int> Rank { get; }

    /// <summary>The bends of each edge, from its beginning on.</summary>
    internal List<int>[] Bends { get; }

    /// <summary>What each is joined to in the rank before.</summary>
    internal List<List<int>> Previous { get; } = [];

    /// <summary>What each is joined to in the rank after.</summary>
    internal List<List<int>> Next { get; } = [];

    /// <summary>What stands in each rank, from the top.</summary>
    internal List<int>[] Ranks { get; }

    /// <summary>The place of each within its rank.</summary>
    internal int[] Position { get; }

    internal void NotePositions()
    {
        foreach (List<int> rank in Ranks)
            NotePositions(rank);
    }

    internal void NotePositions(List<int> rank)
    {
        for (int i = 0; i < rank.Count; i++)
            Position[rank[i]] = i;
    }

    /// <summary>How many pairs of edges cross: for each pair of neighbouring ranks, the inversions.</summary>
    internal int Crossings()
    {
        int crossings = 0;
        for (int r = 1; r < Ranks.Length; r++)
        {
            // A binary indexed tree counts the ends that were met so far by their place.
            int[] tree = new int[Ranks[r].Count + 1];
            int met = 0;
            foreach (int node in Ranks[r - 1])
            {
                foreach (int next in Next[node])
                {
                    crossings += met;
                    for (int i = Position[next] + 1; i > 0; i -= i & -i)
                        crossings -= tree[i];
                }
                foreach (int next in Next[node])
                {
                    met++;
                    for (int i = Position[next] + 1; i < tree.Length; i += i & -i)
                        tree[i]++;
                }
            }
        }
        return crossings;
    }

    private void AddVertex()
    {
        Previous.Add([]);
        Next.Add([]);
    }

    private void Join(int from, int to)
    {
        Next[from].Add(to);
        Previous[to].Add(from);
    }
}
