// Reads the records of a file one after the other; nothing is allocated that the file is too short for.

using System.Buffers.Binary;

namespace Nudge.Recordings;

internal sealed class RecordReader
{
    private readonly Stream _stream;
    private readonly string _path;
    private byte[] _buffer = [];
    private int _length;

    internal RecordReader(Stream stream, string path)
    {
        _stream = stream;
        _path = path;
        if (!stream.CanSeek)
            throw new RecordingFormatException(path, "this is no regular file; expected a recording");
        Span<byte> header = stackalloc byte[RecordingFormat.HeaderLength];
        if (stream.Length < header.Length)
            throw new RecordingFormatException(path, $"the file has {stream.Length} bytes; expected a recording, which has more");
        stream.ReadExactly(header);
        if (!header.StartsWith(RecordingFormat.Magic))
            throw new RecordingFormatException(path, "this is no recording; expected a file that nudge train --record has written");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        if (version != RecordingFormat.Version)
            throw new RecordingFormatException(path, $"the recording is of version {version}; expected {RecordingFormat.Version}, the only one that this program reads");
    }

    internal RecordKind Kind { get; private set; }

    /// <summary>Whether the last record of the file is cut off, as when its writer was killed.</summary>
    internal bool IsTorn { get; private set; }

    /// <summary>The file up to the end of the last whole record.</summary>
    internal long WholeLength { get; private set; } = RecordingFormat.HeaderLength;

    /// <summary>What is left of the record's payload.</summary>
    internal int Left => _length - At;

    private int At { get; set; }

    /// <summary>Goes to the next record. False at the end, and at a last record that is not whole.</summary>
    /// <exception cref="RecordingFormatException">A record before the last is damaged.</exception>
    internal bool Next()
    {
        long left = _stream.Length - _stream.Position;
        if (left == 0)
            return false;
        Span<byte> head = stackalloc byte[4];
        if (left < RecordingFormat.RecordOverhead)
            return Torn();
        _stream.ReadExactly(head);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(head);
        if (length > left - RecordingFormat.RecordOverhead)
            return Torn();
        if (length > RecordingFormat.LongestPayload)
            throw Error($"a record is said to have {length} bytes; expected at most {RecordingFormat.LongestPayload}");
        _length = (int)length;
        int whole = _length + 2 * sizeof(uint);
        if (_buffer.Length < whole)
            _buffer = new byte[Math.Max(whole, 4096)];
        _stream.ReadExactly(_buffer, 0, whole);
        Span<byte> checkedPart = _buffer.AsSpan(0, sizeof(uint) + _length);
        if (RecordingFormat.Checksum(checkedPart) != BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(checkedPart.Length)))
        {
            return _stream.Position == _stream.Length
                ? Torn()
                : throw Error("a record does not agree with its checksum; expected a file as it was written");
        }
        Kind = (RecordKind)BinaryPrimitives.ReadUInt32LittleEndian(_buffer);
        _buffer.AsSpan(sizeof(uint), _length).CopyTo(_buffer); // the kind is known now
        At = 0;
        WholeLength = _stream.Position;
        return true;
    }

    internal int Whole() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int)));

    /// <summary>A whole number within a range.</summary>
    internal int Whole(int least, int most, string what)
    {
        int number = Whole();
        return number >= least && number <= most ? number : throw Error($"{what} is {number}; expected {least} to {most}");
    }

    internal double Number() => BinaryPrimitives.ReadDoubleLittleEndian(Bytes(sizeof(double)));

    internal int[] Wholes()
    {
        var numbers = new int[Whole(0, Left / sizeof(int), "the length of a list")];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = Whole();
        return numbers;
    }

    internal double[] Numbers(int count)
    {
        RequireLeft((long)count * sizeof(double));
        var numbers = new double[count];
        for (int i = 0; i < count; i++)
            numbers[i] = Number();
        return numbers;
    }

    internal ReadOnlySpan<byte> Bytes(int count)
    {
        RequireLeft(count);
        At += count;
        return _buffer.AsSpan(At - count, count);
    }

    internal RecordingFormatException Error(string problem) => new(_path, problem);

    private bool Torn()
    {
        IsTorn = true;
        _stream.Position = _stream.Length;
        return false;
    }

    private void RequireLeft(long count)
    {
        if (count > Left)
            throw Error($"a record ends too early: {Left} bytes are left of it; expected {count}");
    }
}
