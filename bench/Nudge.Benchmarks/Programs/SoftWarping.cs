// Row P3: dynamic programming with a soft minimum.

namespace Nudge.Benchmarks;

/// <summary>How far a series is from many others when time may be warped: soft-DTW. Cuturi and Blondel, "Soft-DTW", 2017.</summary>
internal static class SoftWarping
{
    private const int Length = 24;

    private const double Gamma = 0.5;

    internal static LossTask Task()
    {
        const int others = 16;
        var rng = new Rng(1);
        return new()
        {
            Model = () => LossModel.Of(Length, Distance),
            Parameters = LossTask.Normal(rng, Length, 0.5),
            Inputs = LossTask.Normal(rng, others * Length),
            Examples = others,
            Rate = 0.02,
        };
    }

    private static Value Distance(Value[] centre, Value[] series)
    {
        var cost = new Value[Length, Length];
        for (int i = 0; i < Length; i++)
        {
            for (int j = 0; j < Length; j++)
            {
                Value apart = (series[i] - centre[j]).Pow(2);
                if (i == 0 && j == 0)
                    cost[i, j] = apart;
                else if (i == 0)
                    cost[i, j] = apart + cost[i, j - 1];
                else if (j == 0)
                    cost[i, j] = apart + cost[i - 1, j];
                else
                    cost[i, j] = apart + SoftMinimum(cost[i - 1, j - 1], cost[i - 1, j], cost[i, j - 1]);
            }
        }
        return cost[Length - 1, Length - 1];
    }

    private static Value SoftMinimum(Value a, Value b, Value c)
    {
        Value least = Value.Min(a, Value.Min(b, c)).Detach();
        Value sum = ((least - a) / Gamma).Exp() + ((least - b) / Gamma).Exp() + ((least - c) / Gamma).Exp();
        return least - Gamma * sum.Log();
    }
}
