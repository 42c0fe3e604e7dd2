// A strict reader of reports: what a browser forgives is an error here.

using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Nudge.Tests.Cli;

internal static partial class ReportPageCheck
{
    private const long MostBytes = 1 << 20;

    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    private static readonly string[] s_known =
    [
        "html", "head", "meta", "title", "style", "body", "a", "header", "p", "h1", "h2", "h3", "span", "bdi", "nav", "main", "section", "div", "dl", "dt", "dd",
        "table", "caption", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "details", "summary", "ul", "li", "code",
    ];

    private static readonly string[] s_attributes =
        ["lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "aria-label", "aria-labelledby", "role", "tabindex", "scope", "style", "colspan", "data-right", "data-wrong"];

    /// <summary>Reads a report that must be well-formed, readable for everybody, without scripts and without anything from elsewhere.</summary>
    internal static XElement Read(string path)
    {
        string text = File.ReadAllText(path);
        Assert.InRange(new FileInfo(path).Length, 1000, MostBytes);
        Assert.StartsWith("<!doctype html>\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', text);
        XElement page = XDocument.Parse(Meta().Replace(text["<!doctype html>\n".Length..], "$1/>"), LoadOptions.PreserveWhitespace).Root!;
        foreach (XElement element in page.DescendantsAndSelf().Where(element => element.Name.Namespace != s_svg))
        {
            Assert.Contains(element.Name.LocalName, s_known);
            Assert.All(element.Attributes(), attribute => Assert.Contains(attribute.Name.LocalName, s_attributes));
        }
        Assert.DoesNotContain("http", text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal).Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("url(", text, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", text, StringComparison.Ordinal);

        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(page.Descendants("a"), link => Assert.Contains(link.Attribute("href")!.Value, ids.Select(id => "#" + id)));
        Assert.All(page.Descendants("section"), section => Assert.Equal(section.Attribute("aria-labelledby")!.Value, section.Element("h2")!.Attribute("id")!.Value));
        Assert.Single(page.Descendants("h1"));
        Assert.Single(page.Descendants("main"));
        Assert.All(page.Descendants("table"), table =>
        {
            Assert.NotEqual("", table.Element("caption")!.Value);
            Assert.All(table.Descendants("th"), head => Assert.True(head.Attribute("scope")!.Value is "col" or "row"));
            int columns = table.Element("thead")!.Element("tr")!.Elements().Sum(head => (int?)head.Attribute("colspan") ?? 1);
            Assert.All(table.Element("tbody")!.Elements("tr"), row => Assert.Equal(columns, row.Elements().Count()));
        });
        Assert.All(page.Descendants(s_svg + "svg"), picture =>
        {
            Assert.Equal("img", picture.Attribute("role")!.Value);
            Assert.NotEqual("", picture.Element(s_svg + "title")!.Value);
            Assert.NotEqual("", picture.Element(s_svg + "desc")!.Value);
            Assert.DoesNotContain("NaN", picture.ToString(), StringComparison.Ordinal);
            // The numbers of each picture stand in a table, too.
            Assert.NotNull(picture.Parent!.Element("details")!.Descendants("table").Single());
        });
        return page;
    }

    /// <summary>The rows of the table of that caption, as texts.</summary>
    internal static string[][] Table(this XElement page, string caption) =>
        [.. page.Descendants("table").Single(table => table.Element("caption")!.Value == caption).Element("tbody")!.Elements("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray())];

    internal static string[] Headings(this XElement page) => [.. page.Descendants("h2").Select(heading => heading.Value)];

    [GeneratedRegex("(<meta [^>]*)>")]
    private static partial Regex Meta();
}
