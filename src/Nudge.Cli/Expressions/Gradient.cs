// An expression at a point: its value, and the gradient of each part.

namespace Nudge.Cli;

/// <summary>An expression computed with given numbers and differentiated.</summary>
internal sealed class Gradient
{
    private readonly Dictionary<Expression, Value> _values = [];

    private Gradient(Expression expression, Dictionary<string, Value> leaves)
    {
        Expression = expression;
        Leaves = [.. expression.Names.Select(name => KeyValuePair.Create(name, leaves[name]))];
        Result = expression.Build(leaves, _values);
        Result.Backward();
    }

    internal Expression Expression { get; }

    /// <summary>The names in the order in which they stand, with their values.</summary>
    internal IReadOnlyList<KeyValuePair<string, Value>> Leaves { get; }

    internal Value Result { get; }

    /// <summary>Every node, those it is computed from before it.</summary>
    internal IEnumerable<Expression> Nodes => _values.Keys;

    internal Value this[Expression node] => _values[node];

    /// <summary>Differentiates an expression.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="assignments">A number for each name, as <c>w=1</c>.</param>
    /// <exception cref="UserException">A name has no number or two, or a number no name.</exception>
    internal static Gradient Of(Expression expression, IEnumerable<string> assignments)
    {
        var leaves = new Dictionary<string, Value>();
        foreach (string assignment in assignments)
        {
            string[] parts = assignment.Split('=', 2);
            string name = parts[0].Trim();
            if (parts.Length != 2 || name.Length == 0)
                throw new UserException($"expected name=number after the expression, as w=1, got '{assignment}'");
            if (!Choices.TryNumber(parts[1], out double number))
                throw new UserException($"expected a number after '{name}=', got '{parts[1]}'");
            if (!leaves.TryAdd(name, new Value(number) { Label = name }))
                throw new UserException($"'{name}' is given twice; give each name one number");
        }
        if (expression.Names.FirstOrDefault(name => !leaves.ContainsKey(name)) is { } missing)
            throw new UserException($"'{missing}' has no number; add {missing}=NUMBER");
        if (leaves.Keys.FirstOrDefault(name => !expression.Names.Contains(name)) is { } unused)
            throw new UserException($"'{unused}' does not stand in the expression; " + (expression.Names.Count == 0 ? "it has no names" : $"its names are {string.Join(", ", expression.Names)}"));
        return new Gradient(expression, leaves);
    }

    /// <summary>The value with one name's number changed.</summary>
    internal double At(string name, double number) =>
        Expression.Build(Leaves.ToDictionary(leaf => leaf.Key, leaf => new Value(leaf.Key == name ? number : leaf.Value.Data))).Data;

    /// <summary>The paths by which a name's gradient came.</summary>
    /// <exception cref="UserException">The expression has no such name.</exception>
    internal GradientExplanation Explain(string name)
    {
        Value? leaf = Leaves.FirstOrDefault(leaf => leaf.Key == name).Value;
        return leaf is not null
            ? GradientExplanation.Of(Result, leaf)
            : throw new UserException($"--explain: '{name}' does not stand in the expression; " + (Leaves.Count == 0 ? "it has no names" : $"its names are {string.Join(", ", Expression.Names)}"));
    }

    /// <summary>The part of the expression that a value is of.</summary>
    internal string TextOf(Value value) => _values.First(entry => entry.Value == value).Key.ToString();

    /// <summary>Compares the gradients with measured slopes; null where there is no name.</summary>
    internal GradientReport? Check()
    {
        if (Leaves.Count == 0)
            return null;
        var leaves = Leaves.ToDictionary(leaf => leaf.Key, leaf => leaf.Value);
        return GradientCheck.Check(() => Expression.Build(leaves), new ParameterList(leaves.Values));
    }

    /// <summary>The first node that is no finite number although all it is computed from are; null where there is none.</summary>
    internal Expression? FirstBad => Nodes.FirstOrDefault(node =>
        !double.IsFinite(_values[node].Data) && node.Operands.All(operand => double.IsFinite(_values[operand].Data)));

    /// <summary>The slopes on both sides of where a name is, if they differ and the gradient lies between: a kink; else null.</summary>
    internal (double Left, double Right)? KinkAt(GradientComparison entry)
    {
        const double step = 1e-6, tolerance = 1e-3;
        double h = step * Math.Max(1, Math.Abs(entry.Data)), here = Result.Data;
        double left = (here - At(entry.Name, entry.Data - h)) / h, right = (At(entry.Name, entry.Data + h) - here) / h;
        double slack = tolerance * Math.Max(1, Math.Max(Math.Abs(left), Math.Abs(right)));
        bool isBetween = entry.Computed >= Math.Min(left, right) - slack && entry.Computed <= Math.Max(left, right) + slack;
        return Math.Abs(left - right) > slack && isBetween ? (left, right) : null;
    }
}
