// What a person sees while a file is read, and what a pipe does not.

using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class WaitingLineTests
{
    [Fact]
    public void A_line_is_rewritten_in_place_and_taken_away()
    {
        using var writer = new StringWriter();
        var line = new WaitingLine(new Terminal(writer, writer, isInteractive: true, width: () => 30), "reading a.csv");
        line.Draw();
        Assert.Matches(@"^\r  reading a\.csv: \d+ ms", writer.ToString());
        line.Now("understanding 1,000,000 rows of 20 columns");
        line.Draw();
        Assert.EndsWith("\r  understanding 1,000,000 rows…"[..29] + "…", writer.ToString());
        line.Dispose();
        Assert.EndsWith($"\r{new string(' ', 29)}\r", writer.ToString());
        string last = writer.ToString();
        line.Draw();
        Assert.Equal(last, writer.ToString());
        Assert.DoesNotContain('\n', last);
    }

    [Fact]
    public void It_draws_itself_while_something_else_works()
    {
        using var writer = new StringWriter();
        using (new WaitingLine(new Terminal(TextWriter.Synchronized(writer), writer, isInteractive: true), "reading a.csv"))
            Assert.True(SpinWait.SpinUntil(() => writer.GetStringBuilder().Length > 0, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Nothing_is_said_where_nobody_watches_or_has_to_wait()
    {
        using var writer = new StringWriter();
        using (var line = new WaitingLine(new Terminal(writer, writer), "reading a.csv"))
            line.Draw();
        using (new WaitingLine(new Terminal(writer, writer, isInteractive: true), "reading a.csv"))
        {
        }
        Assert.Equal("", writer.ToString());
    }
}
