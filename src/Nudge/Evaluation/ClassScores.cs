// How well each class is recognised: precision, recall and F1.

namespace Nudge.Evaluation;

/// <summary>How well a class is recognised.</summary>
/// <param name="Precision">Of the examples that were given this class, the share that has it: TP / (TP + FP); NaN where it was given to none.</param>
/// <param name="Recall">Of the examples that have this class, the share that was given it: TP / (TP + FN); NaN where none has it.</param>
/// <param name="F1">The harmonic mean of both: 2 TP / (2 TP + FP + FN); NaN where no example has the class and none was given it.</param>
/// <param name="Count">How many examples have it: TP + FN.</param>
public sealed record ClassScore(double Precision, double Recall, double F1, int Count);

/// <summary>How well classes are recognised, each by itself.</summary>
/// <param name="Classes">Each class, in their order.</param>
/// <param name="Mean">
/// The plain (macro) mean over the classes that some example has or was given, in which a rare class counts as much as a
/// frequent one; what is not defined for a class counts as 0 in it. Its count is that of all examples.
/// </param>
public sealed record ClassScores(IReadOnlyList<ClassScore> Classes, ClassScore Mean)
{
    /// <summary>Computes the scores.</summary>
    /// <param name="confusion">A row for each true class with the number of examples that were given each class.</param>
    /// <exception cref="ArgumentException">There are not as many columns as rows.</exception>
    public static ClassScores Of(IReadOnlyList<int[]> confusion)
    {
        ArgumentNullException.ThrowIfNull(confusion);
        if (confusion.Any(row => row.Length != confusion.Count))
            throw new ArgumentException($"Expected {confusion.Count} columns in each of {confusion.Count} rows.", nameof(confusion));
        ClassScore[] scores = [.. Enumerable.Range(0, confusion.Count).Select(c => Score(confusion[c][c], confusion.Sum(row => row[c]), confusion[c].Sum()))];
        ClassScore[] present = [.. scores.Where(score => !double.IsNaN(score.F1))];
        return new ClassScores(scores, new ClassScore(
            MeanOf(present, score => score.Precision), MeanOf(present, score => score.Recall), MeanOf(present, score => score.F1), scores.Sum(score => score.Count)));
    }

    // 0 / 0 is NaN: there is nothing to say.
    private static ClassScore Score(int right, int given, int count) =>
        new((double)right / given, (double)right / count, 2.0 * right / (given + count), count);

    private static double MeanOf(ClassScore[] scores, Func<ClassScore, double> number) =>
        scores.Length == 0 ? double.NaN : scores.Average(score => double.IsNaN(number(score)) ? 0 : number(score));
}
