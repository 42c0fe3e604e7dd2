// Statements over the same rows are one loop of emitted code: the bits of the interpreter, whatever rows are read where.

namespace Nudge.Tests.Compilation.Emission;

[Collection(nameof(OneAtATime))]
public class RowLoopTests
{
    private const int Inputs = 6, Programs = 12;

    // Rows of values, elementwise: neighbours, every second one, the last first, numbers that all share or that each has of its own, and sums.
    private static Value Formula(Value[] x, ParameterList p, Rng rng)
    {
        int length = 4 + rng.Next(60);
        var rows = new List<Value[]>
        {
            Row(i => x[i % Inputs] * p[i % p.Count] + 0.1 * i),
            Row(i => p[(2 * i + 1) % p.Count] - x[(i + 1) % Inputs] * 0.5),
            Row(i => p[i % p.Count] * p[0] - 0.2 * i), // done once for all examples
        };
        Value sum = 0;
        for (int step = 0; step < 8; step++)
        {
            Value[] a = Any(), b = Any();
            int shift = rng.Next(3), at = rng.Next(p.Count);
            Value shared = p[at];
            rows.Add(rng.Next(8) switch
            {
                0 => Row(i => a[i] + 0.01 * b[Math.Min(i + shift, length - 1)]),
                1 => Row(i => i == 0 ? a[i] : a[i] - a[i - 1] * shared),
                2 => Row(i => (a[i] * 0.1).Tanh() - b[length - 1 - i]),
                3 => Row(i => a[i] * b[i] * 0.1 + p[(at + i) % p.Count]),
                4 => Row(i => Value.Max(a[i], b[i]) * 0.5 - shared * a[(2 * i) % length]),
                5 => Row(i => i < length / 2 ? a[i].Abs() : b[i - length / 2] - 1),
                6 => Row(i => a[i] / (b[i] * b[i] + 2)),
                _ => Row(i => shared * (a[i] - b[0]) + (i * 0.1)),
            });
            if (rng.Next(2) == 0)
                sum += rows[^1].Aggregate((total, value) => total + value * a[0] * 0.01);
        }
        return rows[^1].Aggregate(sum, (total, value) => total + value * value * 0.01);

        Value[] Row(Func<int, Value> of) => [.. Enumerable.Range(0, length).Select(of)];
        Value[] Any() => rows[rng.Next(rows.Count)];
    }

    public static TheoryData<int, int, bool> Runs()
    {
        var runs = new TheoryData<int, int, bool>();
        foreach (int bits in (int[])[128, 256, 512])
        {
            foreach (int count in (int[])[1, 5, 16, 70])
            {
                runs.Add(bits, count, false);
                runs.Add(bits, count, true);
            }
        }
        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Rows_have_the_bits_of_the_interpreter(int bits, int count, bool isDouble)
    {
        int emitted = 0;
        for (int seed = 0; seed < (Soak.Wanted ? 100 * Programs : Programs); seed++)
        {
            var parameters = new ParameterList([.. Enumerable.Range(0, 20).Select(i => new Value(Math.Cos(i + seed)))]);
            using Recording recording = Recording.Of(parameters, Inputs, 0, (x, _) => [Formula(x, parameters, new Rng((ulong)seed))]);
            var programs = new PlannedPrograms(Planner.Plan(recording.Tape, Inputs, 0, 0, byShape: seed % 3 == 0), 0);
            double[] points = [.. Enumerable.Range(0, Inputs * count).Select(i => Math.Sin(i + seed))];
            double[][] results = Array.ConvertAll([EmissionMode.Never, EmissionMode.AtOnce], mode =>
            {
                Engine engine = isDouble ? new Engine<double>(programs, parameters, 1, bits, mode) : new Engine<float>(programs, parameters, 1, bits, mode);
                var (values, slopes) = (new double[count], new double[points.Length]);
                engine.InputGradients(count, points, values, slopes);
                parameters.ZeroGradients();
                double loss = engine.Differentiate(count, points, []);
                emitted += engine.StatementsEmitted;
                return (double[])[.. values, .. slopes, loss, .. parameters.Select(parameter => parameter.Grad)];
            });
            Assert.Equal(results[0], results[1]);
        }
        Assert.True(emitted > (RowMachine.IsSupported(bits) ? 100 * Programs : -1), $"Only {emitted} statements were emitted.");
    }
}
