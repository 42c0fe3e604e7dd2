// Functions of values, each as a method (x.Tanh()) and as a static (Value.Tanh(x), which F# reads as `tanh x`).

using System.Runtime.CompilerServices;

namespace Nudge;

public sealed partial class Value
{
    /// <summary>eᵃ. Local derivative: eᵃ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Value Exp() => Unary<ExpOperation>(this);

    /// <inheritdoc cref="Exp()"/>
    public static Value Exp(Value a) => a.Exp();

    /// <summary>The natural logarithm, ln a. Local derivative: 1 / a. −∞ at 0 and NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Value Log() => Unary<LogOperation>(this);

    /// <inheritdoc cref="Log()"/>
    public static Value Log(Value a) => a.Log();

    /// <summary>√a. Local derivative: 1 / (2√a), which is ∞ at 0. NaN below 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Value Sqrt() => Unary<SqrtOperation>(this);

    /// <inheritdoc cref="Sqrt()"/>
    public static Value Sqrt(Value a) => a.Sqrt();

    /// <summary>tanh a, between −1 and 1. Local derivative: 1 − tanh² a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Value Tanh() => Unary<TanhOperation>(this);

    /// <inheritdoc cref="Tanh()"/>
    public static Value Tanh(Value a) => a.Tanh();

    /// <summary>The logistic function y = 1 / (1 + e⁻ᵃ), between 0 and 1. Local derivative: y (1 − y).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Value Sigmoid() => Unary<SigmoidOperation>(this);

    /// <inheritdoc cref="Sigmoid()"/>
    public static Value Sigmoid(Value a) => a.Sigmoid();

    /// <summary>
    /// The rectifier max(0, a). Local derivative: 1 above 0, otherwise 0, at 0 too. NaN gives NaN, in the value and in
    /// the gradient.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Value Relu() => Unary<ReluOperation>(this);

    /// <inheritdoc cref="Relu()"/>
    public static Value Relu(Value a) => a.Relu();

    /// <summary>|a|. Local derivative: the sign of a, 0 at 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Value Abs() => Unary<AbsOperation>(this);

    /// <inheritdoc cref="Abs()"/>
    public static Value Abs(Value a) => a.Abs();

    /// <summary>sin a. Local derivative: cos a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Value Sin() => Unary<SinOperation>(this);

    /// <inheritdoc cref="Sin()"/>
    public static Value Sin(Value a) => a.Sin();

    /// <summary>cos a. Local derivative: −sin a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Value Cos() => Unary<CosOperation>(this);

    /// <inheritdoc cref="Cos()"/>
    public static Value Cos(Value a) => a.Cos();

    /// <summary>
    /// aᵇ. Local derivatives: b·aᵇ⁻¹ and aᵇ·ln a. a⁰ is 1 with slope 0 in a, for a = 0 too; 0ᵇ has slope 0 in b for
    /// b ≥ 0. A negative base is a number for integer b only, and its slope in b is NaN: raise to a plain number where
    /// the base can be negative.
    /// </summary>
    /// <param name="exponent">b.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Value Pow(Value exponent) => Binary<PowerOperation>(this, exponent);

    /// <summary>aᵇ with b a plain number. Local derivative: b·aᵇ⁻¹, and 0 for b = 0.</summary>
    /// <param name="exponent">b.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Value Pow(double exponent) => Binary<PowerOperation>(this, Constant(exponent));

    /// <inheritdoc cref="Pow(Value)"/>
    public static Value Pow(Value a, Value exponent) => a.Pow(exponent);

    /// <inheritdoc cref="Pow(double)"/>
    public static Value Pow(Value a, double exponent) => a.Pow(exponent);

    /// <summary>
    /// The greater of the two. Local derivatives: 1 for the greater, 0 for the other, ½ each at a tie. NaN in either
    /// gives NaN.
    /// </summary>
    /// <param name="other">b.</param>
    public Value Max(Value other) => Binary<MaxOperation>(this, other);

    /// <summary>The greater of the value and a plain number.</summary>
    /// <param name="other">b.</param>
    public Value Max(double other) => Binary<MaxOperation>(this, Constant(other));

    /// <inheritdoc cref="Max(Value)"/>
    public static Value Max(Value a, Value b) => a.Max(b);

    /// <summary>The greatest of several values.</summary>
    /// <param name="values">At least one value.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static Value Max(params ReadOnlySpan<Value> values) => Fold<MaxOperation>(values);

    /// <summary>
    /// The lesser of the two. Local derivatives: 1 for the lesser, 0 for the other, ½ each at a tie. NaN in either
    /// gives NaN.
    /// </summary>
    /// <param name="other">b.</param>
    public Value Min(Value other) => Binary<MinOperation>(this, other);

    /// <summary>The lesser of the value and a plain number.</summary>
    /// <param name="other">b.</param>
    public Value Min(double other) => Binary<MinOperation>(this, Constant(other));

    /// <inheritdoc cref="Min(Value)"/>
    public static Value Min(Value a, Value b) => a.Min(b);

    /// <summary>The least of several values.</summary>
    /// <param name="values">At least one value.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static Value Min(params ReadOnlySpan<Value> values) => Fold<MinOperation>(values);

    /// <summary>The sum, from the first to the last. 0 for none.</summary>
    /// <param name="values">The terms.</param>
    public static Value Sum(params ReadOnlySpan<Value> values) =>
        values.IsEmpty ? Constant(0) : Fold<AddOperation>(values);

    /// <summary>The mean: the sum divided by the count.</summary>
    /// <param name="values">At least one value.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static Value Mean(params ReadOnlySpan<Value> values) => Fold<AddOperation>(values) / values.Length;

    /// <summary>The same number with no gradient flowing back through it.</summary>
    public Value Detach() => Unary<DetachOperation>(this);

    /// <summary>The value at a place in a list: the way to look up a row of a table or the score of a class.</summary>
    /// <param name="values">The list.</param>
    /// <param name="index">From 0 to the length of the list less 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index lies outside the list.</exception>
    public static Value Select(ReadOnlySpan<Value> values, IndexValue index)
    {
        if ((uint)index.Number >= (uint)values.Length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index), index.Number, $"The list has {values.Length} values, so the index goes from 0 to {values.Length - 1}.");
        }
        return index.Placeholder is { } placeholder ? RecordedSelect(values.ToArray(), placeholder) : values[index.Number];
    }

    private static Value Fold<T>(ReadOnlySpan<Value> values)
        where T : struct, IBinaryOperation
    {
        if (values.IsEmpty)
            throw new ArgumentException("Expected at least one value, got none.", nameof(values));
        Value result = values[0];
        foreach (Value value in values[1..])
            result = Binary<T>(result, value);
        return result;
    }
}
