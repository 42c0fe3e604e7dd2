// Rows S and R: what no loop wrote, or none that can be found.

namespace Nudge.Benchmarks;

/// <summary>Expressions over tables that chance has filled.</summary>
internal static class Unrollable
{
    private const int Terms = 100_000, Parameters = 2000, Leaves = 2000;

    /// <summary>The mean of products of two parameters each.</summary>
    internal static LossTask SparseSum()
    {
        var rng = new Rng(1);
        double[] factors = LossTask.Normal(rng, Terms);
        int[] left = Places(rng, Terms), right = Places(rng, Terms);
        return new()
        {
            Model = () => LossModel.Of(Parameters, (p, _) =>
            {
                Value sum = 0;
                for (int i = 0; i < Terms; i++)
                    sum += factors[i] * p[left[i]] * p[right[i]];
                return sum / Terms;
            }),
            Tables = [factors, Doubles(left), Doubles(right)],
            Parameters = LossTask.Normal(rng, Parameters),
            Rate = 1,
        };
    }

    /// <summary>A tree that grew at random; an inner node is tanh of its scaled children's sum.</summary>
    internal static LossTask Tree()
    {
        var rng = new Rng(1);
        // Whatever two roots there are become one, until one is left: children come before their parents.
        var roots = new List<int>(Enumerable.Range(0, Leaves));
        int[] left = new int[Leaves - 1], right = new int[Leaves - 1];
        for (int i = 0; i < left.Length; i++)
        {
            left[i] = Take();
            right[i] = Take();
            roots.Add(Leaves + i);
        }
        return new()
        {
            Model = () => LossModel.Of(Leaves + 3, (p, _) =>
            {
                return (Of(2 * Leaves - 2) - 2).Pow(2);

                Value Of(int node)
                {
                    if (node < Leaves)
                        return p[node];
                    int inner = node - Leaves;
                    return (p[Leaves] * Of(left[inner]) + p[Leaves + 1] * Of(right[inner]) + p[Leaves + 2]).Tanh();
                }
            }),
            Tables = [Doubles(left), Doubles(right)],
            Parameters = [.. LossTask.Normal(rng, Leaves), 0.6, -0.7, 0.1],
            Rate = 0.1,
        };

        int Take()
        {
            int at = rng.Next(roots.Count), root = roots[at];
            roots.RemoveAt(at);
            return root;
        }
    }

    private static int[] Places(Rng rng, int count) => [.. Enumerable.Range(0, count).Select(_ => rng.Next(Parameters))];

    private static double[] Doubles(int[] numbers) => Array.ConvertAll(numbers, number => (double)number);
}
