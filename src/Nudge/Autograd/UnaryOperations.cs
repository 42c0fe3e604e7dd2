// The operations of one input, each defined once.

using System.Numerics;
using System.Runtime.CompilerServices;
using static Nudge.VectorConstants;
using static Nudge.VectorMath;

namespace Nudge;

internal readonly struct DetachOperation : IUnaryOperation
{
    public static Operation Code => Operation.Detach;

    public static double Apply(double a) => a;

    public static double Derivative(double a, double y) => 0;

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => a;

    [MethodImpl(Inline)]
    public static V Derivative<V, T>(V a, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Number<V, T>(0);
}

internal readonly struct NegateOperation : IUnaryOperation
{
    public static Operation Code => Operation.Negate;

    public static double Apply(double a) => -a;

    public static double Derivative(double a, double y) => -1;

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => -a;

    [MethodImpl(Inline)]
    public static V Derivative<V, T>(V a, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Number<V, T>(-1);
}

internal readonly struct ExpOperation : IUnaryOperation
{
    public static Operation Code => Operation.Exp;

    public static double Apply(double a) => Math.Exp(a);

    public static double Derivative(double a, double y) => y;

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => VectorMath.Exp<V, T>(a);

    [MethodImpl(Inline)]
    public static V Derivative<V, T>(V a, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => y;
}

internal readonly struct LogOperation : IUnaryOperation
{
    public static Operation Code => Operation.Log;

    public static double Apply(double a) => Math.Log(a);

    public static double Derivative(double a, double y) => 1 / a;

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => VectorMath.Log<V, T>(a);

    [MethodImpl(Inline)]
    public static V Derivative<V, T>(V a, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Number<V, T>(1) / a;
}

internal readonly struct SqrtOperation : IUnaryOperation
{
    public static Operation Code => Operation.Sqrt;

    public static double Apply(double a) => Math.Sqrt(a);

    public static double Derivative(double a, double y) => 0.5 / y;

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Sqrt(a);

    [MethodImpl(Inline)]
    public static V Derivative<V, T>(V a, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Number<V, T>(0.5) / y;
}

internal readonly struct TanhOperation : IUnaryOperation
{
    public static Operation Code => Operation.Tanh;

    public static double Apply(double a) => Math.Tanh(a);

    public static double Derivative(double a, double y) => 1 - y * y;

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => VectorMath.Tanh<V, T>(a);

    [MethodImpl(Inline)]
    public static V Derivative<V, T>(V a, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Number<V, T>(1) - y * y;
}

internal readonly struct SigmoidOperation : IUnaryOperation
{
    public static Operation Code => Operation.Sigmoid;

    // e⁻ᵃ overflows to ∞ for a below −709, and 1 / ∞ is the right limit: no branch is needed.
    public static double Apply(double a) => 1 / (1 + Math.Exp(-a));

    public static double Derivative(double a, double y) => y * (1 - y);

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => VectorMath.Sigmoid<V, T>(a);

    [MethodImpl(Inline)]
    public static V Derivative<V, T>(V a, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => y * (Number<V, T>(1) - y);
}

internal readonly struct ReluOperation : IUnaryOperation
{
    public static Operation Code => Operation.Relu;

    // Written so that NaN stays NaN instead of becoming 0, in the value and in the gradient.
    public static double Apply(double a) => a <= 0 ? 0 : a;

    public static double Derivative(double a, double y) => a > 0 ? 1 : a <= 0 ? 0 : double.NaN;

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Select(V.LessThanOrEqual(a, Number<V, T>(0)), Number<V, T>(0), a);

    [MethodImpl(Inline)]
    public static V Derivative<V, T>(V a, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Select(V.LessThan(Number<V, T>(0), y), Number<V, T>(1), y); // y is 0 or NaN there
}

internal readonly struct AbsOperation : IUnaryOperation
{
    public static Operation Code => Operation.Abs;

    public static double Apply(double a) => Math.Abs(a);

    public static double Derivative(double a, double y) => a > 0 ? 1 : a < 0 ? -1 : a == 0 ? 0 : double.NaN;

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Abs(a);

    [MethodImpl(Inline)]
    public static V Derivative<V, T>(V a, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Step<V, T>(a, below: -1, at: 0);
}

internal readonly struct SinOperation : IUnaryOperation
{
    public static Operation Code => Operation.Sin;

    public static double Apply(double a) => Math.Sin(a);

    public static double Derivative(double a, double y) => Math.Cos(a);

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => EachLane<V, T>(a, T.Sin);

    [MethodImpl(Inline)]
    public static V Derivative<V, T>(V a, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => EachLane<V, T>(a, T.Cos);
}

internal readonly struct CosOperation : IUnaryOperation
{
    public static Operation Code => Operation.Cos;

    public static double Apply(double a) => Math.Cos(a);

    public static double Derivative(double a, double y) => -Math.Sin(a);

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => EachLane<V, T>(a, T.Cos);

    [MethodImpl(Inline)]
    public static V Derivative<V, T>(V a, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => -EachLane<V, T>(a, T.Sin);
}
