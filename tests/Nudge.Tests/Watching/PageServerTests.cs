// The page's server: who has the address gets the page, and nobody else gets anything.

using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Nudge.Cli;
using Nudge.Tests.Recordings;

namespace Nudge.Tests.Watching;

public sealed class PageServerTests
{
    private const string Token = "0123456789abcdef";

    [Fact]
    public async Task The_page_and_its_events_are_served_to_who_has_the_token()
    {
        await using var run = new Served();
        string page = await run.Ask(run.Get("/"));
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", page);
        Assert.Contains("Content-Security-Policy: default-src 'none'", page);
        Assert.Contains("<title>Nudge</title>", page);
        Assert.Contains("HTTP/1.1 200", await run.Ask(run.Get("/lab", "&name=zero")));
        string events = await run.Ask(run.Get("/events"), until: "event: state");
        Assert.Contains("text/event-stream", events);
        Assert.Contains($"event: news\ndata: {run.Feed.Count}\n", events);
        string records = await run.Ask(run.Get("/records", "&from=0"));
        Assert.Contains($"Nudge-Next: {run.Feed.Count}\r\n", records);
        Assert.Contains("\r\n\r\nNUDGERUN", records);
        Assert.Contains("Content-Length: 0\r\n", await run.Ask(run.Get("/records", $"&from={run.Feed.Count}")));
    }

    [Theory]
    [InlineData("GET /?token=@ HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421)]
    [InlineData("GET /?token=@ HTTP/1.1\r\nHost: localhost:#\r\n\r\n", 421)]
    [InlineData("GET /?token=@ HTTP/1.1\r\n\r\n", 421)]
    [InlineData("GET / HTTP/1.1\r\nHost: $\r\n\r\n", 403)]
    [InlineData("GET /?token=wrong HTTP/1.1\r\nHost: $\r\n\r\n", 403)]
    [InlineData("GET /events?token=@0 HTTP/1.1\r\nHost: $\r\n\r\n", 403)]
    [InlineData("GET /events?token=@ HTTP/1.1\r\nHost: $\r\nOrigin: http://evil.example\r\n\r\n", 403)]
    [InlineData("GET /events?token=@ HTTP/1.1\r\nHost: $\r\nOrigin: null\r\n\r\n", 403)]
    [InlineData("POST /command?token=@ HTTP/1.1\r\nHost: $\r\nContent-Length: 17\r\n\r\n{\"command\":\"run\"}", 403)]
    [InlineData("POST /command?token=@ HTTP/1.1\r\nHost: $\r\nOrigin: http://evil.example\r\nContent-Length: 17\r\n\r\n{\"command\":\"run\"}", 403)]
    [InlineData("POST /command?token=@ HTTP/1.1\r\nHost: $\r\nOrigin: http://$\r\nContent-Length: 99999\r\n\r\n", 413)]
    [InlineData("POST /command?token=@ HTTP/1.1\r\nHost: $\r\nOrigin: http://$\r\nContent-Length: 99999999999999\r\n\r\n", 413)]
    [InlineData("POST /command?token=@ HTTP/1.1\r\nHost: $\r\nOrigin: http://$\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("POST /command?token=@ HTTP/1.1\r\nHost: $\r\nOrigin: http://$\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("POST /command?token=@ HTTP/1.1\r\nHost: $\r\nOrigin: http://$\r\nContent-Length: 8\r\n\r\nnonsense", 400)]
    [InlineData("POST /command?token=@ HTTP/1.1\r\nHost: $\r\nOrigin: http://$\r\nContent-Length: 21\r\n\r\n{\"command\":\"explode\"}", 400)]
    [InlineData("POST /command?token=@ HTTP/1.1\r\nHost: $\r\nOrigin: http://$\r\nContent-Length: 45\r\n\r\n{\"command\":\"set\",\"parameter\":99,\"value\":1e999}", 400)]
    [InlineData("POST /?token=@ HTTP/1.1\r\nHost: $\r\nOrigin: http://$\r\nContent-Length: 0\r\n\r\n", 405)]
    [InlineData("DELETE /events?token=@ HTTP/1.1\r\nHost: $\r\n\r\n", 405)]
    [InlineData("GET /../../etc/passwd?token=@ HTTP/1.1\r\nHost: $\r\n\r\n", 404)]
    [InlineData("GET /records?token=@ HTTP/1.1\r\nHost: $\r\n\r\n", 400)]
    [InlineData("GET /records?from=-1&token=@ HTTP/1.1\r\nHost: $\r\n\r\n", 400)]
    [InlineData("GET /records?from=0&token=@ HTTP/1.1\r\nHost: $\r\nOrigin: http://evil.example\r\n\r\n", 403)]
    [InlineData("GET /lab?name=nothing&token=@ HTTP/1.1\r\nHost: $\r\n\r\n", 404)]
    [InlineData("GET /?token=@&token=@ HTTP/1.1\r\nHost: $\r\n\r\n", 400)]
    [InlineData("GET /?token=@ HTTP/1.1\r\nHost: $\r\nHost: $\r\n\r\n", 400)]
    [InlineData("GET /?token=@ HTTP/1.1\r\nHost : $\r\n\r\n", 400)]
    [InlineData("GET /?token=@ HTTP/1.1\r\nHost: $\r\n folded: x\r\n\r\n", 400)]
    [InlineData("GET /?token=@ HTTP/2.0\r\nHost: $\r\n\r\n", 400)]
    [InlineData("GET http://$/?token=@ HTTP/1.1\r\nHost: $\r\n\r\n", 400)]
    [InlineData("complete nonsense\r\n\r\n", 400)]
    [InlineData("\0\u0001\u0002\r\n\r\n", 400)]
    public async Task Everything_else_is_refused(string request, int status)
    {
        await using var run = new Served(canEdit: true);
        Assert.StartsWith($"HTTP/1.1 {status} ", await run.Ask(run.Fill(request)));
    }

    [Fact]
    public async Task A_head_that_does_not_end_is_refused_when_it_is_too_long()
    {
        await using var run = new Served();
        string answer = await run.Ask("GET / HTTP/1.1\r\nHost: " + new string('x', RequestHead.LongestHead));
        Assert.True(answer.StartsWith("HTTP/1.1 431 ", StringComparison.Ordinal) || answer.Length == 0, answer);
    }

    [Fact]
    public async Task Without_edit_no_command_is_taken()
    {
        await using var run = new Served(canEdit: false);
        Assert.StartsWith("HTTP/1.1 403 ", await run.Ask(run.Post("{\"command\":\"pause\"}")));
        Assert.False(run.Control.CanEdit);
    }

    [Fact]
    public async Task Commands_change_the_run_between_two_steps()
    {
        await using var run = new Served(canEdit: true);
        Trainer trainer = LessonRun.Trainer(10);
        run.Control.Begin(trainer);
        foreach (string command in new[]
        {
            "{\"command\":\"toggle\",\"mistake\":1}", "{\"command\":\"rate\",\"factor\":2}",
            "{\"command\":\"set\",\"parameter\":3,\"value\":0.75}", "{\"command\":\"step\"}",
        })
        {
            Assert.StartsWith("HTTP/1.1 204 ", await run.Ask(run.Post(command)));
        }
        var clock = new Stopwatch();
        Assert.True(run.Control.BeforeStep(trainer, clock, default));
        Assert.Equal(TrainingMistakes.SkipZeroing, trainer.Mistakes);
        Assert.Equal(0.1, trainer.BaseLearningRate);
        Assert.Equal(0.75, trainer.Model.Parameters[3].Data);
        Assert.StartsWith("HTTP/1.1 204 ", await run.Ask(run.Post("{\"command\":\"restart\"}")));
        Assert.False(run.Control.BeforeStep(trainer, clock, default));
        Assert.True(run.Control.TakeRestart());
    }

    [Fact]
    public async Task The_time_of_a_run_stands_still_while_it_is_paused()
    {
        await using var run = new Served(canEdit: true);
        Trainer trainer = LessonRun.Trainer(10);
        run.Control.Begin(trainer);
        var clock = Stopwatch.StartNew();
        Task<bool> step = Task.Run(() => run.Control.BeforeStep(trainer, clock, default));
        Assert.True(SpinWait.SpinUntil(() => !clock.IsRunning, TimeSpan.FromSeconds(30)));
        TimeSpan atPause = clock.Elapsed;
        await Task.Delay(20);
        Assert.False(step.IsCompleted);
        Assert.Equal(atPause, clock.Elapsed);
        Assert.StartsWith("HTTP/1.1 204 ", await run.Ask(run.Post("{\"command\":\"run\"}")));
        Assert.True(await step);
        Assert.True(clock.IsRunning);
    }

    [Fact]
    public async Task Sixty_four_pages_that_never_read_do_not_hold_the_run_up()
    {
        await using var run = new Served(steps: 0);
        var slow = new List<TcpClient>();
        byte[] record = new byte[64 << 10];
        BitConverter.GetBytes(record.Length - RecordingFormat.RecordOverhead).CopyTo(record, 0);
        try
        {
            for (int i = 0; i < 64; i++)
            {
                var client = new TcpClient { ReceiveBufferSize = 1024 };
                await client.ConnectAsync("127.0.0.1", run.Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(run.Get("/events")));
                slow.Add(client);
            }
            for (int i = 0; i < 500; i++)
                run.Feed.Append(record);
            foreach (string request in Enumerable.Repeat(run.Get("/records", "&from=0"), 64))
            {
                var client = new TcpClient { ReceiveBufferSize = 1024 };
                await client.ConnectAsync("127.0.0.1", run.Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
                slow.Add(client);
            }
            long before = GC.GetTotalMemory(forceFullCollection: true);
            // Far more than all their buffers hold: whoever waited for them would wait for ever.
            Stopwatch clock = Stopwatch.StartNew();
            for (int i = 0; i < 500; i++)
                run.Feed.Append(record);
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"500 appends took {clock.Elapsed}");
            Assert.StartsWith("HTTP/1.1 200 ", await run.Ask(run.Get("/")));
            Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 200 << 20);
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public void A_full_feed_keeps_every_loss_and_gives_up_every_second_whole_step()
    {
        var feed = new RunFeed(capacity: 100_000);
        foreach (byte[] record in RunRecording.Open(LessonRun.Record(60), "run").Records())
            feed.Append(record);
        var records = new List<byte[]>();
        feed.Take(0, int.MaxValue, records);
        byte[] all = [.. records.SelectMany(record => record)];
        Assert.InRange(all.Length, 10_000, 110_000);
        int whole = 0, losses = 0;
        for (int at = RecordingFormat.HeaderLength; at < all.Length; at += RecordingFormat.RecordOverhead + BitConverter.ToInt32(all, at))
        {
            whole += BitConverter.ToInt32(all, at + 4) == (int)RecordKind.Step ? 1 : 0;
            losses += BitConverter.ToInt32(all, at + 4) == (int)RecordKind.Losses ? 1 : 0;
        }
        Assert.Equal(60, whole + losses);
        Assert.InRange(whole, 3, 20);
    }

    [Fact]
    public void The_page_is_one_file_without_a_single_address_to_load_from()
    {
        string page = Encoding.UTF8.GetString(PageSource.Make("saved", "run </script> & co", LessonRun.Record(2)));
        Assert.DoesNotContain("src=", page.Replace("-src=", ""));
        Assert.DoesNotContain("import ", page[page.IndexOf("<script type=\"module\">", StringComparison.Ordinal)..]);
        Assert.DoesNotContain("https://", page);
        Assert.DoesNotContain("run </script>", page);
    }

    private sealed class Served : IAsyncDisposable
    {
        private readonly PageServer _server;

        internal Served(bool canEdit = false, int steps = 3)
        {
            if (steps > 0)
            {
                foreach (byte[] record in RunRecording.Open(LessonRun.Record(steps), "run").Records())
                    Feed.Append(record);
            }
            Control = new LiveControl(canEdit, Feed);
            _server = new PageServer(new PageServerContent(PageSource.Make("live", "test"), Feed, LabCommand.LabRecording, Control), token: Token);
        }

        internal RunFeed Feed { get; } = new();

        internal LiveControl Control { get; }

        internal int Port => _server.Port;

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        internal string Get(string path, string query = "") => Fill($"GET {path}?token=@{query} HTTP/1.1\r\nHost: $\r\n\r\n");

        internal string Post(string body) => Fill($"POST /command?token=@ HTTP/1.1\r\nHost: $\r\nOrigin: http://$\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        internal string Fill(string request) => request.Replace("@", Token).Replace("$", $"127.0.0.1:{Port}").Replace("#", $"{Port}");

        internal async Task<string> Ask(string request, string? until = null)
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
            var answer = new StringBuilder();
            var buffer = new byte[1 << 16];
            try
            {
                for (int read; (read = await stream.ReadAsync(buffer)) > 0 && (until is null || !answer.ToString().Contains(until));)
                    answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
            catch (IOException)
            {
                // A server that refuses may close before it has read all.
            }
            return answer.ToString();
        }
    }
}
