// What the gradients of a block stand for: mostly the same for all of them, and then known without looking at each.

using System.Runtime.InteropServices;

namespace Nudge;

/// <summary>The state of each gradient of a block.</summary>
internal sealed class GradientStates(int count)
{
    private readonly GradientState[] _each = new GradientState[count];

    // While all are alike, this is what they are.
    private volatile bool _areAlike = true;
    private GradientState _all;

    /// <summary>How many there are.</summary>
    internal int Count => count;

    internal GradientState this[int index]
    {
        get => _areAlike ? _all : _each[index];
        set
        {
            if (_areAlike && value == _all)
                return;
            Each()[index] = value;
        }
    }

    /// <summary>Sets some of them.</summary>
    internal void Fill(int start, int length, GradientState state)
    {
        if (length == count)
        {
            _all = state;
            _areAlike = true;
        }
        else if (!_areAlike || state != _all)
        {
            Each(start, length).Fill(state);
        }
    }

    /// <summary>Whether one of some is in a state.</summary>
    internal bool Contains(int start, int length, GradientState state) =>
        _areAlike ? _all == state : Bytes(start, length).Contains((byte)state);

    /// <summary>Sets those of some that are in one state to another.</summary>
    internal void Replace(int start, int length, GradientState from, GradientState to)
    {
        if (!_areAlike)
            Bytes(start, length).Replace((byte)from, (byte)to);
        else if (_all == from)
            Fill(start, length, to);
    }

    internal void CopyTo(int start, Span<GradientState> states)
    {
        if (_areAlike)
            states.Fill(_all);
        else
            _each.AsSpan(start, states.Length).CopyTo(states);
    }

    internal void Load(int start, ReadOnlySpan<GradientState> states) => states.CopyTo(Each(start, states.Length));

    // A plain number is found and replaced many at a time.
    private Span<byte> Bytes(int start, int length) => MemoryMarshal.Cast<GradientState, byte>(_each.AsSpan(start, length));

    private Span<GradientState> Each(int start, int length) => Each().AsSpan(start, length);

    // From here on they differ. Parts of a block may be trained on several threads at once.
    private GradientState[] Each()
    {
        if (!_areAlike)
            return _each;
        lock (_each)
        {
            if (_areAlike)
            {
                _each.AsSpan().Fill(_all);
                _areAlike = false;
            }
        }
        return _each;
    }
}
