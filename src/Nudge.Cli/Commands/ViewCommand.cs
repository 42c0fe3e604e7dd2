// nudge view: recorded runs as a page.

using System.CommandLine;

namespace Nudge.Cli;

internal static class ViewCommand
{
    internal static Command Create(Terminal terminal)
    {
        var files = new Argument<string[]>("run.nudge")
        {
            Description = "Recordings of nudge train --record; the last one is shown, and compared with those before",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> save = Choices.Output("--save-page", "Save the page as a file, and serve nothing");
        Option<int?> port = WatchedPage.PortOption();
        var command = new Subcommand(
            "view",
            "Look at recorded runs in a browser: serves a page on this machine",
            ("nudge view run.nudge", "prints the address; Ctrl-C ends it"),
            ("nudge view before.nudge after.nudge", "two runs in one picture; D for their difference"),
            ("nudge view run.nudge --save-page run.html", "one file to keep or to send"))
        {
            files, save, port,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            string? output = parsed.GetValue(save);
            if (output is not null && parsed.GetValue(port) is not null)
                throw new UserException("--port is for a page that is served, and --save-page serves nothing; leave one out");
            if (output is not null)
                UserFile.RequireWritable("--save-page", output, parsed.GetRequiredValue(files));
            var feed = new RunFeed();
            string title = "";
            foreach (string path in parsed.GetRequiredValue(files))
            {
                RunRecording recording = UserFile.Read(command, path, RunRecording.Open);
                title = recording.Info.Title;
                foreach (byte[] record in recording.Records())
                    feed.Append(record);
            }
            if (output is not null)
            {
                WatchedPage.Save(output, title, feed);
                terminal.WriteFact("saved", output);
                return ExitCode.Done;
            }
            var content = new PageServerContent(PageSource.Make("view", title), feed, LabCommand.LabRecording);
            await WatchedPage.ServeAsync(terminal, content, parsed.GetValue(port), cancellation).ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }
}
