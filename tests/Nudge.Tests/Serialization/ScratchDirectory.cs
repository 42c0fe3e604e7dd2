// A directory of a test's own, gone when it ends.

namespace Nudge.Tests.Serialization;

internal sealed class ScratchDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("nudge-test-");

    internal string FullName => _directory.FullName;

    internal string this[string name] => Path.Combine(_directory.FullName, name);

    /// <summary>The names of all files in it.</summary>
    internal string[] Files => [.. _directory.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];

    public void Dispose() => _directory.Delete(recursive: true);
}
