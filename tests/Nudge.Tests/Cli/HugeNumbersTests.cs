// Numbers of which no square is finite: it is said where they stand, and what to do.

using System.Globalization;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class HugeNumbersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Table(Func<int, string> b, Func<int, string> y) => _folder.File("huge.csv", "a,b,y\n" + string.Concat(Enumerable.Range(0, 60).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"{i * 37 % 60},{b(i)},{y(i)}\n"))));

    private static string Usual(int i) => string.Create(CultureInfo.InvariantCulture, $"{i * 7 % 53}.5");

    [Theory]
    [InlineData("1e300")]
    [InlineData("-1.5e151")]
    [InlineData("1e999")]
    public void One_among_others_counts_as_missing_and_is_named(string huge)
    {
        string table = Table(i => i == 7 ? huge : Usual(i), Usual), model = _folder.File("model.safetensors");
        CommandRun run = CommandRun.Of("train", table, "--epochs", "1", "--out", model);
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains($"1 of 60 cells of 'b' are too large to compute with (above 1e150) and count as missing: '{huge}' at line 9", run.Out);
        CommandRun predicted = CommandRun.Of("predict", model, table);
        Assert.Equal((ExitCode.Done, 61), (predicted.ExitCode, predicted.Lines.Length));
        Assert.Contains($"'b' is no number that can be computed with in 1 row and counts as missing there: '{huge}'", predicted.Error);
        Assert.DoesNotContain("NaN", predicted.Out);
    }

    [Fact]
    public void A_column_of_them_is_left_out_with_its_reason()
    {
        CommandRun run = CommandRun.Of("train", Table(i => $"{i + 1}e200", Usual), "--epochs", "1");
        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("left out  b (too large to compute with (above 1e150) in 60 of 60 rows)", run.Out);
        Assert.Contains("to ignore it in silence: --ignore b\n", run.Out);
        Assert.Contains("no cell of 'b' is a number that is not too large to compute with", CommandRun.Of("train", Table(i => $"{i + 1}e200", Usual), "--numbers", "b").Error);
    }

    [Fact]
    public void Targets_are_refused_by_name_and_place()
    {
        Assert.Contains("'1e999' in the target 'y' is too large", CommandRun.Of("train", Table(Usual, i => i == 7 ? "1e999" : Usual(i))).Error);
        CommandRun one = CommandRun.Of("train", Table(Usual, i => i == 7 ? "1e300" : Usual(i)));
        Assert.Equal(ExitCode.BadInput, one.ExitCode);
        Assert.Contains("huge.csv:9:", one.Error);
        Assert.Contains("'1e300' in the target 'y' is too large to compute with (above 1e150), in 1 of 60 rows; expected smaller numbers, or these to be named as missing (--missing-marks 1e300)", one.Error);
        Assert.Equal(ExitCode.Done, CommandRun.Of("train", Table(Usual, i => i == 7 ? "1e300" : Usual(i)), "--missing-marks", "1e300", "--epochs", "1").ExitCode);
        Assert.Contains("in 60 of 60 rows; expected smaller numbers, in another unit", CommandRun.Of("train", Table(Usual, i => $"{i + 1}e200")).Error);
    }

    [Fact]
    public void The_greatest_that_counts_is_computed_with() =>
        Assert.Equal(ExitCode.Done, CommandRun.Of("train", Table(i => i % 2 == 0 ? "1e150" : "-1e150", i => i % 2 == 0 ? "-1e150" : "1e150"), "--epochs", "2").ExitCode);
}
