// Rows V: an ordinary differential equation, as people write it, solved and differentiated.

namespace Nudge.Benchmarks;

/// <summary>Lotka–Volterra by Runge and Kutta's method of fourth order: the mean squared distance of all steps from (1, 1), by its four rates.</summary>
internal static class LotkaVolterra
{
    private const int Steps = 200;

    private const double Length = 0.01;

    internal static LossTask From(int starts)
    {
        var rng = new Rng(1);
        return new()
        {
            Model = () => LossModel.Of(4, (p, x) => Loss(x[0], x[1], p)),
            Parameters = [1.1, 0.4, 0.1, 0.4],
            Inputs = LossTask.Uniform(rng, 2 * starts, 0.5, 1.5),
            Examples = starts,
            Rate = 1e-3,
        };
    }

    private static Value Loss(Value u, Value v, Value[] p)
    {
        Value sum = 0;
        for (int i = 0; i < Steps; i++)
        {
            (Value u1, Value v1) = Slope(u, v);
            (Value u2, Value v2) = Slope(u + Length / 2 * u1, v + Length / 2 * v1);
            (Value u3, Value v3) = Slope(u + Length / 2 * u2, v + Length / 2 * v2);
            (Value u4, Value v4) = Slope(u + Length * u3, v + Length * v3);
            u += Length / 6 * (u1 + 2 * u2 + 2 * u3 + u4);
            v += Length / 6 * (v1 + 2 * v2 + 2 * v3 + v4);
            sum += (u - 1).Pow(2) + (v - 1).Pow(2);
        }
        return sum / Steps;

        (Value, Value) Slope(Value a, Value b) => (p[0] * a - p[1] * a * b, p[2] * a * b - p[3] * b);
    }
}
