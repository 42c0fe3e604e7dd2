// The probability above which it is the second of two classes: given, or chosen where the network has not learnt.

namespace Nudge.Cli;

internal static class ThresholdChoice
{
    private const string Best = "best";
    private const double Noticeable = 0.02;

    /// <summary>The option of nudge train.</summary>
    internal static System.CommandLine.Option<double?> TrainOption() => Choices.Parsed<double>(
        "--threshold", "For two classes, the probability above which it is the second: a number, or best for the one that the validation part chooses [default: 0.5]",
        "NUMBER|best", "a number from 0 to below 1, or best", null,
        text => text == Best ? double.NaN : Read(text));

    /// <summary>The option of commands that use a model.</summary>
    internal static System.CommandLine.Option<double?> Option() => Choices.Parsed<double>(
        "--threshold", "For two classes, the probability above which it is the second [default: that of the model]", "NUMBER", "a number from 0 to below 1", null, Read);

    /// <summary>Refuses a threshold where there is nothing for it to divide, or nothing to choose it on.</summary>
    /// <exception cref="UserException">It cannot be used.</exception>
    internal static void Require(double? threshold, IReadOnlyList<string>? classes, Objective objective, bool hasValidation)
    {
        if (threshold is not { } number)
            return;
        if (classes is null && objective.Parts.Count > 1)
            throw new UserException("--threshold is for one target of two classes, and these are several targets; leave it out");
        if (classes?.Count != 2 || objective.Name == Objective.Hinge.Name)
            throw new UserException("--threshold is for two classes that have probabilities, and these are none; leave it out");
        if (double.IsNaN(number) && !hasValidation)
            throw new UserException($"--threshold {Best} is chosen on the validation part, and there is none; add --validation 20%, or name a number");
    }

    /// <summary>A model with a threshold that was typed, or as it is.</summary>
    /// <exception cref="UserException">It cannot be used.</exception>
    internal static TrainedModel Apply(double? typed, TrainedModel model)
    {
        Require(typed, model.Classes, model.Objective, hasValidation: false);
        return typed is { } threshold ? model.With(model.Objective.At(threshold)) : model;
    }

    /// <summary>The threshold that was asked for, or what another one would do.</summary>
    internal static void Write(Terminal terminal, TrainingPlan plan, TrainingOutcome outcome)
    {
        if (plan.Settings.Threshold is { } asked)
            terminal.WriteFact("limit", $"'{plan.Training.Classes![1]}' above a probability of {Text.Number(plan.Model.Objective.Threshold)}{(double.IsNaN(asked) ? ", chosen on the validation part (the largest Youden's J)" : "")}; it goes with the model");
        else if (Advice(plan, outcome) is { } advice)
            terminal.WriteFact("advice", advice);
    }

    /// <summary>
    /// What another threshold would do, for a person to decide: null where there are not two classes, where one was chosen, or
    /// where it hardly matters.
    /// </summary>
    internal static string? Advice(TrainingPlan plan, TrainingOutcome outcome)
    {
        if (plan.Settings.Threshold is not null || outcome.ValidationEvaluation is not { BestThreshold: { } best } validation || best == plan.Model.Objective.Threshold)
            return null;
        if (Balance(validation.MetricsAt(best)) - Balance(validation.Metrics) < Noticeable)
            return null;
        (string part, ModelEvaluation last) = outcome.Last!.Value;
        ClassScores scores = ClassScores.Of(last.MetricsAt(best).Confusion!);
        IReadOnlyList<string> classes = plan.Training.Classes!;
        return $"'{classes[1]}' above a probability of {Text.Number(best)}, and not of 0.5, balances the classes better: in the {part} part it would find {Share(scores.Classes[0])} of '{classes[0]}' and {Share(scores.Classes[1])} of '{classes[1]}'; --threshold {Best} does that";

        static string Share(ClassScore score) => double.IsNaN(score.Recall) ? "none" : Text.Percent(score.Recall);
    }

    /// <summary>J, which the best threshold makes large.</summary>
    private static double Balance(Metrics metrics) => ClassScores.Of(metrics.Confusion!) is var scores ? scores.Classes[0].Recall + scores.Classes[1].Recall - 1 : 0;

    private static double? Read(string text) => Choices.TryNumber(text, out double number) && number is >= 0 and < 1 ? number : null;
}
