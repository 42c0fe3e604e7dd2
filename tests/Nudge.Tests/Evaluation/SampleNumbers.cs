// Numbers that are easily made again elsewhere, to be given to another implementation.

namespace Nudge.Tests.Evaluation;

internal static class SampleNumbers
{
    /// <summary>x ← (1103515245 x + 12345) mod 2³¹, of which the upper 15 bits are given.</summary>
    internal static int[] Of(int count, long seed) => [.. Enumerable.Range(0, count).Select(_ => (int)((seed = (seed * 1103515245 + 12345) % 2147483648) >> 16))];

    /// <summary>A hundred scores with many ties, and which are positive: with the numbers that scikit-learn 1.2.1 gives for them in the tests.</summary>
    internal static (double[] Scores, bool[] IsPositive) Scored()
    {
        int[] numbers = Of(200, 7);
        double[] scores = [.. numbers.Take(100).Select(number => number % 37 / 36.0)];
        return (scores, [.. scores.Select((score, i) => numbers[100 + i] % 100 < 20 + 60 * score)]);
    }

    /// <summary>The probabilities of three classes, and the class that each example has.</summary>
    internal static (double[][] Probabilities, int[] Classes) OfThreeClasses()
    {
        int[] weights = [.. Of(300, 5).Select(number => number % 9 + 1)], classes = [.. Of(300, 11).Take(100).Select(number => number % 3)];
        return ([.. weights.Chunk(3).Select(row => row.Select(weight => (double)weight / row.Sum()).ToArray())], classes);
    }
}
