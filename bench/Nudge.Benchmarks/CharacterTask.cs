// Row E: the training of a character-level MLP on names, described once for every contender.

namespace Nudge.Benchmarks;

/// <summary>What the network is trained on, and where it starts.</summary>
/// <param name="Examples">Of each: the last three characters, then the one that follows; 0 stands for the boundary.</param>
/// <param name="Weights">The table, row by row; then layer by layer, neuron by neuron: weights, then bias.</param>
internal sealed record CharacterTask(int[][] Examples, double[] Weights)
{
    internal const int Context = 3, Embedding = 10, Hidden = 200, Vocabulary = Documents.Vocabulary, Batch = 32;

    internal static CharacterTask Load()
    {
        string[] names = Documents.Load(int.MaxValue, "names-split", "train.txt");
        return new CharacterTask([.. names.SelectMany(ExamplesOf)], RandomWeights());
    }

    /// <summary>Additions and multiplications of the matrix products of one step: forward, and two products backward.</summary>
    internal static double Operations => 6.0 * Batch * (Context * Embedding * Hidden + Hidden * Vocabulary);

    /// <summary>
    /// The example with a number: the same for every contender, spread over all there are, as the multiples of 2³² divided
    /// by the golden ratio are.
    /// </summary>
    internal int[] Draw(int number) => Examples[(int)((ulong)unchecked((uint)number * 2654435761) * (ulong)Examples.Length >> 32)];

    /// <summary>The task as peers read it.</summary>
    internal IEnumerable<IEnumerable<double>> Lines()
    {
        yield return [Context, Embedding, Hidden, Vocabulary, Batch, Examples.Length];
        foreach (int[] example in Examples)
            yield return example.Select(token => (double)token);
        yield return Weights;
    }

    internal static double[] RandomWeights()
    {
        var rng = new Rng(1);
        int count = Vocabulary * Embedding + Hidden * (Context * Embedding + 1) + Vocabulary * (Hidden + 1);
        return [.. Enumerable.Range(0, count).Select(_ => (double)(float)rng.Normal())];
    }

    internal static IEnumerable<int[]> ExamplesOf(string name)
    {
        int[] tokens = [.. new int[Context], .. name.Select(letter => letter - 'a' + 1), 0];
        return Enumerable.Range(0, name.Length + 1).Select(i => tokens[i..(i + Context + 1)]);
    }
}
