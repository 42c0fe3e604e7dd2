// What the page copies as C# compiles, runs, and makes the losses that the page draws.

using System.Globalization;
using Nudge.Cli;
using Nudge.Tests.Cli;
using Nudge.Tests.Lessons;

namespace Nudge.Tests.Recordings;

[Collection(nameof(Programs))]
public sealed class CopiedProgramTests
{
    private const string Using = "using Nudge;\n";

    [Fact]
    public void A_copied_program_makes_the_run_that_it_was_copied_from()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("model.safetensors"), line = folder.Line();
        CommandRun.Of("train", line, "--epochs", "2", "--out", model);
        string mixed = folder.File("mixed.csv", "x,a,b,c\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i * 37 % 60},{(i % 3 == 0 ? "yes" : "no")},{i * 7 % 60}.5,{(i * 37 % 60 > 30 ? "up" : i % 2 == 0 ? "down" : "left")}\n")));
        RunRecording[] runs =
        [
            Trained(folder, "--data", "lesson", "--layers", "4,4", "--batch", "full", "--optimizer", "sgd", "--learning-rate", "0.05", "--loss", "sum-of-squares", "--epochs", "20"),
            Trained(folder, "--epochs", "3", "--engine", "eager", "--validation", "20%", "--schedule", "cosine", "--clip-norm", "1"),
            Trained(folder, "--data", "sine", "--epochs", "3", "--precision", "double", "--optimizer", "sgd", "--momentum", "0.9", "--l2", "0.001"),
            Trained(folder, line, "--from", model, "--epochs", "3"),
            Trained(folder, mixed, "--target", "a,b,c", "--epochs", "3", "--class-weight", "yes=2"),
            RunRecording.Open(LabRun.Record("broken", new LabSettings(0.05, TrainingMistakes.SkipZeroing), isNetwork: true, steps: 30, seed: 1), "lab"),
        ];

        // A block each, so that one build serves all.
        string file = folder.File("program.cs", $$"""
            #:project {{Path.Combine(Programs.Root, "src", "Nudge", "Nudge.csproj")}}
            #:property PublishAot=false
            #:property RunAnalyzers=false
            {{Using}}
            {{string.Concat(runs.Select(run => $"{{\n{Body(run)}\n}}\nConsole.WriteLine();\n"))}}
            """);

        string[] printed = [.. string.Join('\n', Programs.Run(file)).Split("\n\n").Select(lines => Programs.Lines(lines.Trim('\n'))[^1])];
        Assert.Equal(runs.Select(LastLoss), printed.Select(line => line[(line.LastIndexOf(' ') + 1)..]));
    }

    private static RunRecording Trained(TemporaryFolder folder, params string[] arguments)
    {
        string path = folder.File($"{folder.Files.Length}.nudge");
        CommandRun run = CommandRun.Of(["train", .. arguments, "--quiet", "--record", path]);
        Assert.True(run.ExitCode == ExitCode.Done, run.Error);
        return RunRecording.Open(path);
    }

    private static string Body(RunRecording run)
    {
        Assert.StartsWith(Using, run.Info.Program);
        return run.Info.Program[Using.Length..];
    }

    private static string LastLoss(RunRecording run) => run.Steps().Last().Loss.ToString("G6", CultureInfo.CurrentCulture);
}
