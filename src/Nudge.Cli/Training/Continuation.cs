// Training on from a saved model: what is taken from it, and what cannot be asked for beside it.

using System.CommandLine;

namespace Nudge.Cli;

internal static class Continuation
{
    internal static Option<string?> Option() => new("--from")
    {
        Description = "A saved model to train on: its network, loss, columns and scales are taken as they are",
        HelpName = "MODEL",
    };

    /// <summary>Refuses an option that says something else than the model.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="option">The option.</param>
    /// <param name="path">The model.</param>
    /// <param name="has">What the model has there, as it is typed.</param>
    /// <exception cref="UserException">It says something else.</exception>
    internal static void RefuseOther(ParseResult parsed, Option option, string path, string has)
    {
        if (parsed.GetResult(option) is { Implicit: false } result && result.Tokens is [var token, ..] && !token.Value.Equals(has, StringComparison.OrdinalIgnoreCase))
            throw new UserException($"{option.Name}: {path} has {has}, and not {token.Value}; leave it out, or train a new network without --from");
    }

    /// <summary>Refuses columns to leave out that the model needs.</summary>
    internal static void RefuseIgnored(IReadOnlyList<string> ignored, string path, TableSchema schema)
    {
        if (ignored.FirstOrDefault(name => schema.Inputs.Any(column => column.Name == name)) is { } needed)
            throw new UserException($"--ignore: '{needed}' is an input of {path}; leave it out, or train a new network without --from");
    }

    /// <summary>The hidden layers as they are typed.</summary>
    internal static string LayersOf(Mlp network) => network.Layers.Count == 1 ? "none" : string.Join(',', HiddenOf(network));

    internal static int[] HiddenOf(Mlp network) => [.. network.Layers.SkipLast(1).Select(layer => layer.OutputCount)];

    /// <summary>What is predicted, and why that.</summary>
    internal static string Reason(TableTarget target, string path) =>
        target.Columns.Count > 1 ? $"targets '{target.Name}' are {(target.Columns.All(column => column.Classes is null) ? "numbers" : "predicted together")}, as {path} has them"
        : $"target '{target.Name}' is {(target.Classes is null ? "a number" : $"one of {target.Classes.Count} classes")}, as {path} has it";

    /// <summary>Refuses examples that the model is not for; those of a file are read by its own columns.</summary>
    internal static void RequireSame(TrainedModel model, string path, Dataset examples)
    {
        if (!model.InputNames.SequenceEqual(examples.InputNames) || model.TargetName != examples.TargetName
            || model.TargetClasses.Count != examples.TargetCount || model.TargetClasses.Zip(examples.TargetClasses).Any(pair => !(pair.First ?? []).SequenceEqual(pair.Second ?? [])))
        {
            throw new UserException($"--from: {path} predicts {Signature(model.TargetName, model.TargetClasses, model.InputNames)}, and the data has {Signature(examples.TargetName, examples.TargetClasses, examples.InputNames)}; expected the same");
        }
    }

    /// <summary>What a run that goes on begins with.</summary>
    internal static string Start(TrainingPlan plan)
    {
        Metrics before = plan.Before!;
        return $"{plan.Settings.From}: its network, columns and scales; before the first step the {(plan.Validation is null ? "training" : "validation")} part has loss {Text.Short(before.Loss)}, {MetricsReport.NamedQuality(before)}";
    }

    private static string Signature(string target, IReadOnlyList<IReadOnlyList<string>?> targetClasses, IReadOnlyList<string> inputs) =>
        $"{target}{string.Concat(targetClasses.Select(classes => classes is null ? "" : $" ({Text.List(classes)})"))} from {Text.List(inputs)}";

    /// <summary>What a person should know about rows held back from a network that has been trained before.</summary>
    internal static IEnumerable<string> Remarks(TrainingPlan plan)
    {
        if (plan.Settings.From is { } from && (plan.Validation ?? plan.Test) is not null)
            yield return $"{from} may have been trained on rows that are held back now, which flatters the result: only of the same file do the same --seed, --validation and --test hold back the same rows";
    }
}
