// Arithmetic: + − × ÷ between values and plain numbers. A plain number becomes a constant node of the graph.

using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

[SuppressMessage("Usage", "CA2225:Operator overloads have named alternates", Justification = "The operators are the interface; the methods would be a second way to say the same.")]
public sealed partial class Value :
    IAdditionOperators<Value, Value, Value>,
    IAdditionOperators<Value, double, Value>,
    ISubtractionOperators<Value, Value, Value>,
    ISubtractionOperators<Value, double, Value>,
    IMultiplyOperators<Value, Value, Value>,
    IMultiplyOperators<Value, double, Value>,
    IDivisionOperators<Value, Value, Value>,
    IDivisionOperators<Value, double, Value>,
    IUnaryNegationOperators<Value, Value>,
    IAdditiveIdentity<Value, Value>,
    IMultiplicativeIdentity<Value, Value>
{
    /// <summary>The constant 0, which sums begin with.</summary>
    public static Value Zero => Constant(0);

    /// <summary>The constant 1, which products begin with.</summary>
    public static Value One => Constant(1);

    static Value IAdditiveIdentity<Value, Value>.AdditiveIdentity => Zero;

    static Value IMultiplicativeIdentity<Value, Value>.MultiplicativeIdentity => One;

    // The two commonest are compiled well at once: an expression has millions of them before the runtime would think of it.

    /// <summary>a + b. Local derivatives: 1 and 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Value operator +(Value a, Value b) => Binary<AddOperation>(a, b);

    /// <summary>a + b, with b a constant.</summary>
    public static Value operator +(Value a, double b) => Binary<AddOperation>(a, Constant(b));

    /// <summary>a + b, with a a constant.</summary>
    public static Value operator +(double a, Value b) => Binary<AddOperation>(Constant(a), b);

    /// <summary>a − b. Local derivatives: 1 and −1.</summary>
    public static Value operator -(Value a, Value b) => Binary<SubtractOperation>(a, b);

    /// <summary>a − b, with b a constant.</summary>
    public static Value operator -(Value a, double b) => Binary<SubtractOperation>(a, Constant(b));

    /// <summary>a − b, with a a constant.</summary>
    public static Value operator -(double a, Value b) => Binary<SubtractOperation>(Constant(a), b);

    /// <summary>−a. Local derivative: −1.</summary>
    public static Value operator -(Value a) => Unary<NegateOperation>(a);

    /// <summary>a · b. Local derivatives: b and a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Value operator *(Value a, Value b) => Binary<MultiplyOperation>(a, b);

    /// <summary>a · b, with b a constant.</summary>
    public static Value operator *(Value a, double b) => Binary<MultiplyOperation>(a, Constant(b));

    /// <summary>a · b, with a a constant.</summary>
    public static Value operator *(double a, Value b) => Binary<MultiplyOperation>(Constant(a), b);

    /// <summary>a / b. Local derivatives: 1 / b and −a / b². Dividing by 0 gives ±∞ or NaN, as for plain doubles.</summary>
    public static Value operator /(Value a, Value b) => Binary<DivideOperation>(a, b);

    /// <summary>a / b, with b a constant.</summary>
    public static Value operator /(Value a, double b) => Binary<DivideOperation>(a, Constant(b));

    /// <summary>a / b, with a a constant.</summary>
    public static Value operator /(double a, Value b) => Binary<DivideOperation>(Constant(a), b);

    /// <summary>A number that takes no part in differentiation, as the 2 of <c>2 * x</c>.</summary>
    /// <param name="data">The number.</param>
    public static Value Constant(double data) => new(data, Operation.Constant);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Value Unary<T>(Value a)
        where T : struct, IUnaryOperation => new(T.Code, T.Apply<Wide1<double>, double>(new(a.Number)).Number, a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Value Binary<T>(Value a, Value b)
        where T : struct, IBinaryOperation => new(T.Code, T.Apply<Wide1<double>, double>(new(a.Number), new(b.Number)).Number, a, b);
}
