// What is odd about a text and its parts, and about how good a model of it is although every step went well.

namespace Nudge.Cli;

internal static class TextFindings
{
    /// <summary>What a person should know before training on this.</summary>
    internal static IEnumerable<string> OfData(TextPlan plan)
    {
        foreach ((string name, TextDataset? part) in new[] { ("validation", plan.Problem.Validation), ("test", plan.Test) })
        {
            if (part is not null && DataFindings.Copied(TextsOf(plan.Problem.Training), TextsOf(part), name, "document", "too") is { } copied)
                yield return copied;
        }
    }

    /// <summary>What a person should know about the result.</summary>
    internal static IEnumerable<string> Of(TextPlan plan, TextOutcome outcome)
    {
        TrainingResult result = outcome.Result;
        if (result.Steps == 0 || result.End == TrainingEnd.Cancelled)
            yield break;
        double knowingNothing = plan.Baselines[0].Loss;
        if (result.Training.Loss > knowingNothing)
        {
            yield return $"It is worse than knowing nothing (all characters alike: {TextReport.Nats(knowingNothing)} nats), even on the training part: try a smaller learning rate, {plan.SmallerLearningRate}.";
            yield break;
        }
        // A bigram model is to be as good as counting pairs, and no better.
        if (plan.Settings.Kind != LanguageModelKind.Bigram && plan.Baselines.FirstOrDefault(baseline => baseline.Name == TextBaseline.Pairs) is { } pairs
            && result.Validation?.Loss >= pairs.Loss)
        {
            yield return result.BestStep < result.Steps / 2
                ? $"In the validation part it is no better than counting pairs of characters ({TextReport.Nats(pairs.Loss)} nats), and it was best early: there is little text for so many parameters; try a smaller model."
                : $"In the validation part it is no better than counting pairs of characters ({TextReport.Nats(pairs.Loss)} nats): try more steps, --steps {10 * plan.Settings.Steps}.";
        }
    }

    private static IEnumerable<string> TextsOf(TextDataset data) => Enumerable.Range(0, data.Count).Select(data.TextOf);
}
