// Where fields and lines may end, found for many bytes at once.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Nudge;

/// <summary>Finds separators and line ends, and remembers those of the 64 bytes looked at last.</summary>
internal sealed class NotableBytes(byte separator, byte other)
{
    private const int BlockLength = 64;

    private int _block = -BlockLength;
    private ulong _found; // a bit for each byte of the block, the lowest for the first

    /// <summary>The first separator, line feed or carriage return from an offset on; the length where none follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Next(ReadOnlySpan<byte> bytes, int from)
    {
        uint ahead = (uint)(from - _block);
        ulong found = ahead < BlockLength ? _found >> (int)ahead : 0;
        return found != 0 ? from + BitOperations.TrailingZeroCount(found) : NextBlock(bytes, ahead < BlockLength ? _block + BlockLength : from);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int NextBlock(ReadOnlySpan<byte> bytes, int from)
    {
        for (; from < bytes.Length; from += BlockLength)
        {
            (_block, _found) = (from, Look(bytes[from..]));
            if (_found != 0)
                return from + BitOperations.TrailingZeroCount(_found);
        }
        return bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Look(ReadOnlySpan<byte> bytes)
    {
        if (Vector256.IsHardwareAccelerated && bytes.Length >= BlockLength)
            return Look(Vector256.Create(bytes)) | (ulong)Look(Vector256.Create(bytes[Vector256<byte>.Count..])) << Vector256<byte>.Count;
        ulong found = 0;
        for (int i = 0; i < Math.Min(bytes.Length, BlockLength); i++)
            found |= bytes[i] == separator || bytes[i] == other || bytes[i] is (byte)'\n' or (byte)'\r' ? 1ul << i : 0;
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Look(Vector256<byte> bytes) =>
        (Vector256.Equals(bytes, Vector256.Create(separator)) | Vector256.Equals(bytes, Vector256.Create(other))
        | Vector256.Equals(bytes, Vector256.Create((byte)'\n')) | Vector256.Equals(bytes, Vector256.Create((byte)'\r'))).ExtractMostSignificantBits();
}
