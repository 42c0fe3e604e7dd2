// A random expression of one example, the same whenever it is built.

namespace Nudge.Tests.Compilation;

/// <summary>Operations that keep numbers small, so that an error shows and rounding does not.</summary>
internal sealed class RandomGraph
{
    internal const int ChoiceCount = 3;

    private readonly ulong _seed;
    private readonly int _operations;

    internal RandomGraph(Rng rng)
    {
        _seed = rng.NextBits();
        _operations = 5 + rng.Next(rng.Next(10) == 0 ? 496 : 60);
        InputCount = 1 + rng.Next(4);
        IndexCount = rng.Next(3);
        Parameters = new ParameterList(Enumerable.Range(0, 1 + rng.Next(12)).Select(_ => new Value((float)rng.Uniform(-1, 1))));
    }

    internal ParameterList Parameters { get; }

    internal int InputCount { get; }

    internal int IndexCount { get; }

    /// <summary>Where given, every value is moved by up to half a unit in the last place of a float32, as rounding would.</summary>
    internal Rng? Rounding { get; set; }

    internal Value MeanOverBatch(double[] inputs, int[] indices)
    {
        int batch = inputs.Length / InputCount;
        Value? sum = null;
        for (int i = 0; i < batch; i++)
        {
            Value[] numbers = [.. inputs.AsSpan(i * InputCount, InputCount).ToArray().Select(x => new Value(x))];
            IndexValue[] choices = [.. indices.AsSpan(i * IndexCount, IndexCount).ToArray().Select(x => (IndexValue)x)];
            Value loss = Build(numbers, choices);
            sum = sum is null ? loss : sum + loss;
        }
        return sum! / batch;
    }

    internal Value Build(Value[] inputs, IndexValue[] indices)
    {
        var rng = new Rng(_seed);
        List<Value> nodes = [.. inputs, .. Parameters];
        for (int i = 0; i < _operations; i++)
            nodes.Add(Rounded(Next(rng, nodes, indices)));
        // Several of the last nodes make the result; the others may be dead.
        Value result = nodes[^1];
        for (int i = 2; i <= 4 && i <= _operations; i++)
            result += nodes[^i] * 0.5;
        return result;
    }

    private Value Next(Rng rng, List<Value> nodes, IndexValue[] indices)
    {
        Value a = Pick(rng, nodes), b = Pick(rng, nodes);
        return rng.Next(24) switch
        {
            0 => a + b,
            1 => a - b,
            2 => a * b * 0.5,
            3 => a / Rounded(b * b + 1),
            4 => -a,
            5 => Rounded(a.Tanh() + 1.5).Pow(b.Tanh()),
            6 => (a * 0.3).Tanh().Exp(),
            7 => Rounded(a * a + 1).Log(),
            8 => Rounded(a * a + 0.5).Sqrt(),
            9 => a.Tanh(),
            10 => a.Sigmoid(),
            11 => a.Relu(),
            12 => a.Abs(),
            13 => a.Max(b),
            14 => a.Min(b * 0.7 + 0.1),
            15 => a.Sin() + b.Cos(),
            16 => a.Detach() * b,
            17 when indices.Length > 0 => Value.Select([a, b, Pick(rng, nodes)], indices[rng.Next(indices.Length)]),
            18 => Row(rng, nodes),
            19 => SharedLayer(rng, nodes),
            20 => Attention(rng, nodes),
            21 => Softmax(rng, nodes),
            22 when indices.Length > 0 => LookUp(rng, nodes, indices[rng.Next(indices.Length)]),
            _ => Layer(rng, nodes),
        };
    }

    private Value Rounded(Value value) => Rounding is null ? value : value * (1 + Rounding.Uniform(-1, 1) * Math.Pow(2, -24));

    private static Value Pick(Rng rng, List<Value> nodes) =>
        nodes[rng.Next(3) == 0 ? rng.Next(nodes.Count) : Math.Max(0, nodes.Count - 1 - rng.Next(6))];

    // A weighted sum of some nodes, in a random style.
    private Value Row(Rng rng, List<Value> nodes)
    {
        Value sum = rng.Next(2) == 0 ? 0.25 : Pick(rng, nodes);
        int count = 1 + rng.Next(6), first = rng.Next(Parameters.Count);
        for (int i = 0; i < count; i++)
        {
            Value weight = Parameters[(first + i) % Parameters.Count], x = nodes[Math.Max(0, nodes.Count - 1 - i)];
            sum = rng.Next(3) == 0 ? sum - x * weight : sum + weight * x;
        }
        return sum.Tanh();
    }

    // Several neurons that see the same inputs.
    private Value Layer(Rng rng, List<Value> nodes)
    {
        int outputs = 1 + rng.Next(4), inputs = 1 + rng.Next(5), at = rng.Next(Parameters.Count);
        Value[] x = [.. Enumerable.Range(0, inputs).Select(i => nodes[Math.Max(0, nodes.Count - 1 - i)])];
        Value? total = null;
        for (int o = 0; o < outputs; o++)
        {
            Value sum = Parameters[at++ % Parameters.Count];
            foreach (Value input in x)
                sum += Parameters[at++ % Parameters.Count] * input;
            Value y = sum.Tanh();
            total = total is null ? y : total + y;
        }
        return total! * 0.5;
    }

    // The same neurons for several groups of inputs.
    private Value SharedLayer(Rng rng, List<Value> nodes)
    {
        int outputs = 1 + rng.Next(3), inputs = 1 + rng.Next(4), groups = 1 + rng.Next(4), first = rng.Next(Parameters.Count);
        bool hasBias = rng.Next(2) == 0, hasStart = rng.Next(2) == 0;
        var total = new List<Value>();
        for (int group = 0; group < groups; group++)
        {
            Value[] x = [.. Enumerable.Range(0, inputs).Select(_ => Pick(rng, nodes).Tanh())];
            int at = first;
            for (int o = 0; o < outputs; o++)
            {
                Value? sum = hasBias ? Parameters[at++ % Parameters.Count] : hasStart ? x[0].Sin() : null;
                foreach (Value input in x)
                {
                    Value term = Parameters[at++ % Parameters.Count] * input;
                    sum = sum is null ? term : sum + term;
                }
                total.Add(sum!.Tanh());
            }
        }
        return Value.Mean([.. total]);
    }

    // Numbers that differ from example to example, multiplied as a matrix with a vector and, transposed, with another.
    private static Value Attention(Rng rng, List<Value> nodes)
    {
        int size = 1 + rng.Next(4), places = 1 + rng.Next(4);
        Value[] query = Row(size);
        Value[][] keys = [.. Enumerable.Range(0, places).Select(_ => Row(size))];
        Value[] scores = [.. keys.Select(key => Dot(rng.Next(2) == 0, query, key))];
        Value[] weights = [.. scores.Select(score => score.Sigmoid())];
        Value[] mixed = [.. Enumerable.Range(0, size).Select(i => Dot(false, weights, [.. keys.Select(key => key[i])]))];
        return Value.Mean(mixed).Tanh();

        Value[] Row(int count) => [.. Enumerable.Range(0, count).Select(_ => Pick(rng, nodes).Tanh())];
    }

    private static Value Dot(bool exchange, Value[] a, Value[] b)
    {
        Value? sum = null;
        for (int i = 0; i < a.Length; i++)
        {
            Value term = exchange ? b[i] * a[i] : a[i] * b[i];
            sum = sum is null ? term : sum + term;
        }
        return sum!;
    }

    private static Value Softmax(Rng rng, List<Value> nodes)
    {
        Value[] scores = [.. Enumerable.Range(0, 1 + rng.Next(5)).Select(_ => Pick(rng, nodes).Tanh())];
        Value greatest = Value.Max(scores).Detach();
        Value[] powers = [.. scores.Select(score => (score - greatest).Exp())];
        return powers[0] / Value.Sum(powers);
    }

    private Value LookUp(Rng rng, List<Value> nodes, IndexValue index)
    {
        int width = 1 + rng.Next(3), first = rng.Next(Parameters.Count);
        Value[] row = [.. Enumerable.Range(0, width).Select(column => Value.Select(
            [.. Enumerable.Range(0, ChoiceCount).Select(choice => Parameters[(first + choice * width + column) % Parameters.Count])], index))];
        return Value.Mean(row) * Pick(rng, nodes).Tanh();
    }
}
