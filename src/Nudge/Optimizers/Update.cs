// The loop that all optimizers share: over parameters side by side, in either precision.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>The rule by which parameters change.</summary>
internal unsafe interface IUpdateRule
{
    /// <summary>Whether it reads or changes the two numbers that the optimizer keeps for each parameter.</summary>
    bool Remembers { get; }

    /// <summary>Changes parameters side by side, and the two numbers that the optimizer keeps for each.</summary>
    /// <param name="data">The parameters.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="firsts">The first number of each, if it remembers any.</param>
    /// <param name="seconds">The second number of each.</param>
    /// <param name="length">How many there are: a multiple of the vector's width, in which the last may be room that nobody uses.</param>
    void Apply<V, T>(T* data, T* gradients, T* firsts, T* seconds, int length)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>The two numbers that an optimizer keeps for each parameter, and the loop over them.</summary>
internal sealed unsafe class OptimizerState(int count)
{
    // Where the second numbers begin: behind the first and their room, at the beginning of a vector.
    private readonly int _second = AlignedArray<float>.WithRoom(count);

    private AlignedArray<double>? _double;
    private AlignedArray<float>? _single;

    /// <summary>Applies a rule to parameters.</summary>
    internal void Update<TRule>(in TRule rule, in ParameterSegment segment, int offset)
        where TRule : struct, IUpdateRule
    {
        if (segment.Precision == Precision.Double)
            Update(rule, segment, rule.Remembers ? InDouble().Pointer + offset : null);
        else
            Update(rule, segment, rule.Remembers ? InSingle().Pointer + offset : null);
    }

    internal void CopyTo(Span<double> memory)
    {
        Span<double> numbers = InDouble().Span;
        numbers[..count].CopyTo(memory);
        numbers.Slice(_second, count).CopyTo(memory[count..]);
    }

    internal void Load(ReadOnlySpan<double> memory)
    {
        Span<double> numbers = InDouble().Span;
        memory[..count].CopyTo(numbers);
        memory.Slice(count, count).CopyTo(numbers[_second..]);
    }

    private void Update<TRule, T>(in TRule rule, in ParameterSegment segment, T* state)
        where TRule : struct, IUpdateRule
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* data = segment.Data<T>(), gradients = segment.Gradients<T>();
        int length = segment.Length, done = 0;
        // Where nobody else's numbers follow, up to the end of the widest vector.
        if (length == count && segment.IsWholeBlock)
            length = AlignedArray<T>.WithRoom(length);
        if (VectorWidth.Has512)
            Run<TRule, Wide512<T>, T>(rule, data, gradients, state, length, ref done);
        if (done < length && VectorWidth.Has256)
            Run<TRule, Wide256<T>, T>(rule, data, gradients, state, length, ref done);
        if (done < length)
            Run<TRule, Wide128<T>, T>(rule, data, gradients, state, length, ref done);
        if (done < length)
            Run<TRule, Wide1<T>, T>(rule, data, gradients, state, length, ref done);
    }

    // As many as make whole vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Run<TRule, V, T>(in TRule rule, T* data, T* gradients, T* state, int length, ref int done)
        where TRule : struct, IUpdateRule
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int whole = (length - done) / V.Count * V.Count;
        rule.Apply<V, T>(data + done, gradients + done, state + done, state + _second + done, whole);
        done += whole;
    }

    private AlignedArray<double> InDouble()
    {
        if (_double is null)
        {
            _double = new AlignedArray<double>(2 * _second);
            for (int i = 0; i < (_single?.Length ?? 0); i++)
                _double.Span[i] = _single!.Span[i];
            _single = null;
        }
        return _double;
    }

    private AlignedArray<float> InSingle()
    {
        if (_single is null)
        {
            _single = new AlignedArray<float>(2 * _second);
            for (int i = 0; i < (_double?.Length ?? 0); i++)
                _single.Span[i] = (float)_double!.Span[i];
            _double = null;
        }
        return _single;
    }
}
