// Row P4: sums up and down a tree.

namespace Nudge.Benchmarks;

/// <summary>Signals without their noise: Haar's wavelets, whose coefficients are drawn to 0 by a threshold for each level, and back.</summary>
internal static class WaveletShrinkage
{
    private const int Samples = 256, Levels = 8;

    internal static LossTask Task()
    {
        const int signals = 16;
        var rng = new Rng(1);
        return new()
        {
            Model = () => LossModel.Of(Levels, (p, x) => Loss(p, x[..Samples], x[Samples..])),
            Parameters = LossTask.Uniform(rng, Levels, 0.2, 0.5),
            Inputs = [.. Enumerable.Range(0, signals).SelectMany(_ => Signal(rng))],
            Examples = signals,
            Rate = 0.1,
        };
    }

    private static IEnumerable<double> Signal(Rng rng)
    {
        double[] clean = [.. Enumerable.Range(0, Samples).Select(i => Math.Sin(0.05 * i) + (i > 100 ? 0.5 : 0))];
        return [.. clean.Select(number => (double)(float)(number + 0.4 * rng.Normal())), .. clean.Select(number => (double)(float)number)];
    }

    private static Value Loss(Value[] threshold, Value[] noisy, Value[] clean)
    {
        Value[] signal = Denoise(threshold, noisy, 0);
        Value sum = 0;
        for (int i = 0; i < Samples; i++)
            sum += (signal[i] - clean[i]).Pow(2);
        return sum / Samples;
    }

    private static Value[] Denoise(Value[] threshold, Value[] signal, int level)
    {
        if (signal.Length == 1)
            return signal;
        double half = Math.Sqrt(0.5);
        Value[] sums = new Value[signal.Length / 2], details = new Value[signal.Length / 2];
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = (signal[2 * i] + signal[2 * i + 1]) * half;
            Value detail = (signal[2 * i] - signal[2 * i + 1]) * half;
            details[i] = (detail - threshold[level]).Relu() - (-detail - threshold[level]).Relu();
        }
        Value[] smooth = Denoise(threshold, sums, level + 1);
        var result = new Value[signal.Length];
        for (int i = 0; i < sums.Length; i++)
        {
            result[2 * i] = (smooth[i] + details[i]) * half;
            result[2 * i + 1] = (smooth[i] - details[i]) * half;
        }
        return result;
    }
}
