// Counting what comes next: against counts made by hand, and the sums that probabilities must have.

namespace Nudge.Tests.Data;

public sealed class NgramCounterTests
{
    [Fact]
    public void A_bigram_counted_by_hand_is_what_it_says()
    {
        // After the boundary: a, a, b. After a: b, boundary. After b: boundary, boundary.
        var counter = new NgramCounter(TextDataset.Of(["ab", "a", "b"]), 2) { Smoothing = 0.5 };
        Assert.Equal(2.5 / 4.5, counter.Probability([0], 1), 1e-15);
        Assert.Equal(1.5 / 4.5, counter.Probability([0], 2), 1e-15);
        Assert.Equal(0.5 / 4.5, counter.Probability([0], 0), 1e-15);
        Assert.Equal(1.5 / 3.5, counter.Probability([0, 1], 2), 1e-15);
        Assert.Equal(2.5 / 3.5, counter.Probability([0, 1, 2], 0), 1e-15);
        double loss = -(Math.Log(1.5 / 4.5) + Math.Log(2.5 / 3.5)) / 2;
        Assert.Equal(loss, counter.Loss(TextDataset.Of(["b"], new Tokenizer("ab"))), 1e-15);
    }

    [Fact]
    public void Interpolation_shares_out_what_is_added_by_the_shorter_context()
    {
        var counter = new NgramCounter(TextDataset.Of(["ab", "a", "b"]), 2) { Interpolates = true, Smoothing = 2 };
        double a = (2 + 2.0 / 3) / (7 + 2);
        Assert.Equal((2 + 2 * a) / (3 + 2), counter.Probability([0], 1), 1e-15);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void Probabilities_sum_to_one(int order, bool interpolates)
    {
        var counter = new NgramCounter(TextDataset.Names(), order) { Interpolates = interpolates, Smoothing = 0.3 };
        foreach (int[] before in new int[][] { [0], [0, 1], [0, 13, 1, 18], [26, 26, 26] })
            Assert.Equal(1, Enumerable.Range(0, 27).Sum(token => counter.Probability(before, token)), 1e-12);
    }

    [Fact]
    public void With_endless_smoothing_nothing_is_known()
    {
        TextDataset names = TextDataset.Names();
        var counter = new NgramCounter(names, 3) { Smoothing = 1e12 };
        Assert.Equal(NgramCounter.UniformLoss(names.Tokenizer), counter.Loss(names), 1e-6);
        Assert.Equal(Math.Log(27), NgramCounter.UniformLoss(names.Tokenizer));
    }

    [Fact]
    public void The_smoothing_fitted_is_better_than_its_neighbours()
    {
        (TextDataset training, TextDataset validation) = TextDataset.Names().Split(0.1, new Rng(1));
        NgramCounter counter = NgramCounter.Fit(training, validation, 4);
        double fitted = counter.Loss(validation);
        foreach (double factor in new[] { 0.25, 4 })
            Assert.True(new NgramCounter(training, 4) { Smoothing = counter.Smoothing * factor }.Loss(validation) > fitted);
        Assert.True(NgramCounter.Fit(training, validation, 2).Loss(validation) > fitted);
        Assert.True(NgramCounter.Fit(training, validation, 4, interpolates: true).Loss(validation) < fitted);
    }

    [Fact]
    public void An_order_with_too_many_sequences_is_refused() =>
        Assert.Throws<ArgumentException>(() => new NgramCounter(TextDataset.Names(), 14));
}
