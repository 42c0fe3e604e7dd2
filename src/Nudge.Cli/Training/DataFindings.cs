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
        if (data.Classes is { } classes)
        {
            if (classes.Count > 2 && classes.Count > data.Count / 3)
                yield return $"{classes.Count} classes in {data.Count} rows: most stand in one or two rows, from which nothing can be learnt about others; is another column the target? (--target)";
            foreach (IGrouping<string, string> alike in classes.GroupBy(name => string.Concat(name.Where(letter => !char.IsWhiteSpace(letter))).ToUpperInvariant()).Where(group => group.Count() > 1).Take(Shown))
                yield return $"the classes {string.Join(" and ", alike.Select(name => $"'{name}'"))} differ only in case or blanks: the same class, written twice?";
        }
        if (plan.Source.Reading?.Times is not null && !plan.Settings.SplitsByTime && (plan.Validation ?? plan.Test) is not null)
            yield return "rows are held back at random, so that neighbours in time stand on both sides, which flatters the result: --split time holds back the last";
        foreach ((string name, Dataset? part) in new[] { ("validation", plan.Validation), ("test", plan.Test) })
        {
            if (part is null)
                continue;
            if (AbsentClasses(plan.Training, part) is { Length: > 0 } absent)
                yield return $"the {name} part has classes that the training part has not: {string.Join(", ", absent.Take(Shown).Select(name => $"'{name}'"))}{(absent.Length > Shown ? " …" : "")}";
            if (plan.Source.Schema is not null && Copies(plan.Training, part) is > 0 and int copies && copies >= LeastCopied * part.Count)
                yield return $"{Text.Plural(copies, "row")} of the {name} part {(copies == 1 ? "stands" : "stand")} in the training part too, the same in every column: {(copies == 1 ? "it is" : "they are")} no test";
        }
    }

    private static string[] AbsentClasses(Dataset training, Dataset part)
    {
        if (training.Classes is not { } classes)
            return [];
        HashSet<double> known = [.. training.Targets.Select(target => target[0])];
        return [.. part.Targets.Select(target => target[0]).Distinct().Where(target => !known.Contains(target)).Select(target => classes[(int)target])];
    }

    private static int Copies(Dataset training, Dataset part)
    {
        var comparer = new RowComparer();
        // The part is the smaller one, and what is put in order takes memory.
        var sought = new HashSet<(double[], double[])>(part.Inputs.Zip(part.Targets), comparer);
        var found = new HashSet<(double[], double[])>(training.Inputs.Zip(training.Targets).Where(sought.Contains), comparer);
        return part.Inputs.Zip(part.Targets).Count(found.Contains);
    }

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
