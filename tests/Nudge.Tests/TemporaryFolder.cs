// A folder for the files of one test, gone when it ends.

namespace Nudge.Tests;

internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nudge-test-");

    internal string FullName => _folder.FullName;

    /// <summary>The names of all files in it.</summary>
    internal string[] Files => [.. _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The path of a file in it.</summary>
    internal string File(string name) => Path.Combine(FullName, name);

    /// <summary>Writes a file and returns its path.</summary>
    internal string File(string name, string content)
    {
        System.IO.File.WriteAllText(File(name), content);
        return File(name);
    }
}
