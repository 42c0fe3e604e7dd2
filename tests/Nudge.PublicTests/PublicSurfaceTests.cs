// What others can see of the library changes only when somebody says that it is to.

using System.Runtime.CompilerServices;

namespace Nudge.PublicTests;

public class PublicSurfaceTests
{
    private const string Approve = "NUDGE_APPROVE=1 dotnet test -c Release tests/Nudge.PublicTests --filter PublicSurface";

    [Fact]
    public void Is_what_was_approved()
    {
        string file = Approved();
        string[] now = [.. PublicSurface.Of(typeof(Value).Assembly)];
        if (Environment.GetEnvironmentVariable("NUDGE_APPROVE") == "1")
            File.WriteAllLines(file, now);
        string[] approved = File.ReadAllLines(file);
        string[] changes =
        [
            .. approved.Except(now).Select(line => $"- {line}"),
            .. now.Except(approved).Select(line => $"+ {line}"),
        ];
        Assert.True(changes.Length == 0, $"The public surface is not that of {Path.GetFileName(file)}. If it is to change, say so in CHANGELOG.md and run:\n{Approve}\n{string.Join('\n', changes)}");
        Assert.Equal(approved, now);
    }

    [Fact]
    public void Says_what_callers_depend_on()
    {
        string[] lines = [.. PublicSurface.Of(typeof(Value).Assembly)];
        Assert.Equal(lines.Length, lines.Distinct().Count());
        Assert.Contains("abstract class Nudge.Objective", lines);
        Assert.Contains("Nudge.Objective.protected abstract Value Formula(ReadOnlySpan<Value> outputs, ReadOnlySpan<Value> target, IndexValue classIndex)", lines);
        Assert.Contains("Nudge.TrainerOptions.int Epochs { get; init; }", lines);
        Assert.Contains("Nudge.Trainer.Doctor? Doctor { get; init; }", lines);
        Assert.Contains("Nudge.Precision.Single = 0", lines);
        Assert.DoesNotContain(lines, line => line.Contains("<Clone>", StringComparison.Ordinal) || line.Contains("CompiledBatchLoss", StringComparison.Ordinal));
    }

    private static string Approved([CallerFilePath] string path = "") => Path.ChangeExtension(path, null).Replace("PublicSurfaceTests", "PublicSurface.approved.txt", StringComparison.Ordinal);
}
