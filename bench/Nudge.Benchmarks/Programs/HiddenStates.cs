// Row P7: the forward algorithm.

namespace Nudge.Benchmarks;

/// <summary>A hidden Markov model of six states that show themselves as numbers: the negative log-likelihood of a series.</summary>
internal static class HiddenStates
{
    private const int States = 6, Length = 40;

    internal static LossTask Task()
    {
        const int series = 16;
        var rng = new Rng(1);
        return new()
        {
            Model = () => LossModel.Of(States * States + States, (p, x) => Loss(p[..(States * States)], p[(States * States)..], x)),
            Parameters = [.. LossTask.Normal(rng, States * States), .. LossTask.Normal(rng, States)],
            Inputs = LossTask.Normal(rng, series * Length, 2),
            Examples = series,
            Rate = 0.05,
        };
    }

    private static Value Loss(Value[] transition, Value[] mean, Value[] seen)
    {
        // A row of the transitions' logarithms adds up to 1.
        var log = new Value[States, States];
        for (int i = 0; i < States; i++)
        {
            Value scale = LogSumExp(transition[(i * States)..((i + 1) * States)]);
            for (int j = 0; j < States; j++)
                log[i, j] = transition[i * States + j] - scale;
        }
        Value[] forward = [.. mean.Select(centre => Shown(seen[0], centre) - Math.Log(States))];
        for (int t = 1; t < Length; t++)
        {
            var next = new Value[States];
            for (int j = 0; j < States; j++)
            {
                var ways = new Value[States];
                for (int i = 0; i < States; i++)
                    ways[i] = forward[i] + log[i, j];
                next[j] = LogSumExp(ways) + Shown(seen[t], mean[j]);
            }
            forward = next;
        }
        return -LogSumExp(forward) / Length;

        static Value Shown(Value number, Value centre) => -0.5 * (number - centre).Pow(2);
    }

    private static Value LogSumExp(Value[] values)
    {
        Value greatest = Value.Max(values).Detach(), sum = 0;
        foreach (Value value in values)
            sum += (value - greatest).Exp();
        return greatest + sum.Log();
    }
}
