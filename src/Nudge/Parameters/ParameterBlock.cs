// Where trained numbers live: side by side, in the precision of the engine that works on them.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>
/// The data, gradients and gradient states of the parameters of one owner, contiguous. The numbers are float64 until a
/// float32 engine asks for them, and the other way round: they exist once, and reading one by one works at any time.
/// </summary>
internal sealed unsafe class ParameterBlock
{
    private readonly ParameterList _owner;

    // One of the two pairs holds the numbers. The pointers are into these arrays, which do not move.
    private AlignedArray<double>? _doubleNumbers, _doubleSlopes;
    private AlignedArray<float>? _singleNumbers, _singleSlopes;
    private double* _double, _doubleGradients;
    private float* _single, _singleGradients;

    internal ParameterBlock(ParameterList owner, int count)
    {
        _owner = owner;
        States = new GradientStates(count);
        Hold(new AlignedArray<double>(count), new AlignedArray<double>(count));
    }

    /// <summary>What each gradient stands for.</summary>
    internal GradientStates States { get; }

    /// <summary>The precision that the numbers have now.</summary>
    internal Precision Precision => _double != null ? Precision.Double : Precision.Single;

    /// <summary>One parameter's number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal double ReadData(int index) => _double != null ? _double[index] : _single[index];

    /// <summary>One parameter's gradient.</summary>
    internal double ReadGradient(int index) => _double != null ? _doubleGradients[index] : _singleGradients[index];

    /// <summary>All numbers in a precision, converted first where they have the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T* Data<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double) ? _double == null : _single == null)
            ConvertTo<T>();
        return typeof(T) == typeof(double) ? (T*)_double : (T*)_single;
    }

    /// <summary>All gradients in a precision, converted first where they have the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T* Gradients<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double) ? _double == null : _single == null)
            ConvertTo<T>();
        return typeof(T) == typeof(double) ? (T*)_doubleGradients : (T*)_singleGradients;
    }

    internal string? NameOf(int index) => _owner.NameInBlock(this, index);

    internal void WriteData(int index, double value)
    {
        if (_double != null)
            _double[index] = value;
        else
            _single[index] = (float)value;
        if (States[index] == GradientState.Current)
            States[index] = GradientState.Stale;
    }

    internal void WriteGradient(int index, double value, GradientState state)
    {
        if (_double != null)
            _doubleGradients[index] = value;
        else
            _singleGradients[index] = (float)value;
        States[index] = state;
    }

    /// <summary>Adds to a gradient, which is 0 as long as it has not been computed. Returns true where it was stale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Accumulate(int index, double gradient)
    {
        bool stale = States[index] == GradientState.Stale;
        if (_double != null)
            _doubleGradients[index] += gradient;
        else
            _singleGradients[index] += (float)gradient;
        States[index] = GradientState.Current;
        return stale;
    }

    private void ConvertTo<T>()
    {
        if (typeof(T) == typeof(float))
            Hold(Convert<double, float>(_doubleNumbers!), Convert<double, float>(_doubleSlopes!));
        else
            Hold(Convert<float, double>(_singleNumbers!), Convert<float, double>(_singleSlopes!));
    }

    private void Hold(AlignedArray<double> numbers, AlignedArray<double> slopes)
    {
        (_doubleNumbers, _doubleSlopes, _singleNumbers, _singleSlopes) = (numbers, slopes, null, null);
        _double = numbers.Pointer;
        _doubleGradients = slopes.Pointer;
        _single = _singleGradients = null;
    }

    private void Hold(AlignedArray<float> numbers, AlignedArray<float> slopes)
    {
        (_doubleNumbers, _doubleSlopes, _singleNumbers, _singleSlopes) = (null, null, numbers, slopes);
        _double = _doubleGradients = null;
        _single = numbers.Pointer;
        _singleGradients = slopes.Pointer;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static AlignedArray<TTo> Convert<TFrom, TTo>(AlignedArray<TFrom> from)
        where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom>
        where TTo : unmanaged, IBinaryFloatingPointIeee754<TTo>
    {
        var to = new AlignedArray<TTo>(from.Length);
        for (int i = 0; i < to.Length; i++)
            to.Span[i] = TTo.CreateTruncating(from.Span[i]);
        return to;
    }
}
