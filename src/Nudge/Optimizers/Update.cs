// The loop that all optimizers share: over parameters side by side, in either precision.

using System.Numerics;

namespace Nudge;

/// <summary>The rule by which one parameter changes.</summary>
internal interface IUpdateRule
{
    /// <summary>Changes parameters, and the two numbers that the optimizer keeps for each.</summary>
    void Apply<V, T>(ref V data, V gradient, ref V first, ref V second)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>The two numbers that an optimizer keeps for each parameter, and the loop over them.</summary>
internal sealed unsafe class OptimizerState(int count)
{
    private AlignedArray<double>? _double;
    private AlignedArray<float>? _single;

    /// <summary>Applies a rule to parameters.</summary>
    internal void Update<TRule>(TRule rule, ParameterSegment segment, int offset)
        where TRule : struct, IUpdateRule
    {
        if (segment.Precision == Precision.Double)
            Update(rule, segment, InDouble().Pointer + offset);
        else
            Update(rule, segment, InSingle().Pointer + offset);
    }

    internal void CopyTo(Span<double> memory) => InDouble().Span.CopyTo(memory);

    internal void Load(ReadOnlySpan<double> memory) => memory.CopyTo(InDouble().Span);

    private void Update<TRule, T>(TRule rule, ParameterSegment segment, T* state)
        where TRule : struct, IUpdateRule
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* data = segment.Data<T>(), gradients = segment.Gradients<T>();
        int whole = segment.Length / Wide256<T>.Count * Wide256<T>.Count;
        Run<TRule, Wide256<T>, T>(rule, data, gradients, state, whole);
        Run<TRule, Wide1<T>, T>(rule, data + whole, gradients + whole, state + whole, segment.Length - whole);
    }

    private void Run<TRule, V, T>(TRule rule, T* data, T* gradients, T* state, int length)
        where TRule : struct, IUpdateRule
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < length; i += V.Count)
        {
            V number = V.Load(data + i), first = V.Load(state + i), second = V.Load(state + count + i);
            rule.Apply<V, T>(ref number, V.Load(gradients + i), ref first, ref second);
            V.Store(number, data + i);
            V.Store(first, state + i);
            V.Store(second, state + count + i);
        }
    }

    private AlignedArray<double> InDouble()
    {
        if (_double is null)
        {
            _double = new AlignedArray<double>(2 * count);
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
            _single = new AlignedArray<float>(2 * count);
            for (int i = 0; i < (_double?.Length ?? 0); i++)
                _single.Span[i] = (float)_double!.Span[i];
            _double = null;
        }
        return _single;
    }
}
