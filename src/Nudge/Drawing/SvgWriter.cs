// Writing SVG: elements, escaped text, numbers the same in every country, and the colours of light and dark.

using System.Globalization;
using System.Security;
using System.Text;

namespace Nudge.Drawing;

internal sealed class SvgWriter
{
    // Blue and orange are told apart with every kind of colour vision; sign shows a second time as a dash or a side.
    private static readonly (string Selector, string Property, string Light, string Dark)[] s_colours =
    [
        (".nudge .paper", "fill", "#ffffff", "#14171c"),
        (".nudge text", "fill", "#1f2430", "#e6e9ef"),
        (".nudge .quiet", "fill", "#5b6472", "#9aa4b2"),
        (".nudge .box", "fill", "#f7f8fa", "#1e232b"),
        (".nudge .box", "stroke", "#8b94a3", "#6b7584"),
        (".nudge .leaf", "fill", "#eef3fb", "#1b2637"),
        (".nudge .line", "stroke", "#8b94a3", "#7d8796"),
        (".nudge .rule", "stroke", "#dfe3ea", "#2b323d"),
        (".nudge .positive", "stroke", "#0b62c4", "#6cb2ff"),
        (".nudge .negative", "stroke", "#b4540a", "#ffa657"),
        (".nudge .plus", "fill", "#0b62c4", "#6cb2ff"),
        (".nudge .minus", "fill", "#b4540a", "#ffa657"),
        (".nudge .tip", "fill", "#8b94a3", "#7d8796"),
        (".nudge .halo", "stroke", "#ffffff", "#14171c"),
        (".nudge .ink", "stroke", "#1f2430", "#e6e9ef"),
    ];

    private readonly StringBuilder _text = new();

    /// <summary>Writes a picture that stands alone.</summary>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="title">What it shows, for those who cannot see it.</param>
    /// <param name="content">Writes what is in it.</param>
    /// <param name="style">Rules for its own classes.</param>
    internal static string Picture(double width, double height, string title, Action<SvgWriter> content, string style = "")
    {
        var svg = new SvgWriter();
        svg.OpenPicture(width, height);
        svg.Text("title", "", title);
        svg._text.Append("<style>\n").Append(Rules(colour => colour.Light)).Append(style)
            .Append("@media (prefers-color-scheme: dark) {\n").Append(Rules(colour => colour.Dark)).Append("}\n</style>\n");
        svg.Element("rect", $"class=\"paper\" width=\"{Number(width)}\" height=\"{Number(height)}\"");
        content(svg);
        svg.Close("svg");
        return svg._text.ToString();
    }

    /// <summary>Writes a picture, from a given height down, for a page whose style sheet has colours for its classes.</summary>
    internal static string InPage(double width, double height, double top, string title, string description, Action<SvgWriter> content)
    {
        var svg = new SvgWriter();
        svg.OpenPicture(width, height - top, top);
        svg.Text("title", "", title);
        svg.Text("desc", "", description);
        content(svg);
        svg.Close("svg");
        return svg._text.ToString();
    }

    /// <summary>A number with at most two decimals: finer than a screen shows.</summary>
    internal static string Number(double number) => (Math.Round(number, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    internal static string Escaped(string text)
    {
        // XML has no way at all to write most control characters.
        string printable = string.Concat(text.Select(letter => char.IsControl(letter) || letter is '\uFFFE' or '\uFFFF' ? ' ' : letter));
        // Half a pair of surrogates becomes a replacement character on the way.
        return SecurityElement.Escape(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(printable)));
    }

    private void OpenPicture(double width, double height, double top = 0) =>
        Open("svg", $"xmlns=\"http://www.w3.org/2000/svg\" class=\"nudge\" role=\"img\" viewBox=\"0 {Number(top)} {Number(width)} {Number(height)}\" width=\"{Number(width)}\" height=\"{Number(height)}\" font-family=\"ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"12\"");

    internal void Open(string name, string attributes = "") => _text.Append('<').Append(name).Append(attributes.Length > 0 ? " " : "").Append(attributes).Append(">\n");

    internal void Close(string name) => _text.Append("</").Append(name).Append(">\n");

    internal void Element(string name, string attributes) => _text.Append('<').Append(name).Append(' ').Append(attributes).Append("/>\n");

    internal void Text(string name, string attributes, string content) =>
        _text.Append('<').Append(name).Append(attributes.Length > 0 ? " " : "").Append(attributes).Append('>').Append(Escaped(content)).Append("</").Append(name).Append(">\n");

    /// <summary>A line of text.</summary>
    internal void Text(double x, double y, string content, string classes = "", string anchor = "start", int size = 12) =>
        Text("text", $"x=\"{Number(x)}\" y=\"{Number(y)}\"{(classes.Length > 0 ? $" class=\"{classes}\"" : "")}{(anchor == "start" ? "" : $" text-anchor=\"{anchor}\"")}{(size == 12 ? "" : $" font-size=\"{Number(size)}\"")}", content);

    private static string Rules(Func<(string Selector, string Property, string Light, string Dark), string> colour) =>
        string.Concat(s_colours.Select(rule => $"{rule.Selector} {{ {rule.Property}: {colour(rule)} }}\n"));
}
