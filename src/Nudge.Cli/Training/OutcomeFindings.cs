// What is wrong with how good a model is, although every step went well.

namespace Nudge.Cli;

internal static class OutcomeFindings
{
    private const int Shown = 3;

    /// <summary>What a person should know about the result.</summary>
    internal static IEnumerable<string> Of(TrainingPlan plan, TrainingOutcome outcome)
    {
        TrainingResult result = outcome.Result;
        if (result.Steps == 0 || result.End == TrainingEnd.Cancelled)
            yield break;
        Dataset data = plan.Training;
        if (data.TargetCount == 1 && IsOneClass(result.Training))
        {
            yield return "All rows to train on are of one class: there is nothing to tell apart, and the figures say nothing.";
            yield break;
        }
        bool isTooSlow = plan.Trainer.Doctor!.Findings.Any(finding => finding.Fault == TrainingFault.LearningRateTooSmall);
        if (!isTooSlow && RunDescription.BaselinesOf(plan) is [var baseline, ..] && plan.Weights is null && IsWorse(result.Training, baseline))
        {
            string worse = $"It is worse than {baseline.Meaning}, even on the training part (loss {Text.Short(result.Training.Loss)}, that has {Text.Short(baseline.Loss)})";
            // The last steps say whether the rate is to blame, or too few epochs, or the choice of an early one.
            bool isHigher = outcome.LastLoss > outcome.FirstLoss;
            yield return isHigher ? $"{worse}, and the last steps worse than the first: try a smaller learning rate, {plan.SmallerLearningRate}."
                : outcome.LastLoss > baseline.Loss || plan.Validation is null ? $"{worse}, and the loss was still falling: try more epochs, --epochs {10 * plan.Settings.Epochs}."
                : $"{worse}: later epochs were better there, and none was in the validation part.";
            if (isHigher)
                yield break;
        }
        (string part, Metrics metrics) = outcome.Test is { } test ? ("test", test)
            : result.Validation is { } validation ? ("validation", validation) : ("training", result.Training);
        for (int t = 0; t < data.TargetCount; t++)
        {
            string what = data.TargetCount == 1 ? "it" : $"'{data.TargetNames[t]}'";
            if (metrics.OfEach[t].RSquared is <= 0 and { } r)
                yield return $"In the {part} part {what} is no better than always the mean (R² {Text.Short(r)}): the columns may say nothing about '{data.TargetNames[t]}', or the rows are too few.";
        }
        if (outcome.Line is null && !StraightLine.Is(plan.Model.Mlp) && StraightLine.IsDear(plan))
            yield return $"No straight line stands beside it: with {Text.Plural(plan.Training.InputCount, "input")} it would take a large share of the time of the run.";
        if (outcome.Line is { } line && plan.Weights is null && (part switch { "test" => line.Test, "validation" => line.Validation, _ => line.Training }) is { } ofLine && IsNoBetter(metrics, ofLine))
            yield return $"In the {part} part it is no better than a straight line ({MetricsReport.NamedQuality(metrics)}, that has {MetricsReport.Quality(ofLine)}){(plan.Settings.From is null ? ": --layers none makes one" : "")}.";
        if (part == "training" && plan.Settings.Path is not null)
            yield return OfTrainedRows(plan);
        for (int t = 0; t < data.TargetCount; t++)
        {
            foreach (string finding in OfClasses(plan, part, t, result.Training.OfEach[t], metrics.OfEach[t]))
                yield return finding;
        }
    }

    private static IEnumerable<string> OfClasses(TrainingPlan plan, string part, int t, Metrics training, Metrics metrics)
    {
        if (metrics.Confusion is not { } confusion)
            yield break;
        bool isAlone = plan.Training.TargetCount == 1;
        string name = plan.Training.TargetNames[t];
        if (!isAlone && IsOneClass(training))
        {
            yield return $"All rows to train on have one class of '{name}': there is nothing to tell apart, and its figures say nothing.";
            yield break;
        }
        IReadOnlyList<string> classes = plan.Training.TargetClasses[t]!;
        double largest = MetricsReport.LargestShare(metrics);
        // With weights it is not the share of right answers that was made large.
        bool saysOneClass = Enumerable.Range(0, classes.Count).Count(c => confusion.Any(row => row[c] > 0)) <= 1;
        if (plan.Weights is null && (metrics.Accuracy < largest || (metrics.Accuracy == largest && saysOneClass)))
        {
            string usual = classes[Array.IndexOf([.. confusion.Select(row => row.Sum())], confusion.Max(row => row.Sum()))];
            yield return $"In the {part} part {(isAlone ? "it" : $"'{name}'")} is no better than always '{usual}', which is right in {Text.Percent(largest)}.";
        }
        int[] never = [.. Enumerable.Range(0, classes.Count).Where(c => confusion[c].Sum() > 0 && confusion.All(row => row[c] == 0))];
        if (never.Length == 0)
            yield break;
        string names = string.Join(", ", never.Take(Shown).Select(c => $"'{classes[c]}' ({Text.Plural(confusion[c].Sum(), "row")})"));
        // What the training part has not, or has as often as any other, no weight helps.
        int[] trained = [.. training.Confusion!.Select(row => row.Sum())];
        bool areRare = never.Any(c => trained[c] > 0 && trained[c] < trained.Max());
        yield return $"Never predicted in the {part} part: {(isAlone ? "" : $"of '{name}' ")}{names}{(never.Length > Shown ? " …" : "")}.{(plan.Weights is null && areRare ? " With --class-weight balanced rare classes count as much as others." : "")}";
    }

    // A network of enough weights has every row by heart, and looks perfect.
    private static string OfTrainedRows(TrainingPlan plan)
    {
        const int fewestToTest = 20, folds = 5;
        int rows = plan.Training.Count, inputs = plan.Training.InputCount;
        string heart = inputs >= rows ? $": with {Text.Plural(inputs, "input")} for {Text.Plural(rows, "row")} any answers can be learnt by heart" : "";
        string inTurn = $"--folds {Math.Clamp(rows, 2, folds)}";
        return $"The figures are of the rows that it was trained on, and say little about others{heart}. {(rows < fewestToTest ? $"{inTurn} holds each back in turn." : $"--test 25% holds some back, and {inTurn} each in turn.")}";
    }

    private static bool IsOneClass(Metrics training) => training.Confusion?.Count(row => row.Sum() > 0) == 1;

    // Not in one of the targets.
    private static bool IsNoBetter(Metrics metrics, Metrics line) => metrics.OfEach.Zip(line.OfEach).All(pair => Score(pair.First) <= Score(pair.Second));

    private static double Score(Metrics metrics) => metrics.Accuracy ?? metrics.RSquared!.Value;

    private static bool IsWorse(Metrics training, RunBaseline baseline) =>
        training is { Accuracy: null, RSquared: { } r } ? r < 0 : training.Loss > baseline.Loss;
}
