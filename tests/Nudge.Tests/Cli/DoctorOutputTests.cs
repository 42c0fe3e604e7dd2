// What nudge train says of a run that goes wrong.

using System.Text.Json;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class DoctorOutputTests
{
    private static readonly string[] s_tooFast = ["train", "--data", "sine", "--epochs", "20", "--batch", "full", "--learning-rate", "5"];

    [Fact]
    public void A_fault_is_one_warning_on_the_standard_error_with_the_option_that_mends_it()
    {
        CommandRun run = CommandRun.Of(s_tooFast);
        Assert.Equal(1, run.Error.Split('\n').Count(line => line.Contains("learning rate too large")));
        Assert.Contains("--learning-rate 0.5", run.Error.ReplaceLineEndings(" "));
        Assert.Contains("    line: p.Data -= learningRate * p.Grad;", run.Error);
        Assert.DoesNotContain("warning", run.Out);
    }

    [Fact]
    public void Json_has_it_as_an_event_and_in_the_summary()
    {
        JsonElement[] lines = CommandRun.Of([.. s_tooFast, "--json"]).Json;
        JsonElement finding = lines.First(line => line.GetProperty("event").GetString() == "finding" && line.GetProperty("fault").GetString() == "learning-rate-too-large");
        Assert.Contains("Try --learning-rate 0.5", finding.GetProperty("mend").GetString());
        Assert.Equal("p.Data -= learningRate * p.Grad;", finding.GetProperty("line").GetString());
        Assert.True(finding.GetProperty("numbers").GetProperty("predicted").GetDouble() < 0);
        Assert.Contains(lines[^1].GetProperty("findings").EnumerateArray(), entry => entry.GetProperty("fault").GetString() == "learning-rate-too-large");
    }

    [Fact]
    public void Numbers_too_large_for_a_float_are_said_to_be_so_and_are_no_fault_of_the_compiler()
    {
        CommandRun run = CommandRun.Of("train", "--data", "sine", "--optimizer", "sgd", "--learning-rate", "3", "--activation", "relu", "--epochs", "9", "--quiet");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("beyond the 3.4e38 that a float holds", run.Error.ReplaceLineEndings(" ").Replace("     ", " "));
        Assert.Contains("nudge train: the loss became infinite or NaN at step 4; try a smaller learning rate: --learning-rate 0.3", run.Error);
    }

    [Fact]
    public void A_good_run_has_no_warning()
    {
        CommandRun run = CommandRun.Of("train", "--epochs", "60", "--points", "40", "--layers", "8");
        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
    }
}
