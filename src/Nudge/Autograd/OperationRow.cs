// What the table says of an operation, and the way from its code to its definition.

using System.Runtime.CompilerServices;
using One = Nudge.Wide1<double>;

namespace Nudge;

/// <summary>An operation, or a kind of leaf: how it is written and what it computes.</summary>
public abstract class OperationRow
{
    private protected OperationRow(Operation code, int inputCount, string symbol, string formula, params string[] slopes)
    {
        Code = code;
        InputCount = inputCount;
        Symbol = symbol;
        Formula = formula;
        Slopes = slopes;
    }

    /// <summary>Its code.</summary>
    public Operation Code { get; }

    /// <summary>The number of inputs: 0 for leaves.</summary>
    public int InputCount { get; }

    /// <summary>How people write it: <c>+</c>, <c>*</c>, <c>tanh</c>.</summary>
    public string Symbol { get; }

    /// <summary>Whether it is written as a name with its inputs in parentheses.</summary>
    public bool IsFunction => Formula.Length > 0 && char.IsAsciiLetter(Symbol[0]);

    /// <summary>
    /// Its value in terms of the inputs a and b, as it would be written in C, or in JavaScript with the functions of
    /// <c>Math</c>. Empty where no formula makes it: for leaves, and for a select.
    /// </summary>
    public string Formula { get; }

    /// <summary>Its local derivative for each input, in terms of the inputs and the result y, written likewise.</summary>
    public IReadOnlyList<string> Slopes { get; }

    /// <summary>A value that the operation makes of others.</summary>
    /// <param name="inputs">As many as <see cref="InputCount"/> says.</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    /// <exception cref="InvalidOperationException">It is no operation on numbers alone.</exception>
    public Value Of(params ReadOnlySpan<Value> inputs)
    {
        if (inputs.Length != InputCount)
            throw new ArgumentException($"{Code} takes {InputCount} inputs, got {inputs.Length}.", nameof(inputs));
        return Make(inputs);
    }

    /// <summary>f(a, b); b counts for operations of two inputs only.</summary>
    internal virtual double Apply(double a, double b) => throw NoOperation();

    /// <summary>∂y/∂a and ∂y/∂b of a node; the second is 0 for an operation of one input.</summary>
    internal virtual (double A, double B) Derivatives(double a, double b, double y) => throw NoOperation();

    /// <summary>∂y/∂a alone.</summary>
    internal virtual double DerivativeA(double a, double b, double y) => throw NoOperation();

    private protected virtual Value Make(ReadOnlySpan<Value> inputs) => throw NoOperation();

    private InvalidOperationException NoOperation() => new($"{Code} computes nothing from numbers, and so has no local derivatives.");
}

/// <summary>Receives an operation of one input as a type, so that code can be compiled for it.</summary>
internal interface IUnaryVisitor
{
    void Visit<TOperation>()
        where TOperation : struct, IUnaryOperation;
}

/// <summary>Receives an operation of two inputs as a type.</summary>
internal interface IBinaryVisitor
{
    void Visit<TOperation>()
        where TOperation : struct, IBinaryOperation;
}

/// <summary>A leaf, or what <see cref="Value"/> computes by itself.</summary>
internal sealed class PlainRow(Operation code, int inputCount, string symbol) : OperationRow(code, inputCount, symbol, "");

internal abstract class UnaryRow(Operation code, string symbol, string formula, string slope) : OperationRow(code, 1, symbol, formula, slope)
{
    /// <summary>Calls the visitor with the type of the operation.</summary>
    internal abstract void Accept<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IUnaryVisitor;
}

internal abstract class BinaryRow(Operation code, string symbol, string formula, string slopeA, string slopeB)
    : OperationRow(code, 2, symbol, formula, slopeA, slopeB)
{
    /// <summary>Calls the visitor with the type of the operation.</summary>
    internal abstract void Accept<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IBinaryVisitor;
}

// Methods for one number are compiled well at once: eager expressions run them before the runtime would think of it.
internal sealed class UnaryRow<TOperation>(string symbol, string formula, string slope) : UnaryRow(TOperation.Code, symbol, formula, slope)
    where TOperation : struct, IUnaryOperation
{
    internal override void Accept<TVisitor>(ref TVisitor visitor) => visitor.Visit<TOperation>();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override double Apply(double a, double b) => TOperation.Apply<One, double>(new(a)).Number;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override (double A, double B) Derivatives(double a, double b, double y) => (TOperation.Derivative<One, double>(new(a), new(y)).Number, 0);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override double DerivativeA(double a, double b, double y) => TOperation.Derivative<One, double>(new(a), new(y)).Number;

    private protected override Value Make(ReadOnlySpan<Value> inputs) => Value.Unary<TOperation>(inputs[0]);
}

internal sealed class BinaryRow<TOperation>(string symbol, string formula, string slopeA, string slopeB)
    : BinaryRow(TOperation.Code, symbol, formula, slopeA, slopeB)
    where TOperation : struct, IBinaryOperation
{
    internal override void Accept<TVisitor>(ref TVisitor visitor) => visitor.Visit<TOperation>();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override double Apply(double a, double b) => TOperation.Apply<One, double>(new(a), new(b)).Number;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override (double A, double B) Derivatives(double a, double b, double y)
    {
        TOperation.Derivatives<One, double>(new(a), new(b), new(y), out One slopeA, out One slopeB);
        return (slopeA.Number, slopeB.Number);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override double DerivativeA(double a, double b, double y)
    {
        TOperation.Derivatives<One, double>(new(a), new(b), new(y), out One slopeA, out _);
        return slopeA.Number;
    }

    private protected override Value Make(ReadOnlySpan<Value> inputs) => Value.Binary<TOperation>(inputs[0], inputs[1]);
}
