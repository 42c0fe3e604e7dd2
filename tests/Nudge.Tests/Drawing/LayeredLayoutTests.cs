// The layout: ranks that only go right and are as short as can be, nothing on anything, and few crossings.

namespace Nudge.Tests.Drawing;

public sealed class LayeredLayoutTests
{
    [Fact]
    public void A_tree_has_no_crossing_and_edges_of_one_rank()
    {
        var rng = new Rng(3);
        for (int trial = 0; trial < 50; trial++)
        {
            int count = 2 + rng.Next(60);
            (int, int)[] edges = [.. Enumerable.Range(1, count - 1).Select(child => (child, rng.Next(child)))];
            LayeredLayout layout = LayOut(count, edges);
            Assert.Equal(0, layout.Crossings);
            Assert.All(edges, edge => Assert.Equal(1, layout.Graph.Rank[edge.Item2] - layout.Graph.Rank[edge.Item1]));
        }
    }

    [Fact]
    public void Ranks_are_the_shortest_there_are()
    {
        var rng = new Rng(8);
        for (int trial = 0; trial < 200; trial++)
        {
            int count = 2 + rng.Next(4);
            (int From, int To)[] edges = RandomEdges(count, rng);
            int[] ranks = RankAssignment.Assign(count, edges);
            Assert.All(edges, edge => Assert.True(ranks[edge.From] < ranks[edge.To]));
            int length = edges.Sum(edge => ranks[edge.To] - ranks[edge.From]);
            // Every assignment of ranks below the count, tried.
            int best = int.MaxValue;
            for (int code = 0; code < Math.Pow(count, count); code++)
            {
                int[] tried = [.. Enumerable.Range(0, count).Select(i => code / (int)Math.Pow(count, i) % count)];
                if (edges.All(edge => tried[edge.From] < tried[edge.To]))
                    best = Math.Min(best, edges.Sum(edge => tried[edge.To] - tried[edge.From]));
            }
            // What has no result after it is drawn to the right as well, which can cost a little.
            bool oneResult = Enumerable.Range(0, count).Count(i => !edges.Any(edge => edge.From == i)) == 1;
            Assert.True(oneResult ? length == best : length >= best);
        }
    }

    [Fact]
    public void Boxes_never_overlap_and_bends_keep_their_distance()
    {
        var rng = new Rng(5);
        for (int trial = 0; trial < 30; trial++)
        {
            int count = 2 + rng.Next(40);
            (double Width, double Height)[] sizes = [.. Enumerable.Range(0, count).Select(_ => (rng.Uniform(40, 200), rng.Uniform(20, 90)))];
            (int From, int To)[] edges = RandomEdges(count, rng);
            var layout = new LayeredLayout(sizes, edges);
            foreach (List<int> rank in layout.Graph.Ranks)
            {
                foreach ((int upper, int lower) in rank.Zip(rank.Skip(1)))
                {
                    double heights = (upper < count ? sizes[upper].Height : 0) + (lower < count ? sizes[lower].Height : 0);
                    Assert.True(layout.Y[lower] - layout.Y[upper] >= heights / 2 + 13.9);
                }
            }
            Assert.All(edges, edge => Assert.True(layout.X[edge.From] + sizes[edge.From].Width / 2 < layout.X[edge.To] - sizes[edge.To].Width / 2));
            Assert.All(layout.Routes().SelectMany(route => route), point => Assert.InRange(point.X, -0.001, layout.Width + 0.001));
        }
    }

    [Fact]
    public void Crossings_are_counted_as_trying_every_pair_does()
    {
        var rng = new Rng(11);
        for (int trial = 0; trial < 40; trial++)
        {
            int count = 3 + rng.Next(20);
            RankedGraph graph = LayOut(count, RandomEdges(count, rng)).Graph;
            int expected = 0;
            for (int r = 0; r + 1 < graph.Ranks.Length; r++)
            {
                (int From, int To)[] pairs = [.. graph.Ranks[r].SelectMany(i => graph.Next[i].Select(n => (graph.Position[i], graph.Position[n])))];
                expected += pairs.Sum(a => pairs.Count(b => a.From < b.From && a.To > b.To));
            }
            Assert.Equal(expected, graph.Crossings());
        }
    }

    [Fact]
    public void The_expressions_of_losses_cross_as_little_as_they_must()
    {
        // Known to be the least: each of these graphs has one pair of edges that no drawing in ranks parts.
        Assert.Equal(0, CrossingsOf(Graphs.Worked()));
        Assert.Equal(1, CrossingsOf(Loss.BinaryCrossEntropyWithLogits(new Value(0.7), new Value(1))));
        Mlp network = Graphs.Network();
        Assert.Equal(0, CrossingsOf(network.Layers[0].Neurons[0].Forward([1, 2, 3])));
    }

    [Fact]
    public void A_cycle_is_drawn_with_one_edge_backwards()
    {
        LayeredLayout layout = LayOut(3, [(0, 1), (1, 2), (2, 0), (1, 1)]);
        IReadOnlyList<(double X, double Y)[]> routes = layout.Routes();
        Assert.Equal(1, routes.Count(route => route.Length > 0 && route[^1].X < route[0].X));
        Assert.Empty(routes[3]);
    }

    private static int CrossingsOf(Value root)
    {
        Diagram diagram = Diagram.Of(root);
        var places = diagram.Nodes.Select((node, i) => (node.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i);
        return LayOut(diagram.Nodes.Count, [.. diagram.Edges.Select(edge => (places[edge.From], places[edge.To]))]).Crossings;
    }

    private static (int From, int To)[] RandomEdges(int count, Rng rng) =>
    [
        .. Enumerable.Range(1, count - 1).Select(to => (rng.Next(to), to)),
        .. Enumerable.Range(1, count - 1).Where(_ => rng.Next(2) == 0).Select(to => (rng.Next(to), to)),
    ];

    private static LayeredLayout LayOut(int count, (int From, int To)[] edges) =>
        new([.. Enumerable.Repeat((100.0, 60.0), count)], edges);
}
