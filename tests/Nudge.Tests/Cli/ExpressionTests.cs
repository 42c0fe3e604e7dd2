// Reading and writing expressions.

using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("1 + 2*3", 7)]
    [InlineData("(1 + 2)*3", 9)]
    [InlineData("10 - 4 - 3", 3)]
    [InlineData("24/4/3", 2)]
    [InlineData("24/(4/2)", 12)]
    [InlineData("2^3^2", 512)]
    [InlineData("(2^3)^2", 64)]
    [InlineData("-2^2", -4)]
    [InlineData("(-2)^2", 4)]
    [InlineData("2^-2", 0.25)]
    [InlineData("2*-3", -6)]
    [InlineData("--3", 3)]
    [InlineData("1e-3", 0.001)]
    [InlineData(".5 + 2.", 2.5)]
    [InlineData("1E2", 100)]
    [InlineData("max(1, 2) - min(3,4)", -1)]
    [InlineData("relu(-3) + abs(-3)", 3)]
    public void Operations_bind_as_in_mathematics(string text, double expected) => Assert.Equal(expected, ValueOf(ExpressionParser.Parse(text)));

    [Fact]
    public void Random_expressions_have_the_value_that_was_computed_without_the_parser()
    {
        var rng = new Rng(11);
        for (int i = 0; i < 2000; i++)
        {
            RandomExpression random = RandomExpression.Make(rng, 5);
            double value = ValueOf(ExpressionParser.Parse(random.Text));
            // A power may differ in its last bits, which can also be the difference between finite and not.
            if (double.IsFinite(random.Value) && Math.Abs(random.Value) < 1e100)
                Assert.Equal(random.Value, value, 1e-12 * Math.Max(1, Math.Abs(random.Value)));
            else
                Assert.Equal(double.IsNaN(random.Value), double.IsNaN(value));
        }
    }

    [Fact]
    public void A_written_expression_is_read_back_as_the_same()
    {
        var rng = new Rng(12);
        for (int i = 0; i < 2000; i++)
        {
            RandomExpression random = RandomExpression.Make(rng, 5);
            Expression once = ExpressionParser.Parse(random.Text);
            Expression twice = ExpressionParser.Parse(once.ToString());
            Assert.Equal(Structure(once), Structure(twice));
            Assert.Equal(once.ToString(), twice.ToString());
        }
    }

    [Theory]
    [InlineData("((w*(x)) - y)^2", "(w*x - y)^2")]
    [InlineData("a-(b-c)", "a - (b - c)")]
    [InlineData("(a-b)-c", "a - b - c")]
    [InlineData("-(a^2)", "-a^2")]
    [InlineData("(-a)^(b^c)", "(-a)^b^c")]
    public void Only_needed_parentheses_are_written(string text, string expected) => Assert.Equal(expected, ExpressionParser.Parse(text).ToString());

    [Theory]
    [InlineData("", 0, "expected a number, a name or '(', got the end")]
    [InlineData("(w*x - )^2", 7, "expected a number, a name or '(', got ')'")]
    [InlineData("2x", 1, "expected an operator (+ - * / ^) or the end, got 'x'")]
    [InlineData("(a + b", 6, "expected an operator (+ - * / ^) or ')', got the end")]
    [InlineData("a + b)", 5, "expected an operator (+ - * / ^) or the end, got ')'")]
    [InlineData("a $ b", 2, "got '$'")]
    [InlineData("tanh", 0, "'tanh' is a function: write tanh(…)")]
    [InlineData("1 + tan(x)", 4, "there is no function 'tan'; did you mean 'tanh'?")]
    [InlineData("w(x)", 0, "to multiply, write w*(…)")]
    [InlineData("max(1)", 5, "expected ',', since max takes two arguments")]
    [InlineData("max(1, 2, 3)", 8, "expected ')', since max takes two arguments")]
    [InlineData("tanh(1, 2)", 6, "expected ')', since tanh takes one argument")]
    [InlineData("1e999", 0, "is too large")]
    [InlineData("1.2.3", 3, "got '.'")]
    [InlineData(".", 0, "expected a number, got '.'")]
    [InlineData("a\0b", 1, "got the character U+0000")]
    public void An_error_names_the_character_and_what_was_expected(string text, int position, string message)
    {
        var error = Assert.Throws<ExpressionException>(() => ExpressionParser.Parse(text));
        Assert.Equal(position, error.Position);
        Assert.StartsWith($"character {position + 1}: ", error.Message);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void The_caret_stands_below_the_character_in_long_expressions_too()
    {
        string text = string.Join(" + ", Enumerable.Repeat("abc", 50)) + " ? " + string.Join(" + ", Enumerable.Repeat("abc", 50));
        var error = Assert.Throws<ExpressionException>(() => ExpressionParser.Parse(text));
        string[] lines = error.Excerpt().Split('\n');
        Assert.Equal('?', lines[0][lines[1].IndexOf('^')]);
        Assert.True(lines[0].Length < 80);
    }

    [Theory]
    [InlineData("(", "1", ")")]
    [InlineData("-", "1", "")]
    [InlineData("2^", "1", "")]
    [InlineData("1+", "1", "")]
    [InlineData("tanh(", "1", ")")]
    public void Hostile_depth_is_refused_and_does_not_end_the_process(string before, string middle, string after)
    {
        string Deep(int levels) => string.Concat(Enumerable.Repeat(before, levels)) + middle + string.Concat(Enumerable.Repeat(after, levels));
        Assert.Contains("200 operations deep", Assert.Throws<ExpressionException>(() => ExpressionParser.Parse(Deep(100_000))).Message);
        Assert.Equal(1, ExpressionParser.Parse(Deep(0)).Depth);
        ExpressionParser.Parse(Deep(150));
    }

    private static double ValueOf(Expression expression) => expression.Build(new Dictionary<string, Value>
    {
        ["x"] = RandomExpression.X,
        ["long_name2"] = RandomExpression.LongName,
    }).Data;

    private static string Structure(Expression expression) => expression.Operation switch
    {
        Operation.Leaf => expression.Name,
        Operation.Constant => BitConverter.DoubleToInt64Bits(expression.Number).ToString(),
        _ => $"{expression.Operation}({string.Join(' ', expression.Operands.Select(Structure))})",
    };
}
