// Every operation as a function of values, so that a test can go through all of them.

namespace Nudge.Tests.Autograd;

internal static class Operations
{
    internal static IReadOnlyDictionary<Operation, Func<Value, Value>> Unary { get; } = new Dictionary<Operation, Func<Value, Value>>
    {
        [Operation.Detach] = a => a.Detach(),
        [Operation.Negate] = a => -a,
        [Operation.Exp] = Value.Exp,
        [Operation.Log] = Value.Log,
        [Operation.Sqrt] = Value.Sqrt,
        [Operation.Tanh] = Value.Tanh,
        [Operation.Sigmoid] = Value.Sigmoid,
        [Operation.Relu] = Value.Relu,
        [Operation.Abs] = Value.Abs,
        [Operation.Sin] = Value.Sin,
        [Operation.Cos] = Value.Cos,
    };

    internal static IReadOnlyDictionary<Operation, Func<Value, Value, Value>> Binary { get; } = new Dictionary<Operation, Func<Value, Value, Value>>
    {
        [Operation.Add] = (a, b) => a + b,
        [Operation.Subtract] = (a, b) => a - b,
        [Operation.Multiply] = (a, b) => a * b,
        [Operation.Divide] = (a, b) => a / b,
        [Operation.Power] = Value.Pow,
        [Operation.Max] = Value.Max,
        [Operation.Min] = Value.Min,
    };

    /// <summary>The binary operations with a plain number on the right, and on the left where there is such a form.</summary>
    internal static IReadOnlyDictionary<Operation, (Func<Value, double, Value> Right, Func<double, Value, Value>? Left)> WithNumbers { get; } =
        new Dictionary<Operation, (Func<Value, double, Value>, Func<double, Value, Value>?)>
        {
            [Operation.Add] = ((a, b) => a + b, (a, b) => a + b),
            [Operation.Subtract] = ((a, b) => a - b, (a, b) => a - b),
            [Operation.Multiply] = ((a, b) => a * b, (a, b) => a * b),
            [Operation.Divide] = ((a, b) => a / b, (a, b) => a / b),
            [Operation.Power] = (Value.Pow, null),
            [Operation.Max] = ((a, b) => a.Max(b), null),
            [Operation.Min] = ((a, b) => a.Min(b), null),
        };
}
