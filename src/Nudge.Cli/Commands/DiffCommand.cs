// nudge diff: the first step and the first number in which two recorded runs differ.

using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Nudge.Cli;

internal static class DiffCommand
{
    internal static Command Create(Terminal terminal)
    {
        Argument<string> first = Choices.File("first.nudge", "A recording of nudge train --record"), second = Choices.File("second.nudge", "The one to compare it with");
        Option<bool> json = Choices.Switch("--json", "Print one JSON object");
        var command = new Subcommand(
            "diff",
            "Find the first step and the first number in which two recorded runs differ",
            ("nudge diff before.nudge after.nudge", "exit code 0 where they agree in every bit, 1 where they do not"))
        {
            first, second, json,
        };
        command.SetAction(parsed =>
        {
            RunRecording left = UserFile.Read(command, parsed.GetRequiredValue(first), RunRecording.Open);
            RunRecording right = UserFile.Read(command, parsed.GetRequiredValue(second), RunRecording.Open);
            RunDifference? difference = RunDifference.Between(left, right);
            if (parsed.GetValue(json))
                terminal.WriteJson(AsJson(difference));
            else
                Write(terminal, difference);
            return difference is null ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Write(Terminal terminal, RunDifference? difference)
    {
        if (difference is null)
        {
            terminal.WriteParagraph("The two runs agree in every bit.");
            return;
        }
        terminal.WriteFact("step", $"{Text.Count(difference.Step + 1)}, {difference.Beat}");
        terminal.WriteFact("what", difference.What);
        if (double.IsNaN(difference.First) && double.IsNaN(difference.Second))
            return;
        terminal.WriteFact("first", Exact(difference.First));
        terminal.WriteFact("second", Exact(difference.Second));
        terminal.WriteFact("apart", $"{Text.Short(difference.Absolute)}, {Text.Short(100 * difference.Relative)} %");
    }

    private static JsonObject AsJson(RunDifference? difference) => difference is null
        ? new JsonObject { ["same"] = true }
        : new JsonObject
        {
            ["same"] = false,
            ["step"] = difference.Step + 1,
            ["beat"] = difference.Beat,
            ["what"] = difference.What,
            ["first"] = Json.Number(difference.First),
            ["second"] = Json.Number(difference.Second),
            ["absolute"] = Json.Number(difference.Absolute),
            ["relative"] = Json.Number(difference.Relative),
        };

    private static string Exact(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
