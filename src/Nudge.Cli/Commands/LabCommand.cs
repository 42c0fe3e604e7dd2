// nudge lab: the classic mistakes, beside the loop as it should be.

using System.CommandLine;

namespace Nudge.Cli;

internal static class LabCommand
{
    internal static Command Create(Terminal terminal)
    {
        var name = new Argument<string?>("name") { Description = "The scenario; without one they are listed", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> watch = Choices.Switch("--watch", "Serve the lab as a page on this machine; prints its address");
        Option<string?> save = Choices.Output("--save-page", "Save the page as a file, with the scenario in it or with all");
        Option<int?> port = WatchedPage.PortOption();
        var command = new Subcommand(
            "lab",
            "Break the training loop on purpose, and see what happens and why",
            ("nudge lab", "what can go wrong"),
            ("nudge lab zero", "forgetting to zero the gradients, beside the right loop"),
            ("nudge lab --watch", "the same as a page, step by step"),
            ("nudge lab zero --save-page zero.html", "one file to keep or to send"))
        {
            name, watch, save, port,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            string? wanted = parsed.GetValue(name);
            string[] names = [.. Lab.Scenarios.Select(scenario => scenario.Name), VisitOrder.Name];
            if (wanted is not null && !names.Contains(wanted))
            {
                string? nearest = Text.Nearest(wanted, names);
                throw new UserException($"there is no scenario '{wanted}'; " + (nearest is null ? $"the scenarios are {string.Join(", ", names)}" : $"did you mean {nearest}?"));
            }
            if (parsed.GetValue(port) is not null && !parsed.GetValue(watch))
                throw new UserException("--port is for a page that is served; add --watch");
            if (parsed.GetValue(save) is { } output)
            {
                if (parsed.GetValue(watch))
                    throw new UserException("--watch and --save-page cannot be combined; leave one out");
                UserFile.RequireWritable("--save-page", output);
                string[] embedded = [.. Lab.Scenarios.Select(scenario => scenario.Name).Where(scenario => wanted is null || scenario == wanted)];
                File.WriteAllBytes(output, PageSource.Make("saved", "pitfalls lab", lab: wanted ?? names[0], labScenarios: embedded));
                terminal.WriteFact("saved", output);
            }
            else if (parsed.GetValue(watch))
            {
                var content = new PageServerContent(PageSource.Make("view", "pitfalls lab", lab: wanted ?? names[0]), new RunFeed(), LabRecording);
                await WatchedPage.ServeAsync(terminal, content, parsed.GetValue(port), cancellation).ConfigureAwait(false);
            }
            else if (wanted is null)
            {
                LabReport.WriteList(terminal);
            }
            else if (wanted == VisitOrder.Name)
            {
                LabReport.WriteOrder(terminal);
            }
            else
            {
                LabReport.Write(terminal, Lab.Scenarios.First(scenario => scenario.Name == wanted));
            }
            return ExitCode.Done;
        });
        return command;
    }

    internal static byte[]? LabRecording(string name) => Lab.Record(name);
}
