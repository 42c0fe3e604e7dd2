// Names with line ends, tabs and control characters in them: one line stays one line, and what is to be typed again can be.

using System.Diagnostics;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class OddNamesTests : IDisposable
{
    private const string Column = "first\nname", Class = "yes\r\nit is";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Table() => _folder.File("odd.csv", $"\"{Column}\",\"tab\there\",\"kind\u2028of\",note\u0007,\"the\ttarget\"\n" + string.Concat(Enumerable.Range(0, 80).Select(i =>
        $"{i * 37 % 80},{i * 7 % 31},\"{(i % 3 == 0 ? "a\nb" : "c")}\",text {i},\"{(i % 2 == 0 ? Class : "no\tnever")}\"\n")));

    [Fact]
    public void A_row_of_a_table_is_a_line_whatever_is_in_a_name()
    {
        string table = Table(), model = _folder.File("model.safetensors");
        CommandRun columns = CommandRun.Of("columns", table);
        Assert.Matches(@"\n  first⏎name +number +80 +· +1 +itself\n  tab␉here +number ", columns.Out);
        Assert.Matches(@"\n  kind⏎of +category ", columns.Out);
        Assert.Contains("target 'the␉target' has 2 different texts: classification (no␉never, yes⏎it is)\n", columns.Out);
        CommandRun train = CommandRun.Of("train", table, "--test", "25%", "--epochs", "2", "--out", model);
        Assert.Matches(@"\n  test: true ↓ predicted → +no␉never  yes⏎it is +recall", train.Out);
        Assert.Matches(@"\n  no␉never +\S+ +\S+ +", train.Out);
        CommandRun evaluated = CommandRun.Of("evaluate", model, table);
        Assert.Matches(@"\n  first⏎name +[+-]?0\.\d+ ", evaluated.Out);
        CommandRun folds = CommandRun.Of("train", table, "--folds", "3", "--epochs", "1");
        CommandRun unseen = CommandRun.Of("predict", model, _folder.File("new.csv", $"\"{Column}\",\"tab\there\",\"kind\u2028of\"\n1,2,\"d\ne\"\n"));
        Assert.Contains("'kind⏎of' has a value that training had not in 1 row: 'd⏎e'\n", unseen.Error);
        Assert.All(new[] { columns, train, evaluated, folds }, run => Assert.DoesNotContain(run.Out, letter => letter is '\t' or '\r' or '\u2028' or '\u0007'));
        foreach (CommandRun run in new[] { columns, train, evaluated, folds })
            Assert.DoesNotContain(run.Lines, line => line.StartsWith("name", StringComparison.Ordinal) || line.StartsWith("it is", StringComparison.Ordinal) || line.StartsWith('b'));
    }

    [Fact]
    public void What_is_to_be_typed_again_is_one_line_that_a_shell_reads_as_it_was()
    {
        string table = Table();
        CommandRun run = CommandRun.Of("train", table, "--target", "the\ttarget", "--ignore", Column, "it's\\one\u0001", "--epochs", "1");
        Assert.Equal(ExitCode.BadInput, run.ExitCode); // there is no such column
        run = CommandRun.Of("train", table, "--target", "the\ttarget", "--ignore", Column, "--epochs", "1");
        string next = run.Lines.Single(line => line.StartsWith("  next ", StringComparison.Ordinal));
        Assert.Contains(@"--target $'the\ttarget' --ignore $'first\nname' --epochs 1 --out", next);
        Assert.Contains(@"--ignore $'note\u0007'", run.Out);
    }

    [Theory]
    [InlineData("plain-name.csv")]
    [InlineData("two words")]
    [InlineData("it's")]
    [InlineData("")]
    [InlineData("first\nname")]
    [InlineData("it's\tone \\ of\r\n\u0007 $HOME `date` é\u2028")]
    public async Task A_shell_takes_a_quoted_word_for_what_it_was(string word)
    {
        if (!File.Exists("/bin/bash"))
            return; // no shell of that kind to ask
        using Process shell = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", $"printf '%s' {UserFile.Quoted(word)} | od -An -v -tx1"])
        {
            RedirectStandardOutput = true,
            Environment = { ["LC_ALL"] = "C.UTF-8" },
        })!;
        string bytes = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.Equal(word, System.Text.Encoding.UTF8.GetString(Convert.FromHexString(string.Concat(bytes.Where(char.IsAsciiHexDigit)))));
        Assert.DoesNotContain(UserFile.Quoted(word), char.IsControl);
    }
}
