// Ramps: what else a network sees of a number than its standardised self.

namespace Nudge.Tests.Data;

public class StandardizerTests
{
    private static readonly double[][] s_rows = [.. Enumerable.Range(0, 9).Select(i => new double[] { i, i % 2, 10 * i * i })];

    [Fact]
    public void Ramps_say_how_far_a_number_has_come_between_quantiles()
    {
        Standardizer scales = Standardizer.Fit(s_rows).WithRamps(s_rows, 4, column => column != 1);
        Assert.Equal([0, 2, 4, 6, 8], scales.Knots[0]);
        Assert.Empty(scales.Knots[1]);
        Assert.Equal([0, 40, 160, 360, 640], scales.Knots[2]);
        Assert.Equal(11, scales.OutputCount);
        Assert.Equal([0.5, 0, -0.5, -0.5], scales.Apply([3, 0, 100])[3..7]);
        Assert.Equal([0.5, 0, -0.5, -0.5], scales.Apply([3, 0, 100])[7..]);
        Assert.Equal([-0.5, -0.5, -0.5, -0.5, 0.5, 0.5, 0.5, 0.5], scales.Apply([-1e9, 0, 1e9])[3..]);
        // What is missing lies in the middle of everything.
        Assert.Equal([0, 0, 0, 0], scales.Apply([double.NaN, 0, 0])[3..7]);
        Assert.Equal(["a", "b", "c", "a from 0 to 2"], scales.OutputNames(["a", "b", "c"]).Take(4));
        Assert.Equal([2, 7, 8, 9, 10], scales.OutputsOf(2));
    }

    [Fact]
    public void Of_few_different_numbers_there_are_fewer_ramps_or_none()
    {
        double[][] rows = [.. new double[] { 1, 1, 1, 1, 1, 1, 2, 3, double.NaN }.Select(x => new[] { x })];
        Assert.Equal([1, 1.25, 3], Standardizer.Fit(rows).WithRamps(rows, 4, _ => true).Knots[0]);
        double[][] two = [.. new double[] { 0, 0, 0, 1, 1, 1 }.Select(x => new[] { x })];
        Assert.Empty(Standardizer.Fit(two).WithRamps(two, 3, _ => true).Knots[0]);
        double[][] none = [[double.NaN], [double.NaN]];
        Assert.Empty(Standardizer.Fit(none).WithRamps(none, 3, _ => true).Knots[0]);
    }
}
