// Row F: a Gaussian mixture and its points, as the field's files hold them.

namespace Nudge.Benchmarks;

/// <summary>A mixture and its points, as the field's files hold them.</summary>
internal sealed class MixtureTask
{
    internal MixtureTask(string file)
    {
        File = file;
        Span<double> rest = Workspace.ReadNumbers(file);
        Dimensions = (int)rest[0];
        Parts = (int)rest[1];
        Count = (int)rest[2];
        rest = rest[3..];
        Alphas = Take(ref rest, Parts);
        Means = Take(ref rest, Parts * Dimensions);
        Factors = Take(ref rest, Parts * Dimensions * (Dimensions + 1) / 2);
        Points = Take(ref rest, Count * Dimensions);
        Gamma = rest[0];
        Freedom = rest[1];
    }

    internal string File { get; }

    internal int Dimensions { get; }

    internal int Parts { get; }

    internal int Count { get; }

    internal double[] Alphas { get; }

    internal double[] Means { get; }

    /// <summary>For each part: log-diagonal, then the strictly lower triangle column by column.</summary>
    internal double[] Factors { get; }

    internal double[] Points { get; }

    internal double Gamma { get; }

    internal double Freedom { get; }

    internal static MixtureTask Load(Workspace workspace, int parts)
    {
        const int dimensions = 10, points = 1000;
        return Workspace.GivenFile("adbench-gmm", $"gmm_d{dimensions}_K{parts}.txt") is { } given
            ? new MixtureTask(given)
            : Generate(workspace, dimensions, parts, points);
    }

    /// <summary>A mixture and points at random.</summary>
    internal static MixtureTask Generate(Workspace workspace, int dimensions, int parts, int points)
    {
        var rng = new Rng((ulong)parts);
        return new MixtureTask(workspace.Write($"mixture-{parts}.txt",
        [
            [dimensions, parts, points],
            Numbers(parts),
            Numbers(parts * dimensions),
            Numbers(parts * dimensions * (dimensions + 1) / 2),
            Numbers(points * dimensions),
            [1, 0],
        ]));

        double[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => rng.Normal())];
    }

    /// <summary>The part of the objective that no parameter changes.</summary>
    internal double Constant()
    {
        double n = Dimensions + Freedom + 1;
        double logGamma = 0.25 * Dimensions * (Dimensions - 1) * Math.Log(Math.PI);
        for (int j = 1; j <= Dimensions; j++)
            logGamma += LogGamma(0.5 * n + 0.5 * (1 - j));
        double wishart = n * Dimensions * (Math.Log(Gamma) - 0.5 * Math.Log(2)) - logGamma;
        return -0.5 * Count * Dimensions * Math.Log(2 * Math.PI) - Parts * wishart;
    }

    // ln Γ by Stirling's series, which is exact to the last digits from 10 on; Γ(x + 1) = x·Γ(x) leads there.
    private static double LogGamma(double x)
    {
        double shift = 0;
        for (; x < 10; x++)
            shift -= Math.Log(x);
        double inverse = 1 / x, square = inverse * inverse;
        double series = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188))));
        return shift + (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + series;
    }

    private static double[] Take(ref Span<double> rest, int count)
    {
        double[] taken = rest[..count].ToArray();
        rest = rest[count..];
        return taken;
    }
}
