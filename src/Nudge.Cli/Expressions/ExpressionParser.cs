// From text to an expression: numbers, names, functions, + - * / ^ and parentheses.

using System.Globalization;

namespace Nudge.Cli;

/// <summary>
/// Reads by descent, one method for each strength of binding:
/// <code>
/// sum     = product { ("+" | "-") product }
/// product = unary { ("*" | "/") unary }
/// unary   = "-" unary | power
/// power   = atom [ "^" unary ]
/// atom    = number | name | function "(" sum { "," sum } ")" | "(" sum ")"
/// </code>
/// </summary>
internal sealed class ExpressionParser
{
    /// <summary>Deeper ones are refused: they could exhaust the stack, and nobody could read them.</summary>
    internal const int DeepestNesting = 200;

    private readonly string _text;
    private int _position;
    private int _nesting;

    private ExpressionParser(string text) => _text = text;

    private char Current => _position < _text.Length ? _text[_position] : '\0';

    private bool AtEnd => _position == _text.Length;

    /// <exception cref="ExpressionException">The text is no expression.</exception>
    internal static Expression Parse(string text)
    {
        var parser = new ExpressionParser(text);
        parser.SkipSpace();
        Expression expression = parser.Sum();
        return parser.AtEnd ? expression : throw parser.Unexpected("an operator (+ - * / ^) or the end");
    }

    private Expression Sum()
    {
        Expression left = Product();
        while (Current is '+' or '-')
        {
            int position = _position;
            Operation operation = Take() == '+' ? Operation.Add : Operation.Subtract;
            left = Node(position, operation, left, Product());
        }
        return left;
    }

    private Expression Product()
    {
        Expression left = Unary();
        while (Current is '*' or '/')
        {
            int position = _position;
            Operation operation = Take() == '*' ? Operation.Multiply : Operation.Divide;
            left = Node(position, operation, left, Unary());
        }
        return left;
    }

    private Expression Unary()
    {
        if (++_nesting > DeepestNesting)
            throw TooDeep(_position);
        int position = _position;
        Expression result;
        if (Current == '-')
        {
            Take();
            result = Node(position, Operation.Negate, Unary());
        }
        else
        {
            result = Power();
        }
        _nesting--;
        return result;
    }

    private Expression Power()
    {
        Expression atom = Atom();
        if (Current != '^')
            return atom;
        int position = _position;
        Take();
        return Node(position, Operation.Power, atom, Unary());
    }

    private Expression Atom()
    {
        if (char.IsAsciiDigit(Current) || Current == '.')
            return new Expression(Number());
        if (char.IsLetter(Current) || Current == '_')
            return NameOrCall();
        if (Current != '(')
            throw Unexpected("a number, a name or '('");
        Take();
        Expression inner = Sum();
        Close("an operator (+ - * / ^) or ')'");
        return inner;
    }

    private double Number()
    {
        int start = _position;
        SkipDigits();
        if (Current == '.')
        {
            _position++;
            SkipDigits();
        }
        if (Current is 'e' or 'E')
        {
            int sign = _position + 1 < _text.Length && _text[_position + 1] is '+' or '-' ? 1 : 0;
            if (_position + 1 + sign < _text.Length && char.IsAsciiDigit(_text[_position + 1 + sign]))
            {
                _position += 1 + sign;
                SkipDigits();
            }
        }
        string digits = _text[start.._position];
        if (!double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            throw Error(start, $"expected a number, got '{digits}'");
        if (double.IsInfinity(number))
            throw Error(start, $"{digits} is too large: the greatest number is about 1.8e308");
        SkipSpace();
        return number;
    }

    private Expression NameOrCall()
    {
        int start = _position;
        while (char.IsLetterOrDigit(Current) || Current == '_')
            _position++;
        string name = _text[start.._position];
        SkipSpace();
        bool isFunction = Expression.Functions.TryGetValue(name, out Operation operation);
        if (Current != '(')
            return isFunction ? throw Error(start, $"'{name}' is a function: write {name}(…)") : new Expression(name);
        if (!isFunction)
            throw Error(start, UnknownFunction(name));

        int count = OperationTable.Row(operation).InputCount;
        string takes = $"since {name} takes {(count == 1 ? "one argument" : "two arguments")}";
        var arguments = new List<Expression>();
        do
        {
            Take();
            arguments.Add(Sum());
        }
        while (Current == ',' && arguments.Count < count);
        if (arguments.Count < count)
            throw Unexpected($"',', {takes}");
        Close(Current == ',' ? $"')', {takes}" : "an operator (+ - * / ^) or ')'");
        return Node(start, operation, [.. arguments]);
    }

    private static string UnknownFunction(string name)
    {
        string? nearest = Text.Nearest(name, Expression.Functions.Keys);
        return $"there is no function '{name}'" +
            (nearest is null
                ? $"; the functions are {string.Join(", ", Expression.Functions.Keys)}; to multiply, write {name}*(…)"
                : $"; did you mean '{nearest}'?");
    }

    private Expression Node(int position, Operation operation, params Expression[] operands)
    {
        var node = new Expression(operation, operands);
        return node.Depth <= DeepestNesting ? node : throw TooDeep(position);
    }

    private void Close(string expected)
    {
        if (Current != ')')
            throw Unexpected(expected);
        Take();
    }

    private char Take()
    {
        char taken = _text[_position++];
        SkipSpace();
        return taken;
    }

    private void SkipSpace()
    {
        while (!AtEnd && char.IsWhiteSpace(Current))
            _position++;
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Current))
            _position++;
    }

    private ExpressionException Unexpected(string expected)
    {
        string got = AtEnd ? "the end"
            : char.IsSurrogate(Current) || char.IsControl(Current) ? $"the character U+{(int)Current:X4}"
            : $"'{Current}'";
        return Error(_position, $"expected {expected}, got {got}");
    }

    private ExpressionException TooDeep(int position) => Error(
        position, $"the expression is more than {DeepestNesting} operations deep here; split it, or leave parentheses out");

    private ExpressionException Error(int position, string message) =>
        new($"character {position + 1}: {message}", _text, position);
}
