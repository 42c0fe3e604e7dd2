// What was asked for on the command line of `nudge train`; null where the data decides.

namespace Nudge.Cli;

internal sealed record TrainSettings : RunSettings
{
    internal TrainSettings()
    {
    }

    /// <param name="run">What every run is asked.</param>
    internal TrainSettings(RunSettings run)
        : base(run)
    {
    }

    /// <summary>What <see cref="Open"/> is when all is decided.</summary>
    internal static IReadOnlySet<string> NothingOpen { get; } = new HashSet<string>();

    /// <summary>The names of the settings that were not asked for and that <see cref="TableDefaults"/> decide when the rows are known.</summary>
    internal IReadOnlySet<string> Open { get; init; } = NothingOpen;

    /// <summary>The same, where one more is decided.</summary>
    internal TrainSettings Decided(string name) => this with { Open = Open.Where(open => open != name).ToHashSet() };

    internal string? Path { get; init; }

    internal override bool IsPiped => Path == TableFileOptions.StandardInput;

    internal string? Generator { get; init; }

    internal int? Points { get; init; }

    internal double? Noise { get; init; }

    /// <summary>What the columns of the file are, where that was said.</summary>
    internal TableOptions Columns { get; init; } = new();

    /// <summary>How the file is written, where that was said.</summary>
    internal CsvFormat Format { get; init; } = new();

    /// <summary>The options about the file as they were typed, for commands that read it again.</summary>
    internal string TypedFormat { get; init; } = "";

    /// <summary>What the columns of the file are where the model to train on says it.</summary>
    internal TableSchema? FromSchema { get; init; }

    /// <summary>Whether parts are split off at the end in time, and not at random.</summary>
    internal bool SplitsByTime { get; init; }

    internal IReadOnlyList<int> Layers { get; init; } = [];

    internal Activation Activation { get; init; } = Activation.Linear;

    /// <summary>Into how many parts ramps divide each column of numbers; 0 for no ramps.</summary>
    internal int Ramps { get; init; }

    internal Objective? Objective { get; init; }

    /// <summary>Classes with their weights, as they were typed, or balanced; empty for none.</summary>
    internal IReadOnlyList<string> ClassWeight { get; init; } = [];

    internal int Epochs { get; init; }

    /// <summary>0 for the whole training set.</summary>
    internal int BatchSize { get; init; }

    /// <summary>Null where the number of examples decides.</summary>
    internal double? Validation { get; init; }

    internal double Test { get; init; }

    /// <summary>Null where it depends on whether there is a validation part.</summary>
    internal int? Patience { get; init; }

    /// <summary>For two classes, the probability above which it is the second; NaN to choose it on the validation part; null for 0.5.</summary>
    internal double? Threshold { get; init; }

    internal string? Report { get; init; }

    /// <summary>Whether it is one of many runs: nobody looks on, and no doctor either.</summary>
    internal bool IsTrial { get; init; }

    internal string? Picture { get; init; }

    internal string? Record { get; init; }

    internal string? SavePage { get; init; }

    internal bool Watch { get; init; }

    internal bool Edit { get; init; }

    internal int? Port { get; init; }
}
