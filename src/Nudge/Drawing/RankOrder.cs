// The second pass of a layered drawing: an order within each rank in which few edges cross.

namespace Nudge.Drawing;

/// <summary>
/// Sweeps to and fro over the ranks: each node goes to the mean place of its neighbours in the rank before, then
/// neighbours are exchanged wherever that saves a crossing. The best order of all sweeps is kept.
/// </summary>
internal static class RankOrder
{
    private const int Sweeps = 24;

    internal static void Improve(RankedGraph graph)
    {
        List<int>[]? best = null;
        int fewest = int.MaxValue;
        foreach (bool fromResults in new[] { true, false })
        {
            Begin(graph, fromResults);
            Exchange(graph);
            Keep();
            for (int sweep = 0; sweep < Sweeps && fewest > 0; sweep++)
            {
                Sweep(graph, forwards: sweep % 2 == 0, keepsTies: sweep % 4 < 2);
                Exchange(graph);
                Keep();
            }
        }
        for (int r = 0; r < graph.Ranks.Length; r++)
            graph.Ranks[r] = best![r];
        graph.NotePositions();

        void Keep()
        {
            int crossings = graph.Crossings();
            if (crossings >= fewest)
                return;
            fewest = crossings;
            best = Array.ConvertAll(graph.Ranks, rank => new List<int>(rank));
        }
    }

    /// <summary>In the order in which a walk from the one end first meets them: without crossings for a tree.</summary>
    private static void Begin(RankedGraph graph, bool fromResults)
    {
        var met = new bool[graph.Count];
        var order = Array.ConvertAll(graph.Ranks, rank => new List<int>(rank.Count));
        List<List<int>> onwards = fromResults ? graph.Previous : graph.Next, back = fromResults ? graph.Next : graph.Previous;
        var waiting = new Stack<int>(Enumerable.Range(0, graph.Count).Where(i => back[i].Count == 0).Reverse());
        while (waiting.TryPop(out int i))
        {
            if (met[i])
                continue;
            met[i] = true;
            order[graph.Rank[i]].Add(i);
            for (int k = onwards[i].Count - 1; k >= 0; k--)
                waiting.Push(onwards[i][k]);
        }
        for (int r = 0; r < order.Length; r++)
            graph.Ranks[r] = order[r];
        graph.NotePositions();
    }

    private static void Sweep(RankedGraph graph, bool forwards, bool keepsTies)
    {
        for (int step = 1; step < graph.Ranks.Length; step++)
        {
            List<int> rank = graph.Ranks[forwards ? step : graph.Ranks.Length - 1 - step];
            List<List<int>> neighbours = forwards ? graph.Previous : graph.Next;
            // Those without neighbours there keep their places; the others are sorted into the places left.
            int[] movable = [.. rank.Where(i => neighbours[i].Count > 0)];
            int[] places = [.. movable.Select(i => graph.Position[i])];
            IEnumerable<int> sorted = (keepsTies ? movable : movable.Reverse()).OrderBy(i => neighbours[i].Average(n => graph.Position[n]));
            int k = 0;
            foreach (int i in sorted.ToArray())
                rank[places[k++]] = i;
            graph.NotePositions(rank);
        }
    }

    /// <summary>Exchanges neighbours as long as that saves crossings.</summary>
    private static void Exchange(RankedGraph graph)
    {
        bool improved = true;
        for (int pass = 0; pass < Sweeps && improved; pass++)
        {
            improved = false;
            foreach (List<int> rank in graph.Ranks)
            {
                for (int p = 0; p + 1 < rank.Count; p++)
                {
                    int upper = rank[p], lower = rank[p + 1];
                    int now = Between(upper, lower), then = Between(lower, upper);
                    if (then >= now)
                        continue;
                    (rank[p], rank[p + 1]) = (lower, upper);
                    (graph.Position[lower], graph.Position[upper]) = (p, p + 1);
                    improved = true;
                }
            }
        }

        int Between(int upper, int lower) =>
            Inversions(graph.Previous[upper], graph.Previous[lower]) + Inversions(graph.Next[upper], graph.Next[lower]);

        int Inversions(List<int> ofUpper, List<int> ofLower)
        {
            int count = 0;
            foreach (int u in ofUpper)
            {
                foreach (int l in ofLower)
                    count += graph.Position[u] > graph.Position[l] ? 1 : 0;
            }
            return count;
        }
    }
}
