// Row F: the objective of a Gaussian mixture, as plain scalar code. A step computes its value and its gradient.

namespace Nudge.Benchmarks;

/// <summary>A mixture and its points, as the field's files hold them.</summary>
internal sealed class MixtureTask
{
    private MixtureTask(string file)
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
        if (Workspace.GivenFile("adbench-gmm", $"gmm_d{dimensions}_K{parts}.txt") is { } given)
            return new MixtureTask(given);
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

/// <summary>The objective in eager values.</summary>
internal sealed class EagerMixture : InProcessContender
{
    private readonly MixtureTask _task;
    private readonly Value[] _alphas, _means, _factors;
    private readonly ParameterList _parameters;
    private readonly double _constant;

    internal EagerMixture(MixtureTask task)
    {
        _task = task;
        _alphas = Array.ConvertAll(task.Alphas, number => new Value(number));
        _means = Array.ConvertAll(task.Means, number => new Value(number));
        _factors = Array.ConvertAll(task.Factors, number => new Value(number));
        _parameters = [.. _alphas, .. _means, .. _factors];
        _constant = task.Constant();
    }

    internal override double[] Check(IReadOnlyList<int> steps)
    {
        double value = Step(0);
        return [value, Math.Sqrt(_parameters.Sum(p => p.Grad * p.Grad))];
    }

    protected override void Restart()
    {
    }

    protected override double Step(int k)
    {
        Value objective = Objective();
        _parameters.ZeroGradients();
        objective.Backward();
        return objective.Data;
    }

    private static Value LogSumExp(ReadOnlySpan<Value> values)
    {
        Value max = Value.Max(values).Detach();
        Value sum = (values[0] - max).Exp();
        foreach (Value value in values[1..])
            sum += (value - max).Exp();
        return sum.Log() + max;
    }

    private Value Objective()
    {
        int d = _task.Dimensions, stride = d * (d + 1) / 2;
        var diagonal = new Value[_task.Parts * d];
        var diagonalSum = new Value[_task.Parts];
        Value total = 0;
        for (int k = 0; k < _task.Parts; k++)
        {
            ReadOnlySpan<Value> factors = _factors.AsSpan(k * stride, stride);
            Value squares = 0;
            for (int j = 0; j < d; j++)
            {
                Value q = diagonal[k * d + j] = factors[j].Exp();
                squares += q * q;
            }
            foreach (Value l in factors[d..])
                squares += l * l;
            diagonalSum[k] = Value.Sum(factors[..d]);
            total += 0.5 * _task.Gamma * _task.Gamma * squares - _task.Freedom * diagonalSum[k];
        }

        var scores = new Value[_task.Parts];
        var centred = new Value[d];
        for (int n = 0; n < _task.Count; n++)
        {
            for (int k = 0; k < scores.Length; k++)
            {
                for (int j = 0; j < d; j++)
                    centred[j] = _task.Points[n * d + j] - _means[k * d + j];
                scores[k] = _alphas[k] + diagonalSum[k] - 0.5 * SquaredLength(
                    diagonal.AsSpan(k * d, d), _factors.AsSpan(k * stride + d, stride - d), centred);
            }
            total += LogSumExp(scores);
        }
        return total - _task.Count * LogSumExp(_alphas) + _constant;
    }

    private static Value SquaredLength(ReadOnlySpan<Value> diagonal, ReadOnlySpan<Value> lower, ReadOnlySpan<Value> centred)
    {
        var z = new Value[centred.Length];
        for (int j = 0; j < z.Length; j++)
            z[j] = diagonal[j] * centred[j];
        int next = 0;
        for (int i = 0; i < z.Length; i++)
        {
            for (int j = i + 1; j < z.Length; j++)
                z[j] += lower[next++] * centred[i];
        }
        Value sum = z[0] * z[0];
        foreach (Value component in z.AsSpan(1))
            sum += component * component;
        return sum;
    }
}
