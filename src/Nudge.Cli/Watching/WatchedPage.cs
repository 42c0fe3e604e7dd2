// Serving a page until somebody ends it, and saving one.

using System.CommandLine;

namespace Nudge.Cli;

internal static class WatchedPage
{
    // What a browser still reads with ease; beyond it every second step is cut down to its loss.
    private const long MostOfSavedPage = 32 << 20;

    internal static Option<int?> PortOption() => Choices.Whole("--port", "The port of the page [default: any that is free]", 1, 65535);

    internal static RunFeed FeedForSaving() => new(MostOfSavedPage);

    /// <summary>Serves until Ctrl-C.</summary>
    internal static async Task ServeAsync(Terminal terminal, PageServerContent content, int? port, CancellationToken cancellation)
    {
        using var interruption = new Interruption(cancellation);
        await using var server = new PageServer(content, port ?? 0);
        WriteAddress(terminal.Out, server, "Ctrl-C ends it");
        await Task.Delay(Timeout.Infinite, interruption.Token).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
    }

    internal static void WriteAddress(TextWriter output, PageServer server, string note)
    {
        server.WarmUp();
        output.WriteLine($"  page      {server.Url}");
        output.WriteLine($"            only on this machine; {note}");
        output.Flush();
    }

    /// <exception cref="IOException">The file cannot be written.</exception>
    internal static void Save(string path, string title, RunFeed feed)
    {
        var records = new List<byte[]>();
        feed.Take(0, int.MaxValue, records);
        using var bytes = new MemoryStream();
        records.ForEach(record => bytes.Write(record));
        File.WriteAllBytes(path, PageSource.Make("saved", title, bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }
}
