// Reliability bins, expected calibration error and Brier score, beside numpy's and scikit-learn's and by hand.

namespace Nudge.Tests.Evaluation;

public class CalibrationTests
{
    [Fact]
    public void Two_classes_are_measured_by_the_probability_of_the_second()
    {
        (double[] scores, bool[] isPositive) = SampleNumbers.Scored();
        var calibration = Calibration.Of([.. scores.Select(score => new[] { 1 - score, score })], [.. isPositive.Select(positive => positive ? 1 : 0)]);
        Assert.Equal(0.2612191358024692, calibration.BrierScore, 1e-15);
        Assert.Equal(0.18611111111111112, calibration.ExpectedError, 1e-14);
        Assert.Equal([9, 11, 11, 15, 3, 9, 7, 5, 14, 16], calibration.Bins.Select(bin => bin.Count));
        Assert.Equal(0.6363636363636364, calibration.Bins[2].ObservedShare, 1e-15);
        Assert.Equal(0.6875, calibration.Bins[9].ObservedShare, 1e-15);
    }

    [Fact]
    public void More_classes_are_measured_by_the_one_that_was_chosen_and_Brier_by_all()
    {
        (double[][] probabilities, int[] classes) = SampleNumbers.OfThreeClasses();
        var calibration = Calibration.Of(probabilities, classes);
        Assert.Equal(0.7675388020126539, calibration.BrierScore, 1e-14);
        Assert.Equal(100, calibration.Bins.Sum(bin => bin.Count));
        // The greatest of three is never below a third.
        Assert.Equal(0, calibration.Bins.Take(3).Sum(bin => bin.Count));
    }

    [Fact]
    public void Probabilities_that_come_true_as_often_as_they_say_have_no_error()
    {
        var calibration = Calibration.Of([[0.75, 0.25], [0.75, 0.25], [0.75, 0.25], [0.75, 0.25]], [0, 1, 0, 0]);
        Assert.Equal((0, 0.1875), (calibration.ExpectedError, calibration.BrierScore));
        Assert.Equal((4, 0.25, 0.25), (calibration.Bins[2].Count, calibration.Bins[2].MeanProbability, calibration.Bins[2].ObservedShare));
        Assert.Equal(double.NaN, calibration.Bins[0].MeanProbability);
    }

    [Fact]
    public void The_ends_belong_to_the_outer_bins()
    {
        var calibration = Calibration.Of([[1, 0], [0, 1]], [0, 1]);
        Assert.Equal((1, 1), (calibration.Bins[0].Count, calibration.Bins[^1].Count));
        Assert.Equal((0, 0), (calibration.ExpectedError, calibration.BrierScore));
        Assert.Throws<ArgumentException>(() => Calibration.Of([], []));
        Assert.Throws<ArgumentException>(() => Calibration.Of([[1, 0]], []));
    }
}
