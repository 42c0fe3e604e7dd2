// JSON from a file that nobody vouches for: each member asked for by name and kind, and refused in one way.

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Nudge;

/// <summary>An object in a model file.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="where">What the object is called in messages.</param>
/// <param name="element">The object.</param>
internal sealed class ModelJson(string path, string where, JsonElement element)
{
    /// <summary>JSON that a person can read: only what must be escaped is.</summary>
    internal static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Parses an object: strict JSON, no member twice, nothing deeper than is needed.</summary>
    internal static ModelJson Parse(string path, string where, ReadOnlyMemory<byte> utf8, int maxDepth)
    {
        try
        {
            if (!Utf8.IsValid(utf8.Span))
                throw new ModelFormatException(path, $"the {where} is not UTF-8; expected JSON in UTF-8");
            var options = new JsonDocumentOptions { MaxDepth = maxDepth, AllowDuplicateProperties = false };
            JsonElement root = JsonDocument.Parse(utf8, options).RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? new ModelJson(path, where, root)
                : throw new ModelFormatException(path, $"the {where} is a JSON {Kind(root)}; expected an object");
        }
        catch (JsonException error)
        {
            if (error.LineNumber is null)
                throw new ModelFormatException(path, $"the {where} is not valid JSON: {error.Message.TrimEnd('.')}; expected an object with each member once");
            throw new ModelFormatException(path, $"the {where} is not valid JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine}); expected an object with each member once");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, such as \uD800, is found only when names are compared.
            throw new ModelFormatException(path, $"the {where} is not valid JSON, as a name in it is no whole text; expected an object with each member once");
        }
    }

    internal static ModelJson Parse(string path, string where, string json, int maxDepth) =>
        Parse(path, where, Encoding.UTF8.GetBytes(json), maxDepth);

    /// <summary>An object as text.</summary>
    internal static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    internal IEnumerable<(string Name, ModelJson Object)> Objects() =>
        element.EnumerateObject().Select(member => (member.Name, Object(member.Name, member.Value)));

    internal IEnumerable<(string Name, string Text)> Texts() =>
        element.EnumerateObject().Select(member => (member.Name, Text(member.Name, member.Value)));

    internal ModelJson Object(string name) => Object(name, Member(name));

    internal bool Has(string name) => element.TryGetProperty(name, out _);

    internal string Text(string name) => Text(name, Member(name));

    internal int Number(string name) => (int)Whole(name, Member(name), int.MaxValue);

    internal double Double(string name) => Double(name, Member(name));

    internal bool Flag(string name) => Member(name) is var member && member.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? member.GetBoolean()
        : throw Wrong(name, member, "true or false");

    internal string[] TextList(string name) => List(name, item => Text(name, item));

    internal double[] NumberList(string name) => List(name, item => Double(name, item));

    internal ModelJson[] ObjectList(string name) => List(name, item => Object(name, item));

    internal long[] WholeList(string name) => List(name, item => Whole(name, item, long.MaxValue));

    internal ModelFormatException Error(string problem) => new(path, problem);

    private JsonElement Member(string name) => element.TryGetProperty(name, out JsonElement member)
        ? member
        : throw new ModelFormatException(path, $"the {where} has no '{name}'; expected it there");

    private T[] List<T>(string name, Func<JsonElement, T> read)
    {
        JsonElement list = Member(name);
        return list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(read)] : throw Wrong(name, list, "a list");
    }

    private ModelJson Object(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? new ModelJson(path, $"{where}'s '{name}'", value) : throw Wrong(name, value, "an object");

    private string Text(string name, JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(name, value, "a text");
        }
        catch (InvalidOperationException)
        {
            throw Wrong(name, value, "a text of whole characters");
        }
    }

    private long Whole(string name, JsonElement value, long most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= 0 && number <= most
            ? number
            : throw Wrong(name, value, "a whole number of at least 0");

    private double Double(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw Wrong(name, value, "a finite number");

    private ModelFormatException Wrong(string name, JsonElement value, string expected) =>
        new(path, $"in the {where}, '{name}' has a {Kind(value)}; expected {expected}");

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => $"number {Shortened(value.GetRawText())}",
        _ => value.GetRawText(),
    };

    private static string Shortened(string text) => text.Length <= 24 ? text : text[..24] + "…";
}
