// A text file as checked bytes, in which every offset has a line and a column.

using System.IO.Compression;
using System.Text;
using System.Text.Unicode;

namespace Nudge;

/// <summary>The UTF-8 bytes of a text file, without byte order mark and without the line ends after the last line.</summary>
internal sealed class CheckedText
{
    // What Windows has where ISO 8859-1 has control characters.
    private const string Windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

    private readonly byte[] _bytes;

    private CheckedText(string path, byte[] bytes, int start, int length)
    {
        Path = path;
        _bytes = bytes;
        Start = start;
        Length = length;
    }

    internal string Path { get; }

    /// <summary>The offset of the first character: 0, or that after the byte order mark.</summary>
    internal int Start { get; }

    /// <summary>The offset after the last character.</summary>
    internal int Length { get; }

    internal ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Reads a text to its end, unpacking it where it begins as gzip files do.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="stream">Its content.</param>
    /// <param name="maxLength">How many bytes it may have.</param>
    /// <param name="expected">What a file that is not empty has, for messages.</param>
    /// <param name="encoding">One of <see cref="CsvFormat.Encodings"/>; null for UTF-16 by its mark, else UTF-8.</param>
    internal static CheckedText Read(string path, Stream stream, int maxLength, string expected, string? encoding = null)
    {
        (byte[] content, int contentLength) = ReadAll(path, stream, maxLength);
        if (content.AsSpan(0, contentLength) is [0x1F, 0x8B, ..])
            (content, contentLength) = Unpack(path, content.AsSpan(0, contentLength), maxLength);

        (byte[] bytes, int length) = Decode(path, content, contentLength, encoding);
        // Before 2001 lines ended so on a Macintosh, and Excel still writes it.
        if (!bytes.AsSpan(0, length).Contains((byte)'\n'))
            bytes.AsSpan(0, length).Replace((byte)'\r', (byte)'\n');
        var text = new CheckedText(path, bytes, bytes.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0, length);
        text.RequireUtf8();
        while (length > text.Start && bytes[length - 1] == '\n')
        {
            length--;
            if (length > text.Start && bytes[length - 1] == '\r')
                length--;
        }
        if (length == text.Start)
            throw new DataFormatException(path, 1, 1, $"the file is empty; expected {expected}");
        return new CheckedText(path, bytes, text.Start, length);
    }

    /// <summary>The line of an offset, and the character within it, both from 1.</summary>
    internal (int Line, int Column) PositionOf(int offset)
    {
        ReadOnlySpan<byte> before = _bytes.AsSpan(Start, offset - Start);
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }

    internal DataFormatException Error(int offset, string problem)
    {
        (int line, int column) = PositionOf(offset);
        return new DataFormatException(Path, line, column, problem);
    }

    // By way of a small chunk that stays near at hand: a system that has to find room for a large read first is slower.
    private static (byte[] Bytes, int Length) ReadAll(string path, Stream stream, int maxLength, int extra = 0)
    {
        int most = maxLength + extra, length = 0;
        byte[] bytes = stream is FileStream { CanSeek: true } file ? GC.AllocateUninitializedArray<byte>((int)Math.Min(file.Length, most)) : [];
        byte[] chunk = new byte[1 << 16];
        for (int read; (read = stream.Read(chunk)) > 0;)
        {
            if (read > most - length)
                throw new DataFormatException(path, 1, 1, $"the text is longer than {maxLength} bytes; expected no more than that, unpacked");
            if (read > bytes.Length - length)
                Array.Resize(ref bytes, (int)Math.Min(Math.Max(2L * bytes.Length, length + chunk.Length), most));
            chunk.AsSpan(0, read).CopyTo(bytes.AsSpan(length));
            length += read;
        }
        return (bytes, length);
    }

    private static (byte[] Bytes, int Length) Unpack(string path, ReadOnlySpan<byte> content, int maxLength)
    {
        // GZipStream takes a file that is cut off for one that ends there. So another packed text is put behind this
        // one: it comes out whole only if nothing before it is missing.
        ReadOnlySpan<byte> mark = "the end of the file"u8;
        using var packed = new MemoryStream(content.Length + 100);
        packed.Write(content);
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression, leaveOpen: true))
            gzip.Write(mark);
        packed.Position = 0;
        try
        {
            using var gzip = new GZipStream(packed, CompressionMode.Decompress);
            (byte[] text, int length) = ReadAll(path, gzip, maxLength, mark.Length);
            if (text.AsSpan(0, length).EndsWith(mark))
                return (text, length - mark.Length);
        }
        catch (InvalidDataException)
        {
            // Said below, together with what was unpacked without complaint.
        }
        throw new DataFormatException(path, 1, 1, "the gzip data is damaged or cut off; expected a whole gzip file, or plain text");
    }

    private void RequireUtf8()
    {
        ReadOnlySpan<byte> rest = _bytes.AsSpan(Start, Length - Start);
        int zero = rest.IndexOf((byte)0);
        if (zero >= 0)
            throw Error(Start + zero, $"there is a zero byte; expected text, {(IsLikelyUtf16(rest) ? "or the encoding to be named (--encoding utf-16)" : "and this is no text file")}");
        if (Utf8.IsValid(rest))
            return;
        int offset = Start;
        while (Rune.DecodeFromUtf8(rest, out _, out int consumed) == System.Buffers.OperationStatus.Done)
        {
            rest = rest[consumed..];
            offset += consumed;
        }
        throw Error(offset, $"the byte 0x{_bytes[offset]:X2} is not UTF-8; expected the file in UTF-8, or its encoding to be named (--encoding windows-1252)");
    }

    // Of what most texts are made of, every other byte is 0.
    private static bool IsLikelyUtf16(ReadOnlySpan<byte> bytes)
    {
        const int looked = 1000;
        bytes = bytes[..Math.Min(bytes.Length, looked)];
        return bytes.Count((byte)0) > 0.4 * bytes.Length;
    }

    /// <summary>The text in UTF-8, whatever it was in.</summary>
    private static (byte[] Bytes, int Length) Decode(string path, byte[] bytes, int length, string? encoding)
    {
        ReadOnlySpan<byte> content = bytes.AsSpan(0, length);
        bool bigEndian = content is [0xFE, 0xFF, ..], marked = bigEndian || content is [0xFF, 0xFE, ..];
        byte[]? decoded = encoding switch
        {
            "windows-1252" => FromWindows1252(bytes, length),
            "utf-16" => FromUtf16(path, marked ? content[2..] : content, bigEndian),
            null when marked => FromUtf16(path, content[2..], bigEndian),
            _ => null,
        };
        return decoded is null ? (bytes, length) : (decoded, decoded.Length);
    }

    private static byte[] FromWindows1252(byte[] bytes, int length) => Encoding.UTF8.GetBytes(string.Create(length, bytes, static (text, all) =>
    {
        for (int i = 0; i < text.Length; i++)
            text[i] = all[i] is >= 0x80 and < 0xA0 ? Windows1252[all[i] - 0x80] : (char)all[i];
    }));

    private static byte[] FromUtf16(string path, ReadOnlySpan<byte> content, bool bigEndian)
    {
        try
        {
            return Encoding.UTF8.GetBytes(new UnicodeEncoding(bigEndian, byteOrderMark: false, throwOnInvalidBytes: true).GetString(content));
        }
        catch (ArgumentException)
        {
            throw new DataFormatException(path, 1, 1, "the file begins as UTF-16 and is none; expected whole characters of UTF-16, or UTF-8");
        }
    }
}
