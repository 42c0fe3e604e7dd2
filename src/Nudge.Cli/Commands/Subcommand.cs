// A command of `nudge` with examples for its help.

using System.CommandLine;

namespace Nudge.Cli;

/// <summary>A command whose help ends with examples: a line to type, and what it does.</summary>
internal sealed class Subcommand(string name, string description, params (string Line, string What)[] examples)
    : Command(name, description)
{
    internal IReadOnlyList<(string Line, string What)> Examples { get; } = examples;
}
