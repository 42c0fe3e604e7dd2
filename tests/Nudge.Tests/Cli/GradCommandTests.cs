// nudge grad.

using System.Text.Json;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class GradCommandTests
{
    [Fact]
    public void The_worked_example_is_shown_as_a_tree_with_every_number()
    {
        CommandRun run = CommandRun.Of("grad", "(w*x - y)^2", "w=1", "x=2", "y=6");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal("", run.Error);
        Assert.Equal(
            """

                           value  gradient  = above  × local
              (w*x - y)^2     16         1
              ├─ w*x - y      -4        -8        1       -8
              │  ├─ w*x        2        -8       -8        1
              │  │  ├─ w       1       -16       -8        2
              │  │  └─ x       2        -8       -8        1
              │  └─ y          6         8       -8       -1
              └─ 2             2

              gradient of w  -16  = (-8)*2
              gradient of x   -8  = (-8)*1
              gradient of y    8  = (-8)*(-1)

              Nudge w by 0.01: the gradient predicts a change of -0.16, and it is -0.1596.

            """,
            run.Out);
    }

    [Fact]
    public void A_name_that_stands_twice_has_the_sum_over_its_paths()
    {
        CommandRun run = CommandRun.Of("grad", "a*a + a", "a=3");
        Assert.Contains("a (1 of 3)", run.Out);
        Assert.Contains("gradient of a  7  = 1*3 + 1*3 + 1*1", run.Out);
        Assert.Contains("a stands in it 3 times", run.Out);
    }

    [Fact]
    public void Json_has_the_value_the_gradients_and_every_node()
    {
        JsonElement json = Assert.Single(CommandRun.Of("grad", "tanh(w*x)", "w=0.5", "x=2", "--json", "--check").Json);
        double y = Math.Tanh(1);
        Assert.Equal(y, json.GetProperty("value").GetDouble());
        Assert.Equal(2 * (1 - y * y), json.GetProperty("gradients").GetProperty("w").GetDouble(), 1e-15);
        Assert.Equal(["w", "x", "w*x", "tanh(w*x)"], json.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("expression").GetString()));
        Assert.True(json.GetProperty("check").GetProperty("passed").GetBoolean());
        Assert.Equal(2 * (1 - y * y), json.GetProperty("check").GetProperty("measured").GetProperty("w").GetDouble(), 1e-6);
    }

    [Fact]
    public void A_check_that_fails_is_said_and_counted_as_failure()
    {
        CommandRun good = CommandRun.Of("grad", "abs(a)", "a=2", "--check");
        Assert.Equal(ExitCode.Done, good.ExitCode);
        Assert.Contains("agrees", good.Out);
        CommandRun bad = CommandRun.Of("grad", "sqrt(a)", "a=0", "--check");
        Assert.Equal(ExitCode.Failed, bad.ExitCode);
        Assert.Contains("differs", bad.Out);
    }

    [Fact]
    public void What_json_has_no_number_for_is_null()
    {
        JsonElement json = Assert.Single(CommandRun.Of("grad", "log(a)", "a=-1", "--json").Json);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("value").ValueKind);
    }

    [Fact]
    public void An_expression_may_begin_with_a_minus_and_have_no_names()
    {
        Assert.Contains("-x^2", CommandRun.Of("grad", "-x^2", "x=3").Out);
        Assert.Contains("no name", CommandRun.Of("grad", "2 + 3").Out);
    }

    [Fact]
    public void A_narrow_window_cuts_the_tree_and_breaks_no_line()
    {
        CommandRun run = CommandRun.InWindow(60, false, "grad", "tanh(w1*x1 + w2*x2 + b)*exp(w1 - x2) + w1*w2*x1*x2", "w1=1", "w2=2", "x1=3", "x2=4", "b=5");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("…", run.Out);
        Assert.All(run.Lines.Where(line => line.Contains("─ ")), line => Assert.True(line.Length < 60, line));
    }

    [Fact]
    public void Colour_is_used_in_a_window_and_nowhere_else()
    {
        string[] arguments = ["grad", "a*b", "a=1", "b=-1"];
        Assert.Contains("\e[31m", CommandRun.InWindow(80, colour: true, arguments).Out);
        Assert.DoesNotContain('\e', CommandRun.InWindow(80, colour: false, arguments).Out);
    }

    [Theory]
    [InlineData("'y' has no number; add y=NUMBER", "x*y", "x=1")]
    [InlineData("'z' does not stand in the expression; its names are x", "x", "x=1", "z=2")]
    [InlineData("'x' is given twice", "x", "x=1", "x=2")]
    [InlineData("expected a number after 'x=', got 'two'", "x", "x=two")]
    [InlineData("expected a number after 'x=', got 'NaN'", "x", "x=NaN")]
    [InlineData("expected name=number after the expression, as w=1, got '5'", "x", "5")]
    [InlineData("there is no option '--chek'; did you mean --check?", "x", "x=1", "--chek")]
    [InlineData("there is no option '--check1'", "--check1")]
    public void Mistakes_are_one_line_and_exit_code_2(string message, params string[] arguments)
    {
        CommandRun run = CommandRun.Of(["grad", .. arguments]);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.StartsWith("nudge grad: ", run.Error);
        Assert.Contains(message, run.Error);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("", run.Out);
    }

    [Fact]
    public void A_mistake_in_the_expression_is_pointed_at()
    {
        CommandRun run = CommandRun.Of("grad", "(w*x - )^2", "w=1", "x=2");
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Equal("nudge grad: character 8: expected a number, a name or '(', got ')'\n  (w*x - )^2\n         ^\n", run.Error);
    }
}
