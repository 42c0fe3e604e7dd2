// How much the loss of each class counts, as it was typed.

namespace Nudge.Cli;

/// <summary>Weights of classes.</summary>
/// <param name="OfEach">For each target a weight for each of its classes; null where all count the same.</param>
internal sealed record ClassWeights(IReadOnlyList<double[]?> OfEach)
{
    private const string Balanced = "balanced";
    private const int Shown = 12;

    /// <summary>What was typed for a data set; null where nothing was.</summary>
    /// <exception cref="UserException">There is no such class, or its weight is no number above 0.</exception>
    internal static ClassWeights? Read(IReadOnlyList<string> typed, Dataset training)
    {
        if (typed.Count == 0)
            return null;
        if (!training.HasClasses)
            throw new UserException($"--class-weight is for classes, and '{training.TargetName}' is a number; leave it out, or add --task classification");
        if (typed is [Balanced])
            return new ClassWeights([.. training.TargetClasses.Select((classes, t) => classes is null ? null : Objective.BalancedWeights(training.OfTarget(t)))]);
        double[]?[] weights = [.. training.TargetClasses.Select(classes => classes?.Select(_ => 1.0).ToArray())];
        foreach (string text in typed.SelectMany(words => words.Split(',')))
        {
            int equals = text.LastIndexOf('=');
            string name = equals < 0 ? "" : text[..equals].Trim();
            (int Target, int Class)[] places = [.. Places(training, name)];
            if (places.Length > 1)
                throw new UserException($"--class-weight: {places.Length} targets have a class '{name}'; expected the name of one before it, as {training.TargetNames[places[0].Target]}={text}");
            if (places is not [var place] || !Choices.TryNumber(text[(equals + 1)..], out double weight) || weight <= 0)
                throw new UserException($"--class-weight: expected {Balanced}, or a class and a number above 0, as {training.TargetClasses.First(classes => classes is not null)![0]}=5, got '{text}'; the classes are {Text.List([.. training.TargetClasses.SelectMany(classes => classes ?? [])], 20)}");
            weights[place.Target]![place.Class] = weight;
        }
        return new ClassWeights(weights);
    }

    /// <summary>An objective of the same targets in which the classes count so much.</summary>
    internal Objective Apply(Objective objective, Dataset data) => OfEach is [{ } only]
        ? objective.Weighted(only)
        : Objective.Joint(data, [.. objective.Parts.Zip(OfEach, (part, weights) => weights is null ? part : part.Weighted(weights))]);

    /// <summary>The classes with their weights, the first of them.</summary>
    internal string ToText(Dataset data) => string.Join(
        ", ", OfEach.SelectMany((weights, t) => weights is null ? [] : data.TargetClasses[t]!.Zip(weights, (name, weight) => $"{name} {Text.Short(weight)}")).Take(Shown));

    // "yes" is a class of one target alone, or "churn=yes" that of one of several.
    private static IEnumerable<(int Target, int Class)> Places(Dataset data, string name)
    {
        for (int t = 0; t < data.TargetCount; t++)
        {
            for (int c = 0; c < (data.TargetClasses[t]?.Count ?? 0); c++)
            {
                string own = data.TargetClasses[t]![c];
                if (name == own || (data.TargetCount > 1 && name == $"{data.TargetNames[t]}={own}"))
                    yield return (t, c);
            }
        }
    }
}
