// nudge names: a language model in one command, with nothing else at hand.

using System.CommandLine;

namespace Nudge.Cli;

internal static class NamesCommand
{
    // So that it takes seconds, with the validation loss near its best.
    private const int Steps = 3000, Window = 6, Embedding = 16, Hidden = 128, Batch = 32;
    private const double LearningRate = 0.005, Validation = 0.1;

    internal static Command Create(Terminal terminal)
    {
        Option<ulong?> seed = Choices.Seed();
        Option<int?> steps = Choices.Whole("--steps", "How many steps to make", 1, 1_000_000, Steps);
        Option<string?> save = Choices.Output("--out", "Where to save the model, as names.safetensors");
        var output = new TextOutput();
        var command = new Subcommand(
            "names",
            "Learn first names, and invent new ones: a language model in seconds",
            ("nudge names", "watch its names get better"),
            ("nudge names --out names.safetensors", "and keep the model, for nudge generate"))
        {
            steps, seed, save,
        };
        foreach (Option option in output.All)
            command.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(save) is { } path)
                UserFile.RequireWritable(save.Name, path);
            var settings = new TextSettings
            {
                Kind = LanguageModelKind.Mlp,
                Context = Window,
                Embedding = Embedding,
                Hidden = Hidden,
                Optimizer = "adam",
                LearningRate = LearningRate,
                Schedule = "linear",
                BatchSize = Batch,
                Steps = parsed.GetRequiredValue(steps)!.Value,
                Validation = new HeldBack(Validation, null),
                Samples = 5,
                Seed = parsed.GetRequiredValue(seed)!.Value,
                Out = parsed.GetValue(save),
            };
            return Task.FromResult(TextRun.Make(TextPlan.Make(settings, TextDataset.Names()), output.View(terminal, parsed), cancellation));
        });
        return command;
    }
}
