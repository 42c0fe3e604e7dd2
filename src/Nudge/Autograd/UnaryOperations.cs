// The operations of one input, each defined once: its value and its slope, for plain numbers and for vectors of them alike.

using System.Numerics;
using System.Runtime.CompilerServices;
using static Nudge.VectorConstants;
using static Nudge.VectorMath;

namespace Nudge;

internal readonly struct DetachOperation : IUnaryOperation
{
    public static Operation Code => Operation.Detach;

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

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => VectorMath.Tanh<V, T>(a);

    // 1 − y² would lose its digits where y is near ±1.
    [MethodImpl(Inline)]
    public static V Derivative<V, T>(V a, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (Number<V, T>(1) - y) * (Number<V, T>(1) + y);
}

internal readonly struct SigmoidOperation : IUnaryOperation
{
    public static Operation Code => Operation.Sigmoid;

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
    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Select(V.LessThanOrEqual(a, Number<V, T>(0)), Number<V, T>(0), a);

    // Where y is not above 0, it is 0 or NaN.
    [MethodImpl(Inline)]
    public static V Derivative<V, T>(V a, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Select(V.LessThan(Number<V, T>(0), y), Number<V, T>(1), y);
}

internal readonly struct AbsOperation : IUnaryOperation
{
    public static Operation Code => Operation.Abs;

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

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Trigonometry.Sin<V, T>(a);

    [MethodImpl(Inline)]
    public static V Derivative<V, T>(V a, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Trigonometry.Cos<V, T>(a);
}

internal readonly struct CosOperation : IUnaryOperation
{
    public static Operation Code => Operation.Cos;

    [MethodImpl(Inline)]
    public static V Apply<V, T>(V a)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Trigonometry.Cos<V, T>(a);

    [MethodImpl(Inline)]
    public static V Derivative<V, T>(V a, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => -Trigonometry.Sin<V, T>(a);
}
