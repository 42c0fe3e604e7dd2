// Row P1: a stencil.

namespace Nudge.Benchmarks;

/// <summary>Heat flows through a plate whose every place conducts differently: explicit steps from a hot middle, edges at 0.</summary>
internal static class HeatPlate
{
    private const int Size = 24, Steps = 30;

    internal static LossTask Task()
    {
        var rng = new Rng(1);
        return new()
        {
            Model = () => LossModel.Of(Size * Size, Loss),
            Parameters = LossTask.Uniform(rng, Size * Size, 0.1, 0.2),
            Inputs = LossTask.Uniform(rng, Size * Size, 0, 0.3),
            Rate = 1e-4,
        };
    }

    private static Value Loss(Value[] conductivity, Value[] measured)
    {
        var heat = new Value[Size, Size];
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
                heat[y, x] = Math.Abs(y - Size / 2) < 5 && Math.Abs(x - Size / 2) < 5 ? 1 : 0;
        }
        for (int step = 0; step < Steps; step++)
        {
            var next = (Value[,])heat.Clone();
            for (int y = 1; y < Size - 1; y++)
            {
                for (int x = 1; x < Size - 1; x++)
                {
                    Value around = heat[y - 1, x] + heat[y + 1, x] + heat[y, x - 1] + heat[y, x + 1];
                    next[y, x] = heat[y, x] + conductivity[y * Size + x] * (around - 4 * heat[y, x]);
                }
            }
            heat = next;
        }
        Value sum = 0;
        for (int i = 0; i < Size * Size; i++)
            sum += (heat[i / Size, i % Size] - measured[i]).Pow(2);
        return sum;
    }
}
