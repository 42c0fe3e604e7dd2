// The course of a loss and the decision boundary.

using System.Globalization;
using System.Xml.Linq;
using Nudge.Tests.Serialization;

namespace Nudge.Tests.Drawing;

public sealed class PlotTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_loss_curve_is_as_it_was_looked_at() =>
        Golden.Matches("loss.svg", Plot.LossCurve([16, 0.64, 9.24, 19.8, 5.3, 2.9]));

    [Fact]
    public void A_tiny_loss_is_written_as_at_the_axis()
    {
        string svg = Plot.LossCurve([1, 2.038e-14]);
        Assert.Contains(">2.038e-14<", svg);
        Assert.Contains(">1e-13<", svg);
    }

    [Fact]
    public void Each_loss_is_a_point_at_its_height()
    {
        double[] losses = [16, 0.64, 0.0256];
        (double X, double Y)[] points = PointsOf(Plot.LossCurve(losses));
        Assert.Equal(3, points.Length);
        // On a logarithmic scale equal factors are equal distances; the plot rounds to hundredths of a pixel.
        Assert.Equal(points[1].Y - points[0].Y, points[2].Y - points[1].Y, 0.03);
        Assert.Equal(points[1].X - points[0].X, points[2].X - points[1].X, 0.03);
        Assert.True(points[0].Y < points[2].Y);
    }

    [Fact]
    public void A_loss_that_is_no_number_leaves_a_gap()
    {
        string svg = Plot.LossCurve([1, 2, double.NaN, 3, double.PositiveInfinity]);
        Assert.Equal(3, PointsOf(svg).Length);
        Assert.Equal(2, PathOf(svg).Count(letter => letter == 'M'));
        Assert.Throws<ArgumentException>(() => Plot.LossCurve([double.NaN]));
    }

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(-1.0, 3.0)]
    [InlineData(5.0, 5.0)]
    [InlineData(1e-300, 1e300)]
    public void A_loss_curve_of_any_numbers_is_well_formed(double first, double second)
    {
        string svg = Plot.LossCurve([first, second]);
        XDocument.Parse(svg);
        Assert.DoesNotContain("NaN", svg);
        Assert.All(PointsOf(svg), point => Assert.InRange(point.Y, 35, 352));
    }

    [Fact]
    public void The_plane_shows_each_class_where_the_model_predicts_it()
    {
        TrainedModel model = Models.Classifier();
        double[][] inputs = [[1.4, -2], [1.6, -2.000000002], [1.5, -1.999999998]];
        var examples = new Dataset(inputs, [[0], [1], [1]], model.Classes, model.InputNames, model.TargetName);
        string svg = Plot.DecisionBoundary(model, examples);
        XDocument document = XDocument.Parse(svg);
        int wrong = Enumerable.Range(0, 3).Count(i => model.ClassOf(inputs[i]) != (int)examples.Targets[i][0]);
        Assert.Equal(wrong, document.Descendants(s_svg + "circle").Count());
        string[] regions = [.. document.Descendants(s_svg + "rect").Select(rect => rect.Attribute("class")!.Value).Where(kind => kind.StartsWith("region", StringComparison.Ordinal)).Distinct()];
        // A point that lies in a region has the class of that region.
        Assert.All(inputs, input => Assert.Contains($"region c{model.ClassOf(input)}", regions));
        Assert.Contains("species by length and width", svg);
    }

    [Fact]
    public void Only_a_plane_of_classes_can_be_drawn()
    {
        TrainedModel model = Models.Regressor();
        ArgumentException error = Assert.Throws<ArgumentException>(() => Plot.DecisionBoundary(model, Generate.Sine(3, 0, new Rng(1))));
        Assert.Contains("1 inputs and a number to predict", error.Message);
        // A run on it has its loss drawn all the same.
        XDocument.Parse(Plot.Training([2, 1], model, Generate.Sine(3, 0, new Rng(1))));
    }

    [Theory]
    [InlineData(0, 10, "0 2 4 6 8 10")]
    [InlineData(-0.31, 0.42, "-0.2 0 0.2 0.4")]
    [InlineData(0, 999, "0 200 400 600 800")]
    public void Ticks_are_round_numbers(double low, double high, string expected) =>
        Assert.Equal(expected, string.Join(' ', PlotFrame.RoundNumbers(low, high, 6).Select(tick => tick.ToString("0.###", CultureInfo.InvariantCulture))));

    private static string PathOf(string svg) =>
        XDocument.Parse(svg).Descendants(s_svg + "path").Single(path => path.Attribute("class")?.Value == "positive").Attribute("d")!.Value;

    private static (double X, double Y)[] PointsOf(string svg) =>
    [
        .. PathOf(svg).Split(['M', 'L'], StringSplitOptions.RemoveEmptyEntries)
            .Select(point => point.Split(' '))
            .Select(point => (double.Parse(point[0], CultureInfo.InvariantCulture), double.Parse(point[1], CultureInfo.InvariantCulture))),
    ];
}
