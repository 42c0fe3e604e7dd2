// The loop that all optimizers share: over parameters side by side, in either precision.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Nudge;

/// <summary>The rule by which parameters change.</summary>
internal interface IUpdateRule
{
    /// <summary>Whether it reads or changes the two numbers that the optimizer keeps for each parameter.</summary>
    bool Remembers { get; }

    /// <summary>Changes parameters, and the two numbers that the optimizer keeps for each.</summary>
    void Apply<V, T>(UpdateRows<T> rows)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>Parameters side by side with their gradients and the two numbers that the optimizer keeps for each.</summary>
internal readonly unsafe struct UpdateRows<T>(T* data, T* gradients, T* first, T* second, int length)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal T* Data => data;

    internal T* Gradients => gradients;

    internal T* First => first;

    internal T* Second => second;

    /// <summary>How many there are: a multiple of the vector's width, in which the last may be room that nobody uses.</summary>
    internal int Length => length;

    /// <summary>The same up to the end of a vector, where nobody else's numbers follow.</summary>
    internal UpdateRows<T> InWhole<V>()
        where V : unmanaged, IVector<V, T> => new(data, gradients, first, second, (length + V.Count - 1) / V.Count * V.Count);
}

/// <summary>The two numbers that an optimizer keeps for each parameter, and the loop over them.</summary>
internal sealed unsafe class OptimizerState(int count)
{
    // Each of the two begins where vectors like it, with room for a whole vector behind the last.
    private readonly int _room = (count + 15) / 16 * 16;

    private AlignedArray<double>? _double;
    private AlignedArray<float>? _single;

    /// <summary>Applies a rule to parameters.</summary>
    internal void Update<TRule>(TRule rule, ParameterSegment segment, int offset)
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
        numbers.Slice(_room, count).CopyTo(memory[count..]);
    }

    internal void Load(ReadOnlySpan<double> memory)
    {
        Span<double> numbers = InDouble().Span;
        memory[..count].CopyTo(numbers);
        memory.Slice(count, count).CopyTo(numbers[_room..]);
    }

    private void Update<TRule, T>(TRule rule, ParameterSegment segment, T* state)
        where TRule : struct, IUpdateRule
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rows = new UpdateRows<T>(segment.Data<T>(), segment.Gradients<T>(), state, state + _room, segment.Length);
        if (segment.Length == count && segment.IsWholeBlock)
        {
            if (Avx512F.IsSupported)
                rule.Apply<Wide512<T>, T>(rows.InWhole<Wide512<T>>());
            else
                rule.Apply<Wide256<T>, T>(rows.InWhole<Wide256<T>>());
            return;
        }
        int done = 0;
        if (Avx512F.IsSupported)
            Run<TRule, Wide512<T>, T>(rule, rows, ref done);
        Run<TRule, Wide256<T>, T>(rule, rows, ref done);
        Run<TRule, Wide128<T>, T>(rule, rows, ref done);
        Run<TRule, Wide1<T>, T>(rule, rows, ref done);
    }

    // As many as make whole vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TRule, V, T>(TRule rule, UpdateRows<T> rows, ref int done)
        where TRule : struct, IUpdateRule
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int length = (rows.Length - done) / V.Count * V.Count;
        if (length == 0)
            return;
        rule.Apply<V, T>(new UpdateRows<T>(rows.Data + done, rows.Gradients + done, rows.First + done, rows.Second + done, length));
        done += length;
    }

    private AlignedArray<double> InDouble()
    {
        if (_double is null)
        {
            _double = new AlignedArray<double>(2 * _room);
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
            _single = new AlignedArray<float>(2 * _room);
            for (int i = 0; i < (_double?.Length ?? 0); i++)
                _single.Span[i] = (float)_double!.Span[i];
            _double = null;
        }
        return _single;
    }
}
