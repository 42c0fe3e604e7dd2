// An expression as it was typed: what to compute, and how it is written.

using System.Globalization;

namespace Nudge.Cli;

/// <summary>
/// A node of a typed expression: a name (<see cref="Operation.Leaf"/>), a number (<see cref="Operation.Constant"/>), or
/// an operation on others.
/// </summary>
internal sealed class Expression
{
    private const int AtomPrecedence = 5;

    internal Expression(string name)
        : this(Operation.Leaf) => Name = name;

    internal Expression(double number)
        : this(Operation.Constant) => Number = number;

    internal Expression(Operation operation, params Expression[] operands)
    {
        Operation = operation;
        Operands = operands;
        Depth = operands.Length == 0 ? 1 : 1 + operands.Max(operand => operand.Depth);
    }

    internal Operation Operation { get; }

    internal IReadOnlyList<Expression> Operands { get; }

    internal string Name { get; } = "";

    internal double Number { get; }

    /// <summary>How many nodes lie one below the other, itself included.</summary>
    internal int Depth { get; }

    /// <summary>Every name, once, in the order in which they stand.</summary>
    internal IReadOnlyList<string> Names => [.. OccurringNames(this).Distinct()];

    /// <summary>The names it could hold for functions, and what they mean.</summary>
    internal static IReadOnlyDictionary<string, Operation> Functions { get; } =
        OperationTable.Rows
            .Where(row => row.IsFunction && row.Code is not (Operation.Negate or Operation.Detach)) // a sign, and nothing that one would type
            .ToDictionary(row => row.Symbol, row => row.Code);

    private int Precedence => Operation switch
    {
        Operation.Add or Operation.Subtract => 1,
        Operation.Multiply or Operation.Divide => 2,
        Operation.Negate => 3,
        Operation.Power => 4,
        _ => AtomPrecedence,
    };

    /// <summary>The expression as a graph of values, with what was made for each node.</summary>
    /// <param name="leaves">A value for each name.</param>
    /// <param name="made">Where each node's value is noted.</param>
    internal Value Build(IReadOnlyDictionary<string, Value> leaves, IDictionary<Expression, Value>? made = null)
    {
        Value[] inputs = [.. Operands.Select(operand => operand.Build(leaves, made))];
        Value value = Operation switch
        {
            Operation.Leaf => leaves[Name],
            Operation.Constant => Value.Constant(Number),
            _ => OperationTable.Row(Operation).Of(inputs),
        };
        made?.Add(this, value);
        return value;
    }

    /// <summary>With no more parentheses than it needs to be read back as the same expression.</summary>
    public override string ToString() => Operation switch
    {
        Operation.Leaf => Name,
        Operation.Constant => Number.ToString("R", CultureInfo.InvariantCulture),
        Operation.Add => $"{Operand(0, 1)} + {Operand(1, 2)}",
        Operation.Subtract => $"{Operand(0, 1)} - {Operand(1, 2)}",
        Operation.Multiply => $"{Operand(0, 2)}*{Operand(1, 3)}",
        Operation.Divide => $"{Operand(0, 2)}/{Operand(1, 3)}",
        Operation.Negate => $"-{Operand(0, 3)}",
        Operation.Power => $"{Operand(0, AtomPrecedence)}^{Operand(1, 3)}",
        _ => $"{OperationTable.Row(Operation).Symbol}({string.Join(", ", Operands)})",
    };

    private string Operand(int index, int leastPrecedence)
    {
        Expression operand = Operands[index];
        return operand.Precedence < leastPrecedence ? $"({operand})" : operand.ToString();
    }

    private static IEnumerable<string> OccurringNames(Expression expression) => expression.Operation == Operation.Leaf
        ? [expression.Name]
        : expression.Operands.SelectMany(OccurringNames);
}
