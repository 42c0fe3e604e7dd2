// Comparing text with a file that was looked at once and is kept.

using Nudge.Tests.Lessons;

namespace Nudge.Tests.Drawing;

internal static class Golden
{
    /// <summary>Set to 1 to write the files anew; then look at what changed.</summary>
    private const string Update = "NUDGE_UPDATE_GOLDEN";

    internal static void Matches(string name, string text)
    {
        string path = Path.Combine(Programs.Root, "tests", "Nudge.Tests", "Drawing", "Golden", name);
        if (Environment.GetEnvironmentVariable(Update) == "1")
            File.WriteAllText(path, text);
        Assert.True(File.Exists(path), $"There is no {path}; set {Update}=1 to write it.");
        Assert.Equal(File.ReadAllText(path), text);
    }
}
