// nudge lesson: how learning works, on two screens, with numbers computed as you watch.

using System.CommandLine;

namespace Nudge.Cli;

internal static class LessonCommand
{
    internal static Command Create(Terminal terminal)
    {
        Option<double?> rate = Choices.Number(
            "--learning-rate", "The size of a step", "a number above 0", number => number > 0, 0.1);
        Option<bool> noZero = Choices.Switch("--no-zero", "Break it: do not zero the gradients between steps");
        Option<bool> flipSign = Choices.Switch("--flip-sign", "Break it: step with the gradient instead of against it");
        Option<ulong?> seed = Choices.Seed();
        var command = new Subcommand(
            "lesson",
            "Show how learning works: a derivative, one weight, a network",
            ("nudge lesson", "the loss goes 16, 0.64, 0.0256"),
            ("nudge lesson --learning-rate 0.26", "a rate that is just too large"))
        {
            rate, noZero, flipSign, seed,
        };
        command.SetAction(parsed =>
        {
            new LessonView(terminal, new LessonSettings(
                parsed.GetRequiredValue(rate)!.Value, !parsed.GetValue(noZero), parsed.GetValue(flipSign),
                parsed.GetRequiredValue(seed)!.Value)).Write();
            return ExitCode.Done;
        });
        return command;
    }
}
