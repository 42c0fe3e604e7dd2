// The head of an HTTP request: read with limits, parsed strictly.

using System.Text;

namespace Nudge.Cli;

/// <summary>What a request asks for.</summary>
internal sealed record RequestHead(string Method, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers)
{
    internal const int LongestHead = 16 << 10;

    private const int MostHeaders = 100;

    internal string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Reads up to the empty line. What came after it, of the body, is returned too.</summary>
    /// <exception cref="RequestException">The head is too long or malformed.</exception>
    internal static async Task<(RequestHead Head, byte[] Begun)?> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var buffer = new byte[LongestHead];
        int length = 0;
        while (true)
        {
            int end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return (Parse(buffer.AsSpan(0, end)), buffer[(end + 4)..length]);
            if (length == buffer.Length)
                throw new RequestException(431, "the head of the request is too long");
            int read = await stream.ReadAsync(buffer.AsMemory(length), cancellation).ConfigureAwait(false);
            if (read == 0)
                return length == 0 ? null : throw new RequestException(400, "the request ended within its head");
            length += read;
        }
    }

    private static RequestHead Parse(ReadOnlySpan<byte> head)
    {
        foreach (byte b in head)
        {
            if (b is not ((>= 0x20 and < 0x7F) or (byte)'\r' or (byte)'\n' or (byte)'\t' or >= 0x80))
                throw new RequestException(400, "the head has a control character");
        }
        string[] lines = Encoding.Latin1.GetString(head).Split("\r\n");
        string[] parts = lines[0].Split(' ');
        if (parts is not [var method, ['/', ..] target, "HTTP/1.1" or "HTTP/1.0"] || lines.Length - 1 > MostHeaders)
            throw new RequestException(400, "the request line is malformed, or there are too many headers");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines.AsSpan(1))
        {
            int colon = line.IndexOf(':');
            if (colon < 1 || line.AsSpan(0, colon).ContainsAny(" \t\r\n") || line.AsSpan(colon).ContainsAny('\r', '\n'))
                throw new RequestException(400, "a header is malformed");
            if (!headers.TryAdd(line[..colon], line[(colon + 1)..].Trim()))
                throw new RequestException(400, "a header stands there twice");
        }
        if (headers.ContainsKey("Transfer-Encoding"))
            throw new RequestException(400, "a body needs a Content-Length");
        int mark = target.IndexOf('?');
        return new RequestHead(method, mark < 0 ? target : target[..mark], mark < 0 ? new Dictionary<string, string>() : ParseQuery(target[(mark + 1)..]), headers);
    }

    private static Dictionary<string, string> ParseQuery(string query)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=');
            string name = equals < 0 ? pair : pair[..equals];
            if (!values.TryAdd(Uri.UnescapeDataString(name), equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..])))
                throw new RequestException(400, "a name stands twice in the query");
        }
        return values;
    }
}

/// <summary>A request that is refused.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">Why.</param>
internal sealed class RequestException(int status, string message) : Exception(message)
{
    internal int Status { get; } = status;
}
