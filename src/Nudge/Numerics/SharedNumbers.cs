// Numbers that engines of either precision read and write at once: who wrote last owns them, the other has a copy.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Nudge;

/// <summary>
/// Numbers in both precisions. The last writer owns them; the other precision's copy is brought up to date when somebody
/// reads it. Each copy is made once and stays at its address as long as this object lives, so that any number of threads
/// may read and write: each read sees a whole number, from before or after a write at the same time.
/// </summary>
/// <remarks>
/// float64 owns a number as soon as it writes one. float32 would round those that it does not write, so it owns all of
/// them when it has written all, and otherwise what it wrote goes to the float64 copy as well.
/// </remarks>
internal unsafe class SharedNumbers
{
    // What the state is made of: which copy is out of date; whether one is being brought up to date; who wrote last; and
    // whether anybody has since the version was asked for.
    private const int DoubleIsOld = 1, SingleIsOld = 2, IsCopying = 4, BySingle = 8, IsNew = 16;

    private const int WrittenInDouble = SingleIsOld | IsNew, WrittenInSingle = DoubleIsOld | BySingle | IsNew;

    // A writer stores the state after its numbers, always and without looking. Whoever copies says so in the state before
    // reading, and finds that changed where a writer came between: the copy then stays out of date. Only writers store
    // without the lock.
    private volatile int _state;
    private readonly Lock _lock = new();
    private AlignedArray<double>? _doubles;
    private AlignedArray<float>? _singles;
    private double* _double; // where the arrays are; a copy that nobody has asked for is none
    private float* _single;
    private int _version;

    /// <summary>Zeros.</summary>
    /// <param name="count">How many.</param>
    /// <param name="owner">The precision that is at hand at once.</param>
    internal SharedNumbers(int count, Precision owner)
    {
        Count = count;
        if (owner == Precision.Double)
            MakeDouble();
        else
            MakeSingle();
        _state = owner == Precision.Double ? WrittenInDouble : WrittenInSingle;
    }

    internal int Count { get; }

    /// <summary>The precision they were written in last.</summary>
    internal Precision LastWriter => (_state & BySingle) != 0 ? Precision.Single : Precision.Double;

    /// <summary>Changes with the numbers. Who asks for it and then reads has what it stands for, or something newer.</summary>
    internal int Version
    {
        get
        {
            if ((_state & IsNew) != 0)
                AdvanceVersion();
            return Volatile.Read(ref _version);
        }
    }

    /// <summary>One number. One that was set reads back exactly.</summary>
    internal double this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_state & DoubleIsOld) == 0 ? _double[index] : _single[index];
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            Read<double>()[index] = value;
            _state = WrittenInDouble;
        }
    }

    /// <summary>
    /// The present numbers in a precision. Who writes some calls <see cref="Wrote{T}"/> afterwards; who uses the address
    /// keeps this object alive.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T* Read<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
        {
            if ((_state & DoubleIsOld) != 0)
                Copy(DoubleIsOld);
            return (T*)_double;
        }
        if ((_state & SingleIsOld) != 0)
            Copy(SingleIsOld);
        return (T*)_single;
    }

    /// <summary>Notes that some have been written where <see cref="Read{T}"/> said.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Wrote<T>(int start, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
            _state = WrittenInDouble;
        else if (length == Count)
            _state = WrittenInSingle;
        else
            WroteSome(start, length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WroteSome(int start, int length)
    {
        lock (_lock)
        {
            int state, next;
            do
            {
                state = _state;
                next = WrittenInSingle;
                if ((state & DoubleIsOld) != 0)
                    continue;
                Widen(start, length);
                next = (state & SingleIsOld) != 0 ? WrittenInDouble : BySingle | IsNew;
            }
            while (Interlocked.CompareExchange(ref _state, next, state) != state);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Copy(int old)
    {
        lock (_lock)
        {
            int state;
            do
            {
                state = _state;
                if ((state & old) == 0)
                    return;
            }
            while (Interlocked.CompareExchange(ref _state, state | IsCopying, state) != state);
            if (old == DoubleIsOld)
                Widen(0, Count);
            else
                Narrow();
            Interlocked.CompareExchange(ref _state, state & ~old, state | IsCopying);
        }
    }

    // The version changes before the mark is taken away: who sees no mark sees the new version.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AdvanceVersion()
    {
        lock (_lock)
        {
            if ((_state & IsNew) == 0)
                return;
            Volatile.Write(ref _version, _version + 1);
            Interlocked.And(ref _state, ~IsNew);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Widen(int start, int length)
    {
        if (_doubles is null)
            MakeDouble();
        float* from = _single + start;
        double* to = _double + start;
        int i = 0;
        for (; i <= length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(Vector256.Load(from + i));
            low.Store(to + i);
            high.Store(to + i + Vector256<double>.Count);
        }
        for (; i < length; i++)
            to[i] = from[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Narrow()
    {
        if (_singles is null)
            MakeSingle();
        int i = 0;
        for (; i <= Count - Vector256<float>.Count; i += Vector256<float>.Count)
            Vector256.Narrow(Vector256.Load(_double + i), Vector256.Load(_double + i + Vector256<double>.Count)).Store(_single + i);
        for (; i < Count; i++)
            _single[i] = (float)_double[i];
    }

    private void MakeDouble()
    {
        _doubles = new AlignedArray<double>(Count);
        _double = _doubles.Pointer;
    }

    private void MakeSingle()
    {
        _singles = new AlignedArray<float>(Count);
        _single = _singles.Pointer;
    }
}
