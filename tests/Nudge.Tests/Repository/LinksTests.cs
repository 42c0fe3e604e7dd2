// A link in the documentation leads somewhere.

using System.Text.RegularExpressions;
using Nudge.Tests.Lessons;

namespace Nudge.Tests.Repository;

public sealed partial class LinksTests
{
    [Fact]
    public void Every_link_to_a_file_or_heading_of_the_repository_leads_to_one()
    {
        string[] pages = [.. Directory.GetFiles(Programs.Root, "*.md"), .. Directory.GetFiles(Path.Combine(Programs.Root, "docs"), "*.md")];
        (string Page, string Target)[] links =
        [
            .. from page in pages
               from Match link in Link().Matches(File.ReadAllText(page))
               let target = link.Groups[1].Value
               where !target.Contains("://", StringComparison.Ordinal)
               select (page, target),
        ];
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(LeadsSomewhere(link.Page, link.Target), $"{link.Page}: there is no {link.Target}"));
    }

    private static bool LeadsSomewhere(string page, string target)
    {
        string[] parts = target.Split('#');
        string path = parts[0].Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, parts[0]);
        return parts.Length == 1 ? Path.Exists(path) : File.Exists(path) && Headings(File.ReadAllText(path)).Contains(parts[1]);
    }

    // As GitHub names them: in small letters, without punctuation, with hyphens for spaces.
    private static IEnumerable<string> Headings(string text) => Heading().Matches(text)
        .Select(heading => Punctuation().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
