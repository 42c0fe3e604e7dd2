// What a report is about.

namespace Nudge.Cli;

/// <summary>A part of the data, and how good the model is there, and a straight line where that is known.</summary>
internal sealed record ReportPart(string Name, int Count, Metrics Metrics, Metrics? Line = null);

/// <summary>What was found wrong with a run.</summary>
internal sealed record ReportFinding(string Title, string Text, string Line);

internal sealed record ReportContent
{
    /// <summary>The data, in a few words.</summary>
    internal required string Source { get; init; }

    internal required string TargetName { get; init; }

    /// <summary>The command line.</summary>
    internal required string Command { get; init; }

    /// <summary>Settings and what follows from the data, each with a label.</summary>
    internal required IReadOnlyList<(string Label, string Text)> Facts { get; init; }

    /// <summary>What a person should know about data and result.</summary>
    internal IReadOnlyList<string> Notes { get; init; } = [];

    internal IReadOnlyList<ReportFinding> Findings { get; init; } = [];

    internal IReadOnlyList<ReportPart> Parts { get; init; } = [];

    /// <summary>The last of the parts, as it is called in a sentence.</summary>
    internal string Where { get; init; } = "";

    internal TableSchema? Schema { get; init; }

    /// <summary>The model, and what it says about the last of the parts; null where the run diverged.</summary>
    internal (TrainedModel Model, ModelEvaluation Evaluation)? Shown { get; init; }

    internal LossCourse? Course { get; init; }

    internal int? BestEpoch { get; init; }

    /// <summary>How the run ended, in a sentence; empty where there was none.</summary>
    internal string End { get; init; } = "";

    internal ColumnImportances? Importances { get; init; }

    internal IReadOnlyList<ColumnDependence> Dependences { get; init; } = [];

    internal WorstRows? Worst { get; init; }
}
