// What the column to be predicted asks for, found from what stands in it.

namespace Nudge;

/// <summary>Understands the target of a file.</summary>
internal sealed class TargetFinder(CsvFile file, ColumnProfile profile, ColumnFinder columns, LearningTask? wanted)
{
    internal const int MaxClasses = 1000, MaxGuessedClasses = 20;

    private readonly string _name = file.ColumnNames[profile.Column];

    /// <exception cref="DataFormatException">It cannot be learnt from.</exception>
    internal TableTarget Find()
    {
        if (profile.Present == 0)
            throw file.Error($"the target '{_name}' is missing in every row; expected values to learn from");
        if (wanted != LearningTask.Classification && ColumnFinder.TooLarge(profile) is { Rows: > 0 } large)
            throw ErrorAt(System.Text.Encoding.UTF8.GetBytes(large.First), Invariant($"in the target '{_name}' is {NumberText.TooLarge}, in {large.Rows} of {profile.Present} rows; expected smaller numbers{(large.Rows > profile.Present / 2 ? ", in another unit" : $", or these to be named as missing (--missing-marks {large.First})")}"));
        if (file.ClassNames is { } names && profile.Column == file.ColumnNames.Count - 1 && wanted != LearningTask.Regression)
            return OfLabels(names);
        NumberColumn number = columns.Number(profile, _name);
        int texts = number.Facts.Unreadable;
        if (texts == 0)
            return OfNumbers(number.Style);
        bool areTexts = texts == profile.Present;
        if (wanted == LearningTask.Regression)
            throw TextError(number.Style, texts, "expected numbers for regression");
        if (wanted is null && !areTexts)
            throw TextError(number.Style, texts, "expected numbers only, or texts only, or classification to be asked for (--task classification), or the text to be named as missing (--missing-marks)");
        return OfTexts();
    }

    private TableTarget OfLabels(IReadOnlyList<string> names)
    {
        profile.Each((cell, _) => NumberText.TryParse(cell, out double label) && label >= 0 && label < names.Count && label == Math.Floor(label)
            ? true
            : throw ErrorAt(cell.ToArray(), $"is not the number of a class; expected 0 to {names.Count - 1}, for the {names.Count} classes that the first line names"));
        return Target(LearningTask.Classification, Invariant($"target '{_name}' has the {names.Count} classes that the first line names: classification"), [.. names], NumberStyle.Plain);
    }

    private TableTarget OfTexts()
    {
        DistinctCells distinct = profile.Distinct;
        int count = distinct.Count;
        RequireClasses(count, distinct.Overflowed);
        string[] classes = [.. Enumerable.Range(0, count).Select(place => file.Field(distinct.RowOf(place), profile.Column)).Order(StringComparer.Ordinal)];
        return Target(LearningTask.Classification, Explain(count, "texts", "", LearningTask.Classification), classes, NumberStyle.Plain);
    }

    private TableTarget OfNumbers(NumberStyle style)
    {
        // So many of them are no classes, and putting all of them in order to say how many takes longer than anything else here.
        if (profile.Distinct.Overflowed && profile.Others == 0 && wanted != LearningTask.Classification && profile.Least.Value != -profile.MostNegated.Value)
            return Target(LearningTask.Regression, Invariant($"target '{_name}' has more than {profile.Distinct.Count:N0} different values, all of them numbers: regression{AsAsked}"), null, style);
        (double[] numbers, int[] rows) = Counted(style);
        bool whole = Array.TrueForAll(numbers, number => number == Math.Floor(number));
        string kind = whole ? "whole numbers" : "numbers", because = "";
        LearningTask task = wanted ?? LearningTask.Regression;
        if (wanted is null && whole)
        {
            int alone = Array.IndexOf(rows, 1);
            if (numbers.Length > MaxGuessedClasses)
                because = Invariant($", more than {MaxGuessedClasses}");
            else if (alone >= 0)
                because = Invariant($", and {numbers[alone]} stands in one row only");
            else
                task = LearningTask.Classification;
        }
        if (numbers.Length == 1)
            throw ErrorAtFirst($"the target '{_name}' is {NumberText.NameOf(numbers[0])} in every row; expected at least two different values to learn from");
        string reason = Explain(numbers.Length, kind, because, task);
        if (task == LearningTask.Regression)
            return Target(task, reason, null, style);
        RequireClasses(numbers.Length, false);
        return Target(task, reason, [.. numbers.Select(NumberText.NameOf)], style);
    }

    /// <summary>The different numbers in ascending order, and in how many rows each stands.</summary>
    private (double[] Numbers, int[] Rows) Counted(NumberStyle style)
    {
        var read = new List<double>();
        var weights = new List<int>();
        profile.Each((cell, count) =>
        {
            style.TryRead(cell, out double number);
            read.Add(number + 0.0); // −0 is 0
            weights.Add(count);
            return true;
        });
        double[] numbers = [.. read];
        int[] rows = [.. weights];
        Array.Sort(numbers, rows);
        int last = 0;
        for (int i = 1; i < numbers.Length; i++)
        {
            if (numbers[i] == numbers[last])
                rows[last] += rows[i];
            else
                (numbers[++last], rows[last]) = (numbers[i], rows[i]);
        }
        return (numbers[..(last + 1)], rows[..(last + 1)]);
    }

    private TableTarget Target(LearningTask task, string reason, string[]? classes, NumberStyle style) =>
        new(_name, task, reason, classes, style, profile.Missing);

    private void RequireClasses(int count, bool more)
    {
        if (count == 1)
            throw ErrorAtFirst($"the target '{_name}' is '{file.Field(profile.Distinct.RowOf(0), profile.Column)}' in every row; expected at least two classes");
        if (count > MaxClasses || more)
            throw ErrorAtFirst(Invariant($"the target '{_name}' has {(more ? "more than " : "")}{count} different values; expected at most {MaxClasses} classes"));
    }

    private DataFormatException TextError(NumberStyle style, int texts, string expected)
    {
        byte[]? text = null;
        profile.Each((cell, _) =>
        {
            if (!style.TryRead(cell, out double _))
                text = cell.ToArray();
            return text is null;
        });
        return ErrorAt(text!, Invariant($"in the target '{_name}' is not a number, and {profile.Present - texts} other {(profile.Present - texts == 1 ? "row has a number" : "rows have numbers")} there, {texts} {(texts == 1 ? "has" : "have")} none; {expected}"));
    }

    private DataFormatException ErrorAtFirst(string problem)
    {
        int row = profile.Distinct.Count > 0 ? profile.Distinct.RowOf(0) : 0;
        return file.Error(row, profile.Column, problem);
    }

    private DataFormatException ErrorAt(byte[] cell, string problem)
    {
        int row = Enumerable.Range(0, file.RowCount).First(row => file.Cell(row, profile.Column).SequenceEqual(cell));
        return file.Error(row, profile.Column, $"'{file.Field(row, profile.Column)}' {problem}");
    }

    private string Explain(int count, string kind, string because, LearningTask task) =>
        Invariant($"target '{_name}' has {count} different {kind}{because}: {task.ToString().ToLowerInvariant()}{AsAsked}");

    private string AsAsked => wanted is null ? "" : ", as asked";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
