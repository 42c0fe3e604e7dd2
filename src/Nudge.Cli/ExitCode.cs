// What the process says to its caller when it ends.

namespace Nudge.Cli;

internal static class ExitCode
{
    /// <summary>Done.</summary>
    internal const int Done = 0;

    /// <summary>The run failed: it diverged, or a file could not be written.</summary>
    internal const int Failed = 1;

    /// <summary>Bad usage or bad input.</summary>
    internal const int BadInput = 2;

    /// <summary>Ended early by Ctrl-C, or by a request to end.</summary>
    internal const int Interrupted = 130;
}

/// <summary>Something that the user can mend: the command ends with <see cref="ExitCode.BadInput"/> and this message.</summary>
/// <param name="message">What was wrong and what was expected.</param>
/// <param name="excerpt">Lines that show where, if there are any.</param>
internal sealed class UserException(string message, string? excerpt = null) : Exception(message)
{
    internal string? Excerpt { get; } = excerpt;
}

/// <summary>Something that failed though nothing was wrong with what was asked: <see cref="ExitCode.Failed"/>.</summary>
/// <param name="message">What failed, and what to try.</param>
internal sealed class RunFailedException(string message) : Exception(message);
