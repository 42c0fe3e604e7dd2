// The records of a run in memory, for pages to take at their own pace.

using System.Buffers.Binary;

namespace Nudge.Cli;

/// <summary>
/// Training appends and never waits; each page reads on from where it is. Pages that are slow cost nothing here, and
/// the memory is bounded: when it is full, every second step is cut down to its loss.
/// </summary>
/// <param name="capacity">How many bytes it may hold.</param>
internal sealed class RunFeed(long capacity = 192 << 20)
{
    private const int KindAt = 4, StepAt = 8, LossAt = 24;
    private const uint StepKind = 3, LossesKind = 4;

    private readonly Lock _lock = new();
    private readonly List<byte[]> _records = [];
    private TaskCompletionSource _changed = NewSignal();
    private long _size;

    /// <summary>How many records there are.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
                return _records.Count;
        }
    }

    /// <summary>Completes at the next change.</summary>
    internal Task Changed
    {
        get
        {
            lock (_lock)
                return _changed.Task;
        }
    }

    /// <summary>A stream that appends each write as one record.</summary>
    internal Stream Writer() => new Appender(this);

    internal void Append(byte[] record)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _records.Add(record);
            _size += record.Length;
            if (_size > capacity)
                Thin();
            changed = _changed;
            _changed = NewSignal();
        }
        changed.TrySetResult();
    }

    /// <summary>Wakes whoever waits, though nothing was appended.</summary>
    internal void Wake()
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            changed = _changed;
            _changed = NewSignal();
        }
        changed.TrySetResult();
    }

    /// <summary>The records from a place on, as many as make up a piece, and at least one where there is one.</summary>
    /// <returns>The place to go on from.</returns>
    internal int Take(int from, int most, List<byte[]> into)
    {
        lock (_lock)
        {
            int next = Math.Clamp(from, 0, _records.Count);
            for (long taken = 0; next < _records.Count && (taken == 0 || taken + _records[next].Length <= most); next++)
            {
                into.Add(_records[next]);
                taken += _records[next].Length;
            }
            return next;
        }
    }

    private void Thin()
    {
        bool keep = true;
        for (int i = 0; i < _records.Count; i++)
        {
            byte[] record = _records[i];
            if (record.Length < LossAt + 8 || BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(KindAt)) != StepKind || (keep = !keep))
                continue;
            byte[] loss = LossOf(record);
            _size += loss.Length - record.Length;
            _records[i] = loss;
        }
    }

    // A record of one loss: its frame, the number of the step, 1, and the loss. Pages do not ask for the checksum.
    private static byte[] LossOf(byte[] step)
    {
        var loss = new byte[28];
        BinaryPrimitives.WriteUInt32LittleEndian(loss, 16);
        BinaryPrimitives.WriteUInt32LittleEndian(loss.AsSpan(KindAt), LossesKind);
        step.AsSpan(StepAt, 4).CopyTo(loss.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(loss.AsSpan(12), 1);
        step.AsSpan(LossAt, 8).CopyTo(loss.AsSpan(16));
        return loss;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Appender(RunFeed feed) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => feed.Append(buffer.ToArray());

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
