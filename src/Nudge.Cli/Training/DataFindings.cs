// What is odd about data and its parts, before a step is made.

namespace Nudge.Cli;

internal static class DataFindings
{
    private const int Shown = 3;
    private const double LeastCopied = 0.02;

    /// <summary>What a person should know before training on this.</summary>
    internal static IEnumerable<string> Of(TrainingPlan plan)
    {
        Dataset data = plan.Source.Data;
        foreach (string remark in Continuation.Remarks(plan))
            yield return remark;
        if (plan.Source.Schema is { } schema)
        {
            TableColumn[] leaks = [.. schema.LeaksIn(data)];
            if (leaks.Length > 0 && schema.Inputs.Count > 1)
            {
                string names = string.Join(" and ", leaks.Take(Shown).Select(column => $"'{column.Name}'"));
                yield return $"{names} alone {(leaks.Length == 1 ? "tells" : "tell")} {(data.TargetCount > 1 ? "one of " : "")}'{data.TargetName}' in every row: a leak, if it is known only afterwards; --ignore {string.Join(' ', leaks.Select(column => UserFile.Quoted(column.Name)))} leaves it out";
            }
        }
        for (int t = 0; t < data.TargetCount; t++)
        {
            if (data.TargetClasses[t] is not { } classes)
                continue;
            string of = Of(data, t);
            if (classes.Count > 2 && classes.Count > data.Count / 3)
                yield return $"{classes.Count} classes{of} in {data.Count} rows: most stand in one or two rows, from which nothing can be learnt about others; is another column the target? (--target)";
            foreach (IGrouping<string, string> alike in classes.GroupBy(name => string.Concat(name.Where(letter => !char.IsWhiteSpace(letter))).ToUpperInvariant()).Where(group => group.Count() > 1).Take(Shown))
                yield return $"the classes {string.Join(" and ", alike.Select(name => $"'{name}'"))}{of} differ only in case or blanks: the same class, written twice?";
        }
        if (plan.Source.Reading?.Times is not null && !plan.Settings.SplitsByTime && (plan.Validation ?? plan.Test) is not null)
            yield return "rows are held back at random, so that neighbours in time stand on both sides, which flatters the result: --split time holds back the last";
        foreach ((string name, Dataset? part) in new[] { ("validation", plan.Validation), ("test", plan.Test) })
        {
            if (part is null)
                continue;
            for (int t = 0; t < data.TargetCount; t++)
            {
                if (AbsentClasses(plan.Training, part, t) is { Length: > 0 } absent)
                    yield return $"the {name} part has classes{Of(data, t)} that the training part has not: {string.Join(", ", absent.Take(Shown).Select(name => $"'{name}'"))}{(absent.Length > Shown ? " …" : "")}";
            }
            if (plan.Source.Schema is not null && Copied(RowsOf(plan.Training), RowsOf(part), name, "row", "too, the same in every column", new RowComparer()) is { } copied)
                yield return copied;
        }
    }

    private static string Of(Dataset data, int target) => data.TargetCount == 1 ? "" : $" of '{data.TargetNames[target]}'";

    private static string[] AbsentClasses(Dataset training, Dataset part, int target)
    {
        if (training.TargetClasses[target] is not { } classes)
            return [];
        HashSet<double> known = [.. training.Targets.Select(row => row[target])];
        return [.. part.Targets.Select(row => row[target]).Distinct().Where(index => !known.Contains(index)).Select(index => classes[(int)index])];
    }

    /// <summary>What to say of examples that stand in two parts; null where hardly any do.</summary>
    /// <param name="training">The examples to learn from.</param>
    /// <param name="part">The others.</param>
    /// <param name="name">The name of their part.</param>
    /// <param name="what">An example in a word.</param>
    /// <param name="how">How they stand there.</param>
    /// <param name="comparer">When two are the same; null where that is plain.</param>
    internal static string? Copied<T>(IEnumerable<T> training, IEnumerable<T> part, string name, string what, string how, IEqualityComparer<T>? comparer = null)
    {
        // The part is the smaller one, and what is put in order takes memory.
        T[] examples = [.. part];
        var sought = new HashSet<T>(examples, comparer);
        var found = new HashSet<T>(training.Where(sought.Contains), comparer);
        int copies = examples.Count(found.Contains);
        return copies > 0 && copies >= LeastCopied * examples.Length
            ? $"{Text.Plural(copies, what)} of the {name} part {(copies == 1 ? "stands" : "stand")} in the training part {how}: {(copies == 1 ? "it is" : "they are")} no test"
            : null;
    }

    private static IEnumerable<(double[], double[])> RowsOf(Dataset data) => data.Inputs.Zip(data.Targets);

    private sealed class RowComparer : IEqualityComparer<(double[] Inputs, double[] Targets)>
    {
        public bool Equals((double[] Inputs, double[] Targets) a, (double[] Inputs, double[] Targets) b) =>
            a.Inputs.AsSpan().SequenceEqual(b.Inputs) && a.Targets.AsSpan().SequenceEqual(b.Targets);

        public int GetHashCode((double[] Inputs, double[] Targets) row)
        {
            var hash = new HashCode();
            foreach (double number in row.Inputs)
                hash.Add(number);
            hash.Add(row.Targets[0]);
            return hash.ToHashCode();
        }
    }
}
