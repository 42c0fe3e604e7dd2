// The operations of two inputs, each defined once.

using System.Numerics;
using System.Runtime.CompilerServices;
using static Nudge.VectorConstants;
using static Nudge.VectorMath;

namespace Nudge;

internal readonly struct AddOperation : IBinaryOperation
{
    public static Operation Code => Operation.Add;

    public static double Apply(double a, double b) => a + b;

    public static (double A, double B) Derivatives(double a, double b, double y) => (1, 1);

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => a + b;

    [MethodImpl(Inline)]
    public static void Derivatives<V, T>(V a, V b, V y, out V slopeA, out V slopeB)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        slopeA = slopeB = Number<V, T>(1);
    }
}

internal readonly struct SubtractOperation : IBinaryOperation
{
    public static Operation Code => Operation.Subtract;

    public static double Apply(double a, double b) => a - b;

    public static (double A, double B) Derivatives(double a, double b, double y) => (1, -1);

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

    public static double Apply(double a, double b) => a * b;

    public static (double A, double B) Derivatives(double a, double b, double y) => (b, a);

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

    public static double Apply(double a, double b) => a / b;

    public static (double A, double B) Derivatives(double a, double b, double y) => (1 / b, -y / b);

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

    public static double Apply(double a, double b) => Math.Pow(a, b);

    // a⁰ is 1 whatever a is, so its slope in a is 0, at a = 0 too where b·aᵇ⁻¹ would be 0 · ∞.
    // 0ᵇ is 0 for every b > 0, so its slope in b is 0 there, where y·ln a would be 0 · −∞.
    public static (double A, double B) Derivatives(double a, double b, double y) =>
        (b == 0 ? 0 : b * Math.Pow(a, b - 1), a == 0 && b >= 0 ? 0 : y * Math.Log(a));

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => EachLane<V, T>(a, b, T.Pow);

    [MethodImpl(Inline)]
    public static void Derivatives<V, T>(V a, V b, V y, out V slopeA, out V slopeB)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        V zero = Number<V, T>(0), one = Number<V, T>(1);
        slopeA = V.Select(V.Equals(b, zero), zero, b * EachLane<V, T>(a, b - one, T.Pow));
        slopeB = V.Select(V.Equals(a, zero) & V.LessThanOrEqual(zero, b), zero, y * EachLane<V, T>(a, T.Log));
    }
}

internal readonly struct MaxOperation : IBinaryOperation
{
    public static Operation Code => Operation.Max;

    public static double Apply(double a, double b) => Math.Max(a, b);

    // A tie shares the gradient, so that max(a, a) has slope 1. With NaN nothing is greater: the gradient is NaN.
    public static (double A, double B) Derivatives(double a, double b, double y) =>
        a > b ? (1, 0) : a < b ? (0, 1) : a == b ? (0.5, 0.5) : (double.NaN, double.NaN);

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Max(a, b);

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

    public static double Apply(double a, double b) => Math.Min(a, b);

    public static (double A, double B) Derivatives(double a, double b, double y) =>
        a < b ? (1, 0) : a > b ? (0, 1) : a == b ? (0.5, 0.5) : (double.NaN, double.NaN);

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
