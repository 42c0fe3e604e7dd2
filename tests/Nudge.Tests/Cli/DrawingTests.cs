// Bars, dots, columns and numbers.

using Nudge.Cli;

namespace Nudge.Tests.Cli;

public sealed class DrawingTests
{
    [Fact]
    public void A_sparkline_falls_evenly_where_the_loss_falls_by_equal_factors() =>
        Assert.Equal("█▇▆▅▄▃▂▁", Sparkline.Draw([128, 64, 32, 16, 8, 4, 2, 1]));

    [Theory]
    [InlineData("", new double[0])]
    [InlineData("▁▁▁", new double[] { 5, 5, 5 })]
    [InlineData("▁█", new double[] { -1, 1 })]
    [InlineData("▁█", new double[] { 1, double.PositiveInfinity })]
    [InlineData("", new[] { double.NaN })]
    public void A_sparkline_of_odd_numbers_is_drawn_all_the_same(string expected, double[] numbers) => Assert.Equal(expected, Sparkline.Draw(numbers));

    [Fact]
    public void A_history_keeps_means_in_bounded_memory()
    {
        var history = new LossHistory();
        for (int i = 0; i < 100_000; i++)
            history.Add(i);
        Assert.True(history.Means.Count < 1024);
        double[] course = history.Course(10);
        Assert.Equal(10, course.Length);
        for (int i = 0; i < 10; i++)
            Assert.Equal(10_000 * i + 5_000, course[i], 600.0);
        Assert.Equal([0, 1], Filled(2).Course(10));
    }

    [Fact]
    public void Dots_are_set_where_braille_has_them()
    {
        var canvas = new BrailleCanvas(2, 1);
        canvas.Set(0, 0);
        canvas.Set(3, 3);
        canvas.Set(4, 0);
        canvas.Set(0, -1);
        Assert.Equal("⠁⢀", Assert.Single(canvas.Rows()));
        canvas.Line(0, 0, 3, 0);
        Assert.Equal("⠉⢉", Assert.Single(canvas.Rows()));
    }

    [Fact]
    public void A_table_aligns_its_columns_and_gives_way_in_the_first()
    {
        var table = new Table(false, true);
        table.Add("a long first cell that must give way", "1");
        table.Add("b", "22");
        Assert.Equal("  a long first cell that must give way   1\n  b                                     22\n", Written(80));
        Assert.Equal("  a long first …   1\n  b               22\n", Written(21));

        string Written(int width)
        {
            using var writer = new StringWriter { NewLine = "\n" };
            table.Write(new Terminal(writer, writer, isInteractive: true, width: () => width));
            return writer.ToString();
        }
    }

    [Theory]
    [InlineData(16, "16")]
    [InlineData(-0.0, "0")]
    [InlineData(0.1 + 0.2, "0.3")]
    [InlineData(1.5e-7, "1.5e-07")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-∞")]
    public void Numbers_are_short(double number, string expected) => Assert.Equal(expected, Text.Number(number));

    [Theory]
    [InlineData(0.25, "250 ms")]
    [InlineData(5.04, "5.0 s")]
    [InlineData(125, "2 min 05 s")]
    [InlineData(7260, "2 h 01 min")]
    public void Times_are_read_at_a_glance(double seconds, string expected) => Assert.Equal(expected, Text.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("trian", "train")]
    [InlineData("TRAIN", "train")]
    [InlineData("lessons", "lesson")]
    [InlineData("banana", null)]
    public void The_nearest_name_is_one_that_could_have_been_meant(string typed, string? expected) =>
        Assert.Equal(expected, Text.Nearest(typed, ["train", "predict", "lesson"]));

    [Fact]
    public void Lines_are_broken_between_words() => Assert.Equal(["one two", "three"], Text.Wrap("one two three", 8));

    private static LossHistory Filled(int count)
    {
        var history = new LossHistory();
        for (int i = 0; i < count; i++)
            history.Add(i);
        return history;
    }
}
