// The third pass of a layered drawing: the height of each node, so that edges run as straight as the order allows.

namespace Nudge.Drawing;

/// <summary>
/// Makes the sum of squared differences in height along edges small, rank by rank, to and fro. Within a rank that is a
/// regression under the condition that neighbours keep their distance, which merging blocks that are too near solves
/// exactly ("pool adjacent violators").
/// </summary>
internal static class CoordinateAssignment
{
    private const int Sweeps = 60;
    private const double NodeGap = 20, BendGap = 14;

    internal static double[] Find(RankedGraph graph, double[] heights)
    {
        var y = new double[graph.Count];
        foreach (List<int> rank in graph.Ranks)
        {
            for (int p = 1; p < rank.Count; p++)
                y[rank[p]] = y[rank[p - 1]] + Distance(rank[p - 1], rank[p]);
            double middle = y[rank[^1]] / 2;
            foreach (int i in rank)
                y[i] -= middle;
        }
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            // The first sweeps carry heights from one end to the other, the later ones settle between both sides.
            bool forwards = sweep % 2 == 0, oneSided = sweep < 6;
            for (int step = 0; step < graph.Ranks.Length; step++)
            {
                List<int> rank = graph.Ranks[forwards ? step : graph.Ranks.Length - 1 - step];
                Settle(graph, rank, y, !oneSided || forwards, !oneSided || !forwards, Distance);
            }
        }
        return y;

        double Distance(int upper, int lower)
        {
            bool bends = upper >= graph.NodeCount || lower >= graph.NodeCount;
            return (Height(upper) + Height(lower)) / 2 + (bends ? BendGap : NodeGap);
        }

        double Height(int i) => i < graph.NodeCount ? heights[i] : 0;
    }

    private static void Settle(RankedGraph graph, List<int> rank, double[] y, bool before, bool after, Func<int, int, double> distance)
    {
        var blocks = new List<(double Mean, double Weight, int Count)>();
        var offsets = new double[rank.Count];
        for (int p = 0; p < rank.Count; p++)
        {
            int i = rank[p];
            if (p > 0)
                offsets[p] = offsets[p - 1] + distance(rank[p - 1], i);
            double sum = 0, weight = 0;
            if (before)
                Add(i, graph.Previous[i], ref sum, ref weight);
            if (after)
                Add(i, graph.Next[i], ref sum, ref weight);
            // What nothing pulls stays, but gives way to everything that something pulls.
            (double Mean, double Weight, int Count) block = weight > 0 ? (sum / weight - offsets[p], weight, 1) : (y[i] - offsets[p], 1e-3, 1);
            while (blocks.Count > 0 && blocks[^1].Mean > block.Mean)
            {
                (double Mean, double Weight, int Count) above = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                double both = above.Weight + block.Weight;
                block = ((above.Mean * above.Weight + block.Mean * block.Weight) / both, both, above.Count + block.Count);
            }
            blocks.Add(block);
        }
        int position = 0;
        foreach ((double mean, _, int count) in blocks)
        {
            for (int k = 0; k < count; k++, position++)
                y[rank[position]] = mean + offsets[position];
        }

        void Add(int i, List<int> neighbours, ref double sum, ref double weight)
        {
            foreach (int n in neighbours)
            {
                // Long edges shall be straight before all.
                int bends = (i >= graph.NodeCount ? 1 : 0) + (n >= graph.NodeCount ? 1 : 0);
                double own = bends switch { 0 => 1, 1 => 2, _ => 8 };
                sum += own * y[n];
                weight += own;
            }
        }
    }
}
