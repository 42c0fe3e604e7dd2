// Precision, recall and F1, beside scikit-learn's and at the edges.

namespace Nudge.Tests.Evaluation;

public class ClassScoresTests
{
    [Fact]
    public void Scores_are_those_of_scikit_learn()
    {
        ClassScores scores = ClassScores.Of([[24, 3, 8], [6, 21, 5], [5, 6, 22]]);
        Assert.Equal([0.68571429, 0.7, 0.62857143], scores.Classes.Select(score => Math.Round(score.Precision, 8)));
        Assert.Equal([0.68571429, 0.65625, 0.66666667], scores.Classes.Select(score => Math.Round(score.Recall, 8)));
        Assert.Equal([0.68571429, 0.67741935, 0.64705882], scores.Classes.Select(score => Math.Round(score.F1, 8)));
        Assert.Equal([35, 32, 33], scores.Classes.Select(score => score.Count));
        Assert.Equal(0.6714285714285714, scores.Mean.Precision, 1e-15);
        Assert.Equal(0.6695436507936509, scores.Mean.Recall, 1e-15);
        Assert.Equal(0.6700641546941357, scores.Mean.F1, 1e-15);
        Assert.Equal(100, scores.Mean.Count);
    }

    [Fact]
    public void What_is_not_defined_is_NaN_and_counts_as_0_in_the_mean_unless_the_class_is_in_no_example()
    {
        // The third class is never predicted; the fourth neither is nor is predicted.
        ClassScores scores = ClassScores.Of([[5, 1, 0, 0], [2, 3, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0]]);
        Assert.Equal((double.NaN, 0, 0, 2), (scores.Classes[2].Precision, scores.Classes[2].Recall, scores.Classes[2].F1, scores.Classes[2].Count));
        Assert.Equal((double.NaN, double.NaN, double.NaN, 0), (scores.Classes[3].Precision, scores.Classes[3].Recall, scores.Classes[3].F1, scores.Classes[3].Count));
        Assert.Equal(0.4083333333333334, scores.Mean.Precision, 1e-15);
        Assert.Equal(0.4777777777777778, scores.Mean.Recall, 1e-15);
        Assert.Equal(0.4380952380952381, scores.Mean.F1, 1e-15);
    }

    [Fact]
    public void A_class_that_no_example_has_but_some_are_given_has_a_precision_and_no_recall()
    {
        ClassScores scores = ClassScores.Of([[3, 1], [0, 0]]);
        Assert.Equal((0, double.NaN, 0), (scores.Classes[1].Precision, scores.Classes[1].Recall, scores.Classes[1].F1));
        Assert.Equal(0.375, scores.Mean.Recall);
        Assert.Equal(double.NaN, ClassScores.Of([[0, 0], [0, 0]]).Mean.F1);
        Assert.Throws<ArgumentException>(() => ClassScores.Of([[1, 2]]));
    }
}
