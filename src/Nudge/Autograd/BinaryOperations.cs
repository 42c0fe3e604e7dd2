// The operations of two inputs, each defined once: its value and its slopes, for plain numbers and for vectors of them alike.

using System.Numerics;
using System.Runtime.CompilerServices;
using static Nudge.VectorConstants;
using static Nudge.VectorMath;

namespace Nudge;

internal readonly struct AddOperation : IBinaryOperation
{
    public static Operation Code => Operation.Add;

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => a + b;

    [MethodImpl(Inline)]
    public static void Derivatives<V, T>(V a, V b, V y, out V slopeA, out V slopeB)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        slopeA = Number<V, T>(1);
        slopeB = Number<V, T>(1);
    }
}

internal readonly struct SubtractOperation : IBinaryOperation
{
    public static Operation Code => Operation.Subtract;

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => a - b;

    [MethodImpl(Inline)]
    public static void Derivatives<V, T>(V a, V b, V y, out V slopeA, out V slopeB)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        slopeA = Number<V, T>(1);
        slopeB = Number<V, T>(-1);
    }
}

internal readonly struct MultiplyOperation : IBinaryOperation
{
    public static Operation Code => Operation.Multiply;

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => a * b;

    [MethodImpl(Inline)]
    public static void Derivatives<V, T>(V a, V b, V y, out V slopeA, out V slopeB)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        slopeA = b;
        slopeB = a;
    }
}

internal readonly struct DivideOperation : IBinaryOperation
{
    public static Operation Code => Operation.Divide;

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => a / b;

    [MethodImpl(Inline)]
    public static void Derivatives<V, T>(V a, V b, V y, out V slopeA, out V slopeB)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        slopeA = Number<V, T>(1) / b;
        slopeB = -y / b;
    }
}

internal readonly struct PowerOperation : IBinaryOperation
{
    public static Operation Code => Operation.Power;

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Powers.Pow<V, T>(a, b);

    [MethodImpl(Inline)]
    public static void Derivatives<V, T>(V a, V b, V y, out V slopeA, out V slopeB)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        slopeA = Powers.SlopeInBase<V, T>(a, b);
        slopeB = Powers.SlopeInExponent<V, T>(a, b, y);
    }
}

internal readonly struct MaxOperation : IBinaryOperation
{
    public static Operation Code => Operation.Max;

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Max(a, b);

    // A tie shares the gradient, so that max(a, a) has slope 1. With NaN nothing is greater: the gradient is NaN.
    [MethodImpl(Inline)]
    public static void Derivatives<V, T>(V a, V b, V y, out V slopeA, out V slopeB)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        slopeA = Greater<V, T>(a, b);
        slopeB = Greater<V, T>(b, a);
    }
}

internal readonly struct MinOperation : IBinaryOperation
{
    public static Operation Code => Operation.Min;

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Min(a, b);

    [MethodImpl(Inline)]
    public static void Derivatives<V, T>(V a, V b, V y, out V slopeA, out V slopeB)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        slopeA = Greater<V, T>(b, a);
        slopeB = Greater<V, T>(a, b);
    }
}
