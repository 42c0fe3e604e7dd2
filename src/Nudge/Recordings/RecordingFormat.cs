// The bytes of a recording: a header, then records that each carry their length and a checksum.

using System.Buffers.Binary;
using System.Numerics;

namespace Nudge.Recordings;

/// <summary>What a record holds.</summary>
internal enum RecordKind : uint
{
    /// <summary>The <see cref="RunInfo"/>, as JSON. Always the first record.</summary>
    Start = 1,

    /// <summary>A <see cref="RecordedGraph"/>, for the steps after it.</summary>
    Graph = 2,

    /// <summary>A step with all its numbers.</summary>
    Step = 3,

    /// <summary>The losses of steps of which nothing else was kept.</summary>
    Losses = 4,

    /// <summary>A <see cref="RunFinding"/>, as JSON.</summary>
    Finding = 5,

    /// <summary>The numbers after the last update, and how the run ended.</summary>
    End = 6,
}

/// <summary>
/// A file is <c>"NUDGERUN"</c>, the version and four bytes of 0, and then records: the payload's length and the kind,
/// the payload, and the CRC-32C of kind and payload. Whole numbers have four bytes, numbers eight, the least first.
/// </summary>
internal static class RecordingFormat
{
    internal const uint Version = 1;
    internal const int HeaderLength = 16, RecordOverhead = 12;
    internal const int LongestPayload = 1 << 28;

    internal static ReadOnlySpan<byte> Magic => "NUDGERUN"u8;

    internal static byte[] Header()
    {
        var header = new byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Version);
        return header;
    }

    /// <summary>The CRC-32C of bytes.</summary>
    internal static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte b in bytes)
            sum = BitOperations.Crc32C(sum, b);
        return ~sum;
    }
}
