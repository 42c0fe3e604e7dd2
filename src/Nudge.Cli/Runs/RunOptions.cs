// The options that every run has, whatever it trains.

using System.CommandLine;

namespace Nudge.Cli;

/// <param name="usualRate">The learning rate where none is asked for, in words.</param>
/// <param name="usualSchedule">The schedule where none is asked for.</param>
/// <param name="usualClipNorm">The greatest norm of the gradients where none is asked for, in words.</param>
/// <param name="optimizerInWords">The optimizer where none is asked for, in words.</param>
/// <param name="scheduleInWords">The schedule where none is asked for, in words where that depends.</param>
/// <param name="usualDecay">The weight decay where none is asked for, in words.</param>
internal sealed class RunOptions(
    string usualRate, string usualSchedule, string usualClipNorm,
    string optimizerInWords = RunOptions.UsualOptimizer, string? scheduleInWords = null, string usualDecay = "0, for adamw 0.01")
{
    private const string UsualOptimizer = "adam";

    private const int MostWarmUp = 100_000_000;

    private Option<string> Optimizer { get; } = Choices.OneOf("--optimizer", "How steps are made from gradients", ["adam", "adamw", "sgd", "rmsprop"], note: optimizerInWords);

    private Option<double?> LearningRate { get; } = Choices.Number("--learning-rate", $"The size of a step [default: {usualRate}]", "a number above 0", number => number > 0);

    private Option<double?> Momentum { get; } = Choices.Number("--momentum", "How much of the last step goes into the next, for sgd and rmsprop [default: 0]", "a number from 0 to below 1", number => number is >= 0 and < 1);

    private Option<double?> WeightDecay { get; } = Choices.Number("--weight-decay", $"How fast the optimizer shrinks parameters [default: {usualDecay}]", "a number of at least 0", number => number >= 0);

    private Option<double?> L2 { get; } = Choices.Number("--l2", "The weight of the sum of squared parameters in the loss [default: 0]", "a number of at least 0", number => number >= 0);

    private Option<string> Schedule { get; } = Choices.OneOf("--schedule", "How the learning rate changes over the run", ["constant", "step", "linear", "cosine"], note: scheduleInWords ?? usualSchedule);

    private Option<int?> WarmUp { get; } = Choices.Whole("--warm-up", "Steps in which the learning rate rises to its full size [default: 0]", 0, MostWarmUp);

    private Option<double?> ClipNorm { get; } = Choices.Number("--clip-norm", $"The greatest norm of the gradients, 0 for no limit [default: {usualClipNorm}]", "a number of at least 0", number => number >= 0);

    private Option<ulong?> Seed { get; } = Choices.Seed();

    private EngineOptions Engine { get; } = new(Precision.Single);

    private Option<string?> Out { get; } = Choices.Output("--out", "Where to save the model, as model.safetensors");

    private Option<string?> Checkpoint { get; } = Choices.Output("--checkpoint", "Where to save the run while it goes on and on Ctrl-C, so that it can go on another time");

    /// <summary>A saved model to train on.</summary>
    internal Option<string?> From { get; } = Continuation.Option();

    /// <summary>A run to go on with.</summary>
    internal Option<string?> Resume { get; } = Choices.Output("--resume", "A checkpoint to go on from: the same command, and this");

    /// <summary>How steps are made.</summary>
    internal IReadOnlyList<Option> OfSteps => [Optimizer, LearningRate, Momentum, WeightDecay, L2, Schedule, WarmUp, ClipNorm];

    /// <summary>The learning rate, and how it changes.</summary>
    internal IReadOnlyList<Option> OfRate => [LearningRate, Schedule, WarmUp];

    /// <summary>The optimizer, and what keeps parameters small.</summary>
    internal IReadOnlyList<Option> OfPenalty => [Optimizer, Momentum, WeightDecay, L2];

    /// <summary>What is the same for every run of the tool.</summary>
    internal IReadOnlyList<Option> OfRun => [Seed, .. Engine.All, From, Out, Checkpoint, Resume];

    /// <summary>The files that a run writes.</summary>
    internal IReadOnlyList<Option<string?>> Outputs => [Out, Checkpoint];

    /// <summary>The saved model to train on; null for none.</summary>
    internal string? FromIn(ParseResult parsed) => parsed.GetValue(From);

    /// <summary>The names of the settings of steps that were not asked for.</summary>
    internal IEnumerable<string> LeftOpen(ParseResult parsed) => Choices.LeftOut(
        parsed, (Optimizer, nameof(RunSettings.Optimizer)), (LearningRate, nameof(RunSettings.LearningRate)), (Schedule, nameof(RunSettings.Schedule)));

    /// <param name="parsed">What was typed.</param>
    /// <param name="rateOf">The learning rate of an optimizer where none is asked for.</param>
    /// <param name="clipNorm">The greatest norm where none is asked for.</param>
    /// <exception cref="UserException">Options do not go together, or the checkpoint is not there.</exception>
    internal RunSettings Read(ParseResult parsed, Func<string, double> rateOf, double clipNorm)
    {
        string optimizer = parsed.GetValue(Optimizer) ?? UsualOptimizer;
        Choices.RefuseUnless(parsed, optimizer is "sgd" or "rmsprop", $"is for sgd and rmsprop, and the optimizer is {optimizer}; leave it out, or choose one of these", Momentum);
        (GraphEngine engine, Precision precision) = Engine.Read(parsed);
        string? resume = parsed.GetValue(Resume);
        if (resume is not null && !File.Exists(resume))
            throw new UserException($"{Resume.Name}: {(Directory.Exists(resume) ? $"{resume} is a directory" : $"there is no file {resume}")}; expected a checkpoint, as {Checkpoint.Name} writes it");
        return new RunSettings
        {
            CommandLine = UserFile.CommandLine(parsed),
            Optimizer = optimizer,
            LearningRate = parsed.GetValue(LearningRate) ?? rateOf(optimizer),
            Momentum = parsed.GetValue(Momentum),
            WeightDecay = parsed.GetValue(WeightDecay),
            L2Penalty = parsed.GetValue(L2) ?? 0,
            Schedule = parsed.GetValue(Schedule) ?? usualSchedule,
            WarmUp = parsed.GetValue(WarmUp) ?? 0,
            ClipNorm = parsed.GetValue(ClipNorm) ?? clipNorm,
            Seed = parsed.GetRequiredValue(Seed)!.Value,
            Engine = engine,
            Precision = precision,
            From = FromIn(parsed),
            Out = parsed.GetValue(Out),
            Checkpoint = parsed.GetValue(Checkpoint) ?? resume,
            Resume = resume,
        };
    }
}
