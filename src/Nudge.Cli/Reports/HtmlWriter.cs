// Writing HTML: elements, tables, and texts of which none can become markup.

using System.Globalization;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;

namespace Nudge.Cli;

/// <summary>A cell of a table: its text, or a bar as long as a share.</summary>
internal readonly record struct HtmlCell(string Text, bool IsNumber = false, string Attributes = "", double? Bar = null)
{
    public static implicit operator HtmlCell(string text) => new(text);

    internal static HtmlCell Number(string text) => new(text, IsNumber: true);
}

internal sealed partial class HtmlWriter
{
    /// <summary>How much of a cell or a name is shown.</summary>
    internal const int LongestText = 160;

    // What is longer may be broken into lines, and anywhere if need be.
    private const int LongestLine = 24;

    private readonly StringBuilder _text = new();
    private int _figures;

    public override string ToString() => _text.ToString();

    /// <summary>Text that can stand between tags and in attributes, cut where it is very long.</summary>
    internal static string Escape(string text, int most = LongestText)
    {
        string cut = text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1)] + "…";
        // A number and its percent sign stay together.
        return SecurityElement.Escape(string.Concat(cut.Select(letter => char.IsControl(letter) ? ' ' : letter)).Replace(" %", "\u00A0%", StringComparison.Ordinal));
    }

    internal HtmlWriter Raw(string html)
    {
        _text.Append(html).Append('\n');
        return this;
    }

    internal HtmlWriter Open(string name, string attributes = "") => Raw($"<{name}{Before(attributes)}>");

    internal HtmlWriter Close(string name) => Raw($"</{name}>");

    /// <summary>An element with a text of our own, or with names in it: each name apart, so that its direction stays its own.</summary>
    internal HtmlWriter Text(string name, string text, string attributes = "", int most = 1000) =>
        Raw($"<{name}{Before(attributes)}>{Escape(text, most)}</{name}>");

    /// <summary>A sentence in which the options of the command stand out.</summary>
    internal HtmlWriter Sentence(string name, string text) => Raw($"<{name}>{Options().Replace(Escape(text, 1000), "<code>$0</code>")}</{name}>");

    /// <summary>A table with a caption, in a frame that scrolls by itself where it is wide.</summary>
    /// <param name="caption">What it is.</param>
    /// <param name="columns">The names of the columns.</param>
    /// <param name="rows">The cells; the first of each names its row.</param>
    /// <param name="classes">How it looks.</param>
    internal HtmlWriter Table(string caption, IReadOnlyList<HtmlCell> columns, IEnumerable<IReadOnlyList<HtmlCell>> rows, string classes = "")
    {
        Open("div", $"class=\"scroller\" role=\"group\" tabindex=\"0\" aria-label=\"{Escape(caption)}\"");
        Open("table", classes.Length > 0 ? $"class=\"{classes}\"" : "");
        Text("caption", caption);
        _text.Append("<thead><tr>");
        foreach (HtmlCell column in columns)
            _text.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\"{Class(column)}{Before(column.Attributes)}><bdi>{Escape(column.Text)}</bdi></th>");
        _text.Append("</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<HtmlCell> row in rows)
        {
            _text.Append("<tr>");
            for (int i = 0; i < row.Count; i++)
                Cell(row[i], i == 0 ? "th" : "td", i == 0 ? " scope=\"row\"" : "");
            _text.Append("</tr>\n");
        }
        _text.Append("</tbody>\n");
        return Close("table").Close("div");
    }

    /// <summary>A picture with its title, what can be seen in it, and its numbers to unfold.</summary>
    internal HtmlWriter Figure(Figure figure, string numbersOf, IReadOnlyList<HtmlCell> columns, IEnumerable<IReadOnlyList<HtmlCell>> rows)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"figure-{++_figures}");
        Open("figure", $"class=\"card\" aria-labelledby=\"{id}\"");
        Raw($"<figcaption><h3 id=\"{id}\"><bdi>{Escape(figure.Title)}</bdi></h3></figcaption>");
        Raw(figure.ToSvgForPage());
        Text("p", figure.Description, "class=\"quiet\"", 300);
        Open("details").Raw($"<summary>Numbers<span class=\"unseen\"> of {Escape(figure.Title)}</span></summary>");
        Table(numbersOf, columns, rows);
        return Close("details").Close("figure");
    }

    private void Cell(HtmlCell cell, string name, string scope)
    {
        if (cell.Bar is { } share)
            _text.Append(CultureInfo.InvariantCulture, $"<{name}{scope} class=\"bar\"><span style=\"width:{100 * Math.Clamp(share, 0, 1):0.#}%\"></span></{name}>");
        else
            _text.Append(CultureInfo.InvariantCulture, $"<{name}{scope}{Class(cell)}{Before(cell.Attributes)}><bdi>{Escape(cell.Text)}</bdi></{name}>");
    }

    private static string Class(HtmlCell cell) => cell.IsNumber ? " class=\"number\"" : cell.Text.Length > LongestLine ? " class=\"long\"" : "";

    [GeneratedRegex("(?<= |^)--[a-z][a-z-]*")]
    private static partial Regex Options();

    private static string Before(string attributes) => attributes.Length > 0 ? " " + attributes : "";
}
