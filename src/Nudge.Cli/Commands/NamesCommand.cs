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
        Option<string?> from = Continuation.Option();
        var output = new TextOutput();
        var command = new Subcommand(
            "names",
            "Learn first names, and invent new ones: a language model in seconds",
            ("nudge names", "watch its names get better"),
            ("nudge names --out names.safetensors", "and keep the model, for nudge generate"),
            ("nudge names --from names.safetensors --steps 1000 --out better.safetensors", "and train it on"))
        {
            steps, seed, from, save,
        };
        foreach (Option option in output.All)
            command.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(save) is { } path)
                UserFile.RequireWritable(save.Name, path, parsed.GetValue(from));
            TextDataset names = TextDataset.Names();
            TrainedLanguageModel? start = parsed.GetValue(from) is { } saved ? UserFile.Read(command, saved, TrainedLanguageModel.Load) : null;
            if (start is not null && (start.ByCharacter || start.Tokenizer.Characters != names.Tokenizer.Characters))
                throw new UserException($"--from: {parsed.GetValue(from)} was trained on other texts than names of the letters {names.Tokenizer.Characters}; expected a model of nudge names");
            var settings = new TextSettings
            {
                CommandLine = UserFile.CommandLine(parsed),
                Kind = start?.Settings.Kind ?? LanguageModelKind.Mlp,
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
                From = parsed.GetValue(from),
                Start = start,
            };
            return Task.FromResult(TextRun.Make(TextPlan.Make(settings, names), output.View(terminal, parsed), cancellation));
        });
        return command;
    }
}
