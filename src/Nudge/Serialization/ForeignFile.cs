// What a file is that is not what was expected.

using System.Text.Unicode;

namespace Nudge;

internal static class ForeignFile
{
    private const int LongestHead = 512;

    /// <summary>What a file looks like by its first bytes; null where that says nothing. The stream is left where it was.</summary>
    internal static string? Recognise(Stream stream)
    {
        long position = stream.Position;
        Span<byte> head = stackalloc byte[LongestHead];
        stream.Position = 0;
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        stream.Position = position;
        return head switch
        {
            [(byte)'P', (byte)'K', ..] => "a zip archive, as PyTorch's .pt and .bin files are",
            [0x80, _, ..] => "a Python pickle, as old PyTorch files are",
            [0x1F, 0x8B, ..] => "a gzip file",
            [0x89, (byte)'H', (byte)'D', (byte)'F', ..] => "an HDF5 file, as Keras writes",
            _ when head.StartsWith("version https://git-lfs"u8) => "a Git LFS pointer, which stands for the file (git lfs pull fetches it)",
            _ when head.TrimStart(" \r\n\t"u8) is [(byte)'<', (byte)'!' or (byte)'h' or (byte)'H', ..] => "an HTML page, perhaps an error of a server",
            _ when IsText(head) => "text",
            _ => null,
        };
    }

    // The last character may be cut in two.
    private static bool IsText(ReadOnlySpan<byte> head)
    {
        for (int cut = 0; cut < 4 && cut <= head.Length; cut++)
        {
            if (Utf8.IsValid(head[..^cut]))
                return !head.ContainsAnyInRange((byte)0, (byte)8);
        }
        return false;
    }
}
