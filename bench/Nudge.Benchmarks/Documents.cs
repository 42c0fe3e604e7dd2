// The names that rows D and E learn: as given, or the library's own.

namespace Nudge.Benchmarks;

internal static class Documents
{
    /// <summary>The letters a to z and the boundary of a document.</summary>
    internal const int Vocabulary = 27;

    /// <summary>The lines of a given file, or else so many of the library's own names, at random.</summary>
    internal static string[] Load(int own, params string[] given)
    {
        if (Workspace.GivenFile(given) is { } file)
            return File.ReadAllLines(file);
        TextDataset names = TextDataset.Names();
        int[] order = [.. Enumerable.Range(0, names.Count)];
        new Rng(1).Shuffle<int>(order);
        return [.. order.Take(own).Select(names.TextOf)];
    }
}
