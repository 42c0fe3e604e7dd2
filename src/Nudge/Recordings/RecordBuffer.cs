// A record while it is put together.

using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Nudge.Recordings;

/// <summary>Collects the numbers of one record and frames them. The memory is used again for the next.</summary>
internal sealed class RecordBuffer
{
    private const int Prefix = 8;

    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 12);
    private byte[] _framed = [];

    internal void Begin(RecordKind kind)
    {
        _bytes.ResetWrittenCount();
        Whole(0); // the length, known at the end
        Whole((int)kind);
    }

    internal void Whole(int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(sizeof(int)), number);
        _bytes.Advance(sizeof(int));
    }

    internal void Wholes(ReadOnlySpan<int> numbers)
    {
        Whole(numbers.Length);
        foreach (int number in numbers)
            Whole(number);
    }

    internal void Number(double number)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(sizeof(double)), number);
        _bytes.Advance(sizeof(double));
    }

    internal void Numbers(ReadOnlySpan<double> numbers)
    {
        if (BitConverter.IsLittleEndian)
        {
            _bytes.Write(MemoryMarshal.AsBytes(numbers));
            return;
        }
        foreach (double number in numbers)
            Number(number);
    }

    internal void Bytes(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    /// <summary>The record with its length and checksum; valid until the next one begins.</summary>
    internal ReadOnlySpan<byte> End()
    {
        ReadOnlySpan<byte> written = _bytes.WrittenSpan;
        int length = written.Length + sizeof(uint);
        if (_framed.Length < length)
            _framed = new byte[2 * length];
        Span<byte> framed = _framed.AsSpan(0, length);
        written.CopyTo(framed);
        BinaryPrimitives.WriteInt32LittleEndian(framed, written.Length - Prefix);
        BinaryPrimitives.WriteUInt32LittleEndian(framed[written.Length..], RecordingFormat.Checksum(framed[sizeof(uint)..written.Length]));
        return framed;
    }
}
