// Row P9: messages along the edges of a graph.

namespace Nudge.Benchmarks;

/// <summary>Each node of a random graph becomes tanh of what its edges bring, ten times: the weight of each edge, fitted to a last state.</summary>
internal static class GraphDiffusion
{
    private const int Nodes = 300, Edges = 1500, Rounds = 10;

    internal static LossTask Task()
    {
        var rng = new Rng(1);
        int[] from = Places(rng), to = Places(rng);
        return new()
        {
            Model = () => LossModel.Of(Edges, (weight, x) => Loss(weight, x, from, to)),
            Tables = [Array.ConvertAll(from, node => (double)node), Array.ConvertAll(to, node => (double)node)],
            Parameters = LossTask.Normal(rng, Edges, 0.4),
            Inputs = LossTask.Normal(rng, 2 * Nodes, 0.5),
            Rate = 0.05,
        };
    }

    private static Value Loss(Value[] weight, Value[] given, int[] from, int[] to)
    {
        Value[] state = given[..Nodes];
        for (int round = 0; round < Rounds; round++)
        {
            Value[] next = [.. state];
            for (int edge = 0; edge < Edges; edge++)
                next[to[edge]] += weight[edge] * state[from[edge]];
            state = [.. next.Select(sum => sum.Tanh())];
        }
        Value error = 0;
        for (int node = 0; node < Nodes; node++)
            error += (state[node] - given[Nodes + node]).Pow(2);
        return error / Nodes;
    }

    private static int[] Places(Rng rng) => [.. Enumerable.Range(0, Edges).Select(_ => rng.Next(Nodes))];
}
