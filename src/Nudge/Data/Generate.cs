// Data sets made on the spot, each from a formula and a seed.

namespace Nudge;

/// <summary>Small data sets to learn with. The same seed gives the same points.</summary>
public static class Generate
{
    private static readonly string[] s_plane = ["x", "y"];

    /// <summary>The lesson's four examples: three inputs and a target of 1 or −1 each.</summary>
    public static Dataset Lesson() => new(
        [[2, 3, -1], [3, -1, 0.5], [0.5, 1, 1], [1, 1, -1]],
        [[1], [-1], [-1], [1]]);

    /// <summary>Exclusive or: four corners of a square, two classes that no straight line divides.</summary>
    public static Dataset Xor() => new(
        [[0, 0], [0, 1], [1, 0], [1, 1]],
        [[0], [1], [1], [0]],
        ["same", "different"],
        s_plane,
        "class");

    /// <summary>Two half circles that reach into each other.</summary>
    /// <param name="count">How many points, at least 2; half in each class.</param>
    /// <param name="noise">The standard deviation of what is added to each coordinate.</param>
    /// <param name="rng">The random numbers.</param>
    public static Dataset Moons(int count, double noise, Rng rng) => Plane(count, ["upper", "lower"], noise, rng, (kind, position) =>
    {
        (double sin, double cos) = Math.SinCos(Math.PI * position);
        return kind == 0 ? (cos, sin) : (1 - cos, 0.5 - sin);
    });

    /// <summary>A small circle within a large one.</summary>
    /// <param name="count">How many points, at least 2; half in each class.</param>
    /// <param name="noise">The standard deviation of what is added to each coordinate.</param>
    /// <param name="rng">The random numbers.</param>
    public static Dataset Circles(int count, double noise, Rng rng) => Plane(count, ["outer", "inner"], noise, rng, (kind, position) =>
    {
        (double sin, double cos) = Math.SinCos(2 * Math.PI * position);
        double radius = kind == 0 ? 1 : 0.5;
        return (radius * cos, radius * sin);
    });

    /// <summary>Spiral arms wound around each other.</summary>
    /// <param name="count">How many points, at least one for each arm.</param>
    /// <param name="noise">The standard deviation of what is added to each coordinate.</param>
    /// <param name="rng">The random numbers.</param>
    /// <param name="arms">How many arms: the classes.</param>
    public static Dataset Spirals(int count, double noise, Rng rng, int arms = 2) =>
        Plane(count, Numbered("arm", arms), noise, rng, (kind, position) =>
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * (1.25 * position + (double)kind / arms));
            double radius = 0.1 + 0.9 * position;
            return (radius * cos, radius * sin);
        });

    /// <summary>Round heaps of points with their centres on a circle of radius 1.</summary>
    /// <param name="count">How many points, at least one for each heap.</param>
    /// <param name="noise">The standard deviation of each heap.</param>
    /// <param name="rng">The random numbers.</param>
    /// <param name="centers">How many heaps: the classes.</param>
    public static Dataset Blobs(int count, double noise, Rng rng, int centers = 3) =>
        Plane(count, Numbered("blob", centers), noise, rng, (kind, _) =>
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * kind / centers);
            return (cos, sin);
        });

    /// <summary>
    /// The yin-yang figure in a disc of radius 1: yin, yang, and the two dots, three classes with a curved border
    /// (after Kriener, Göltz and Petrovici, "The Yin-Yang dataset", 2022).
    /// </summary>
    /// <param name="count">How many points, at least 3; a third in each class.</param>
    /// <param name="rng">The random numbers.</param>
    public static Dataset YinYang(int count, Rng rng)
    {
        string[] classes = ["yin", "yang", "dot"];
        RequireCount(count, classes.Length);
        ArgumentNullException.ThrowIfNull(rng);
        var inputs = new double[count][];
        var targets = new double[count][];
        for (int i = 0; i < count; i++)
        {
            int wanted = i % classes.Length;
            double x, y;
            do
            {
                x = rng.Uniform(-1, 1);
                y = rng.Uniform(-1, 1);
            }
            while (x * x + y * y > 1 || YinYangClass(x, y) != wanted);
            inputs[i] = [x, y];
            targets[i] = [wanted];
        }
        return new Dataset(inputs, targets, classes, s_plane, "class");
    }

    /// <summary>Regression: y = sin(π x) for x in [−1, 1].</summary>
    /// <param name="count">How many points, at least 1.</param>
    /// <param name="noise">The standard deviation of what is added to y.</param>
    /// <param name="rng">The random numbers.</param>
    public static Dataset Sine(int count, double noise, Rng rng)
    {
        RequireCount(count, 1);
        ArgumentNullException.ThrowIfNull(rng);
        Require.NonNegative(noise);
        var inputs = new double[count][];
        var targets = new double[count][];
        for (int i = 0; i < count; i++)
        {
            double x = rng.Uniform(-1, 1);
            inputs[i] = [x];
            targets[i] = [Math.Sin(Math.PI * x) + rng.Normal(0, noise)];
        }
        return new Dataset(inputs, targets, inputNames: ["x"]);
    }

    private static int YinYangClass(double x, double y)
    {
        double toRight = Distance(x - 0.5, y), toLeft = Distance(x + 0.5, y);
        const double dot = 0.2;
        if (toRight < dot || toLeft < dot)
            return 2;
        // Yin is the upper half, with a half disc of radius ½ taken away on the right and added on the left.
        bool yin = toLeft <= 0.5 || (y > 0 && toRight > 0.5);
        return yin ? 0 : 1;

        static double Distance(double x, double y) => Math.Sqrt(x * x + y * y);
    }

    private static Dataset Plane(int count, string[] classes, double noise, Rng rng, Func<int, double, (double X, double Y)> point)
    {
        RequireCount(count, classes.Length);
        ArgumentNullException.ThrowIfNull(rng);
        Require.NonNegative(noise);
        var inputs = new double[count][];
        var targets = new double[count][];
        for (int i = 0; i < count; i++)
        {
            int kind = i % classes.Length;
            (double x, double y) = point(kind, rng.NextDouble());
            inputs[i] = [x + rng.Normal(0, noise), y + rng.Normal(0, noise)];
            targets[i] = [kind];
        }
        return new Dataset(inputs, targets, classes, s_plane, "class");
    }

    private static string[] Numbered(string name, int count)
    {
        Require.AtLeast(1, count);
        return [.. Enumerable.Range(1, count).Select(i => $"{name} {i}")];
    }

    private static void RequireCount(int count, int least) =>
        ArgumentOutOfRangeException.ThrowIfLessThan(count, least);
}
