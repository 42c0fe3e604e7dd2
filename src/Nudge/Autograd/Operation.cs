// Every operation a Value can come from, by its code, and what an operation has to say of itself.

using System.Numerics;

namespace Nudge;

/// <summary>What a <see cref="Value"/> is, or which operation made it.</summary>
public enum Operation : byte
{
    /// <summary>A number that a user made: an input, a target or a weight of their own.</summary>
    Leaf,

    /// <summary>A literal that an operator turned into a node, as the 2 of <c>2 * x</c>. It has no gradient.</summary>
    Constant,

    /// <summary>A leaf that is trained: a view into the block of numbers that its module or optimizer owns.</summary>
    Parameter,

    /// <summary>y = a, with no gradient flowing to a.</summary>
    Detach,

    /// <summary>y = a + b.</summary>
    Add,

    /// <summary>y = a − b.</summary>
    Subtract,

    /// <summary>y = a · b.</summary>
    Multiply,

    /// <summary>y = a / b.</summary>
    Divide,

    /// <summary>y = −a.</summary>
    Negate,

    /// <summary>y = aᵇ.</summary>
    Power,

    /// <summary>y = eᵃ.</summary>
    Exp,

    /// <summary>y = ln a.</summary>
    Log,

    /// <summary>y = √a.</summary>
    Sqrt,

    /// <summary>y = tanh a.</summary>
    Tanh,

    /// <summary>y = 1 / (1 + e⁻ᵃ).</summary>
    Sigmoid,

    /// <summary>y = max(0, a).</summary>
    Relu,

    /// <summary>y = |a|.</summary>
    Abs,

    /// <summary>y = max(a, b).</summary>
    Max,

    /// <summary>y = min(a, b).</summary>
    Min,

    /// <summary>y = sin a.</summary>
    Sin,

    /// <summary>y = cos a.</summary>
    Cos,

    /// <summary>y = the one of several values that a recorded index chooses.</summary>
    Select,
}

/// <summary>An operation of one input: y = f(a).</summary>
internal interface IUnaryOperation
{
    /// <summary>The code under which <see cref="OperationTable"/> finds it.</summary>
    static abstract Operation Code { get; }

    /// <summary>f(a), of one number or of several side by side.</summary>
    static abstract V Apply<V, T>(V a)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>dy/da, from the input and the result.</summary>
    static abstract V Derivative<V, T>(V a, V y)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>An operation of two inputs: y = f(a, b).</summary>
internal interface IBinaryOperation
{
    /// <summary>The code under which <see cref="OperationTable"/> finds it.</summary>
    static abstract Operation Code { get; }

    /// <summary>f(a, b), of one number each or of several side by side.</summary>
    static abstract V Apply<V, T>(V a, V b)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>∂y/∂a and ∂y/∂b, from the inputs and the result.</summary>
    static abstract void Derivatives<V, T>(V a, V b, V y, out V slopeA, out V slopeB)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
