// Random numbers against xoshiro256** written out in Python, and that they are as random as they should be.

using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Nudge.Tests.Reference;

namespace Nudge.Tests.Numerics;

public class RngTests
{
    [Fact]
    public void The_same_seed_gives_the_numbers_of_the_reference()
    {
        foreach (Case reference in ReferenceData.Load<Case>("rng"))
        {
            ulong seed = ulong.Parse(reference.Seed, CultureInfo.InvariantCulture);
            Rng bits = new(seed), doubles = new(seed), normals = new(seed), below = new(seed);
            Assert.All(reference.Bits, expected => Assert.Equal(expected, bits.NextBits().ToString(CultureInfo.InvariantCulture)));
            Assert.All(reference.Doubles, expected => Assert.Equal(expected, doubles.NextDouble()));
            Assert.All(reference.Normals, expected => ReferenceData.AssertClose(expected, normals.Normal(), $"normal of seed {seed}"));
            Assert.All(reference.Counts.Zip(reference.Below), pair => Assert.Equal(pair.Second, below.Next(pair.First)));
        }
    }

    [Fact]
    public void The_lessons_network_starts_from_the_numbers_of_the_reference()
    {
        foreach (Case reference in ReferenceData.Load<Case>("rng"))
        {
            ulong seed = ulong.Parse(reference.Seed, CultureInfo.InvariantCulture);
            Assert.Equal(reference.Lesson, new Mlp(3, [4, 4, 1], new Rng(seed)).Parameters.ToArray());
        }
    }

    [Fact]
    public void Networks_and_normals_have_the_same_bits_on_every_machine()
    {
        Assert.Equal("8b806954a0064a54", Hash(new Mlp(3, [4, 4, 1], new Rng(42)).Parameters.ToArray()));
        Assert.Equal("b816ac15b67cb65b", Hash(new Mlp(3, [4, 4, 1], new Rng(42), initialization: Initialization.Xavier).Parameters.ToArray()));
        Assert.Equal("8d8f15270eca656b", Hash(new Mlp(3, [4, 4, 1], new Rng(42), initialization: Initialization.Kaiming).Parameters.ToArray()));
        var rng = new Rng(42);
        Assert.Equal("070f816ad55bc9ba", Hash([.. Enumerable.Range(0, 10_000).Select(_ => rng.Normal())]));

        static string Hash(double[] numbers) =>
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<double>(numbers)))[..16];
    }

    [Fact]
    public void Uniform_numbers_fill_their_range_evenly()
    {
        var rng = new Rng(1);
        const int count = 100_000;
        var shares = new int[10];
        for (int i = 0; i < count; i++)
        {
            double x = rng.Uniform(-3, 2);
            Assert.InRange(x, -3, Math.BitDecrement(2));
            shares[(int)((x + 3) * 2)]++;
        }
        // Five standard deviations of a share's size.
        Assert.All(shares, share => Assert.Equal(count / 10.0, share, 5 * Math.Sqrt(count * 0.1 * 0.9)));
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        var rng = new Rng(2);
        const int count = 200_000;
        double[] z = [.. Enumerable.Range(0, count).Select(_ => (rng.Normal(3, 2) - 3) / 2)];
        // Five standard errors: the variances of z, z², z³ and z⁴ are 1, 2, 15 and 96.
        foreach ((int power, double moment, double variance) in new[] { (1, 0.0, 1.0), (2, 1, 2), (3, 0, 15), (4, 3, 96) })
            Assert.Equal(moment, z.Average(x => Math.Pow(x, power)), 5 * Math.Sqrt(variance / count));
    }

    [Fact]
    public void Whole_numbers_stay_below_their_bound_and_come_equally_often()
    {
        var rng = new Rng(3);
        var seen = new int[7];
        for (int i = 0; i < 70_000; i++)
            seen[rng.Next(7)]++;
        Assert.All(seen, times => Assert.Equal(10_000, times, 5 * Math.Sqrt(70_000 * (1.0 / 7) * (6.0 / 7))));
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(0, rng.Next(1)));
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(rng.Next(int.MaxValue), 0, int.MaxValue - 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => rng.Next(0));
    }

    [Fact]
    public void Shuffling_reaches_every_order_equally_often()
    {
        var rng = new Rng(4);
        var seen = new Dictionary<string, int>();
        for (int i = 0; i < 24_000; i++)
        {
            char[] letters = [.. "abcd"];
            rng.Shuffle<char>(letters);
            Assert.Equal("abcd", string.Concat(letters.Order()));
            string order = new(letters);
            seen[order] = seen.GetValueOrDefault(order) + 1;
        }
        Assert.Equal(24, seen.Count);
        Assert.All(seen.Values, times => Assert.Equal(1000, times, 5 * Math.Sqrt(1000)));
    }

    private sealed record Case(string Seed, string[] Bits, double[] Doubles, double[] Normals, int[] Counts, int[] Below, double[] Lesson);
}
