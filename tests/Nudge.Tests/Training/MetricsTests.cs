// Losses, accuracy, R² and confusion, and how outputs are read as classes.

namespace Nudge.Tests.Training;

public class MetricsTests
{
    // The outputs are the inputs: what is measured can be read from the data.
    private sealed class Identity(int count) : Network
    {
        public override int InputCount => count;

        public override int OutputCount => count;

        public override Value[] Forward(params ReadOnlySpan<Value> inputs) => inputs.ToArray();
    }

    [Fact]
    public void Classification_counts_right_answers_and_confusions()
    {
        var data = new Dataset(
            [[5, 0, 0], [0, 5, 0], [0, 5, 0], [0, 0, 5]],
            [[0], [1], [2], [2]],
            ["a", "b", "c"]);
        Metrics metrics = Metrics.Measure(new Identity(3), Objective.CrossEntropy, data);
        Assert.Equal(0.75, metrics.Accuracy);
        Assert.Equal([[1, 0, 0], [0, 1, 0], [0, 1, 1]], metrics.Confusion);
        Assert.Null(metrics.RSquared);
        double right = Math.Log(Math.Exp(5) + 2) - 5, wrong = Math.Log(Math.Exp(5) + 2);
        Assert.Equal((3 * right + wrong) / 4, metrics.Loss, 1e-12);
    }

    [Fact]
    public void Regression_has_the_coefficient_of_determination()
    {
        var data = new Dataset([[1], [2], [4]], [[1], [2], [3]]);
        Metrics mean = Metrics.Measure(new Identity(1), Objective.MeanSquaredError, data);
        Metrics sum = Metrics.Measure(new Identity(1), Objective.SumOfSquares, data);
        Assert.Equal(1.0 / 3, mean.Loss, 1e-15);
        Assert.Equal(1, sum.Loss, 1e-15);
        Assert.Equal(0.5, mean.RSquared!.Value, 1e-15);
        Assert.Null(mean.Accuracy);
        Assert.Null(mean.Confusion);
        Assert.Equal(double.NaN, Metrics.Measure(new Identity(1), Objective.MeanSquaredError, new Dataset([[1], [2]], [[3], [3]])).RSquared);
    }

    [Fact]
    public void Outputs_are_read_as_probabilities_and_classes()
    {
        double[] probabilities = Objective.CrossEntropy.Probabilities([1000, 999, -1000]);
        Assert.Equal(1 / (1 + Math.Exp(-1)), probabilities[0], 1e-15);
        Assert.Equal(1, probabilities.Sum(), 1e-15);
        Assert.Equal(0, Objective.CrossEntropy.ClassOf([1000, 999, -1000]));
        Assert.Equal([0.25, 0.75], Objective.BinaryCrossEntropy.Probabilities([Math.Log(3)]).Select(p => Math.Round(p, 12)));
        Assert.Equal([0, 1], [Objective.BinaryCrossEntropy.ClassOf([-0.1]), Objective.BinaryCrossEntropy.ClassOf([0.1])]);
        Assert.Equal([0, 0, 1], [Objective.Hinge.ClassOf([-3]), Objective.Hinge.ClassOf([0]), Objective.Hinge.ClassOf([0.1])]);
        Assert.Throws<InvalidOperationException>(() => Objective.MeanSquaredError.ClassOf([1]));
    }
}
