// A folder of the library uses only what stands before it, in the line that CONTRIBUTING.md draws.

using System.Text.RegularExpressions;
using Nudge.Tests.Lessons;

namespace Nudge.Tests.Repository;

public sealed partial class LayersTests
{
    [Fact]
    public void A_folder_uses_only_what_stands_before_it()
    {
        Dictionary<string, int> layers = Layers(File.ReadAllText(Path.Combine(Programs.Root, "CONTRIBUTING.md")));
        var problems = new SortedSet<string>(StringComparer.Ordinal);
        foreach ((string user, Type type, string file) in CompiledUses.Of(typeof(Value).Assembly))
        {
            string from = FolderOf(user), to = FolderOf(file);
            if (!layers.ContainsKey(from))
                problems.Add($"{user}: {from} has no place in the line of folders in CONTRIBUTING.md");
            else if (layers.TryGetValue(to, out int layer) && layer > layers[from])
                problems.Add($"{user} uses {type.Name} of {file}: {to} stands above {from}");
        }
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public void A_type_lies_in_one_folder() => Assert.All(
        CompiledUses.FilesOfTypes(typeof(Value).Assembly),
        type => Assert.True(type.Value.Select(FolderOf).Distinct().Count() == 1, $"{type.Key.Name} lies in {string.Join(", ", type.Value)}"));

    /// <summary>The layer of each folder. What "Value" names are the files in no folder.</summary>
    private static Dictionary<string, int> Layers(string text) => Line().Match(text).Value.Split('→')
        .SelectMany((layer, index) => layer.Split(',').Select(folder => (Folder: folder.Trim(), Index: index)))
        .ToDictionary(layer => layer.Folder, layer => layer.Index);

    private static string FolderOf(string file) => file.IndexOf('/') is > 0 and var end ? file[..end] : "Value";

    [GeneratedRegex(@"^ *Numerics →.*$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
