// A folder for the files of one test.

namespace Nudge.Tests.Cli;

internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("nudge-cli-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    internal string File(string name) => Path.Combine(_path, name);

    internal string File(string name, string content)
    {
        System.IO.File.WriteAllText(File(name), content);
        return File(name);
    }

    /// <summary>Two heaps of points with names for classes: easy, and the same each time.</summary>
    internal string TwoHeaps(string name = "heaps.csv")
    {
        Dataset data = Generate.Blobs(60, 0.2, new Rng(5), centers: 2);
        IEnumerable<string> rows = data.Inputs.Zip(data.Targets, (input, target) => FormattableString.Invariant($"{input[0]},{input[1]},{(target[0] == 0 ? "red" : "blue")}"));
        return File(name, "width,height,colour\n" + string.Join('\n', rows) + "\n");
    }

    /// <summary>y = 3x + 100 for 50 places x.</summary>
    internal string Line(string name = "line.csv") => File(
        name, "x,y\n" + string.Join('\n', Enumerable.Range(0, 50).Select(i => FormattableString.Invariant($"{0.5 * i},{1.5 * i + 100}"))) + "\n");
}
