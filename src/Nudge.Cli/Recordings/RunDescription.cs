// What a recording says about a run of `nudge train`.

namespace Nudge.Cli;

internal static class RunDescription
{
    // Beyond this a picture of the examples is too much to draw and to keep.
    private const int MostNumbers = 50_000;

    internal static RunInfo Of(TrainingPlan plan)
    {
        TrainSettings settings = plan.Settings;
        Trainer trainer = plan.Trainer;
        return new RunInfo
        {
            Title = plan.Source.Name,
            Objective = plan.Problem.Objective.Name,
            SumsOverBatch = plan.Problem.Objective.SumsOverBatch,
            Optimizer = settings.Optimizer,
            LearningRate = settings.LearningRate,
            Seed = Text.Digits(settings.Seed),
            Steps = plan.TotalSteps,
            StepsPerEpoch = trainer.StepsPerEpoch,
            Layers = [.. plan.Model.Mlp.Layers.Select(LayerOf)],
            Data = DataOf(plan),
            Baselines = BaselinesOf(plan),
            Code = Code,
            Program = RunProgram.Of(plan),
        };
    }

    /// <summary>The four beats as a trainer makes them.</summary>
    internal static IReadOnlyList<string> Code { get; } =
    [
        "Value loss = objective.LossOf(batch);",
        "net.ZeroGradients();",
        "loss.Backward();",
        "optimizer.Step();",
    ];

    internal static RunLayer LayerOf(Layer layer) =>
        new(layer.InputCount, layer.OutputCount, layer.Activation.Name);

    private static RunData? DataOf(TrainingPlan plan)
    {
        Dataset raw = plan.Training, prepared = plan.Problem.Training;
        // A page draws one target, or several numbers.
        if (plan.Problem.Objective.Parts.Count > 1 || (long)raw.Count * (prepared.InputCount + raw.TargetCount) > MostNumbers)
            return null;
        Standardizer inputs = plan.Model.Inputs;
        int ramps = inputs.OutputCount - raw.InputCount;
        return new RunData(
            prepared.InputNames, raw.TargetName, raw.Classes, prepared.Inputs, prepared.Targets,
            [.. inputs.Means, .. Enumerable.Repeat(0.0, ramps)], [.. inputs.Scales, .. Enumerable.Repeat(1.0, ramps)],
            plan.Model.Targets?.Means, plan.Model.Targets?.Scales);
    }

    /// <summary>What a network reaches that gives the same answer to everything: the best such answer.</summary>
    internal static IReadOnlyList<RunBaseline> BaselinesOf(TrainingPlan plan)
    {
        RunBaseline[] each = [.. plan.Problem.Objective.Parts.Count > 1
            ? plan.Model.EachTarget.SelectMany((target, t) => BaselinesOf(target.Objective, plan.Problem.Training.OfTarget(t), plan.Trainer.StepsPerEpoch))
            : BaselinesOf(plan.Problem.Objective, plan.Problem.Training, plan.Trainer.StepsPerEpoch)];
        return each.Length <= 1 ? each : [new RunBaseline(each.Sum(one => one.Loss), string.Join(" and ", each.Select(one => one.Meaning).Distinct()))];
    }

    private static IReadOnlyList<RunBaseline> BaselinesOf(Objective objective, Dataset data, int stepsPerEpoch)
    {
        double[] constant = [.. Enumerable.Range(0, data.TargetCount).Select(i => data.Targets.Average(row => row[i]))];
        switch (objective.Name)
        {
            case "mean-squared-error":
                return [new RunBaseline(MeanOf(Squares) / data.TargetCount, "always the mean")];
            case "sum-of-squares":
                int batch = (data.Count + stepsPerEpoch - 1) / stepsPerEpoch;
                return [new RunBaseline(MeanOf(Squares) * batch, "always the mean")];
            case "cross-entropy" or "binary-cross-entropy":
                double[] shares = [.. data.Targets.GroupBy(row => row[0]).Select(rows => (double)rows.Count() / data.Count)];
                return [new RunBaseline(-shares.Sum(share => share * Math.Log(share)), "always the shares of the classes")];
            default:
                return [];
        }

        double MeanOf(Func<double[], double> loss) => data.Targets.Average(loss);

        double Squares(double[] target) => target.Zip(constant, (a, b) => (a - b) * (a - b)).Sum();
    }
}
