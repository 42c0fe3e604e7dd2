// What was asked for on the command line of `nudge train-text`; null where the data decides.

namespace Nudge.Cli;

/// <summary>A part of the data that is held back: a share of the file, or a file of its own.</summary>
internal sealed record HeldBack(double Share, string? Path);

internal sealed record TextSettings : RunSettings
{
    internal TextSettings()
    {
    }

    /// <param name="run">What every run is asked.</param>
    internal TextSettings(RunSettings run)
        : base(run)
    {
    }

    /// <summary>The file; null for the first names that come along.</summary>
    internal string? Path { get; init; }

    internal bool ByCharacter { get; init; }

    internal HeldBack Validation { get; init; } = new(0, null);

    internal HeldBack Test { get; init; } = new(0, null);

    internal LanguageModelKind Kind { get; init; }

    /// <summary>How many characters back the model looks.</summary>
    internal int? Context { get; init; }

    internal int Layers { get; init; }

    internal int Width { get; init; }

    internal int Heads { get; init; }

    internal int Embedding { get; init; }

    internal int Hidden { get; init; }

    internal int BatchSize { get; init; }

    internal int Steps { get; init; }

    internal int? LookEvery { get; init; }

    internal int Patience { get; init; }

    internal int Samples { get; init; }
}
