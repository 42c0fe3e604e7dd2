// nudge generate: new text from a trained language model.

using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Nudge.Cli;

internal static class GenerateCommand
{
    private const int Lines = 10, MostDocuments = 1_000_000, MostCharacters = 100_000_000, UsualCharacters = 500;

    internal static Command Create(Terminal terminal)
    {
        Argument<string> modelPath = Choices.File("model.safetensors", "A model that nudge train-text has saved");
        Option<int?> count = Choices.Whole("--count", "How many documents to write [default: 10, of running text 1]", 1, MostDocuments);
        Option<int?> length = Choices.Whole("--length", "How many characters one has at most", 1, MostCharacters, UsualCharacters);
        var prompt = new Option<string?>("--prompt") { Description = "How each of them begins", HelpName = "TEXT" };
        Option<double?> temperature = Choices.Number("--temperature", "Below 1 for what is likelier, above for what is rarer, 0 for the likeliest alone", "a number of at least 0", number => number >= 0, 1);
        Option<int?> topK = Choices.Whole("--top-k", "Draw from so many of the likeliest characters [default: all]", 1, Tokenizer.MaxCharacters);
        Option<double?> topP = Choices.Number("--top-p", "Draw from the likeliest that have this share of the probability [default: 1, all]", "a number above 0 and at most 1", number => number is > 0 and <= 1);
        Option<ulong?> seed = Choices.Seed();
        Option<string> precision = Choices.Precision(Precision.Single);
        var training = new Option<string?>("--training") { Description = "The text it was trained on: says what share of the documents stands in it", HelpName = "FILE" };
        Option<bool> stats = Choices.Switch("--stats", "Say on the standard error how many characters a second were written");
        Option<bool> json = Choices.Switch("--json", "Print JSON, one object for each document");
        var command = new Subcommand(
            "generate",
            "Write new text with a language model",
            ("nudge generate names.safetensors --count 20", "twenty new names"),
            ("nudge generate names.safetensors --prompt mar --temperature 0.7", "likely ones that begin with mar"))
        {
            modelPath, count, length, prompt, temperature, topK, topP, seed, precision, training, stats, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            TrainedLanguageModel model = UserFile.Read(command, parsed.GetRequiredValue(modelPath), TrainedLanguageModel.Load);
            TextDataset? known = parsed.GetValue(training) is { } path ? UserFile.Read(command, path, file => TextDataset.Read(file)) : null;
            if (known is not null && model.ByCharacter)
                throw new UserException("--training is for models of a document a line, and this one is of running text; leave it out");
            string start = parsed.GetValue(prompt) ?? "";
            var generator = new TextGenerator(model, Choices.ReadPrecision(parsed.GetValue(precision)) ?? Precision.Single)
            {
                MaxLength = parsed.GetRequiredValue(length)!.Value,
                Sampler = new Sampler
                {
                    Temperature = parsed.GetRequiredValue(temperature)!.Value,
                    TopK = parsed.GetValue(topK) ?? 0,
                    TopP = parsed.GetValue(topP) ?? 1,
                },
            };
            RequireKnown(model.Tokenizer, start);
            var rng = new Rng(parsed.GetRequiredValue(seed)!.Value);
            int documents = parsed.GetValue(count) ?? (model.ByCharacter ? 1 : Lines);
            using var interruption = new Interruption(cancellation);
            var clock = Stopwatch.StartNew();
            List<string> written = documents == 1 && !parsed.GetValue(json)
                ? [WriteOne(terminal, generator, rng, start, interruption.Token)]
                : WriteAll(terminal, generator, documents, rng, start, parsed.GetValue(json), interruption.Token);
            double seconds = Math.Max(clock.Elapsed.TotalSeconds, 1e-9);
            if (parsed.GetValue(stats))
            {
                long characters = written.Sum(text => (long)text.Length - start.Length);
                terminal.Error.WriteLine($"  {Text.Plural(characters, "character")} in {Text.Duration(clock.Elapsed)}: {Text.Count((long)(characters / seconds))} a second");
            }
            if (known is not null && written.Count > 0)
                terminal.Error.WriteLine($"  {Text.Percent(TextRun.ShareKnown(written, known))} stand in {parsed.GetValue(training)} as they are");
            return Task.FromResult(interruption.Token.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done);
        });
        return command;
    }

    private static void RequireKnown(Tokenizer tokenizer, string prompt)
    {
        try
        {
            tokenizer.Encode(prompt);
        }
        catch (ArgumentException error)
        {
            throw new UserException($"--prompt: {error.Message.Split(" (Parameter ")[0]}");
        }
    }

    // As it comes, for whoever watches.
    private static string WriteOne(Terminal terminal, TextGenerator generator, Rng rng, string prompt, CancellationToken cancellation)
    {
        var text = new System.Text.StringBuilder();
        generator.Write(
            rng, prompt,
            piece =>
            {
                text.Append(piece);
                terminal.Out.Write(piece);
                if (terminal.IsInteractive)
                    terminal.Out.Flush();
            },
            cancellation);
        terminal.WriteLine();
        return text.ToString();
    }

    private static List<string> WriteAll(
        Terminal terminal, TextGenerator generator, int count, Rng rng, string prompt, bool json, CancellationToken cancellation)
    {
        var written = new List<string>();
        foreach (string text in generator.Generate(count, rng, prompt, cancellation))
        {
            if (json)
                terminal.WriteJson(new JsonObject { ["text"] = text });
            else
                terminal.WriteLine(text);
            written.Add(text);
        }
        return written;
    }
}
