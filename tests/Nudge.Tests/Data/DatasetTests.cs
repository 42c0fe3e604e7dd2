// Data sets: what they refuse, how they are split, and standardisation there and back.

using FsCheck;
using FsCheck.Fluent;

namespace Nudge.Tests.Data;

public class DatasetTests
{
    [Fact]
    public void A_split_divides_every_class_in_the_same_shares_and_loses_nothing()
    {
        Gen<(int[] Sizes, int Percent, int Seed)> gen =
            from sizes in Gen.ArrayOf(Gen.Choose(1, 40), 4)
            from percent in Gen.Choose(15, 85)
            from seed in Gen.Choose(0, int.MaxValue)
            select (sizes, percent, seed);
        Prop.ForAll(Arb.From(gen), Holds).Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithReplay(20260101, 1));

        static void Holds((int[] Sizes, int Percent, int Seed) example)
        {
            double[] classes = [.. example.Sizes.SelectMany((size, kind) => Enumerable.Repeat((double)kind, size))];
            var rng = new Rng((ulong)example.Seed);
            rng.Shuffle<double>(classes);
            var data = new Dataset(
                [.. classes.Select((_, i) => new double[] { i })], [.. classes.Select(kind => new[] { kind })], ["a", "b", "c", "d"]);
            double fraction = example.Percent / 100.0;
            if (Math.Round(data.Count * fraction, MidpointRounding.AwayFromZero) is var wanted && (wanted < 1 || wanted >= data.Count))
                return;
            (Dataset first, Dataset second) = data.Split(fraction, rng);
            Assert.Equal(wanted, second.Count);
            Assert.Equal(Enumerable.Range(0, data.Count), first.Inputs.Concat(second.Inputs).Select(row => (int)row[0]).Order());
            Assert.All(first.Inputs.Zip(first.Targets), row => Assert.Equal(classes[(int)row.First[0]], row.Second[0]));
            for (int kind = 0; kind < 4; kind++)
                Assert.InRange(second.Targets.Count(row => row[0] == kind) - example.Sizes[kind] * fraction, -1, 1);
        }
    }

    [Fact]
    public void A_split_is_the_same_for_the_same_seed_and_keeps_names()
    {
        Dataset data = Generate.Blobs(30, 0.1, new Rng(1));
        (Dataset first, Dataset second) = data.Split(0.25, new Rng(5));
        (Dataset again, _) = data.Split(0.25, new Rng(5));
        (Dataset other, _) = data.Split(0.25, new Rng(6));
        Assert.Equal(first.Inputs, again.Inputs);
        Assert.NotEqual(first.Inputs, other.Inputs);
        Assert.Equal((data.Classes, data.InputNames, data.TargetName), (second.Classes, second.InputNames, second.TargetName));
        Assert.Equal(8, second.Count);
    }

    [Fact]
    public void A_split_in_order_holds_back_the_last()
    {
        var data = new Dataset([.. Enumerable.Range(0, 10).Select(i => new[] { (double)i })], [.. Enumerable.Range(0, 10).Select(i => new[] { 2.0 * i })]);
        (Dataset first, Dataset second) = data.SplitInOrder(0.3);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], first.Inputs.Select(row => row[0]));
        Assert.Equal([7, 8, 9], second.Inputs.Select(row => row[0]));
        Assert.Equal([14, 16, 18], second.Targets.Select(row => row[0]));
    }

    [Fact]
    public void A_split_of_regression_data_is_at_random()
    {
        (Dataset first, Dataset second) = Generate.Sine(100, 0, new Rng(1)).Split(0.3, new Rng(1));
        Assert.Equal((70, 30), (first.Count, second.Count));
        Assert.NotEqual(Generate.Sine(100, 0, new Rng(1)).Inputs.Take(30), second.Inputs);
    }

    [Fact]
    public void A_split_that_leaves_a_part_empty_is_refused()
    {
        Dataset data = Generate.Xor();
        Assert.Contains("4 examples are too few", Assert.Throws<ArgumentException>(() => data.Split(0.01, new Rng(1))).Message, StringComparison.Ordinal);
        foreach (double fraction in new[] { 0, 1, -0.1, double.NaN })
            Assert.Throws<ArgumentOutOfRangeException>(() => data.Split(fraction, new Rng(1)));
    }

    [Fact]
    public void Rows_that_do_not_fit_are_refused_by_number()
    {
        Refuses("at least one example, got none", () => new Dataset([], []));
        Refuses("a target for each of 2 examples, got 1", () => new Dataset([[1], [2]], [[1]]));
        Refuses("Expected 2 numbers in row 1, got 1", () => new Dataset([[1, 2], [3]], [[1], [1]]));
        Refuses("Expected 1 numbers in row 1, got 2", () => new Dataset([[1], [3]], [[1], [1, 2]]));
        Refuses("a name for each of 1 inputs, got 2", () => new Dataset([[1]], [[1]], inputNames: ["a", "b"]));
        foreach (double index in new[] { -1, 2, 0.5, double.NaN })
            Refuses("a class index from 0 to 1 in row 1", () => new Dataset([[1], [2]], [[0], [index]], ["a", "b"]));

        static void Refuses(string message, Func<object> make) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(make).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scaled_examples_are_computed_at_each_look_unless_they_are_kept()
    {
        var data = new Dataset([[1, 2], [3, double.NaN], [8, 1]], [[5], [7], [6]]);
        Dataset scaled = data.Scaled(Standardizer.Fit(data.Inputs), Standardizer.Fit(data.Targets)), kept = scaled.Kept();
        Assert.Equal(scaled.Inputs, kept.Inputs);
        Assert.Equal(scaled.Targets, kept.Targets);
        Assert.NotSame(scaled.Inputs[1], scaled.Inputs[1]);
        Assert.Same(kept.Inputs[1], kept.Inputs[1]);
        Assert.Same(kept.Targets[1], kept.Targets[1]);
        Assert.Same(data, data.Kept());
    }

    [Fact]
    public void Standardised_columns_have_mean_0_and_deviation_1_and_come_back()
    {
        var rng = new Rng(4);
        double[][] rows = [.. Enumerable.Range(0, 200).Select(_ => new[] { rng.Normal(1e6, 3), rng.Uniform(0, 1e-6), 0.1 })];
        var standardizer = Standardizer.Fit(rows);
        double[][] scaled = Array.ConvertAll(rows, standardizer.Apply);
        for (int column = 0; column < 2; column++)
        {
            Assert.Equal(0, scaled.Average(row => row[column]), 1e-9);
            Assert.Equal(1, scaled.Average(row => row[column] * row[column]), 1e-9);
        }
        // A constant column has no deviation to divide by.
        Assert.Equal(1, standardizer.Scales[2]);
        Assert.All(scaled, row => Assert.Equal(0, row[2], 1e-15));
        for (int i = 0; i < rows.Length; i++)
        {
            double[] back = standardizer.Undo(scaled[i]);
            for (int column = 0; column < 3; column++)
                Assert.Equal(rows[i][column], back[column], 1e-15 * Math.Abs(rows[i][column]) + 1e-20);
        }
        Assert.Contains("Expected 3 numbers, got 2", Assert.Throws<ArgumentException>(() => standardizer.Apply([1, 2])).Message, StringComparison.Ordinal);
    }
}
