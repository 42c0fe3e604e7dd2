// How fast a program is when it has just been compiled, before the runtime has compiled the compiled.

namespace Nudge.Benchmarks;

/// <summary>The first steps of a process after its program has been compiled, in seconds.</summary>
/// <param name="Mean">A step, over the first 0.2 s.</param>
/// <param name="Steady">A step, once that no longer changes.</param>
/// <param name="Until">When steps began to take at most twice the steady time.</param>
internal sealed record FirstSteps(double Mean, double Steady, double Until)
{
    /// <summary>The time that is looked at on its own.</summary>
    internal const double Window = 0.2;

    /// <summary>How long steps are made.</summary>
    internal const double Duration = 3;

    private const double TwiceAsLong = 2;

    // How many marks a median is taken of, so that one that was disturbed decides nothing.
    private const int Several = 5;

    /// <summary>What marks say: at each, the seconds since the program was compiled and the steps made until then.</summary>
    internal static FirstSteps Of(IReadOnlyList<(double At, long Steps)> marks)
    {
        double[] times = [.. Enumerable.Range(0, marks.Count).Select(TimeAt)];
        double steady = Median(times.AsSpan(marks.Count * 2 / 3));
        int i = 0;
        while (i < times.Length - 1 && Median(times.AsSpan(i, Math.Min(Several, times.Length - i))) > TwiceAsLong * steady)
            i++;
        return new FirstSteps(FirstMean(), steady, i == 0 ? 0 : marks[i - 1].At);

        double TimeAt(int i) => i == 0 ? marks[0].At / marks[0].Steps : (marks[i].At - marks[i - 1].At) / (marks[i].Steps - marks[i - 1].Steps);

        double FirstMean()
        {
            (double at, long steps) = marks.TakeWhile(mark => mark.At <= Window).DefaultIfEmpty(marks[0]).Last();
            return at / steps;
        }
    }

    /// <summary>The one that lies in the middle, by each number on its own.</summary>
    internal static FirstSteps MedianOf(IReadOnlyList<FirstSteps> all) => new(
        Median([.. all.Select(first => first.Mean)]), Median([.. all.Select(first => first.Steady)]), Median([.. all.Select(first => first.Until)]));

    private static double Median(ReadOnlySpan<double> numbers)
    {
        double[] sorted = numbers.ToArray();
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }
}
