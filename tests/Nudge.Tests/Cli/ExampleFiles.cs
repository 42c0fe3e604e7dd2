// Small files to learn from: easy, and the same each time.

namespace Nudge.Tests.Cli;

internal static class ExampleFiles
{
    /// <summary>Two heaps of points with names for classes.</summary>
    internal static string TwoHeaps(this TemporaryFolder folder)
    {
        Dataset data = Generate.Blobs(60, 0.2, new Rng(5), centers: 2);
        IEnumerable<string> rows = data.Inputs.Zip(data.Targets, (input, target) => FormattableString.Invariant($"{input[0]},{input[1]},{(target[0] == 0 ? "red" : "blue")}"));
        return folder.File("heaps.csv", "width,height,colour\n" + string.Join('\n', rows) + "\n");
    }

    /// <summary>y = 3x + 100 for 50 places x.</summary>
    internal static string Line(this TemporaryFolder folder) => folder.File(
        "line.csv", "x,y\n" + string.Join('\n', Enumerable.Range(0, 50).Select(i => FormattableString.Invariant($"{0.5 * i},{1.5 * i + 100}"))) + "\n");
}
