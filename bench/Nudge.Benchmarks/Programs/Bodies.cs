// Row P6: bodies that attract one another.

namespace Nudge.Benchmarks;

/// <summary>Eight bodies in the plane, leapfrog steps: how far they end up from given places, by their masses and first velocities.</summary>
internal static class Bodies
{
    private const int Count = 8, Steps = 20;

    private const double Length = 0.02, Softening = 0.05;

    internal static LossTask Task()
    {
        var rng = new Rng(1);
        return new()
        {
            Model = () => LossModel.Of(3 * Count, Loss),
            Parameters = [.. LossTask.Uniform(rng, Count, 0.5, 1.5), .. LossTask.Normal(rng, 2 * Count, 0.5)],
            Inputs = LossTask.Normal(rng, 4 * Count),
            Rate = 0.05,
        };
    }

    private static Value Loss(Value[] p, Value[] given)
    {
        Value[] x = given[..Count], y = given[Count..(2 * Count)], vx = p[Count..(2 * Count)], vy = p[(2 * Count)..];
        for (int step = 0; step < Steps; step++)
        {
            var ax = new Value[Count];
            var ay = new Value[Count];
            for (int i = 0; i < Count; i++)
            {
                ax[i] = ay[i] = 0;
                for (int j = 0; j < Count; j++)
                {
                    if (i == j)
                        continue;
                    Value dx = x[j] - x[i], dy = y[j] - y[i];
                    Value square = dx * dx + dy * dy + Softening;
                    Value pull = p[j] / (square * square.Sqrt());
                    ax[i] += pull * dx;
                    ay[i] += pull * dy;
                }
            }
            for (int i = 0; i < Count; i++)
            {
                vx[i] += Length * ax[i];
                vy[i] += Length * ay[i];
                x[i] += Length * vx[i];
                y[i] += Length * vy[i];
            }
        }
        Value sum = 0;
        for (int i = 0; i < Count; i++)
            sum += (x[i] - given[2 * Count + i]).Pow(2) + (y[i] - given[3 * Count + i]).Pow(2);
        return sum / Count;
    }
}
