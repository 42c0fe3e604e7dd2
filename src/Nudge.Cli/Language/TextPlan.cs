// From settings and text to everything that a run needs: the parts of the text, the model, the trainer.

namespace Nudge.Cli;

internal sealed class TextPlan : RunPlan
{
    private const int LongestContext = 64, Measurements = 10;

    private TextPlan(TextSettings settings, TextDataset whole, TrainedLanguageModel model, LanguageProblem problem, TextDataset? test, Trainer trainer)
        : base(trainer)
    {
        Settings = settings;
        Whole = whole;
        Model = model;
        Problem = problem;
        Test = test;
        Baselines = TextBaseline.Of(problem.Training, problem.Validation);
    }

    internal override TextSettings Settings { get; }

    /// <summary>The documents of the file before anything is cut or held back.</summary>
    internal TextDataset Whole { get; }

    internal TrainedLanguageModel Model { get; }

    internal LanguageProblem Problem { get; }

    /// <summary>The documents held back: nothing of them is used before the run has ended.</summary>
    internal TextDataset? Test { get; }

    /// <summary>What there is to beat.</summary>
    internal IReadOnlyList<TextBaseline> Baselines { get; }

    internal string SourceName => Settings.Path ?? "first names";

    /// <summary>The numbers to generate with: those that the run computes with.</summary>
    internal Precision GeneratingPrecision => Settings.Engine == GraphEngine.Eager ? Precision.Double : Settings.Precision;

    /// <param name="settings">What was asked for.</param>
    /// <param name="whole">The text.</param>
    /// <exception cref="UserException">Text and settings do not fit together.</exception>
    internal static TextPlan Make(TextSettings settings, TextDataset whole)
    {
        return Made(Plan);

        TextPlan Plan()
        {
            int longest = Math.Max(1, Math.Min(whole.Longest - 1, LongestContext));
            int context = settings.Kind == LanguageModelKind.Mlp ? longest : settings.Context ?? longest;
            // Running text is one document: what is held back of it can only be windows.
            TextDataset training = settings.ByCharacter ? whole.Windows(context) : whole;
            var rng = new Rng(settings.Seed);
            (training, TextDataset? test) = HoldBack(training, settings.Test, 1);
            // A share of all the text, whether or not a part was taken away for testing before.
            (training, TextDataset? validation) = HoldBack(training, settings.Validation, 1 - settings.Test.Share);

            LanguageModel model = new LanguageModelSettings
            {
                Kind = settings.Kind,
                VocabularySize = whole.Tokenizer.Count,
                ContextLength = context,
                Window = settings.Context ?? TextUsual.Window,
                Embedding = settings.Embedding,
                Hidden = settings.Hidden,
                Layers = settings.Layers,
                Width = settings.Width,
                Heads = settings.Heads,
            }.Create(rng);
            var problem = new LanguageProblem(model, training, validation);
            var options = new TrainerOptions
            {
                Steps = settings.Steps,
                MeasureEvery = settings.LookEvery ?? Math.Max(1, settings.Steps / Measurements),
                BatchSize = settings.BatchSize,
                Schedule = settings.MakeSchedule(settings.Steps),
                L2Penalty = settings.L2Penalty,
                ClipNorm = settings.ClipNorm,
                Patience = settings.Patience,
                Seed = settings.Seed,
                Engine = settings.Engine,
                Precision = settings.Precision,
            };
            var trainer = new Trainer(problem, settings.MakeOptimizer(model.Parameters), options) { Doctor = new Doctor(model.Parameters) };
            return new TextPlan(settings, whole, new TrainedLanguageModel(model, whole.Tokenizer, settings.ByCharacter), problem, test, trainer);

            (TextDataset Kept, TextDataset? HeldBack) HoldBack(TextDataset from, HeldBack part, double left) => part switch
            {
                { Path: { } path } => (from, TextDataset.Read(path, settings.ByCharacter, from.Tokenizer)),
                { Share: > 0 and var share } => Split(from, share / left),
                _ => (from, null),
            };

            (TextDataset Kept, TextDataset? HeldBack) Split(TextDataset from, double share)
            {
                try
                {
                    return from.Split(share, rng);
                }
                catch (ArgumentException error)
                {
                    string wayOut = settings.ByCharacter
                        ? "expected a longer text, a smaller --context, or no part (--validation 0)"
                        : "each line is a document: expected more lines, --by-character to take the text as one, or no part (--validation 0)";
                    throw new UserException($"{settings.Path ?? "first names"}: {MessageOf(error).TrimEnd('.')}; {wayOut}");
                }
            }
        }
    }
}
