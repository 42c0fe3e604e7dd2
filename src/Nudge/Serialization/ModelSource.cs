// Where a model is read from: a file, a stream or memory.

using System.Runtime.InteropServices;

namespace Nudge;

internal static class ModelSource
{
    /// <summary>What messages call a model that comes from no file.</summary>
    internal const string Unnamed = "the model";

    /// <summary>Reads from a file.</summary>
    internal static T Read<T>(string path, Func<Stream, string, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = File.OpenRead(path);
        return read(stream, path);
    }

    /// <summary>Reads a stream from where it is to its end.</summary>
    internal static T Read<T>(Stream stream, Func<Stream, string, T> read)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream is MemoryStream { Position: 0 })
            return read(stream, Unnamed);
        // Tensors are read in the order of the parameters, not in that of the file.
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        return read(copy, Unnamed);
    }

    /// <summary>Reads from memory.</summary>
    internal static T Read<T>(ReadOnlyMemory<byte> bytes, Func<Stream, string, T> read)
    {
        ArraySegment<byte> array = MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> own) ? own : new(bytes.ToArray());
        using var stream = new MemoryStream(array.Array!, array.Offset, array.Count, writable: false);
        return read(stream, Unnamed);
    }
}
