// From an operation's code to its definition: the only place that lists them all.

namespace Nudge;

/// <summary>All operations, a row each. Whatever has to know of an operation reads it here.</summary>
public static class OperationTable
{
    private static readonly OperationRow[] s_rows = InOrder(
    [
        new PlainRow(Operation.Leaf, 0, "leaf"),
        new PlainRow(Operation.Constant, 0, "constant"),
        new PlainRow(Operation.Parameter, 0, "parameter"),
        new UnaryRow<DetachOperation>("detach", "a", "0"),
        new BinaryRow<AddOperation>("+", "a + b", "1", "1"),
        new BinaryRow<SubtractOperation>("-", "a - b", "1", "-1"),
        new BinaryRow<MultiplyOperation>("*", "a * b", "b", "a"),
        new BinaryRow<DivideOperation>("/", "a / b", "1 / b", "-y / b"),
        new UnaryRow<NegateOperation>("neg", "-a", "-1"),
        new BinaryRow<PowerOperation>("^", "pow(a, b)", "b == 0 ? 0 : b * pow(a, b - 1)", "a == 0 && b >= 0 ? 0 : y * log(a)"),
        new UnaryRow<ExpOperation>("exp", "exp(a)", "y"),
        new UnaryRow<LogOperation>("log", "log(a)", "1 / a"),
        new UnaryRow<SqrtOperation>("sqrt", "sqrt(a)", "0.5 / y"),
        new UnaryRow<TanhOperation>("tanh", "tanh(a)", "1 - y * y"),
        new UnaryRow<SigmoidOperation>("sigmoid", "1 / (1 + exp(-a))", "y * (1 - y)"),
        new UnaryRow<ReluOperation>("relu", "max(a, 0)", "max(sign(a), 0)"),
        new UnaryRow<AbsOperation>("abs", "abs(a)", "sign(a)"),
        new BinaryRow<MaxOperation>("max", "max(a, b)", "a == b ? 0.5 : max(sign(a - b), 0)", "a == b ? 0.5 : max(sign(b - a), 0)"),
        new BinaryRow<MinOperation>("min", "min(a, b)", "a == b ? 0.5 : max(sign(b - a), 0)", "a == b ? 0.5 : max(sign(a - b), 0)"),
        new UnaryRow<SinOperation>("sin", "sin(a)", "cos(a)"),
        new UnaryRow<CosOperation>("cos", "cos(a)", "-sin(a)"),
        new PlainRow(Operation.Select, 1, "select"),
    ]);

    /// <summary>The rows, in the order of the codes.</summary>
    public static IReadOnlyList<OperationRow> Rows => s_rows;

    /// <summary>The row of an operation.</summary>
    /// <param name="operation">Its code.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such operation.</exception>
    public static OperationRow Row(Operation operation) => (int)operation < s_rows.Length
        ? s_rows[(int)operation]
        : throw new ArgumentOutOfRangeException(nameof(operation), operation, $"There are operations 0 to {s_rows.Length - 1}.");

    /// <summary>The row of an operation of one input.</summary>
    internal static UnaryRow Unary(Operation operation) =>
        Row(operation) as UnaryRow ?? throw new InvalidOperationException($"{operation} is no operation of one input.");

    /// <summary>The row of an operation of two inputs.</summary>
    internal static BinaryRow Binary(Operation operation) =>
        Row(operation) as BinaryRow ?? throw new InvalidOperationException($"{operation} is no operation of two inputs.");

    /// <summary>The number of inputs: 0 for leaves.</summary>
    internal static int Arity(Operation operation) => s_rows[(int)operation].InputCount;

    /// <summary>How people write it: <c>+</c>, <c>*</c>, <c>tanh</c>.</summary>
    internal static string Symbol(Operation operation) => s_rows[(int)operation].Symbol;

    /// <summary>y = f(a, b); b counts for operations of two inputs only.</summary>
    internal static double Apply(Operation operation, double a, double b) => s_rows[(int)operation].Apply(a, b);

    /// <summary>∂y/∂a and ∂y/∂b of a node; the second is 0 for an operation of one input.</summary>
    internal static (double A, double B) Derivatives(Operation operation, double a, double b, double y) => s_rows[(int)operation].Derivatives(a, b, y);

    /// <summary>∂y/∂a of a node.</summary>
    internal static double DerivativeA(Operation operation, double a, double b, double y) => s_rows[(int)operation].DerivativeA(a, b, y);

    private static OperationRow[] InOrder(OperationRow[] rows)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            if ((int)rows[i].Code != i)
                throw new InvalidOperationException($"Row {i} of the table of operations is {rows[i].Code}; expected {(Operation)i}, as in the enum.");
        }
        return rows;
    }
}
