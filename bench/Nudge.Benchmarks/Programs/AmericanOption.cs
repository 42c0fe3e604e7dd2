// Row P10: a triangle of decisions.

namespace Nudge.Benchmarks;

/// <summary>Options that may be used at any time, priced by a binomial tree: volatility and interest, fitted to prices. Cox, Ross and Rubinstein, 1979.</summary>
internal static class AmericanOption
{
    private const int Steps = 48;

    internal static LossTask Task()
    {
        const int options = 16;
        var rng = new Rng(1);
        return new()
        {
            Model = () => LossModel.Of(2, (p, x) => Loss(p[0], p[1], x[0], x[1], x[2])),
            Parameters = [0.3, 0.05],
            Inputs = [.. Enumerable.Range(0, options).SelectMany(_ => new[] { Number(rng, 0.8, 1.2), Number(rng, 0.5, 2), Number(rng, 0.1, 0.2) })],
            Examples = options,
            Rate = 0.05,
        };
    }

    private static double Number(Rng rng, double least, double most) => (float)rng.Uniform(least, most);

    private static Value Loss(Value volatility, Value interest, Value strike, Value years, Value price)
    {
        Value step = years / Steps;
        Value up = (volatility * step.Sqrt()).Exp(), down = 1 / up;
        Value growth = (interest * step).Exp();
        Value chance = (growth - down) / (up - down);
        // What the share is worth after so many ups more than downs.
        var share = new Value[2 * Steps + 1];
        share[Steps] = 1;
        for (int i = 1; i <= Steps; i++)
        {
            share[Steps + i] = share[Steps + i - 1] * up;
            share[Steps - i] = share[Steps - i + 1] * down;
        }
        var worth = new Value[Steps + 1];
        for (int i = 0; i <= Steps; i++)
            worth[i] = (strike - share[2 * i]).Max(0);
        for (int t = Steps - 1; t >= 0; t--)
        {
            for (int i = 0; i <= t; i++)
            {
                Value kept = (chance * worth[i + 1] + (1 - chance) * worth[i]) / growth;
                worth[i] = kept.Max(strike - share[Steps - t + 2 * i]);
            }
        }
        return (worth[0] - price).Pow(2);
    }
}
