// nudge train-text: from a text to a model that writes like it.

using System.CommandLine;

namespace Nudge.Cli;

internal static class TrainTextCommand
{
    internal static Command Create(Terminal terminal)
    {
        var options = new TextOptions();
        var output = new TextOutput();
        var command = new Subcommand(
            "train-text",
            "Train a language model on a text file, a document a line or running text",
            ("nudge train-text names.txt --out names.safetensors", "a small GPT, and samples while it learns"),
            ("nudge train-text names.txt --model mlp --context 5 --hidden 200", "another rung of the ladder"),
            ("nudge train-text poems.txt --by-character --context 64 --checkpoint run.checkpoint", "running text, and a run that can go on"));
        command.Add(options.File);
        foreach (Option option in options.All.Concat(output.All))
            command.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            TextSettings settings = options.Read(command, parsed);
            TextDataset text = UserFile.Read(command, settings.Path!, path => TextDataset.Read(path, settings.ByCharacter));
            return Task.FromResult(TextRun.Make(TextPlan.Make(settings, text), output.View(terminal, parsed), cancellation));
        });
        return command;
    }
}

/// <summary>How a run of a language model is shown: <c>--json</c> and <c>--quiet</c>.</summary>
internal sealed class TextOutput
{
    private Option<bool> Json { get; } = Choices.Switch("--json", "Print JSON, one object a line: the start, each look, and last the summary");

    private Option<bool> Quiet { get; } = Choices.Switch("--quiet", "Print the summary only");

    internal IReadOnlyList<Option> All => [Json, Quiet];

    internal ITextView View(Terminal terminal, ParseResult parsed) => parsed.GetValue(Json)
        ? new TextJsonView(terminal, parsed.GetValue(Quiet))
        : new TextScreenView(terminal, parsed.GetValue(Quiet));
}
