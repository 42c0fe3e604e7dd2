// A file is there whole or not at all, and nothing else is left.

namespace Nudge.Tests.Serialization;

public class AtomicFileTests
{
    [Fact]
    public void A_file_is_made_and_replaced()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder.File("a"), stream => stream.Write("one, which is longer"u8));
        AtomicFile.Write(folder.File("a"), stream => stream.Write("two"u8));
        Assert.Equal("two", File.ReadAllText(folder.File("a")));
        Assert.Equal(["a"], folder.Files);
    }

    [Fact]
    public void While_it_is_written_the_old_file_stands()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a"), "old");
        AtomicFile.Write(folder.File("a"), stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(folder.File("a")));
        });
        Assert.Equal("new", File.ReadAllText(folder.File("a")));
    }

    [Fact]
    public void After_a_failure_the_old_file_stands_and_nothing_is_left()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a"), "old");
        foreach (string name in new[] { "a", "b" })
        {
            Assert.Throws<NotSupportedException>(() => AtomicFile.Write(folder.File(name), stream =>
            {
                stream.Write("half"u8);
                stream.Flush();
                throw new NotSupportedException();
            }));
        }
        Assert.Equal("old", File.ReadAllText(folder.File("a")));
        Assert.Equal(["a"], folder.Files);
    }

    [Fact]
    public void Places_that_take_no_file_are_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("there"));
        Assert.Contains("There is no directory", Assert.Throws<DirectoryNotFoundException>(() => Write(folder.File(Path.Combine("nowhere", "a")))).Message, StringComparison.Ordinal);
        Assert.Contains("is a directory", Assert.Throws<IOException>(() => Write(folder.File("there"))).Message, StringComparison.Ordinal);
        Assert.Contains("is a device", Assert.Throws<IOException>(() => Write("/dev/null")).Message, StringComparison.Ordinal);
        Assert.Empty(folder.Files);

        static void Write(string path) => AtomicFile.Write(path, _ => Assert.Fail("written"));
    }
}
