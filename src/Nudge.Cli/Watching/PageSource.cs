// The page as one file: its markup with the style and the modules put in, and, for a saved run, the recording.

using System.Text;
using System.Text.Json.Nodes;

namespace Nudge.Cli;

internal static class PageSource
{
    /// <summary>The page runs what is in it and loads nothing.</summary>
    internal const string ContentPolicy =
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";

    // In the order in which they need each other.
    private static readonly string[] s_modules =
        ["numbers", "operations", "course", "recording", "network", "graph", "timeline", "loss", "diagram", "knowledge", "parameters", "health", "lab", "source", "main"];

    /// <summary>The page.</summary>
    /// <param name="mode">What it shows: <c>live</c>, <c>view</c> or <c>saved</c>.</param>
    /// <param name="title">The run in a few words.</param>
    /// <param name="recording">The recording to embed; empty where the page gets it from its server.</param>
    /// <param name="lab">The scenario of the lab that the page opens with; null for none.</param>
    /// <param name="labScenarios">The scenarios of the lab to embed; a page gets others from its server.</param>
    internal static byte[] Make(string mode, string title, ReadOnlySpan<byte> recording = default, string? lab = null, params IEnumerable<string> labScenarios)
    {
        var settings = new JsonObject
        {
            ["mode"] = mode,
            ["title"] = title,
            ["lab"] = Lab.AsJson(),
            ["openLab"] = lab,
            ["labData"] = new JsonObject(labScenarios.Select(name => KeyValuePair.Create(name, (JsonNode?)Convert.ToBase64String(Lab.Record(name)!)))),
        };
        var script = new StringBuilder();
        foreach (string module in s_modules)
            script.Append(WithoutModules(Read(module + ".js"))).Append('\n');
        string page = Read("page.html")
            .Replace("/*style*/", Read("style.css"), StringComparison.Ordinal)
            .Replace("<!--policy-->", $"""<meta http-equiv="Content-Security-Policy" content="{ContentPolicy}; connect-src 'self'">""", StringComparison.Ordinal)
            .Replace("/*settings*/", ForScript(settings.ToText()), StringComparison.Ordinal)
            .Replace("/*recording*/", recording.IsEmpty ? "" : Convert.ToBase64String(recording), StringComparison.Ordinal)
            .Replace("/*script*/", script.ToString(), StringComparison.Ordinal)
            .Replace("/*operations*/", string.Join(",", OperationTable.Rows.Select(Row)), StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(page);
    }

    // A formula of the table is an expression of the script, too. Of what has none, the value is not a number.
    private static string Row(OperationRow row) =>
        $$"""{symbol:"{{row.Symbol}}",isFunction:{{(row.IsFunction ? "true" : "false")}},apply:(a,b)=>{{(row.Formula.Length > 0 ? row.Formula : "NaN")}},slopes:(a,b,y)=>[{{string.Join(",", row.Slopes)}}]}""";

    // The modules are put together into one, so that the page is one file: what they export is then simply there.
    private static string WithoutModules(string source)
    {
        var text = new StringBuilder(source.Length);
        bool importing = false;
        foreach (string line in source.Split('\n'))
        {
            importing |= line.StartsWith("import ", StringComparison.Ordinal);
            if (!importing)
                text.Append(line.StartsWith("export ", StringComparison.Ordinal) ? line["export ".Length..] : line).Append('\n');
            else if (line.TrimEnd().EndsWith(';'))
                importing = false;
        }
        return text.ToString();
    }

    // Nothing in the text can end the element that it stands in.
    private static string ForScript(string json) => json.Replace("<", "\\u003c", StringComparison.Ordinal);

    private static string Read(string name)
    {
        using Stream stream = typeof(PageSource).Assembly.GetManifestResourceStream("page/" + name)
            ?? throw new InvalidOperationException($"The page's part {name} is not in this program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
