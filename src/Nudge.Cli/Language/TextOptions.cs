// The options of `nudge train-text`: their ranges, their defaults, and which go together.

using System.CommandLine;

namespace Nudge.Cli;

internal sealed class TextOptions
{
    private const int MostSize = 4096, MostLayers = 48, MostContext = 4096, MostSteps = 100_000_000, MostExamples = 1_000_000;
    private const int DefaultSamples = 5;
    private const double DefaultValidation = 0.05;

    internal static IReadOnlyList<string> Kinds { get; } = [.. Enum.GetNames<LanguageModelKind>().Select(name => name.ToLowerInvariant())];

    internal Argument<string> File { get; } = Choices.File("text.txt", "The text to learn from, in UTF-8: a document a line, or running text");

    private Option<bool> ByCharacter { get; } = Choices.Switch("--by-character", "The file is running text, and not a document a line");

    private Option<string> Model { get; } = Choices.OneOf("--model", "What predicts the next character", Kinds, "gpt");

    private Option<int?> Context { get; } = Choices.Whole("--context", "How many characters back it looks [default: 8 for mlp, else the longest line, up to 64]", 1, MostContext);

    private Option<int?> Layers { get; } = Choices.Whole("--layers", "For gpt, how many blocks", 1, MostLayers, TextUsual.Layers);

    private Option<int?> Width { get; } = Choices.Whole("--width", "For gpt, how many numbers stand for a position", 1, MostSize, TextUsual.Width);

    private Option<int?> Heads { get; } = Choices.Whole("--heads", "For gpt, how many heads share the width", 1, MostSize, TextUsual.Heads);

    private Option<int?> Embedding { get; } = Choices.Whole("--embedding", "For mlp, rnn and gru, how many numbers stand for a character", 1, MostSize, TextUsual.Embedding);

    private Option<int?> Hidden { get; } = Choices.Whole("--hidden", "For mlp, rnn and gru, how many hidden neurons [default: 200 for mlp, else 128]", 1, MostSize);

    private Option<int?> Batch { get; } = Choices.Whole("--batch", "How many documents share a step [default: by the model]", 1, MostExamples);

    private Option<int?> Steps { get; } = Choices.Whole("--steps", "How many steps to make [default: by the model]", 1, MostSteps);

    private Option<int?> LookEvery { get; } = Choices.Whole("--look-every", "Steps between two looks at the validation part, with samples [default: a tenth of the run]", 1, MostSteps);

    private Option<int?> Patience { get; } = Choices.Whole("--patience", "Stop after so many looks without a better validation loss, 0 never [default: 0]", 0, MostSteps);

    private Option<string?> Validation { get; } = Part("--validation", "Part of the text, or a file, that decides what to keep [default: 5%]");

    private Option<string?> Test { get; } = Part("--test", "Part of the text, or a file, that is measured at the end [default: 0]");

    private Option<int?> Samples { get; } = Choices.Whole("--samples", "How many samples to show at each look", 0, 100, DefaultSamples);

    private RunOptions Run { get; } = new("by the model", "linear", "1 for rnn, gru and gpt");

    internal IReadOnlyList<Option> All =>
    [
        ByCharacter, Model, Context, Layers, Width, Heads, Embedding, Hidden, .. Run.OfSteps, Batch,
        Steps, LookEvery, Patience, Validation, Test, Samples, .. Run.OfRun,
    ];

    /// <exception cref="UserException">Options do not go together.</exception>
    internal TextSettings Read(Command command, ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(File);
        UserFile.RefuseOption(command, path);
        LanguageModelKind kind = Enum.Parse<LanguageModelKind>(parsed.GetRequiredValue(Model), ignoreCase: true);
        RefuseUnless(kind == LanguageModelKind.Gpt, "gpt", Layers, Width, Heads);
        RefuseUnless(kind is LanguageModelKind.Mlp or LanguageModelKind.Rnn or LanguageModelKind.Gru, "mlp, rnn and gru", Embedding, Hidden);
        int width = parsed.GetRequiredValue(Width)!.Value, heads = parsed.GetRequiredValue(Heads)!.Value;
        if (width % heads != 0)
            throw new UserException($"--heads: {heads} heads cannot share a width of {width} evenly; expected a divisor of it");
        HeldBack test = ReadPart(parsed, Test, 0), validation = ReadPart(parsed, Validation, Math.Min(DefaultValidation, (1 - test.Share) / 2));
        if (validation.Share + test.Share >= 1)
            throw new UserException($"--validation and --test: expected less than 100 % together, got {Cli.Text.Percent(validation.Share + test.Share)}");
        UserFile.RequireWritable(parsed, [path], Run.Outputs);
        TextUsual usual = TextUsual.Of(kind);
        return new TextSettings(Run.Read(parsed, _ => usual.LearningRate, usual.ClipNorm))
        {
            Path = path,
            ByCharacter = parsed.GetValue(ByCharacter),
            Validation = validation,
            Test = test,
            Kind = kind,
            Context = parsed.GetValue(Context),
            Layers = parsed.GetRequiredValue(Layers)!.Value,
            Width = width,
            Heads = heads,
            Embedding = parsed.GetRequiredValue(Embedding)!.Value,
            Hidden = parsed.GetValue(Hidden) ?? usual.Hidden,
            BatchSize = parsed.GetValue(Batch) ?? usual.Batch,
            Steps = parsed.GetValue(Steps) ?? usual.Steps,
            LookEvery = parsed.GetValue(LookEvery),
            Patience = parsed.GetValue(Patience) ?? 0,
            Samples = parsed.GetRequiredValue(Samples)!.Value,
        };

        void RefuseUnless(bool isAllowed, string kinds, params IReadOnlyList<Option> options) => Choices.RefuseUnless(
            parsed, isAllowed, $"is for {kinds}, and the model is {kind.ToString().ToLowerInvariant()}; leave it out, or choose another --model", options);
    }

    private static Option<string?> Part(string name, string description) => new(name) { Description = description, HelpName = "SHARE|FILE" };

    private static HeldBack ReadPart(ParseResult parsed, Option<string?> option, double usual)
    {
        string? typed = parsed.GetValue(option);
        if (typed is null)
            return new HeldBack(usual, null);
        if (Choices.TryShare(typed) is { } share)
            return new HeldBack(share, null);
        if (System.IO.File.Exists(typed))
            return new HeldBack(0, typed);
        throw new UserException($"{option.Name}: expected a share from 0 to below 1, as 0.2 or 20%, or a file that exists, got '{typed}'");
    }
}
