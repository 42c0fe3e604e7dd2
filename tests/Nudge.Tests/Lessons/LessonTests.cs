// Each lesson runs and prints exactly what its source says it prints.

namespace Nudge.Tests.Lessons;

[Collection(nameof(Programs))]
public class LessonTests
{
    private const string Mark = "//>";

    public static TheoryData<string> Lessons =>
        [.. Directory.GetFiles(Path.Combine(Programs.Root, "lessons"), "*.cs").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Lessons))]
    public void A_lesson_prints_what_it_says(string lesson)
    {
        string file = Path.Combine("lessons", lesson);
        string[] promised = [.. File.ReadLines(Path.Combine(Programs.Root, file)).Select(Promised).OfType<string>()];
        Assert.NotEmpty(promised);
        Assert.Equal(promised, Programs.Run(file));
    }

    [Fact]
    public void A_promise_is_what_stands_after_the_mark_in_code_and_not_in_prose()
    {
        Assert.Equal("loss 16", Promised("Console.WriteLine(loss); //> loss 16"));
        Assert.Equal(" 1  2", Promised("//>  1  2"));
        Assert.Equal("", Promised("//>"));
        Assert.Null(Promised("// what a line prints stands after //> on it"));
        Assert.Null(Promised("Value a = 2; // forward"));
    }

    /// <summary>The line that a line of source says it prints; null where it says nothing.</summary>
    private static string? Promised(string line)
    {
        int mark = line.IndexOf(Mark, StringComparison.Ordinal);
        if (mark < 0 || (line.TrimStart().StartsWith("//", StringComparison.Ordinal) && !line.TrimStart().StartsWith(Mark, StringComparison.Ordinal)))
            return null;
        string text = line[(mark + Mark.Length)..];
        return text.StartsWith(' ') ? text[1..] : text;
    }
}
