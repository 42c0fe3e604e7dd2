// Generated data sets: sizes, classes, shapes, and the same points for the same seed.

namespace Nudge.Tests.Data;

public class GenerateTests
{
    public static TheoryData<string> Names => [.. Generators(0).Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_gives_the_same_points(string name)
    {
        foreach (int count in new[] { 7, 60 })
        {
            Dataset data = Generators(1)[name](count), again = Generators(1)[name](count), other = Generators(2)[name](count);
            Assert.Equal(count, data.Count);
            Assert.Equal(data.Inputs, again.Inputs);
            Assert.Equal(data.Targets, again.Targets);
            Assert.NotEqual(data.Inputs, other.Inputs);
            Assert.All(data.Inputs, row => Assert.All(row, number => Assert.True(Math.Abs(number) < 4)));
            if (data.Classes is not { } classes)
                continue;
            int[] sizes = [.. Enumerable.Range(0, classes.Count).Select(kind => data.Targets.Count(target => target[0] == kind))];
            Assert.Equal(count, sizes.Sum());
            Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
        }
    }

    [Fact]
    public void Without_noise_points_lie_on_their_curves()
    {
        Assert.All(Points(Generate.Circles(50, 0, new Rng(1))), p => Assert.Equal(p.Kind == 0 ? 1 : 0.5, Math.Sqrt(p.X * p.X + p.Y * p.Y), 1e-12));
        Assert.All(Points(Generate.Moons(50, 0, new Rng(1))), p =>
            Assert.Equal(1, p.Kind == 0 ? p.X * p.X + p.Y * p.Y : (1 - p.X) * (1 - p.X) + (0.5 - p.Y) * (0.5 - p.Y), 1e-12));
        Assert.All(Points(Generate.Moons(50, 0, new Rng(1))), p => Assert.True(p.Kind == 0 ? p.Y >= 0 : p.Y <= 0.5));
        Dataset sine = Generate.Sine(50, 0, new Rng(1));
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal(Math.Sin(Math.PI * sine.Inputs[i][0]), sine.Targets[i][0], 1e-15));
        Assert.Equal(4, Points(Generate.Blobs(40, 0, new Rng(1), centers: 4)).Select(p => (Math.Round(p.X), Math.Round(p.Y))).Distinct().Count());
        Assert.Equal(5, Generate.Spirals(10, 0, new Rng(1), arms: 5).Classes!.Count);
    }

    [Fact]
    public void Yin_and_yang_are_each_others_half_turn()
    {
        (double X, double Y, int Kind)[] points = [.. Points(Generate.YinYang(600, new Rng(1)))];
        Assert.All(points, p => Assert.True(p.X * p.X + p.Y * p.Y <= 1));
        // The dots lie in the middle of the two heads, and the heads bend over the middle line.
        Assert.All(points.Where(p => p.Kind == 2), p => Assert.True(Math.Pow(Math.Abs(p.X) - 0.5, 2) + p.Y * p.Y < 0.04));
        Assert.Contains(points, p => p is { Kind: 0, Y: < -0.1 });
        Assert.Contains(points, p => p is { Kind: 1, Y: > 0.1 });
        Assert.DoesNotContain(points, p => p is { Kind: 0, X: > 0, Y: < 0 });
        Assert.DoesNotContain(points, p => p is { Kind: 1, X: < 0, Y: > 0 });
    }

    [Fact]
    public void The_lessons_examples_and_xor_are_what_they_always_were()
    {
        Dataset lesson = Generate.Lesson(), xor = Generate.Xor();
        Assert.Equal([[2, 3, -1], [3, -1, 0.5], [0.5, 1, 1], [1, 1, -1]], lesson.Inputs);
        Assert.Equal([[1], [-1], [-1], [1]], lesson.Targets);
        Assert.Null(lesson.Classes);
        Assert.Equal([[0], [1], [1], [0]], xor.Targets);
        Assert.Equal(["same", "different"], xor.Classes);
    }

    [Fact]
    public void Too_few_points_and_negative_noise_are_refused()
    {
        var rng = new Rng(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => Generate.Moons(1, 0, rng));
        Assert.Throws<ArgumentOutOfRangeException>(() => Generate.Blobs(2, 0, rng, centers: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Generate.Spirals(10, 0, rng, arms: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Generate.YinYang(2, rng));
        Assert.Throws<ArgumentOutOfRangeException>(() => Generate.Sine(0, 0, rng));
        Assert.Throws<ArgumentOutOfRangeException>(() => Generate.Circles(10, -1, rng));
        Assert.Throws<ArgumentOutOfRangeException>(() => Generate.Sine(10, double.NaN, rng));
    }

    private static Dictionary<string, Func<int, Dataset>> Generators(ulong seed) => new()
    {
        ["moons"] = count => Generate.Moons(count, 0.1, new Rng(seed)),
        ["circles"] = count => Generate.Circles(count, 0.1, new Rng(seed)),
        ["spirals"] = count => Generate.Spirals(count, 0.1, new Rng(seed), 3),
        ["blobs"] = count => Generate.Blobs(count, 0.1, new Rng(seed)),
        ["yin-yang"] = count => Generate.YinYang(count, new Rng(seed)),
        ["sine"] = count => Generate.Sine(count, 0.1, new Rng(seed)),
    };

    private static IEnumerable<(double X, double Y, int Kind)> Points(Dataset data) =>
        data.Inputs.Zip(data.Targets, (input, target) => (input[0], input[1], (int)target[0]));
}
