// ROC: beside scikit-learn, beside its definition by pairs, and by hand where there are ties or nothing to tell.

namespace Nudge.Tests.Evaluation;

public class RocCurveTests
{
    [Fact]
    public void Area_and_best_threshold_are_those_of_scikit_learn()
    {
        (double[] scores, bool[] isPositive) = SampleNumbers.Scored();
        var curve = RocCurve.Of(scores, isPositive);
        Assert.Equal((49, 51), (curve.Positives, curve.Negatives));
        Assert.Equal(0.668267306922769, curve.Area, 1e-15);
        Assert.Equal(38, curve.Points.Count);
        RocPoint best = curve.Points.MaxBy(point => point.TruePositiveRate - point.FalsePositiveRate);
        Assert.Equal(0.25770308123249297, best.TruePositiveRate - best.FalsePositiveRate, 1e-15);
        Assert.Equal(0.5833333333333334, best.Threshold, 1e-15);
        // Between 0.5556 and 0.5833 the shortest number near the middle.
        Assert.Equal(0.57, curve.BestThreshold());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_area_is_the_share_of_pairs_in_order_with_half_of_the_ties(ulong seed)
    {
        var rng = new Rng(seed);
        double[] scores = [.. Enumerable.Range(0, 80).Select(_ => rng.Next(12) / 4.0)];
        bool[] isPositive = [.. scores.Select(score => rng.NextDouble() < 0.2 + 0.2 * score)];
        double sum = 0, pairs = 0;
        for (int p = 0; p < scores.Length; p++)
        {
            for (int n = 0; n < scores.Length; n++)
            {
                if (!isPositive[p] || isPositive[n])
                    continue;
                pairs++;
                sum += scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0;
            }
        }
        var curve = RocCurve.Of(scores, isPositive);
        Assert.Equal(sum / pairs, curve.Area, 1e-14);
        // Turned round, what was found is missed.
        Assert.Equal(1 - curve.Area, RocCurve.Of([.. scores.Select(score => -score)], isPositive).Area, 1e-14);
        // Each point by its definition.
        foreach (RocPoint point in curve.Points)
        {
            Assert.Equal((double)scores.Where((score, i) => isPositive[i] && score >= point.Threshold).Count() / curve.Positives, point.TruePositiveRate);
            Assert.Equal((double)scores.Where((score, i) => !isPositive[i] && score >= point.Threshold).Count() / curve.Negatives, point.FalsePositiveRate);
        }
    }

    [Fact]
    public void A_tie_is_a_slanted_line_whatever_the_order_of_its_examples()
    {
        RocCurve curve = RocCurve.Of([0.9, 0.5, 0.5, 0.1], [true, true, false, false]), other = RocCurve.Of([0.9, 0.5, 0.5, 0.1], [true, false, true, false]);
        Assert.Equal(0.875, curve.Area);
        Assert.Equal(curve.Points, other.Points);
        Assert.Equal([(0, 0), (0, 0.5), (0.5, 1), (1, 1)], curve.Points.Select(point => (point.FalsePositiveRate, point.TruePositiveRate)));
    }

    [Fact]
    public void All_of_the_same_score_is_chance()
    {
        RocCurve curve = RocCurve.Of([0.3, 0.3, 0.3], [true, false, true]);
        Assert.Equal(0.5, curve.Area);
        Assert.Equal(2, curve.Points.Count);
        Assert.Equal(0.5, curve.BestThreshold());
    }

    [Fact]
    public void Perfect_order_has_area_1_and_a_threshold_between_both_kinds()
    {
        RocCurve curve = RocCurve.Of([0.1, 0.2, 0.7, 0.8], [false, false, true, true]);
        Assert.Equal(1, curve.Area);
        Assert.Equal(0.5, curve.BestThreshold());
        Assert.InRange(RocCurve.Of([0.01, 0.02, 0.03, 0.04], [false, false, true, true]).BestThreshold()!.Value, 0.02, 0.03);
    }

    [Fact]
    public void Where_one_kind_is_missing_there_is_no_area_and_no_threshold()
    {
        RocCurve none = RocCurve.Of([0.1, 0.2], [false, false]), empty = RocCurve.Of([], []);
        Assert.Equal((double.NaN, null), (none.Area, none.BestThreshold()));
        Assert.Equal((double.NaN, null), (empty.Area, empty.BestThreshold()));
        Assert.Throws<ArgumentException>(() => RocCurve.Of([0.1, double.NaN], [true, false]));
        Assert.Throws<ArgumentException>(() => RocCurve.Of([0.1], [true, false]));
    }

    [Fact]
    public void The_best_threshold_separates_as_the_curve_says()
    {
        var rng = new Rng(9);
        for (int run = 0; run < 50; run++)
        {
            double[] scores = [.. Enumerable.Range(0, 30).Select(_ => Math.Round(rng.NextDouble(), 2))];
            bool[] isPositive = [.. scores.Select(score => rng.NextDouble() < score)];
            var curve = RocCurve.Of(scores, isPositive);
            if (curve.BestThreshold() is not { } threshold)
                continue;
            double found = scores.Where((score, i) => isPositive[i] && score > threshold).Count(), mistaken = scores.Where((score, i) => !isPositive[i] && score > threshold).Count();
            Assert.Equal(curve.Points.Max(point => point.TruePositiveRate - point.FalsePositiveRate), found / curve.Positives - mistaken / curve.Negatives, 1e-12);
        }
    }

    [Fact]
    public void An_outline_has_few_points_and_nearly_the_same_area()
    {
        var rng = new Rng(4);
        double[] scores = [.. Enumerable.Range(0, 5000).Select(_ => rng.NextDouble())];
        var curve = RocCurve.Of(scores, [.. scores.Select(score => rng.NextDouble() < score)]);
        IReadOnlyList<RocPoint> outline = curve.Outline(200);
        Assert.InRange(outline.Count, 100, 200);
        double area = outline.Zip(outline.Skip(1), (a, b) => (b.FalsePositiveRate - a.FalsePositiveRate) * (a.TruePositiveRate + b.TruePositiveRate) / 2).Sum();
        Assert.Equal(curve.Area, area, 1e-3);
        Assert.Equal((curve.Points[0], curve.Points[^1]), (outline[0], outline[^1]));
        Assert.Same(curve.Points, curve.Outline(10_000));
    }
}
