// What random expressions are made of: the loops that people write, with their repeats, ties and exceptions.

namespace Nudge.Tests.Compilation.Randomized;

internal enum Motif
{
    Map,
    Pairs,
    Repeat,
    Layer,
    SharedLayer,
    Softmax,
    SameQuotient,
    Normalize,
    LinearAttention,
    SoftmaxAttention,
    Squares,
    Products,
    Distances,
    Triangle,
    Select,
    LookUp,
    Maxima,
    Recurrence,
    Chain,
    Sums,
    Powers,
    Cascade,
}

/// <summary>Builds motifs from vectors that were built before, most often from the latest.</summary>
internal sealed class MotifBuilder(ParameterList parameters, IndexValue[] indices)
{
    private static readonly double[] s_constants = [0, 0, 1, 1, -1, 2, 0.5, 0.25, 3, -0.75, 0.1, 1e-3];

    /// <summary>What there is to build from.</summary>
    internal List<Value[]> Pool { get; } = [];

    internal ParameterList Parameters { get; } = parameters;

    internal Value[] Build(Motif motif, Rng rng) => motif switch
    {
        Motif.Map => Map(rng, Any(rng)),
        Motif.Pairs => Pairs(rng),
        Motif.Repeat => Repeat(rng),
        Motif.Layer => Activate(rng, Layer(rng, Weights.Random(this, rng), 1 + rng.Next(4), Sized(rng, 4))),
        Motif.SharedLayer => SharedLayer(rng),
        Motif.Softmax => Softmax(rng, Sized(rng, 5)),
        Motif.SameQuotient => SameQuotient(rng),
        Motif.Normalize => Normalize(rng, Sized(rng, 4)),
        Motif.LinearAttention => LinearAttention(rng),
        Motif.SoftmaxAttention => SoftmaxAttention(rng),
        Motif.Squares => Squares(rng),
        Motif.Products => Products(rng),
        Motif.Distances => Distances(rng),
        Motif.Triangle => Triangle(rng),
        Motif.Select => Select(rng),
        Motif.LookUp => LookUp(rng, 1 + rng.Next(3)),
        Motif.Maxima => Maxima(rng),
        Motif.Recurrence => Recurrence(rng),
        Motif.Chain => Chain(rng),
        Motif.Sums => Sums(rng),
        Motif.Powers => Powers(rng),
        _ => Cascade(rng),
    };

    /// <summary>The row of a table of parameters that an index chooses.</summary>
    internal Value[] LookUp(Rng rng, int width)
    {
        if (indices.Length == 0)
            return Map(rng, Any(rng));
        IndexValue index = indices[rng.Next(indices.Length)];
        Weights table = Weights.Random(this, rng);
        return [.. Enumerable.Range(0, width).Select(column =>
            Value.Select([.. Enumerable.Range(0, RandomProgram.ChoiceCount).Select(choice => table.At(choice, column, width))], index))];
    }

    /// <summary>A vector that has looked at all those before it.</summary>
    internal static Value[] Attend(Rng rng, Value[] x, List<Value[]> earlier)
    {
        bool exchange = rng.Next(2) == 0;
        Value[] weights = Softmax(new Rng(rng.NextBits()), [.. earlier.Select(key => Dot(exchange, x, key) * 0.5)]);
        if (weights.Length != earlier.Count)
            weights = [.. earlier.Select(_ => weights[0])];
        return [.. Enumerable.Range(0, x.Length).Select(i => Dot(false, weights, [.. earlier.Select(vector => vector[i])]))];
    }

    /// <summary>The loss of a token.</summary>
    internal Value CrossEntropy(Rng rng, Value[] x, IndexValue token)
    {
        Value[] logits = Layer(rng, Weights.Random(this, rng), RandomProgram.ChoiceCount, x);
        if (rng.Next(3) == 0)
            return Value.Select(logits, token).Tanh();
        Value[] shares = Softmax(rng, logits);
        return shares.Length < logits.Length || rng.Next(2) == 0 ? Loss.CrossEntropy(logits, token) : -Value.Select(shares, token).Log();
    }

    private Value[] Any(Rng rng)
    {
        if (Pool.Count == 0 || rng.Next(10) == 0)
            return [.. Enumerable.Range(0, 1 + rng.Next(3)).Select(i => Parameters[i % Parameters.Count])];
        return Pool[rng.Next(3) == 0 ? rng.Next(Pool.Count) : Pool.Count - 1];
    }

    private Value One(Rng rng)
    {
        Value[] vector = Any(rng);
        return vector[rng.Next(vector.Length)];
    }

    // So many elements, of which some may be the same one; or one vector from its beginning, over and over.
    private Value[] Sized(Rng rng, int most)
    {
        int count = 1 + rng.Next(most);
        Value[] vector = Any(rng);
        return rng.Next(3) switch
        {
            0 => vector.Length <= most ? vector : vector[..count],
            1 => [.. Enumerable.Range(0, count).Select(i => vector[i % vector.Length])],
            _ => [.. Enumerable.Range(0, count).Select(_ => One(rng))],
        };
    }

    private Value Weight(Rng rng) => Parameters[rng.Next(Parameters.Count)];

    // As a literal that an operator takes, or as a leaf of its own.
    private static Value Constant(Rng rng) => s_constants[rng.Next(s_constants.Length)];

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

    // One function for all elements; now and then one of them is treated differently.
    private static Value[] Map(Rng rng, Value[] x)
    {
        int function = rng.Next(14), differs = rng.Next(3) == 0 ? rng.Next(x.Length) : -1;
        double constant = s_constants[rng.Next(s_constants.Length)];
        return [.. x.Select((value, i) => Apply(i == differs ? function + 1 : function, value, i == differs ? constant + 1 : constant))];
    }

    private static Value Apply(int function, Value a, double constant) => function switch
    {
        0 => a * constant,
        1 => a + constant,
        2 => -a,
        3 => a.Tanh(),
        4 => a.Sigmoid(),
        5 => a.Relu(),
        6 => a.Abs(),
        7 => (a.Tanh() * 0.5).Exp(),
        8 => (a * a + 0.5).Sqrt(),
        9 => (a * a + 1).Log(),
        10 => a.Sin() * constant,
        11 => a.Cos(),
        12 => a.Detach() * a,
        13 => a / (constant + 1.5),
        _ => constant - a,
    };

    private static Value[] Activate(Rng rng, Value[] x)
    {
        int function = rng.Next(5);
        return Array.ConvertAll(x, value => function switch { 0 => value.Tanh(), 1 => value.Relu(), 2 => value.Sigmoid(), 3 => value * value, _ => value });
    }

    private Value[] Pairs(Rng rng)
    {
        Value[] a = Sized(rng, 5), b = rng.Next(4) == 0 ? a : Sized(rng, 5);
        int function = rng.Next(10), shift = rng.Next(3);
        return [.. a.Select((value, i) => Combine(function, value, b[(i + shift) % b.Length]))];
    }

    private static Value Combine(int function, Value a, Value b) => function switch
    {
        0 => a + b,
        1 => a - b,
        2 or 3 => a * b,
        4 => a / (b * b + 1),
        5 => a.Max(b),
        6 => a.Min(b),
        7 => a * b - b,
        8 => a - a * b,
        _ => a * 0.5 + b,
    };

    private Value[] Repeat(Rng rng)
    {
        Value[] few = [.. Enumerable.Range(0, 1 + rng.Next(3)).Select(_ => One(rng))];
        return [.. Enumerable.Range(0, 2 + rng.Next(5)).Select(i => rng.Next(6) == 0 ? (Value)0.0 : few[i % few.Length])];
    }

    private static Value[] Layer(Rng rng, Weights weights, int outputs, Value[] x)
    {
        int style = rng.Next(6), differs = rng.Next(5) == 0 ? rng.Next(outputs) : -1;
        bool exchange = rng.Next(2) == 0;
        return [.. Enumerable.Range(0, outputs).Select(row =>
        {
            Value? sum = style switch { 0 => 0.0, 1 => weights.At(row, x.Length, x.Length + 1), 2 => weights.At(outputs, row, x.Length), _ => null };
            for (int i = 0; i < x.Length; i++)
            {
                Value weight = weights.At(row, i, style == 1 ? x.Length + 1 : x.Length);
                Value term = exchange ? x[i] * weight : weight * x[i];
                sum = sum is null ? term : style == 4 && i % 2 == 1 ? sum - term : sum + term;
            }
            if (style == 3)
                sum = sum! + weights.At(outputs, row, x.Length);
            return row == differs ? sum! + 0.5 : sum!;
        })];
    }

    private Value[] SharedLayer(Rng rng)
    {
        Weights weights = Weights.Random(this, rng);
        int outputs = 1 + rng.Next(3), groups = 2 + rng.Next(3), size = 1 + rng.Next(3), function = rng.Next(4);
        ulong style = rng.NextBits();
        Value[][] layers = [.. Enumerable.Range(0, groups).Select(_ =>
        {
            Value[] x = [.. Enumerable.Range(0, size).Select(_ => One(rng))];
            return Array.ConvertAll(Layer(new Rng(style), weights, outputs, x), y => function switch { 0 => y.Tanh(), 1 => y.Relu(), 2 => y, _ => y * y });
        })];
        return rng.Next(2) == 0 ? [.. layers.SelectMany(layer => layer)] : [.. layers.Select(layer => Value.Mean(layer))];
    }

    // With or without its maximum taken off, detached or not; its sum written once, or again for each quotient.
    private static Value[] Softmax(Rng rng, Value[] scores)
    {
        int shift = rng.Next(4);
        bool again = rng.Next(3) == 0, squashed = shift == 0;
        Value? greatest = shift switch { 1 => Value.Max(scores).Detach(), 2 => Value.Max(scores), 3 => scores[0], _ => null };
        Value[] powers = Array.ConvertAll(scores, score => (greatest is null ? squashed ? score.Tanh() : score : score - greatest).Exp());
        Value total = Value.Sum(powers);
        Value[] shares = Array.ConvertAll(powers, power => power / (again ? Value.Sum(powers) : total));
        return rng.Next(5) switch
        {
            0 => Array.ConvertAll(shares, share => share.Log()),
            1 => [greatest is null ? total.Log() : total.Log() + greatest],
            2 => [shares[rng.Next(shares.Length)]],
            _ => shares,
        };
    }

    private Value[] SameQuotient(Rng rng)
    {
        Value a = One(rng) * (rng.Next(2) == 0 ? Weight(rng) : 1.0), b = Weight(rng) * One(rng), divisor = b * b + 1;
        Value? once = rng.Next(3) == 0 ? a / divisor : null;
        int function = rng.Next(3);
        bool others = rng.Next(3) == 0;
        return [.. Enumerable.Range(0, 2 + rng.Next(3)).Select(i =>
        {
            Value quotient = once ?? (others && i > 0 ? One(rng) : a) / divisor;
            return function switch { 0 => quotient * Weight(rng), 1 => (Weight(rng) * quotient).Tanh(), _ => quotient };
        })];
    }

    private Value[] Normalize(Rng rng, Value[] x)
    {
        Value mean = rng.Next(2) == 0 ? Value.Mean(x) : 0.0;
        Value[] centered = Array.ConvertAll(x, value => value - mean);
        Value variance = Value.Mean(Array.ConvertAll(centered, value => rng.Next(2) == 0 ? value * value : value.Pow(2))) + 1e-2;
        Value? scale = rng.Next(3) switch { 0 => variance.Pow(-0.5), 1 => 1 / variance.Sqrt(), _ => null };
        return [.. centered.Select((value, i) => (scale is null ? value / variance.Sqrt() : value * scale) * Parameters[i % Parameters.Count])];
    }

    // q, k and v of a few positions, some of which have the same inputs; each position sees those up to itself.
    private Value[] LinearAttention(Rng rng)
    {
        int width = 1 + rng.Next(2), positions = 2 + rng.Next(4);
        (Value[][] q, Value[][] k, Value[][] v) = Projected(rng, Positions(rng, positions, width), width);
        double scale = s_constants[rng.Next(s_constants.Length)];
        bool startsAtZero = rng.Next(2) == 0, dotsStartAtZero = rng.Next(2) == 0, causal = rng.Next(3) > 0;
        var results = new List<Value>();
        for (int t = 0; t < positions; t++)
        {
            for (int i = 0; i < width; i++)
            {
                Value? sum = startsAtZero ? 0.0 : null;
                for (int u = 0; u < (causal ? t + 1 : positions); u++)
                {
                    Value score = dotsStartAtZero ? 0.0 + Dot(false, q[t], k[u]) : Dot(false, q[t], k[u]);
                    Value term = score * scale * v[u][i];
                    sum = sum is null ? term : sum + term;
                }
                results.Add(sum!);
            }
        }
        if (rng.Next(2) == 0)
            return [.. results];
        // One weight for all positions, as a head of width 1 has.
        Value weight = Weight(rng), mixed = 0.0;
        foreach (Value result in results)
            mixed += weight * result;
        return [mixed];
    }

    private Value[] SoftmaxAttention(Rng rng)
    {
        int width = 1 + rng.Next(2), positions = 2 + rng.Next(2);
        (Value[][] q, Value[][] k, Value[][] v) = Projected(rng, Positions(rng, positions, width), width);
        ulong style = rng.NextBits();
        var results = new List<Value>();
        for (int t = 0; t < positions; t++)
        {
            Value[] scores = [.. Enumerable.Range(0, t + 1).Select(u => Dot(false, q[t], k[u]))];
            Value greatest = Value.Max(scores).Detach();
            Value[] powers = Array.ConvertAll(scores, score => (style % 3 == 0 ? score - greatest : score.Tanh()).Exp());
            Value total = Value.Sum(powers);
            for (int i = 0; i < width; i++)
                results.Add(Value.Sum([.. powers.Select((power, u) => power / total * v[u][i])]));
        }
        return [.. results];
    }

    private Value[][] Positions(Rng rng, int positions, int width)
    {
        Value[] few = [.. Enumerable.Range(0, 1 + rng.Next(positions * width)).Select(_ => One(rng))];
        return [.. Enumerable.Range(0, positions).Select(t => Enumerable.Range(0, width).Select(i => few[(t * width + i) % few.Length]).ToArray())];
    }

    // Queries, keys and values: mostly written alike, with the same weights or others; now and then as they are.
    private (Value[][] Queries, Value[][] Keys, Value[][] Values) Projected(Rng rng, Value[][] x, int width)
    {
        ulong alike = rng.NextBits();
        bool isAlike = rng.Next(3) > 0;
        return (One(), One(), One());

        Value[][] One()
        {
            Weights weights = Weights.Random(this, rng);
            ulong style = isAlike ? alike : rng.NextBits();
            return rng.Next(6) == 0 ? x : Array.ConvertAll(x, position => Layer(new Rng(style), weights, width, position));
        }
    }

    private Value[] Squares(Rng rng)
    {
        Value[] x = Sized(rng, 5);
        int style = rng.Next(6);
        Value target = rng.Next(2) == 0 ? One(rng) : Constant(rng), exponent = 2.0;
        Value[] squares = Array.ConvertAll(x, value => style switch
        {
            0 => (value - target) * (value - target),
            1 => Square(value - target),
            2 => (value - target).Pow(2),
            3 => (value - target).Pow(exponent),
            4 => value * value * target,
            _ => value * value,
        });
        return rng.Next(2) == 0 ? squares : [Value.Mean(squares)];
    }

    private static Value Square(Value a) => a * a;

    private Value[] Products(Rng rng)
    {
        Value[] a = Sized(rng, 4), b = rng.Next(3) == 0 ? a : Sized(rng, 4);
        return rng.Next(3) switch
        {
            0 => [.. a.SelectMany(left => b.Select(right => left * right))],
            1 => [Dot(false, a, [.. a.Select((_, i) => b[i % b.Length])])],
            _ => [.. a.Select((left, i) => Value.Sum([.. b.Select((right, j) => j == i ? left : left * right)]))],
        };
    }

    private Value[] Distances(Rng rng)
    {
        Value[] x = Sized(rng, 4), y = rng.Next(2) == 0 ? x : Sized(rng, 3);
        int style = rng.Next(3);
        Value[] rows = Array.ConvertAll(x, a => Value.Sum(Array.ConvertAll(y, b => style switch
        {
            0 => (a - b) * (a - b),
            1 => (a - b).Abs(),
            _ => ((a - b).Pow(2) * -0.5).Exp(),
        })));
        return rows;
    }

    private Value[] Triangle(Rng rng)
    {
        Value[] x = Sized(rng, 5);
        Value weight = Weight(rng);
        int style = rng.Next(4);
        bool inclusive = rng.Next(2) == 0;
        var rows = new List<Value>();
        for (int i = 0; i < x.Length; i++)
        {
            Value row = style == 3 ? Constant(rng) : 0.0;
            for (int j = 0; j < (inclusive ? i + 1 : i); j++)
                row += style switch { 0 => x[i] * x[j], 1 => weight * x[j], 2 => Parameters[(i - j) % Parameters.Count] * x[j], _ => (x[i] - x[j]).Tanh() };
            rows.Add(row);
        }
        return [.. rows];
    }

    private Value[] Select(Rng rng)
    {
        if (indices.Length == 0)
            return Pairs(rng);
        IndexValue index = indices[rng.Next(indices.Length)];
        return [.. Enumerable.Range(0, 1 + rng.Next(3)).Select(_ =>
        {
            Value[] choices = [.. Enumerable.Range(0, RandomProgram.ChoiceCount).Select(_ => One(rng))];
            if (rng.Next(2) == 0)
                choices[^1] = choices[0];
            return Value.Select(choices, index);
        })];
    }

    private Value[] Maxima(Rng rng)
    {
        Value[] x = [.. Sized(rng, 5), .. rng.Next(3) == 0 ? [Constant(rng)] : Array.Empty<Value>()];
        if (rng.Next(3) == 0)
            x = Array.ConvertAll(x, value => value.Relu());
        Value greatest = rng.Next(3) == 0 ? Value.Min(x) : Value.Max(x);
        return rng.Next(4) switch
        {
            0 => Array.ConvertAll(x, value => value - greatest.Detach()),
            1 => [greatest],
            2 => [greatest.Detach() * Weight(rng)],
            _ => [.. x.Select((value, i) => value.Max(x[(i + 1) % x.Length]))],
        };
    }

    private Value[] Recurrence(Rng rng)
    {
        Value state = One(rng), a = Weight(rng), b = Weight(rng);
        Value[] inputs = Sized(rng, 4);
        int steps = 2 + rng.Next(4), style = rng.Next(4), differs = rng.Next(3) == 0 ? rng.Next(steps) : -1;
        double step = 0.1 + 0.1 * rng.Next(3);
        var states = new List<Value>();
        for (int i = 0; i < steps; i++)
        {
            double size = i == differs ? 0.05 : step;
            Value input = inputs[i % inputs.Length];
            state = style switch
            {
                0 => (a * state + b * input).Tanh(),
                1 => state + size * (a * state - state * b),
                2 => state * size + input * (1 - size),
                _ => state + size * (input - a * state * state),
            };
            states.Add(state);
        }
        return rng.Next(2) == 0 ? [.. states] : [state];
    }

    // Masses between springs: all alike but the ends.
    private Value[] Chain(Rng rng)
    {
        Value[] x = Sized(rng, 4), v = Array.ConvertAll(x, _ => (Value)0.0);
        int steps = 1 + rng.Next(3);
        for (int step = 0; step < steps; step++)
        {
            Value[] force = [.. x.Select((value, i) =>
            {
                Value left = i == 0 ? 0 : x[i - 1], right = i == x.Length - 1 ? 0 : x[i + 1];
                return Parameters[i % Parameters.Count] * (left - value) + Parameters[(i + 1) % Parameters.Count] * (right - value);
            })];
            v = [.. v.Select((value, i) => value + 0.1 * force[i])];
            x = [.. x.Select((value, i) => value + 0.1 * v[i])];
        }
        return x;
    }

    private Value[] Sums(Rng rng)
    {
        int terms = 2 + rng.Next(6);
        return [.. Enumerable.Range(0, 1 + rng.Next(3)).Select(_ =>
        {
            Value sum = rng.Next(2) == 0 ? Constant(rng) : One(rng);
            for (int i = 0; i < terms; i++)
            {
                Value term = rng.Next(4) switch { 0 => One(rng) * One(rng), 1 => Weight(rng) * One(rng), 2 => Weight(rng), _ => One(rng) };
                sum = rng.Next(4) switch { 0 => sum - term, 1 => term - sum, 2 => -(sum + term), _ => sum + term };
            }
            return sum;
        })];
    }

    private Value[] Powers(Rng rng)
    {
        double[] exponents = [0, 1, 2, 3, -1, 0.5, -0.5, 1.5];
        double exponent = exponents[rng.Next(exponents.Length)];
        Value? learned = rng.Next(3) == 0 ? Weight(rng) : null;
        return Array.ConvertAll(Sized(rng, 3), value =>
        {
            Value positive = value * value + 0.5;
            return learned is null ? positive.Pow(exponent) : positive.Pow(learned);
        });
    }

    // Each result is the next one's input, and all of them are summed.
    private Value[] Cascade(Rng rng)
    {
        Value x = One(rng), total = 0.0;
        int depth = 2 + rng.Next(4), function = rng.Next(6);
        for (int i = 0; i < depth; i++)
        {
            x = function switch { 0 => x * x, 1 => x + x, 2 => (x + Weight(rng)).Sigmoid(), 3 => x - x * Weight(rng), 4 => x / (x * x + 1), _ => x.Max(Weight(rng)) };
            total += x;
        }
        return [x, total];
    }

    /// <summary>Parameters as a matrix: they begin anywhere, go round and round, and may be transposed, overlap or all be one.</summary>
    internal sealed record Weights(ParameterList Parameters, int First, int Layout)
    {
        internal static Weights Random(MotifBuilder builder, Rng rng) => new(builder.Parameters, rng.Next(builder.Parameters.Count), rng.Next(6));

        internal Value At(int row, int column, int width) => Parameters[(First + Layout switch
        {
            0 => column * 3 + row,
            1 => row + column,
            2 => column,
            _ => row * width + column,
        }) % Parameters.Count];
    }
}
