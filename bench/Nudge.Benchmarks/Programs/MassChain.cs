// Rows M: masses and springs in a row.

namespace Nudge.Benchmarks;

/// <summary>Masses between two walls, with springs that stiffen as they are stretched: how far the masses end up from given places.</summary>
internal static class MassChain
{
    private const int Masses = 50, Steps = 100;

    private const double Length = 0.1;

    internal static LossTask From(int starts)
    {
        var rng = new Rng(1);
        return new()
        {
            Model = () => LossModel.Of(Masses + 2, (p, x) => Loss(p, x[..Masses], x[Masses..(2 * Masses)], x[(2 * Masses)..])),
            Parameters = [.. LossTask.Uniform(rng, Masses + 1, 0.8, 1.2), 0.5],
            Inputs = [.. Enumerable.Range(0, starts).SelectMany(_ => LossTask.Normal(rng, 3 * Masses, 0.3))],
            Examples = starts,
            Rate = 0.05,
        };
    }

    private static Value Loss(Value[] stiffness, Value[] displacement, Value[] velocity, Value[] target)
    {
        Value hard = stiffness[^1];
        Value[] u = [.. displacement], v = [.. velocity];
        for (int step = 0; step < Steps; step++)
        {
            var force = new Value[Masses + 1];
            for (int i = 0; i <= Masses; i++)
            {
                Value stretch = i == 0 ? u[0] : i == Masses ? -u[^1] : u[i] - u[i - 1];
                force[i] = stiffness[i] * (stretch + hard * stretch * stretch * stretch);
            }
            for (int i = 0; i < Masses; i++)
            {
                v[i] += Length * (force[i + 1] - force[i]);
                u[i] += Length * v[i];
            }
        }
        Value sum = 0;
        for (int i = 0; i < Masses; i++)
            sum += (u[i] - target[i]).Pow(2);
        return sum / Masses;
    }
}
