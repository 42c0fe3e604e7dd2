// Serves the page on this machine, to whoever has its address, and to nobody else.

using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Nudge.Cli;

/// <summary>
/// A small HTTP server on the loopback address: one request a connection, GET for the page, its events, its records and the lab, POST
/// for commands where these are allowed. Every request needs the token of the address, the right Host, and no foreign
/// Origin: another site's script in the same browser gets nothing.
/// </summary>
internal sealed class PageServer : IAsyncDisposable
{
    private const int MostConnections = 256, MostStreams = 72;
    private const int LongestBody = 4 << 10, LongestPiece = 512 << 10;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10), s_heartbeat = TimeSpan.FromSeconds(15), s_pause = TimeSpan.FromMilliseconds(100);

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly PageServerContent _content;
    private readonly byte[] _token;
    private readonly string _host;
    private readonly string _instance = Convert.ToHexString(RandomNumberGenerator.GetBytes(6));
    private readonly Task _accepting;
    private int _connections, _streams;

    /// <summary>Starts serving.</summary>
    /// <param name="content">What.</param>
    /// <param name="port">Where; 0 for any free port.</param>
    /// <param name="token">What the address must have; a new one if left out.</param>
    /// <exception cref="UserException">The port is taken.</exception>
    internal PageServer(PageServerContent content, int port = 0, string? token = null)
    {
        _content = content;
        string text = token ?? Convert.ToHexString(RandomNumberGenerator.GetBytes(16)).ToLowerInvariant();
        _token = Encoding.ASCII.GetBytes(text);
        _listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            _listener.Start(MostConnections);
        }
        catch (SocketException error)
        {
            throw new UserException($"--port: {port} cannot be had ({error.SocketErrorCode}); choose another, or leave it out");
        }
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _host = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");
        Url = $"http://{_host}/?token={text}";
        _accepting = Task.Run(AcceptAsync);
    }

    internal int Port { get; }

    /// <summary>The address to open, with the token.</summary>
    internal string Url { get; }

    /// <summary>Asks itself for the page, so that whoever opens it first does not wait until the answer is compiled.</summary>
    internal void WarmUp()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, Port);
        socket.Send(Encoding.ASCII.GetBytes($"GET {new Uri(Url).PathAndQuery} HTTP/1.1\r\nHost: {_host}\r\n\r\n"));
        var answer = new byte[1 << 16];
        while (socket.Receive(answer) > 0)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener.Stop();
        await _accepting.ConfigureAwait(false);
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Socket socket = await _listener.AcceptSocketAsync(_stopping.Token).ConfigureAwait(false);
                if (Interlocked.Increment(ref _connections) > MostConnections)
                {
                    Interlocked.Decrement(ref _connections);
                    socket.Dispose();
                    continue;
                }
                _ = Task.Run(() => ServeAsync(socket));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Stopped, or a caller that went away before it was answered.
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            using var stream = new NetworkStream(socket, ownsSocket: true);
            try
            {
                await AnswerAsync(stream).ConfigureAwait(false);
            }
            catch (RequestException refused)
            {
                await WriteAsync(stream, refused.Status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(refused.Message + "\n")).ConfigureAwait(false);
            }
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever asked has gone, or was too slow.
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        RequestHead head;
        byte[] body;
        using (CancellationTokenSource limit = Limit())
        {
            if (await RequestHead.ReadAsync(stream, limit.Token).ConfigureAwait(false) is not { } request)
                return;
            head = request.Head;
            Check(head);
            body = await ReadBodyAsync(stream, head, request.Begun, limit.Token).ConfigureAwait(false);
        }
        switch (head.Method, head.Path)
        {
            case ("GET", "/"):
                await WriteAsync(stream, 200, "text/html; charset=utf-8", _content.Page).ConfigureAwait(false);
                break;
            case ("GET", "/events"):
                await StreamAsync(stream).ConfigureAwait(false);
                break;
            case ("GET", "/records"):
                await SendRecordsAsync(stream, head).ConfigureAwait(false);
                break;
            case ("GET", "/lab"):
                byte[] lab = _content.Lab(head.Query.GetValueOrDefault("name", "")) ?? throw new RequestException(404, "there is no such scenario");
                await WriteAsync(stream, 200, "application/octet-stream", lab).ConfigureAwait(false);
                break;
            case ("POST", "/command"):
                if (_content.Control is not { CanEdit: true } control)
                    throw new RequestException(403, "this page may only look; start with --edit to change the run");
                control.Accept(body);
                await WriteAsync(stream, 204, "text/plain", []).ConfigureAwait(false);
                break;
            case (_, "/" or "/events" or "/records" or "/lab" or "/command"):
                throw new RequestException(405, "that cannot be done with this address");
            default:
                throw new RequestException(404, "there is nothing at this address");
        }
    }

    private void Check(RequestHead head)
    {
        if (head.Header("Host") != _host)
            throw new RequestException(421, "this server is asked for by another name");
        string? origin = head.Header("Origin");
        bool ownOrigin = origin == $"http://{_host}";
        if ((origin is not null && !ownOrigin) || (head.Method == "POST" && !ownOrigin))
            throw new RequestException(403, "the request comes from another page");
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(head.Query.GetValueOrDefault("token", "")), _token))
            throw new RequestException(403, "the address lacks the token; open the one that the command printed");
    }

    private static async Task<byte[]> ReadBodyAsync(NetworkStream stream, RequestHead head, byte[] begun, CancellationToken cancellation)
    {
        int length = 0;
        if (head.Header("Content-Length") is { } text && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length))
            throw new RequestException(text.All(char.IsAsciiDigit) ? 413 : 400, "the Content-Length is no length");
        if (length > LongestBody)
            throw new RequestException(413, "the body of the request is too long");
        if (begun.Length > length)
            throw new RequestException(400, "the body is longer than its Content-Length");
        var body = new byte[length];
        begun.CopyTo(body, 0);
        try
        {
            await stream.ReadExactlyAsync(body.AsMemory(begun.Length), cancellation).ConfigureAwait(false);
        }
        catch (EndOfStreamException)
        {
            throw new RequestException(400, "the body is shorter than its Content-Length");
        }
        return body;
    }

    /// <summary>
    /// Server-sent events: which run this is, how many records there are, and the state of the run, whenever they change.
    /// The records themselves are for the page to ask for, when it has the time to show them.
    /// </summary>
    private async Task StreamAsync(NetworkStream stream)
    {
        if (Interlocked.Increment(ref _streams) > MostStreams)
        {
            Interlocked.Decrement(ref _streams);
            throw new RequestException(503, "too many pages follow this run");
        }
        try
        {
            await SendAsync(stream, Head(200, "text/event-stream", null) + $"event: begin\ndata: {_instance}\n\n").ConfigureAwait(false);
            string? toldState = null;
            int toldCount = 0;
            while (true)
            {
                Task changed = _content.Feed.Changed; // before looking, so that nothing is missed
                int count = _content.Feed.Count;
                string state = _content.Control?.State() ?? "{}", news = "";
                if (count != toldCount)
                    news += string.Create(CultureInfo.InvariantCulture, $"event: news\ndata: {toldCount = count}\n\n");
                if (state != toldState)
                    news += $"event: state\ndata: {toldState = state}\n\n";
                if (news.Length > 0)
                    await SendAsync(stream, news).ConfigureAwait(false);
                // What comes within a tenth of a second arrives together: the browser needs the processor that the run needs.
                await Task.Delay(s_pause, _stopping.Token).ConfigureAwait(false);
                if (await Task.WhenAny(changed, Task.Delay(s_heartbeat, _stopping.Token)).ConfigureAwait(false) != changed)
                    await SendAsync(stream, ":\n\n").ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    /// <summary>The records from a place on, as they are: a piece of them, and the place to go on from.</summary>
    private async Task SendRecordsAsync(NetworkStream stream, RequestHead head)
    {
        if (!int.TryParse(head.Query.GetValueOrDefault("from", ""), NumberStyles.None, CultureInfo.InvariantCulture, out int from))
            throw new RequestException(400, "from is no place among the records");
        var records = new List<byte[]>();
        int next = _content.Feed.Take(from, LongestPiece, records);
        byte[] top = Encoding.ASCII.GetBytes(Head(
            200, "application/octet-stream", records.Sum(record => record.Length), string.Create(CultureInfo.InvariantCulture, $"Nudge-Next: {next}\r\n")));
        byte[] answer = ArrayPool<byte>.Shared.Rent(top.Length + records.Sum(record => record.Length));
        try
        {
            int length = 0;
            foreach (byte[] part in records.Prepend(top))
            {
                part.CopyTo(answer, length);
                length += part.Length;
            }
            await SendAsync(stream, answer.AsMemory(0, length)).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(answer);
        }
    }

    private Task WriteAsync(NetworkStream stream, int status, string type, byte[] body) =>
        SendAsync(stream, (byte[])[.. Encoding.ASCII.GetBytes(Head(status, type, body.Length)), .. body]);

    private Task SendAsync(NetworkStream stream, string text) => SendAsync(stream, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(text));

    // Who does not take what they asked for within the limit is dropped.
    private async Task SendAsync(NetworkStream stream, ReadOnlyMemory<byte> bytes)
    {
        using CancellationTokenSource limit = Limit();
        await stream.WriteAsync(bytes, limit.Token).ConfigureAwait(false);
    }

    private CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(s_patience);
        return limit;
    }

    private static string Head(int status, string type, int? length, string more = "") =>
        $"HTTP/1.1 {status.ToString(CultureInfo.InvariantCulture)} {Reason(status)}\r\n" +
        $"Content-Type: {type}\r\n" +
        (length is { } count ? $"Content-Length: {count.ToString(CultureInfo.InvariantCulture)}\r\n" : "") +
        more +
        "Connection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n" +
        $"Cross-Origin-Resource-Policy: same-origin\r\nX-Frame-Options: DENY\r\nContent-Security-Policy: {PageSource.ContentPolicy}; connect-src 'self'\r\n\r\n";

    private static string Reason(int status) => status switch
    {
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        421 => "Misdirected Request",
        431 => "Request Header Fields Too Large",
        _ => "Service Unavailable",
    };
}

/// <summary>What a server serves.</summary>
/// <param name="Page">The page.</param>
/// <param name="Feed">The records that it follows.</param>
/// <param name="Lab">The records of a scenario by its name; null for none of that name.</param>
/// <param name="Control">The run that it may change; null for a recording.</param>
internal sealed record PageServerContent(byte[] Page, RunFeed Feed, Func<string, byte[]?> Lab, LiveControl? Control = null);
