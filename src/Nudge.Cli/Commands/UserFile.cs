// Files that a user names: refused with a clear line before any work is done.

using System.CommandLine;
using System.Globalization;

namespace Nudge.Cli;

internal static class UserFile
{
    /// <summary>Reads a file that must exist.</summary>
    /// <exception cref="UserException">There is no such file.</exception>
    internal static T Read<T>(Command command, string path, Func<string, T> read)
    {
        RefuseOption(command, path);
        if (Directory.Exists(path))
            throw new UserException($"{path} is a directory; expected a file");
        if (!File.Exists(path))
            throw new UserException($"there is no file {path}");
        return read(path);
    }

    /// <summary>A slip in the name of an option would otherwise be taken for a file.</summary>
    internal static void RefuseOption(Command command, string path)
    {
        if (path.StartsWith('-') && !File.Exists(path))
            throw new UserException($"{NudgeCommand.UnknownOption(command, path)}; see nudge {command.Name} --help");
    }

    /// <summary>Checks that a file can be written there, so that nobody learns after an hour that it cannot.</summary>
    /// <param name="option">The option that names it.</param>
    /// <param name="path">The file.</param>
    /// <param name="used">Files that the command reads or writes besides, which would be lost.</param>
    /// <exception cref="UserException">It is a directory, or lies in none, or is used already.</exception>
    internal static void RequireWritable(string option, string path, params ReadOnlySpan<string?> used)
    {
        if (path.Length == 0)
            throw new UserException($"{option}: expected the name of a file, got ''");
        if (Directory.Exists(path))
            throw new UserException($"{option}: {path} is a directory; expected the name of a file in it");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) == "/dev")
            throw new UserException($"{option}: {path} is a device; expected the name of a file");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory && !Directory.Exists(directory))
            throw new UserException($"{option}: there is no directory {directory}; make it first");
        foreach (string? other in used)
        {
            if (!string.IsNullOrEmpty(other) && Path.GetFullPath(other) == Path.GetFullPath(path))
                throw new UserException($"{option}: the command uses {other} already, which would be lost; choose another name");
        }
    }

    /// <summary>The same of all files that a command writes.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="read">The files that it reads.</param>
    /// <param name="outputs">The options that name those to write.</param>
    /// <exception cref="UserException">One cannot be written, or two are the same.</exception>
    internal static void RequireWritable(ParseResult parsed, IReadOnlyList<string?> read, IReadOnlyList<Option<string?>> outputs)
    {
        List<string?> used = [.. read];
        foreach (Option<string?> option in outputs)
        {
            if (parsed.GetValue(option) is not { } output)
                continue;
            RequireWritable(option.Name, output, [.. used]);
            used.Add(output);
        }
    }

    /// <summary>A word as it must be typed in a shell, in one line whatever is in it.</summary>
    internal static string Quoted(string word) =>
        word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || "_-./,:=%+@".Contains(letter)) ? word
        : word.Any(NeedsEscape) ? $"$'{string.Concat(word.Select(Escaped))}'"
        : $"'{word.Replace("'", "'\\''")}'";

    /// <summary>A command as it was typed.</summary>
    internal static string CommandLine(ParseResult parsed) => string.Join(' ', parsed.Tokens.Select(token => Quoted(token.Value)).Prepend("nudge"));

    private static bool NeedsEscape(char letter) => char.IsControl(letter) || letter is '\u2028' or '\u2029';

    private static string Escaped(char letter) => letter switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\'' or '\\' => "\\" + letter,
        _ when NeedsEscape(letter) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
        _ => letter.ToString(),
    };
}
