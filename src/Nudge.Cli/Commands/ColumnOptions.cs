// The options that say what the columns of a table are.

using System.CommandLine;

namespace Nudge.Cli;

internal sealed class ColumnOptions
{
    internal Option<string?> Target { get; } = new("--target")
    {
        Description = "The column to predict, by name or position from 1, or several numbers, as a,b [default: the last]",
        HelpName = "COLUMN",
    };

    internal Option<string> Task { get; } = Choices.OneOf("--task", "What to predict", ["classification", "regression"], note: "found from the target");

    private Option<string[]> Ignore { get; } = Columns("--ignore", "Columns to leave out, by name or position");

    private Option<string[]> Categories { get; } = Columns("--categories", "Columns whose values are names, even if they look like numbers");

    private Option<string[]> Numbers { get; } = Columns("--numbers", "Columns that are numbers; cells that are none count as missing");

    private Option<string[]> Dates { get; } = Columns("--dates", "Columns that are dates or times; cells that are none count as missing");

    private Option<string> Missing { get; } = Choices.OneOf("--missing", "What becomes of missing cells: filled and marked, their rows dropped, or refused", ["fill", "drop", "refuse"], "fill");

    private Option<string[]> MissingMarks { get; } = new("--missing-marks")
    {
        Description = "What stands for a missing value besides an empty cell, NA, ? and the like; none for nothing [default: -999, -9999 … far outside]",
        HelpName = "TEXT",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Those that say what the inputs are.</summary>
    internal Option[] Kinds => [Categories, Numbers, Dates, Missing, MissingMarks];

    internal IReadOnlyList<Option> All => [Target, Ignore, Task, Categories, Numbers, Dates, Missing, MissingMarks];

    internal TableOptions Read(ParseResult parsed) => new()
    {
        Target = parsed.GetValue(Target),
        Task = parsed.GetValue(Task) is { } task ? Enum.Parse<LearningTask>(task, ignoreCase: true) : null,
        Ignore = parsed.GetValue(Ignore) ?? [],
        Categories = parsed.GetValue(Categories) ?? [],
        Numbers = parsed.GetValue(Numbers) ?? [],
        Dates = parsed.GetValue(Dates) ?? [],
        Missing = Enum.Parse<MissingPolicy>(parsed.GetRequiredValue(Missing), ignoreCase: true),
        MissingMarks = parsed.GetResult(MissingMarks) is null ? null : parsed.GetValue(MissingMarks),
    };

    private static Option<string[]> Columns(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "COLUMN",
        AllowMultipleArgumentsPerToken = true,
    };
}
