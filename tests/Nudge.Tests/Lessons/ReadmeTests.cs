// The README's C# is compiled and run, and what it says it prints is what it prints.

namespace Nudge.Tests.Lessons;

[Collection(nameof(Programs))]
public sealed class ReadmeTests : IDisposable
{
    // Outside the repository, so that the snippets build as in a project of their own.
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nudge-readme-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_snippet_runs_and_prints_the_block_below_it()
    {
        List<(string Code, string Output)> snippets = Snippets(File.ReadAllText(Path.Combine(Programs.Root, "README.md")));
        Assert.NotEmpty(snippets);
        for (int i = 0; i < snippets.Count; i++)
        {
            string file = Path.Combine(_folder.FullName, $"snippet{i}.cs");
            File.WriteAllText(file, $"""
                #:project {Path.Combine(Programs.Root, "src", "Nudge", "Nudge.csproj")}
                #:property PublishAot=false
                #:property RunAnalyzers=false
                {snippets[i].Code}
                """);
            Assert.Equal(Programs.Lines(snippets[i].Output), Programs.Run(file));
        }
    }

    /// <summary>The csharp blocks of a Markdown text, each with the text block that follows it.</summary>
    private static List<(string Code, string Output)> Snippets(string markdown)
    {
        var snippets = new List<(string, string)>();
        string? code = null, kind = null;
        var block = new List<string>();
        foreach (string line in Programs.Lines(markdown))
        {
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                block.Add(line);
                continue;
            }
            if (kind is null)
            {
                kind = line[3..];
                Assert.True(code is null || kind == "text", "A csharp block is followed by a text block with what it prints.");
            }
            else
            {
                string content = string.Join('\n', block);
                if (kind == "csharp")
                {
                    code = content;
                }
                else if (code is not null)
                {
                    snippets.Add((code, content));
                    code = null;
                }
                kind = null;
            }
            block.Clear();
        }
        Assert.True(code is null, "The last csharp block has no text block with what it prints.");
        return snippets;
    }
}
