// How well a score separates two kinds of examples, at every threshold.

using System.Globalization;

namespace Nudge.Evaluation;

/// <summary>What a threshold does.</summary>
/// <param name="Threshold">Examples with this score or a greater one are taken for positive.</param>
/// <param name="FalsePositiveRate">The share of the negative examples that are taken for positive.</param>
/// <param name="TruePositiveRate">The share of the positive examples that are taken for positive: the recall.</param>
public readonly record struct RocPoint(double Threshold, double FalsePositiveRate, double TruePositiveRate);

/// <summary>
/// The receiver operating characteristic: for each threshold of a score, how many positive examples are found, against how
/// many negative ones are taken for positive. Examples of the same score pass the threshold together, so that a tie is a
/// slanted line (Fawcett, "An introduction to ROC analysis", 2006).
/// </summary>
public sealed class RocCurve
{
    private RocCurve(RocPoint[] points, double area, int positives, int negatives) =>
        (Points, Area, Positives, Negatives) = (points, area, positives, negatives);

    /// <summary>From (0, 0), where nothing is taken for positive, to (1, 1): a point for each score. Rates are NaN where no example is of the kind.</summary>
    public IReadOnlyList<RocPoint> Points { get; }

    /// <summary>
    /// The area under the curve, by trapezoids: the probability that a positive example has a greater score than a negative
    /// one, where a tie counts half. 0.5 is chance, 1 is perfect; NaN where one of both kinds is missing.
    /// </summary>
    public double Area { get; }

    /// <summary>How many examples are positive.</summary>
    public int Positives { get; }

    /// <summary>How many are not.</summary>
    public int Negatives { get; }

    /// <summary>Computes the curve of some examples.</summary>
    /// <param name="scores">A score for each example, greater where it is more likely to be positive.</param>
    /// <param name="isPositive">Whether the example is positive.</param>
    /// <exception cref="ArgumentException">There are not as many of both, or a score is NaN.</exception>
    public static RocCurve Of(IReadOnlyList<double> scores, IReadOnlyList<bool> isPositive)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(isPositive);
        if (scores.Count != isPositive.Count)
            throw new ArgumentException($"Expected a score for each of {isPositive.Count} examples, got {scores.Count}.", nameof(scores));
        double[] sorted = [.. scores];
        if (Array.Exists(sorted, double.IsNaN))
            throw new ArgumentException("A score is NaN; expected numbers that can be put in order.", nameof(scores));
        bool[] positive = [.. isPositive];
        Array.Sort(sorted, positive);
        int positives = positive.Count(one => one), negatives = positive.Length - positives;
        var points = new List<RocPoint> { PointAt(double.PositiveInfinity, 0, 0) };
        double twiceArea = 0; // in examples, and exact
        int found = 0, mistaken = 0;
        for (int i = sorted.Length - 1; i >= 0;)
        {
            double score = sorted[i];
            int foundBefore = found, mistakenBefore = mistaken;
            for (; i >= 0 && sorted[i] == score; i--)
            {
                found += positive[i] ? 1 : 0;
                mistaken += positive[i] ? 0 : 1;
            }
            twiceArea += (double)(mistaken - mistakenBefore) * ((double)found + foundBefore);
            points.Add(PointAt(score, mistaken, found));
        }
        return new RocCurve([.. points], twiceArea / (2.0 * positives * negatives), positives, negatives);

        RocPoint PointAt(double threshold, int mistakenCount, int foundCount) =>
            new(threshold, (double)mistakenCount / negatives, (double)foundCount / positives);
    }

    /// <summary>
    /// The threshold of a probability with the largest J = true positive rate − false positive rate (Youden, "Index for rating
    /// diagnostic tests", 1950), which is the same whichever class is called positive and however frequent it is. Between two
    /// scores of the examples it is the shortest decimal number; of thresholds that are as good, the nearest to 0.5. Examples
    /// above it are positive. Choose it on examples other than those that it is judged by. Null where one kind is missing.
    /// </summary>
    public double? BestThreshold()
    {
        if (Positives == 0 || Negatives == 0)
            return null;
        double best = double.NegativeInfinity, threshold = 0.5;
        for (int i = 0; i < Points.Count; i++)
        {
            double j = Points[i].TruePositiveRate - Points[i].FalsePositiveRate;
            if (j < best - 1e-12)
                continue;
            double candidate = Between(i + 1 < Points.Count ? Points[i + 1].Threshold : 0, Math.Min(1, Points[i].Threshold));
            if (j > best + 1e-12 || Math.Abs(candidate - 0.5) < Math.Abs(threshold - 0.5))
                (best, threshold) = (Math.Max(j, best), candidate);
        }
        return threshold;
    }

    /// <summary>The curve in at most so many points, about equally far apart along it.</summary>
    /// <param name="most">How many points, at least 3.</param>
    public IReadOnlyList<RocPoint> Outline(int most)
    {
        if (Points.Count <= most)
            return Points;
        var outline = new List<RocPoint> { Points[0] };
        for (int i = 1; i < Points.Count - 1; i++)
        {
            RocPoint last = outline[^1], point = Points[i];
            if (point.FalsePositiveRate - last.FalsePositiveRate + point.TruePositiveRate - last.TruePositiveRate >= 2.0 / (most - 2))
                outline.Add(point);
        }
        outline.Add(Points[^1]);
        return outline;
    }

    /// <summary>0.5 if it lies in [low, high), or else the shortest decimal number near the middle that does.</summary>
    private static double Between(double low, double high)
    {
        if (low <= 0.5 && 0.5 < high)
            return 0.5;
        double middle = low + (high - low) / 2;
        for (int digits = 1; digits <= 15; digits++)
        {
            double rounded = double.Parse(middle.ToString("G" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (rounded >= low && rounded < high)
                return rounded;
        }
        return low;
    }
}
