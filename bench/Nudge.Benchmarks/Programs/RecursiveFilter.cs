// Row P2: a filter with feedback.

namespace Nudge.Benchmarks;

/// <summary>Three second-order sections in a row, y = b₀x + b₁x₋₁ + b₂x₋₂ − a₁y₋₁ − a₂y₋₂ each, fitted to what a system answered.</summary>
internal static class RecursiveFilter
{
    private const int Samples = 256, Sections = 3;

    internal static LossTask Task()
    {
        const int signals = 32;
        var rng = new Rng(1);
        double[] section = [0.5, 0.2, 0.1, -0.6, 0.2];
        return new()
        {
            Model = () => LossModel.Of(5 * Sections, (p, x) => Loss(p, x[..Samples], x[Samples..])),
            Parameters = [.. Enumerable.Range(0, Sections).SelectMany(_ => section.Select(number => number + 0.1 * rng.Uniform(-1, 1)))],
            Inputs = LossTask.Normal(rng, signals * 2 * Samples),
            Examples = signals,
            Rate = 0.01,
        };
    }

    private static Value Loss(Value[] p, Value[] signal, Value[] answer)
    {
        for (int section = 0; section < Sections; section++)
        {
            Value[] c = p[(5 * section)..(5 * section + 5)];
            var filtered = new Value[Samples];
            for (int t = 0; t < Samples; t++)
            {
                Value y = c[0] * signal[t];
                if (t >= 1)
                    y += c[1] * signal[t - 1] - c[3] * filtered[t - 1];
                if (t >= 2)
                    y += c[2] * signal[t - 2] - c[4] * filtered[t - 2];
                filtered[t] = y;
            }
            signal = filtered;
        }
        Value sum = 0;
        for (int t = 0; t < Samples; t++)
            sum += (signal[t] - answer[t]).Pow(2);
        return sum / Samples;
    }
}
