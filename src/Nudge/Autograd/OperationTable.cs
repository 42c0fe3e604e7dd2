// From an operation's code to its definition: the only place that lists them all.

namespace Nudge;

internal static class OperationTable
{
    /// <summary>The number of inputs: 0 for leaves.</summary>
    internal static int Arity(Operation operation) => operation switch
    {
        Operation.Leaf or Operation.Constant or Operation.Parameter => 0,
        Operation.Add or Operation.Subtract or Operation.Multiply or Operation.Divide
            or Operation.Power or Operation.Max or Operation.Min => 2,
        _ => 1,
    };

    /// <summary>How people write it: <c>+</c>, <c>*</c>, <c>tanh</c>.</summary>
    internal static string Symbol(Operation operation) => operation switch
    {
        Operation.Add => "+",
        Operation.Subtract => "-",
        Operation.Multiply => "*",
        Operation.Divide => "/",
        Operation.Negate => "neg",
        Operation.Power => "^",
        _ => operation.ToString().ToLowerInvariant(),
    };

    /// <summary>y = f(a, b); b counts for operations of two inputs only.</summary>
    internal static double Apply(Operation operation, double a, double b) => operation switch
    {
        Operation.Detach => DetachOperation.Apply(a),
        Operation.Add => AddOperation.Apply(a, b),
        Operation.Subtract => SubtractOperation.Apply(a, b),
        Operation.Multiply => MultiplyOperation.Apply(a, b),
        Operation.Divide => DivideOperation.Apply(a, b),
        Operation.Negate => NegateOperation.Apply(a),
        Operation.Power => PowerOperation.Apply(a, b),
        Operation.Exp => ExpOperation.Apply(a),
        Operation.Log => LogOperation.Apply(a),
        Operation.Sqrt => SqrtOperation.Apply(a),
        Operation.Tanh => TanhOperation.Apply(a),
        Operation.Sigmoid => SigmoidOperation.Apply(a),
        Operation.Relu => ReluOperation.Apply(a),
        Operation.Abs => AbsOperation.Apply(a),
        Operation.Max => MaxOperation.Apply(a, b),
        Operation.Min => MinOperation.Apply(a, b),
        Operation.Sin => SinOperation.Apply(a),
        Operation.Cos => CosOperation.Apply(a),
        _ => throw new InvalidOperationException($"{operation} computes nothing from two numbers."),
    };

    /// <summary>∂y/∂a and ∂y/∂b of a node; the second is 0 for an operation of one input.</summary>
    internal static (double A, double B) Derivatives(Operation operation, double a, double b, double y) => operation switch
    {
        Operation.Detach => Unary<DetachOperation>(a, y),
        Operation.Add => AddOperation.Derivatives(a, b, y),
        Operation.Subtract => SubtractOperation.Derivatives(a, b, y),
        Operation.Multiply => MultiplyOperation.Derivatives(a, b, y),
        Operation.Divide => DivideOperation.Derivatives(a, b, y),
        Operation.Negate => Unary<NegateOperation>(a, y),
        Operation.Power => PowerOperation.Derivatives(a, b, y),
        Operation.Exp => Unary<ExpOperation>(a, y),
        Operation.Log => Unary<LogOperation>(a, y),
        Operation.Sqrt => Unary<SqrtOperation>(a, y),
        Operation.Tanh => Unary<TanhOperation>(a, y),
        Operation.Sigmoid => Unary<SigmoidOperation>(a, y),
        Operation.Relu => Unary<ReluOperation>(a, y),
        Operation.Abs => Unary<AbsOperation>(a, y),
        Operation.Max => MaxOperation.Derivatives(a, b, y),
        Operation.Min => MinOperation.Derivatives(a, b, y),
        Operation.Sin => Unary<SinOperation>(a, y),
        Operation.Cos => Unary<CosOperation>(a, y),
        _ => throw new InvalidOperationException($"{operation} has no inputs and so no local derivatives."),
    };

    private static (double A, double B) Unary<T>(double a, double y)
        where T : struct, IUnaryOperation => (T.Derivative(a, y), 0);
}
