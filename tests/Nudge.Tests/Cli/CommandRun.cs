// Runs the command within the test's process and keeps what it printed.

using System.Text.Json;
using Nudge.Cli;

namespace Nudge.Tests.Cli;

/// <summary>What a command did.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    internal string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Every line as JSON; fails where one is not.</summary>
    internal JsonElement[] Json => [.. Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>As in a pipe: nobody watches.</summary>
    internal static CommandRun Of(params string[] arguments) => Of(new StringWriter(), false, false, 80, arguments, default);

    /// <summary>As in a window.</summary>
    internal static CommandRun InWindow(int width, bool colour, params string[] arguments) =>
        Of(new StringWriter(), true, colour, width, arguments, default);

    /// <summary>As when Ctrl-C is pressed once the output has so many lines.</summary>
    internal static CommandRun InterruptedAfter(int lines, params string[] arguments)
    {
        using var source = new CancellationTokenSource();
        if (lines == 0)
            source.Cancel();
        return Of(new ActingWriter(source.Cancel, lines), false, false, 80, arguments, source.Token);
    }

    /// <summary>With something that happens once the output has so many lines.</summary>
    internal static CommandRun After(int lines, Action act, params string[] arguments) =>
        Of(new ActingWriter(act, lines), false, false, 80, arguments, default);

    private static CommandRun Of(StringWriter output, bool interactive, bool colour, int width, string[] arguments, CancellationToken cancellation)
    {
        using var error = new StringWriter();
        using (output)
        {
            output.NewLine = error.NewLine = "\n";
            var terminal = new Terminal(output, error, interactive, colour, () => width);
            int exitCode = NudgeCommand.RunAsync(arguments, terminal, cancellation).GetAwaiter().GetResult();
            return new CommandRun(exitCode, output.ToString(), error.ToString());
        }
    }

    private sealed class ActingWriter(Action act, int lines) : StringWriter
    {
        private int _lines;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (++_lines == lines)
                act();
        }
    }
}
