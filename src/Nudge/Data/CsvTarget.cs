// What the column to be predicted asks for, found from what stands in it.

using System.Globalization;

namespace Nudge;

/// <summary>A target column, read: class indices with the classes' names, or numbers with none.</summary>
internal sealed record CsvTarget(LearningTask Task, string Reason, string[]? Classes, double[] Numbers)
{
    internal const int MaxClasses = 1000, MaxGuessedClasses = 20;

    internal static CsvTarget Read(CsvFile file, int column, LearningTask? wanted)
    {
        if (file.ClassNames is { } names && column == file.ColumnNames.Count - 1 && wanted != LearningTask.Regression)
            return OfLabels(file, column, names);

        var numbers = new double[file.RowCount];
        int firstText = -1, texts = 0;
        for (int row = 0; row < numbers.Length; row++)
        {
            if (CsvColumn.TryRead(file, row, column, out numbers[row]))
                continue;
            if (texts++ == 0)
                firstText = row;
        }
        string target = $"target '{file.ColumnNames[column]}'";
        if (texts == 0)
            return OfNumbers(file, column, target, numbers, wanted);
        if (wanted == LearningTask.Regression)
            throw file.Error(firstText, column, $"'{file.Field(firstText, column)}' in the {target} is not a number; expected numbers for regression");
        if (wanted is null && texts < numbers.Length)
            throw file.Error(firstText, column, $"'{file.Field(firstText, column)}' in the {target} is not a number, and other rows have numbers there; expected numbers only, or texts only, or classification to be asked for");
        return OfTexts(file, column, target, wanted);
    }

    private static CsvTarget OfLabels(CsvFile file, int column, IReadOnlyList<string> names)
    {
        double[] labels = [.. Enumerable.Range(0, file.RowCount).Select(row => LabelAt(file, row, column, names))];
        string reason = string.Create(
            CultureInfo.InvariantCulture,
            $"target '{file.ColumnNames[column]}' has the {names.Count} classes that the first line names: classification");
        return new CsvTarget(LearningTask.Classification, reason, [.. names], labels);
    }

    /// <summary>A field that holds a place in a list of class names.</summary>
    internal static int LabelAt(CsvFile file, int row, int column, IReadOnlyList<string> names)
    {
        if (CsvColumn.TryRead(file, row, column, out double label) && label >= 0 && label < names.Count && label == Math.Floor(label))
            return (int)label;
        throw file.Error(row, column, string.Create(
            CultureInfo.InvariantCulture,
            $"'{file.Field(row, column)}' is not the number of a class; expected 0 to {names.Count - 1}, for the {names.Count} classes that the first line names"));
    }

    private static CsvTarget OfTexts(CsvFile file, int column, string target, LearningTask? wanted)
    {
        string[] texts = [.. Enumerable.Range(0, file.RowCount).Select(row => file.Field(row, column))];
        string[] classes = [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        RequireClasses(file, column, classes);
        double[] labels = Array.ConvertAll(texts, text => (double)Array.BinarySearch(classes, text, StringComparer.Ordinal));
        return new CsvTarget(LearningTask.Classification, Explain(target, classes.Length, "texts", "", LearningTask.Classification, wanted), classes, labels);
    }

    private static CsvTarget OfNumbers(CsvFile file, int column, string target, double[] numbers, LearningTask? wanted)
    {
        var rowsOf = new SortedDictionary<double, int>();
        foreach (double number in numbers)
            rowsOf[number] = rowsOf.GetValueOrDefault(number) + 1;
        bool whole = rowsOf.Keys.All(number => number == Math.Floor(number));
        string kind = whole ? "whole numbers" : "numbers", because = "";
        LearningTask task = wanted ?? LearningTask.Regression;
        if (wanted is null && whole)
        {
            double? alone = rowsOf.Where(pair => pair.Value == 1).Select(pair => (double?)pair.Key).FirstOrDefault();
            if (rowsOf.Count > MaxGuessedClasses)
                because = string.Create(CultureInfo.InvariantCulture, $", more than {MaxGuessedClasses}");
            else if (alone is not null)
                because = string.Create(CultureInfo.InvariantCulture, $", and {alone} stands in one row only");
            else
                task = LearningTask.Classification;
        }

        string reason = Explain(target, rowsOf.Count, kind, because, task, wanted);
        if (rowsOf.Count == 1)
            throw file.Error(0, column, $"the {target} is {file.Field(0, column)} in every row; expected at least two different values to learn from");
        if (task == LearningTask.Regression)
            return new CsvTarget(task, reason, null, numbers);
        double[] values = [.. rowsOf.Keys];
        string[] classes = Array.ConvertAll(values, CsvNumber.NameOf);
        RequireClasses(file, column, classes);
        return new CsvTarget(task, reason, classes, Array.ConvertAll(numbers, number => (double)Array.BinarySearch(values, number)));
    }

    private static void RequireClasses(CsvFile file, int column, string[] classes)
    {
        if (classes.Length == 1)
            throw file.Error(0, column, $"the target '{file.ColumnNames[column]}' is '{classes[0]}' in every row; expected at least two classes");
        if (classes.Length > MaxClasses)
            throw file.Error(0, column, string.Create(CultureInfo.InvariantCulture, $"the target '{file.ColumnNames[column]}' has {classes.Length} different values; expected at most {MaxClasses} classes"));
    }

    private static string Explain(string target, int count, string kind, string because, LearningTask task, LearningTask? wanted) => string.Create(
        CultureInfo.InvariantCulture,
        $"{target} has {count} different {kind}{because}: {task.ToString().ToLowerInvariant()}{(wanted is null ? "" : ", as asked")}");
}
