// A file that is there whole or not at all, whatever happens while it is written.

namespace Nudge;

/// <summary>Writes files that are never seen half written.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes a file under another name in the same directory, has it on the disk, and only then gives it its name, in
    /// place of any file that had it. After a failure the old file is as it was and nothing else is left behind.
    /// </summary>
    /// <param name="path">The file, in a directory that exists.</param>
    /// <param name="write">Writes what is to be in it.</param>
    /// <exception cref="IOException">The directory does not exist, or the file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission to write in the directory.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string whole = Path.GetFullPath(path);
        string? directory = Path.GetDirectoryName(whole);
        if (Directory.Exists(whole) || directory is null)
            throw new IOException($"'{path}' is a directory; expected the name of a file.");
        // A rename in the system's own directory of devices would put a file in the place of the device.
        if (directory == "/dev")
            throw new IOException($"'{path}' is a device; expected the name of a file.");
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no directory '{directory}' to write '{path}' in; make it first.");

        string temporary = Path.Combine(directory, $".nudge-{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, whole, overwrite: true);
        }
        catch (UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new UnauthorizedAccessException($"'{path}' cannot be written: there is no permission to make a file in '{directory}'.");
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
