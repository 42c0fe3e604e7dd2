// The command `nudge`: its subcommands, and what it says when they are used wrongly.

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Nudge.Cli;

internal static class NudgeCommand
{
    /// <summary>Runs the command and returns its exit code. Errors of the user are one line; none has a stack trace.</summary>
    /// <param name="arguments">What was typed after <c>nudge</c>.</param>
    /// <param name="terminal">Where it prints.</param>
    /// <param name="cancellation">Asks a long run to finish its step and end, as Ctrl-C does.</param>
    internal static async Task<int> RunAsync(string[] arguments, Terminal terminal, CancellationToken cancellation = default)
    {
        RootCommand root = Create(terminal);
        ParseResult parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        string name = parsed.CommandResult.Command is RootCommand ? "nudge" : $"nudge {parsed.CommandResult.Command.Name}";
        try
        {
            if (parsed.Action is ParseErrorAction)
                throw new UserException(UsageError(parsed, name));
            var configuration = new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellation).ConfigureAwait(false);
        }
        catch (UserException error)
        {
            return Fail(ExitCode.BadInput, error.Message, error.Excerpt);
        }
        catch (Exception error) when (error is DataFormatException or ModelFormatException or RecordingFormatException)
        {
            return Fail(ExitCode.BadInput, error.Message);
        }
        catch (Exception error) when (error is RunFailedException or IOException or UnauthorizedAccessException)
        {
            return Fail(ExitCode.Failed, error.Message);
        }

        int Fail(int exitCode, string message, string? excerpt = null)
        {
            terminal.Error.WriteLine($"{name}: {message.ReplaceLineEndings(" ")}");
            if (excerpt is not null)
                terminal.Error.WriteLine(excerpt);
            return exitCode;
        }
    }

    private static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand("Neural networks with nothing hidden: train, inspect and understand small ones.")
        {
            TrainCommand.Create(terminal),
            FindRateCommand.Create(terminal),
            SearchCommand.Create(terminal),
            ColumnsCommand.Create(terminal),
            PredictCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            InspectCommand.Create(terminal),
            ExplainPlanCommand.Create(terminal),
            ViewCommand.Create(terminal),
            DiffCommand.Create(terminal),
            LabCommand.Create(terminal),
            NamesCommand.Create(terminal),
            TrainTextCommand.Create(terminal),
            GenerateCommand.Create(terminal),
            LessonCommand.Create(terminal),
            GradCommand.Create(terminal),
            DrawCommand.Create(terminal),
        };
        root.HelpName = "nudge";
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, terminal);
        root.SetAction(parsed => ((SynchronousCommandLineAction)help.Action).Invoke(parsed));
        return root;
    }

    private static string UsageError(ParseResult parsed, string name)
    {
        Command command = parsed.CommandResult.Command;
        string help = $"see {name} --help";
        // A slip in the name of an option reads as an argument, and then as one too many or as a wrong file.
        if (parsed.Tokens.FirstOrDefault(IsUnknownOption) is { } slip)
            return $"{UnknownOption(command, slip.Value)}; {help}";
        if (parsed.UnmatchedTokens is not [string token, ..])
            return $"{LowerFirst(parsed.Errors[0].Message.TrimEnd('.'))}; {help}";
        if (command is not RootCommand)
            return $"'{token}' is one argument too many; {help}";
        string? nearest = Text.Nearest(token, command.Subcommands.Select(subcommand => subcommand.Name));
        return $"there is no command '{token}'; " + (nearest is not null
            ? $"did you mean {nearest}?"
            : $"the commands are {string.Join(", ", command.Subcommands.Select(subcommand => subcommand.Name))}");
    }

    private static bool IsUnknownOption(Token token) =>
        token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal);

    private static string LowerFirst(string message) => char.ToLowerInvariant(message[0]) + message[1..];

    /// <summary>What to say about an option that a command does not have.</summary>
    internal static string UnknownOption(Command command, string token)
    {
        string typed = token.Split('=', 2)[0];
        string? nearest = Text.Nearest(typed, command.Options.Select(option => option.Name));
        return $"there is no option '{typed}'" + (nearest is null ? "" : $"; did you mean {nearest}?");
    }

    /// <summary>The help as the parser prints it, followed by the command's examples.</summary>
    private sealed class HelpWithExamples(HelpAction help, Terminal terminal) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            help.MaxWidth = terminal.Width;
            help.Invoke(parseResult);
            if (parseResult.CommandResult.Command is not Subcommand { Examples: var examples })
                examples = [("nudge train", "watch a network learn, in seconds"), ("nudge lesson", "how it learns, with every number"), ("nudge train --help", "what a command can do")];
            terminal.WriteLine("Examples:");
            foreach ((string line, string what) in examples)
            {
                terminal.WriteLine($"  {line}");
                terminal.WriteLine($"      {what}");
            }
            return ExitCode.Done;
        }
    }
}
