// What a straight line makes of the same rows: a network that is no better does not need its layers.

namespace Nudge.Cli;

/// <summary>How good a network without hidden layers is: a linear or logistic regression, trained as the run was on the same part.</summary>
/// <param name="Training">On the rows to train on.</param>
/// <param name="Validation">On those to validate with, if there are any.</param>
/// <param name="Test">On those held back, if there are any.</param>
internal sealed record StraightLine(Metrics Training, Metrics? Validation, Metrics? Test)
{
    // A line has converged by then, and more rows say no more about so few parameters.
    private const int Steps = 1000, MostBatch = 256, MostRows = 50_000;
    private const double LearningRate = 0.02;

    // Products of a parameter and an example: about a second's.
    private const double AlwaysAllowed = 1e9, ShareOfRun = 0.25;

    /// <summary>Whether the run's own network is a line.</summary>
    internal static bool Is(Mlp network) => network.Layers.Count == 1;

    /// <summary>Trains the line; null where the network is one itself, or where it would take a large share of what the run took.</summary>
    internal static StraightLine? Of(TrainingPlan plan)
    {
        TrainedModel model = plan.Model;
        if (Is(model.Mlp) || IsDear(plan))
            return null;
        Dataset rows = plan.Training.Count <= MostRows ? plan.Training
            : plan.Training.Subset([.. Enumerable.Range(0, MostRows).Select(i => (int)((long)i * plan.Training.Count / MostRows))]);
        Objective objective = plan.Problem.Objective;
        int batch = Math.Min(MostBatch, rows.Count);
        // With ramps it would bend.
        Standardizer inputs = model.Inputs with { Knots = [] };
        var line = new Mlp(model.InputNames.Count, [model.Mlp.OutputCount], new Rng(plan.Settings.Seed), Activation.Linear, Activation.Linear);
        var ofLine = new TrainedModel(line, objective, model.InputNames, model.TargetName, model.TargetClasses, inputs, model.Targets);
        var trainer = new Trainer(
            new SupervisedProblem(line, objective, ofLine.Prepare(rows), plan.Validation is null ? null : ofLine.Prepare(plan.Validation)),
            new Adam(line.Parameters, LearningRate),
            new TrainerOptions
            {
                Steps = Steps,
                MeasureEvery = Steps,
                BatchSize = batch,
                Schedule = Schedule.Linear(Steps),
                // The usual ridge: the sum of squared weights beside the sum of the losses.
                L2Penalty = (objective.SumsOverBatch ? batch : 1.0) / rows.Count,
                KeepBest = false,
                Seed = plan.Settings.Seed,
                Precision = plan.Settings.Precision,
            });
        foreach (TrainingStep _ in trainer.Run())
        {
        }
        TrainingResult result = trainer.Result!;
        if (result.End == TrainingEnd.Diverged)
            return null;
        return new StraightLine(
            result.Training, result.Validation, plan.Test is null ? null : ofLine.Measure(plan.Test, GraphEngine.Compiled, plan.Settings.Precision));
    }

    /// <summary>Whether the line would take a large share of what the run took.</summary>
    internal static bool IsDear(TrainingPlan plan)
    {
        Mlp network = plan.Model.Mlp;
        int examples = plan.Training.Count;
        double own = (double)plan.TotalSteps * examples / plan.Trainer.StepsPerEpoch * network.ParameterCount;
        double line = (double)Steps * Math.Min(MostBatch, examples) * (plan.Model.InputNames.Count + 1) * network.OutputCount;
        return line > Math.Max(AlwaysAllowed, ShareOfRun * own);
    }
}
