// Drawing tokens: shares, what is left in the draw, and the likeliest at temperature 0.

namespace Nudge.Tests.Generation;

public sealed class SamplerTests
{
    private static readonly double[] s_logits = [Math.Log(0.1), Math.Log(0.5), Math.Log(0.15), Math.Log(0.25)];

    [Fact]
    public void Tokens_come_as_often_as_their_probabilities_say()
    {
        double[] shares = Shares(new Sampler());
        for (int token = 0; token < shares.Length; token++)
            Assert.Equal(Math.Exp(s_logits[token]), shares[token], 0.01);
    }

    [Fact]
    public void Temperature_zero_always_takes_the_likeliest_and_of_equals_the_first()
    {
        Assert.Equal([0, 1, 0, 0], Shares(new Sampler { Temperature = 0 }));
        Assert.Equal(1, new Sampler { Temperature = 0 }.Next([0, 7, 7, -1], new Rng(1)));
        Assert.Equal([0, 1, 0, 0], Shares(new Sampler { TopK = 1 }));
    }

    [Fact]
    public void Temperature_sharpens_and_flattens()
    {
        // The squares of the probabilities, and their roots, brought to a sum of 1.
        Assert.Equal(0.25 / (0.01 + 0.25 + 0.0225 + 0.0625), Shares(new Sampler { Temperature = 0.5 })[1], 0.01);
        double roots = Math.Sqrt(0.1) + Math.Sqrt(0.5) + Math.Sqrt(0.15) + Math.Sqrt(0.25);
        Assert.Equal(Math.Sqrt(0.5) / roots, Shares(new Sampler { Temperature = 2 })[1], 0.01);
    }

    [Fact]
    public void Only_the_likeliest_stay_in_the_draw()
    {
        double[] two = Shares(new Sampler { TopK = 2 });
        Assert.Equal((0.0, 0.0), (two[0], two[2]));
        Assert.Equal(2.0 / 3, two[1], 0.01);
        // The first alone reaches 0.49; 0.6 needs the second, and 0.8 the third.
        Assert.Equal([0, 1, 0, 0], Shares(new Sampler { TopP = 0.49 }));
        Assert.Equal(0, Shares(new Sampler { TopP = 0.6 })[2]);
        double[] three = Shares(new Sampler { TopP = 0.8 });
        Assert.Equal(0, three[0]);
        Assert.Equal(0.15 / 0.9, three[2], 0.01);
        Assert.Equal(0, Shares(new Sampler { TopP = 0.8, TopK = 2 })[2]);
    }

    [Fact]
    public void Huge_and_infinite_scores_are_no_trouble_and_senseless_ones_are_refused()
    {
        Assert.Equal(2, new Sampler().Next([-1e300, double.NegativeInfinity, 1e300], new Rng(1)));
        Assert.Throws<ArgumentException>(() => new Sampler().Next([], new Rng(1)));
        Assert.Throws<ArgumentException>(() => new Sampler().Next([double.NaN], new Rng(1)));
        Assert.Throws<ArgumentException>(() => new Sampler().Next([0, double.PositiveInfinity], new Rng(1)));
    }

    [Fact]
    public void Settings_outside_their_ranges_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler { Temperature = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler { TopK = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler { TopP = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler { TopP = 1.1 });
    }

    private static double[] Shares(Sampler sampler)
    {
        const int draws = 20_000;
        var rng = new Rng(7);
        var counts = new int[s_logits.Length];
        for (int i = 0; i < draws; i++)
            counts[sampler.Next(s_logits, rng)]++;
        return Array.ConvertAll(counts, count => (double)count / draws);
    }
}
