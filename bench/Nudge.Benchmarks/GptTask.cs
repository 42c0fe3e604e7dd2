// Rows D: the training of a GPT of one layer on names, described once for every contender.

using System.Runtime.InteropServices;

namespace Nudge.Benchmarks;

/// <summary>What a GPT is trained on, and where it starts.</summary>
/// <param name="Width">How many numbers stand for a position.</param>
/// <param name="Batch">The documents of a step.</param>
/// <param name="Documents">The tokens of each document, in the order of training: boundary, letters, boundary.</param>
/// <param name="Weights">
/// Token table, position table, head, query, key, value, output of the attention, both layers of the MLP; rows are outputs.
/// </param>
internal sealed record GptTask(int Width, int Batch, int[][] Documents, double[] Weights)
{
    internal const int Heads = 4, Context = 16, Vocabulary = Benchmarks.Documents.Vocabulary, Boundary = Vocabulary - 1;

    /// <summary>The steps in which the learning rate falls to 0.</summary>
    internal const int Steps = 1000;

    private const string Folder = "gpt-d16";

    /// <summary>The given documents and weights of width 16; others are made here.</summary>
    internal static GptTask Load(int width, int batch)
    {
        string[] names = Benchmarks.Documents.Load(Steps, Folder, "documents.txt");
        string? given = width == 16 ? Workspace.GivenFile(Folder, "weights.f32") : null;
        return new GptTask(width, batch, [.. names.Select(Tokens)], given is null ? RandomWeights(width) : ReadSingles(given));
    }

    /// <summary>The known losses of 1,000 steps at width 16, batch 1, rounded to five digits; null where nothing is given.</summary>
    internal static double[]? KnownLosses() => Workspace.GivenFile(Folder, "losses.txt") is { } file ? Workspace.ReadNumbers(file) : null;

    /// <summary>The learning rate of a step.</summary>
    internal static double LearningRate(int k) => 0.01 * (1 - (double)k / Steps);

    /// <summary>The documents of a step.</summary>
    internal int[][] BatchOf(int k)
    {
        var documents = new int[Batch][];
        for (int i = 0; i < Batch; i++)
            documents[i] = Documents[(k * Batch + i) % Documents.Length];
        return documents;
    }

    /// <summary>The weights in the order of a <see cref="Gpt"/>'s parameters, whose head comes last.</summary>
    internal double[] WeightsOfModel()
    {
        int tables = (Vocabulary + Context) * Width, head = tables + Vocabulary * Width;
        return [.. Weights[..tables], .. Weights[head..], .. Weights[tables..head]];
    }

    /// <summary>
    /// Additions and multiplications of the products with weight matrices in a step, forward and backward, for documents
    /// of the mean length.
    /// </summary>
    internal double Operations => 6.0 * Batch * Documents.Average(tokens => tokens.Length - 1) * (Vocabulary * Width + 12 * Width * Width);

    /// <summary>The task as peers read it.</summary>
    internal IEnumerable<IEnumerable<double>> Lines()
    {
        yield return [Width, Batch, Documents.Length];
        foreach (int[] tokens in Documents)
            yield return [tokens.Length, .. tokens.Select(token => (double)token)];
        yield return Weights;
    }

    internal static int[] Tokens(string name)
    {
        int[] tokens = [Boundary, .. name.Select(letter => letter - 'a'), Boundary];
        return tokens[..Math.Min(tokens.Length, Context + 1)];
    }

    internal static double[] RandomWeights(int width)
    {
        var rng = new Rng((ulong)width);
        return [.. Enumerable.Range(0, (2 * Vocabulary + Context) * width + 12 * width * width).Select(_ => (double)(float)rng.Normal(0, 0.08))];
    }

    private static double[] ReadSingles(string file) =>
        Array.ConvertAll(MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)).ToArray(), number => (double)number);
}
