// Parts for cross-validation: every example held back once, and none of what is held back trained on.

namespace Nudge.Tests.Data;

public sealed class FoldsTests
{
    // Each example can be told by its only input.
    private static Dataset Numbered(int count, Func<int, double> target, string[]? classes = null) =>
        new([.. Enumerable.Range(0, count).Select(i => new double[] { i })], [.. Enumerable.Range(0, count).Select(i => new[] { target(i) })], classes);

    private static double[] Of(Dataset data) => [.. data.Inputs.Select(row => row[0])];

    [Theory]
    [InlineData(2, 2)]
    [InlineData(10, 3)]
    [InlineData(17, 17)]
    [InlineData(101, 5)]
    public void Every_example_is_held_back_once(int count, int folds)
    {
        IReadOnlyList<(Dataset Training, Dataset HeldBack)> parts = Numbered(count, i => i).Folds(folds, new Rng(3));
        Assert.Equal(folds, parts.Count);
        Assert.Equal(Enumerable.Range(0, count).Select(i => (double)i), parts.SelectMany(part => Of(part.HeldBack)).Order());
        Assert.All(parts, part => Assert.Equal(Enumerable.Range(0, count).Select(i => (double)i), Of(part.Training).Concat(Of(part.HeldBack)).Order()));
        Assert.InRange(parts.Max(part => part.HeldBack.Count) - parts.Min(part => part.HeldBack.Count), 0, 1);
    }

    [Fact]
    public void Each_fold_has_the_classes_in_the_same_shares()
    {
        Dataset data = Numbered(103, i => i < 7 ? 0 : i < 50 ? 1 : 2, ["a", "b", "c"]);
        foreach (double one in new[] { 0.0, 1, 2 })
        {
            int[] counts = [.. data.Folds(5, new Rng(1)).Select(part => part.HeldBack.Targets.Count(target => target[0] == one))];
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        }
    }

    [Fact]
    public void The_seed_decides_which_are_held_back_together()
    {
        Dataset data = Numbered(40, i => i);
        Assert.Equal(data.Folds(4, new Rng(1)).Select(part => Of(part.HeldBack)), data.Folds(4, new Rng(1)).Select(part => Of(part.HeldBack)));
        Assert.NotEqual(data.Folds(4, new Rng(1)).Select(part => Of(part.HeldBack)), data.Folds(4, new Rng(2)).Select(part => Of(part.HeldBack)));
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(100, 4)]
    [InlineData(11, 10)]
    public void In_order_each_fold_holds_back_what_comes_next(int count, int folds)
    {
        IReadOnlyList<(Dataset Training, Dataset HeldBack)> parts = Numbered(count, i => i).FoldsInOrder(folds);
        Assert.Equal(folds, parts.Count);
        Assert.All(parts, part => Assert.Equal(Enumerable.Range(0, part.Training.Count + part.HeldBack.Count).Select(i => (double)i), [.. Of(part.Training), .. Of(part.HeldBack)]));
        Assert.All(parts.Zip(parts.Skip(1)), pair => Assert.Equal(pair.First.Training.Count + pair.First.HeldBack.Count, pair.Second.Training.Count));
        Assert.Equal(count, parts[^1].Training.Count + parts[^1].HeldBack.Count);
    }

    [Fact]
    public void Too_few_examples_are_refused()
    {
        Dataset data = Numbered(4, i => i);
        Assert.Contains("4 examples are too few for 5 folds", Assert.Throws<ArgumentException>(() => data.Folds(5, new Rng(1))).Message);
        Assert.Contains("4 examples are too few for 4 folds", Assert.Throws<ArgumentException>(() => data.FoldsInOrder(4)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Folds(1, new Rng(1)));
    }
}
