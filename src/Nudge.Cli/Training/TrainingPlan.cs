// From settings and data to everything that a run needs: the parts of the data, the model, the trainer.

namespace Nudge.Cli;

internal sealed class TrainingPlan : RunPlan
{
    private const double DefaultValidation = 0.15;
    private const int DefaultPatience = 40;

    private TrainingPlan(
        TrainSettings settings, DataSource source, Dataset training, Dataset? validation, Dataset? test, TrainedModel model, SupervisedProblem problem, Trainer trainer)
        : base(trainer)
    {
        Settings = settings;
        Source = source;
        Training = training;
        Validation = validation;
        Test = test;
        Model = model;
        Problem = problem;
    }

    internal override TrainSettings Settings { get; }

    internal DataSource Source { get; }

    /// <summary>The examples to learn from, in their own units.</summary>
    internal Dataset Training { get; }

    internal Dataset? Validation { get; }

    /// <summary>The examples held back: nothing of them is used before the run has ended.</summary>
    internal Dataset? Test { get; }

    internal TrainedModel Model { get; private set; }

    /// <summary>How much the loss of each class counts; null where all count the same.</summary>
    internal ClassWeights? Weights { get; private init; }

    /// <summary>How good a model that was trained before is at the start, on the part that it is chosen by; null for a new network.</summary>
    internal Metrics? Before { get; private init; }

    /// <summary>The network and the examples as it sees them.</summary>
    internal SupervisedProblem Problem { get; }

    /// <summary>Where the report of the run was written, if it was.</summary>
    internal string? ReportedTo { get; set; }

    internal override string Mend(Diagnosis diagnosis) => diagnosis.Fault switch
    {
        // Of a network that was trained before, the activation stays.
        TrainingFault.SaturatedUnits or TrainingFault.DeadUnits when Settings.From is not null => base.Mend(diagnosis),
        TrainingFault.SaturatedUnits => $"Try {SmallerLearningRate}, or --activation relu.",
        TrainingFault.DeadUnits => $"Try {SmallerLearningRate}, or --activation tanh.",
        _ => base.Mend(diagnosis),
    };

    /// <summary>Gives the model its threshold, once it is trained, if one was asked for.</summary>
    /// <returns>Whether it has another one now.</returns>
    internal bool ChooseThreshold(ModelEvaluation? validation)
    {
        double? threshold = Settings.Threshold is double.NaN ? validation?.BestThreshold : Settings.Threshold;
        if (threshold is not { } chosen || chosen == Model.Objective.Threshold)
            return false;
        Model = Model.With(Model.Objective.At(chosen));
        return true;
    }

    /// <param name="settings">What was asked for.</param>
    /// <param name="source">The data.</param>
    /// <param name="rng">Decides the split and the starting network.</param>
    /// <param name="parts">What to train on and what to test with, where that has been divided before.</param>
    /// <exception cref="UserException">Data and settings do not fit together.</exception>
    internal static TrainingPlan Make(TrainSettings settings, DataSource source, Rng rng, (Dataset Training, Dataset HeldBack)? parts = null)
    {
        return Made(Plan, source.Name);

        TrainingPlan Plan()
        {
            Dataset training = parts?.Training ?? InOrder(settings, source);
            double share = settings.Validation ?? (training.Count < TableDefaults.FewestToValidate ? 0 : Math.Min(DefaultValidation, (1 - settings.Test) / 2));
            settings = settings with { Validation = share, Patience = settings.Patience ?? (share > 0 ? DefaultPatience : 0) };
            Dataset? validation = null, test = parts?.HeldBack;
            if (settings.Test > 0 && parts is null)
                (training, test) = Split(training, settings.Test);
            // A share of all the data, whether or not a part was taken away for testing before.
            if (share > 0)
                (training, validation) = Split(training, share / (1 - settings.Test));
            settings = TableDefaults.Fill(settings, training.Count);

            TrainedModel? start = settings.From is null ? null : TrainedModel.Load(settings.From);
            if (start is not null)
                Continuation.RequireSame(start, settings.From!, training);
            if (settings.Objective is not null && training.TargetCount > 1 && training.HasClasses)
                throw new UserException("--loss is for one target, or for several numbers; of several targets with classes among them cross-entropies and squared errors are added up; leave it out");
            Objective objective = start?.Objective ?? settings.Objective ?? Objective.For(training);
            var weights = ClassWeights.Read(settings.ClassWeight, training);
            if (weights is not null)
                objective = weights.Apply(objective, training);
            ThresholdChoice.Require(settings.Threshold, training.Classes, objective, validation is not null);
            Standardizer inputs = start?.Inputs ?? training.Schema?.Fit(training, settings.Ramps) ?? Standardizer.Fit(training.Inputs);
            Mlp network = start?.Mlp ?? new Mlp(
                inputs.OutputCount, [.. settings.Layers, objective.OutputCount(training)], rng,
                settings.Activation, Activation.Linear, Initialization.For(settings.Activation));
            var model = new TrainedModel(
                network, objective, training.InputNames, training.TargetName, training.TargetClasses, inputs,
                start is not null ? start.Targets : Standardizer.FitTargets(training));
            if (training.Schema is { } schema)
                model = model.With(schema);
            var options = new TrainerOptions
            {
                Epochs = settings.Epochs,
                BatchSize = settings.BatchSize,
                Schedule = settings.MakeSchedule(StepsOf(settings, training.Count)),
                L2Penalty = settings.L2Penalty,
                ClipNorm = settings.ClipNorm,
                Patience = settings.Patience ?? 0,
                MeasureStart = start is not null,
                Seed = settings.Seed,
                Engine = settings.Engine,
                Precision = settings.Precision,
            };
            var problem = new SupervisedProblem(
                network, objective, model.Prepare(training), validation is null ? null : model.Prepare(validation));
            var trainer = new Trainer(problem, settings.MakeOptimizer(network.Parameters), options)
            {
                Doctor = settings.IsTrial ? null : new Doctor(network.Parameters),
            };
            return new TrainingPlan(settings, source, training, validation, test, model, problem, trainer)
            {
                Weights = weights,
                Before = start is null ? null : model.Measure(validation ?? training, settings.Engine, settings.Precision),
            };
        }

        (Dataset First, Dataset Second) Split(Dataset data, double fraction)
        {
            try
            {
                return settings.SplitsByTime ? data.SplitInOrder(fraction) : data.Split(fraction, rng);
            }
            catch (ArgumentException error) when (error.ParamName == nameof(fraction))
            {
                throw new UserException($"{source.Name}: {MessageOf(error).TrimEnd('.')}; expected more rows, a larger part, or none (--validation 0, and --test left out)");
            }
        }
    }

    /// <summary>All examples: by their time where the last are to be held back.</summary>
    internal static Dataset InOrder(TrainSettings settings, DataSource source) => settings.SplitsByTime
        ? source.Data.Subset([.. Enumerable.Range(0, source.Data.Count).OrderBy(i => source.Reading!.Times![i])])
        : source.Data;

    private static long StepsOf(TrainSettings settings, int exampleCount)
    {
        int batch = settings.BatchSize == 0 ? exampleCount : settings.BatchSize;
        return (long)settings.Epochs * ((exampleCount + batch - 1) / batch);
    }
}
