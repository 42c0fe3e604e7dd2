// From settings and data to everything that a run needs: the parts of the data, the model, the trainer.

using System.Diagnostics;

namespace Nudge.Cli;

internal sealed class TrainingPlan
{
    private const double DefaultValidation = 0.15;
    private const int DefaultPatience = 40;

    private TrainingPlan(
        TrainSettings settings, DataSource source, Dataset training, Dataset? validation, Dataset? test, TrainedModel model, SupervisedProblem problem, Trainer trainer)
    {
        Settings = settings;
        Source = source;
        Training = training;
        Validation = validation;
        Test = test;
        Model = model;
        Problem = problem;
        Trainer = trainer;
    }

    internal TrainSettings Settings { get; }

    internal DataSource Source { get; }

    /// <summary>The examples to learn from, in their own units.</summary>
    internal Dataset Training { get; }

    internal Dataset? Validation { get; }

    /// <summary>The examples held back: nothing of them is used before the run has ended.</summary>
    internal Dataset? Test { get; }

    internal TrainedModel Model { get; }

    /// <summary>How much the loss of each class counts; null where all count the same.</summary>
    internal IReadOnlyList<double>? Weights { get; private init; }

    /// <summary>The network and the examples as it sees them.</summary>
    internal SupervisedProblem Problem { get; }

    internal Trainer Trainer { get; }

    /// <summary>The time that the steps have taken: it stands still while a page has paused the run.</summary>
    internal Stopwatch Clock { get; } = new();

    /// <summary>How many steps the run makes if nothing ends it early.</summary>
    internal long TotalSteps => Trainer.TotalSteps;

    /// <summary>An option to try where the learning rate is too large.</summary>
    internal string SmallerLearningRate => $"--learning-rate {Text.Number(Settings.LearningRate / 10)}";

    /// <summary>The schedule as C#; null where the learning rate is constant.</summary>
    internal string? ScheduleCode
    {
        get
        {
            int steps = ScheduleSteps(Settings, Training.Count);
            string? code = Settings.Schedule switch
            {
                "step" => $"Schedule.Step({Math.Max(1, (steps + 2) / 3)})",
                "linear" => $"Schedule.Linear({steps})",
                "cosine" => $"Schedule.Cosine({steps})",
                "constant" => null,
                _ => throw new InvalidOperationException($"There is no schedule {Settings.Schedule}."),
            };
            return Settings.WarmUp > 0 ? $"Schedule.WarmUp({Settings.WarmUp}{(code is null ? "" : ", " + code)})" : code;
        }
    }

    /// <param name="settings">What was asked for.</param>
    /// <param name="source">The data.</param>
    /// <param name="rng">Decides the split and the starting network.</param>
    /// <exception cref="UserException">Data and settings do not fit together.</exception>
    internal static TrainingPlan Make(TrainSettings settings, DataSource source, Rng rng)
    {
        try
        {
            Dataset training = settings.SplitsByTime ? InTime(source) : source.Data;
            double share = settings.Validation ?? (training.Count < TableDefaults.FewestToValidate ? 0 : Math.Min(DefaultValidation, (1 - settings.Test) / 2));
            settings = settings with { Validation = share, Patience = settings.Patience ?? (share > 0 ? DefaultPatience : 0) };
            Dataset? validation = null, test = null;
            if (settings.Test > 0)
                (training, test) = Split(training, settings.Test);
            // A share of all the data, whether or not a part was taken away for testing before.
            if (share > 0)
                (training, validation) = Split(training, share / (1 - settings.Test));
            settings = TableDefaults.Fill(settings, training.Count);

            Objective objective = settings.Objective ?? DefaultObjective(training);
            double[]? weights = ClassWeights.Read(settings.ClassWeight, training);
            if (weights is not null)
                objective = objective.Weighted(weights);
            var network = new Mlp(
                training.InputCount, [.. settings.Layers, objective.OutputCount(training)], rng,
                settings.Activation, Activation.Linear, Initialization.For(settings.Activation));
            var model = new TrainedModel(
                network, objective, training.InputNames, training.TargetName, training.Classes,
                training.Schema?.Fit(training) ?? Standardizer.Fit(training.Inputs), training.Classes is null ? Standardizer.Fit(training.Targets) : null);
            if (training.Schema is { } schema)
                model = model.With(schema);
            var options = new TrainerOptions
            {
                Epochs = settings.Epochs,
                BatchSize = settings.BatchSize,
                Schedule = MakeSchedule(settings, training.Count),
                L2Penalty = settings.L2Penalty,
                ClipNorm = settings.ClipNorm,
                Patience = settings.Patience ?? 0,
                Seed = settings.Seed,
                Engine = settings.Engine,
                Precision = settings.Precision,
            };
            var problem = new SupervisedProblem(
                network, objective, model.Prepare(training), validation is null ? null : model.Prepare(validation));
            var trainer = new Trainer(problem, MakeOptimizer(settings, network.Parameters), options)
            {
                Doctor = new Doctor(network.Parameters),
            };
            return new TrainingPlan(settings, source, training, validation, test, model, problem, trainer) { Weights = weights };
        }
        catch (ArgumentException error)
        {
            // What the library says about parts that do not fit, without the name of its parameter.
            string message = error.ParamName is null ? error.Message : error.Message.Replace($" (Parameter '{error.ParamName}')", "");
            throw new UserException($"{source.Name}: {message}");
        }

        (Dataset First, Dataset Second) Split(Dataset data, double fraction)
        {
            try
            {
                return settings.SplitsByTime ? data.SplitInOrder(fraction) : data.Split(fraction, rng);
            }
            catch (ArgumentException error) when (error.ParamName == nameof(fraction))
            {
                throw new UserException($"{source.Name}: {error.Message.Split(" (Parameter ")[0].TrimEnd('.')}; expected more rows, a larger part, or none (--validation 0, and --test left out)");
            }
        }
    }

    private static Dataset InTime(DataSource source) => source.Data.Subset([.. Enumerable.Range(0, source.Data.Count).OrderBy(i => source.Reading!.Times![i])]);

    private static Objective DefaultObjective(Dataset data) => data.Classes switch
    {
        null => Objective.MeanSquaredError,
        { Count: 2 } => Objective.BinaryCrossEntropy,
        _ => Objective.CrossEntropy,
    };

    private static Optimizer MakeOptimizer(TrainSettings settings, ParameterList parameters)
    {
        double rate = settings.LearningRate, momentum = settings.Momentum ?? 0;
        return settings.Optimizer switch
        {
            "sgd" => new Sgd(parameters, rate, momentum, weightDecay: settings.WeightDecay ?? 0),
            "adam" => new Adam(parameters, rate, weightDecay: settings.WeightDecay ?? 0),
            "rmsprop" => new RmsProp(parameters, rate, momentum: momentum, weightDecay: settings.WeightDecay ?? 0),
            "adamw" => settings.WeightDecay is { } decay ? new AdamW(parameters, rate, weightDecay: decay) : new AdamW(parameters, rate),
            _ => throw new InvalidOperationException($"There is no optimizer {settings.Optimizer}."),
        };
    }

    private static int ScheduleSteps(TrainSettings settings, int exampleCount)
    {
        int batch = settings.BatchSize == 0 ? exampleCount : settings.BatchSize;
        long total = (long)settings.Epochs * ((exampleCount + batch - 1) / batch) - settings.WarmUp;
        return (int)Math.Clamp(total, 1, int.MaxValue);
    }

    private static Schedule MakeSchedule(TrainSettings settings, int exampleCount)
    {
        int steps = ScheduleSteps(settings, exampleCount);
        Schedule schedule = settings.Schedule switch
        {
            "step" => Schedule.Step(Math.Max(1, (steps + 2) / 3)),
            "linear" => Schedule.Linear(steps),
            "cosine" => Schedule.Cosine(steps),
            "constant" => Schedule.Constant,
            _ => throw new InvalidOperationException($"There is no schedule {settings.Schedule}."),
        };
        return settings.WarmUp > 0 ? Schedule.WarmUp(settings.WarmUp, schedule) : schedule;
    }
}
