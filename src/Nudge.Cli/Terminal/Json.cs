// JSON for other programs to read: one object a line.

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nudge.Cli;

internal static class Json
{
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void WriteJson(this Terminal terminal, JsonObject line) =>
        terminal.WriteLine(line.ToText());

    /// <summary>In one line.</summary>
    internal static string ToText(this JsonObject line) => line.ToJsonString(s_readable);

    /// <summary>A number, or null for what JSON has no number for: NaN and the infinities.</summary>
    internal static JsonNode? Number(double? number) =>
        number is { } n && double.IsFinite(n) ? JsonValue.Create(n) : null;

    internal static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> node) => new([.. items.Select(node)]);

    internal static JsonArray Array(IEnumerable<string> items) => Array(items, item => item);
}
