// nudge grad --explain: the paths of one gradient.

using System.Text.Json;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class ExplainTests
{
    [Fact]
    public void Each_path_is_a_line_and_their_sum_stands_below()
    {
        CommandRun run = CommandRun.Of("grad", "a*a*b", "a=2", "b=3", "--explain", "a");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal(2, run.Lines.Count(line => line.Contains("6  a ×2→ a*a ×3→ a*a*b")));
        Assert.Contains(run.Lines, line => line.Contains("12  their sum, the gradient of a"));
        Assert.Contains("12  measured", run.Out);
    }

    [Fact]
    public void Json_has_the_same_numbers()
    {
        JsonElement json = Assert.Single(CommandRun.Of("grad", "a*a*b", "a=2", "b=3", "--explain", "a", "--json").Json).GetProperty("explanation");
        Assert.Equal(12, json.GetProperty("gradient").GetDouble());
        Assert.Equal(12, json.GetProperty("paths").EnumerateArray().Sum(path => path.GetProperty("product").GetDouble()));
        Assert.Equal(["a*a*b", "a*a", "a"], json.GetProperty("paths")[0].GetProperty("nodes").EnumerateArray().Select(node => node.GetString()!));
        Assert.Equal(2, json.GetProperty("pathCount").GetDouble());
        Assert.Equal(0, json.GetProperty("rest").GetDouble());
    }

    [Fact]
    public void A_name_that_does_not_stand_in_it_is_a_mistake()
    {
        CommandRun run = CommandRun.Of("grad", "a*b", "a=2", "b=3", "--explain", "c");
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("--explain: 'c' does not stand in the expression; its names are a, b", run.Error);
    }
}
