// The many ways in which people write a network: each compiles, gives the same numbers, and is recognised.

namespace Nudge.Tests.Compilation;

public class UserStyleTests
{
    private const int Inputs = 13, Hidden = 14;

    // Weights of 13 → 14 → 1 in several layouts of the same block: W1 by rows, then b1, then W2, then b2.
    private readonly ParameterList _parameters;
    private readonly Value[][] _w1;
    private readonly Value[,] _grid;
    private readonly Value[] _b1, _w2, _flat;
    private readonly Value _b2;

    public UserStyleTests()
    {
        var rng = new Rng(7);
        _parameters = new ParameterList(Enumerable.Range(0, Hidden * Inputs + Hidden + Hidden + 1).Select(_ => new Value((float)rng.Uniform(-0.5, 0.5))));
        _flat = [.. _parameters];
        _w1 = [.. Enumerable.Range(0, Hidden).Select(j => _flat[(j * Inputs)..((j + 1) * Inputs)])];
        _grid = new Value[Hidden, Inputs];
        for (int k = 0; k < Hidden * Inputs; k++)
            _grid[k / Inputs, k % Inputs] = _flat[k];
        _b1 = _flat[(Hidden * Inputs)..(Hidden * Inputs + Hidden)];
        _w2 = _flat[(Hidden * Inputs + Hidden)..^1];
        _b2 = _flat[^1];
    }

    public static TheoryData<string> Styles => [.. s_styles.Keys.Except(s_unrecognised)];

    // Right, but computed as sums of terms.
    private static readonly string[] s_unrecognised =
        ["terms subtracted", "negated terms subtracted", "terms divided by their number", "inputs scaled on the way"];

    public static TheoryData<string> UnrecognisedStyles => [.. s_unrecognised];

    private delegate Value Style(UserStyleTests t, Value[] x, Value y);

    private static readonly Dictionary<string, Style> s_styles = new()
    {
        ["bias first"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value sum = t._b1[j];
            for (int i = 0; i < x.Length; i++)
                sum += t._w1[j][i] * x[i];
            return sum.Tanh();
        }), y),
        ["bias last"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value sum = t._w1[j][0] * x[0];
            for (int i = 1; i < x.Length; i++)
                sum += t._w1[j][i] * x[i];
            return (sum + t._b1[j]).Tanh();
        }), y),
        ["input times weight"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value sum = t._b1[j];
            for (int i = 0; i < x.Length; i++)
                sum += x[i] * t._w1[j][i];
            return sum.Tanh();
        }), y),
        ["from zero"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value sum = 0;
            for (int i = 0; i < x.Length; i++)
                sum += t._w1[j][i] * x[i];
            sum += t._b1[j];
            return sum.Tanh();
        }), y),
        ["term in front"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value sum = t._b1[j];
            for (int i = 0; i < x.Length; i++)
                sum = t._w1[j][i] * x[i] + sum;
            return sum.Tanh();
        }), y),
        ["from the last to the first"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value sum = t._b1[j];
            for (int i = x.Length - 1; i >= 0; i--)
                sum += t._w1[j][i] * x[i];
            return sum.Tanh();
        }), y),
        ["Aggregate"] = (t, x, y) => t.Finish(Each(j => t._w1[j].Zip(x, (w, v) => w * v).Aggregate(t._b1[j], (a, b) => a + b).Tanh()), y),
        ["Aggregate without a seed"] = (t, x, y) => t.Finish(Each(j => (t._w1[j].Zip(x, (w, v) => w * v).Aggregate((a, b) => a + b) + t._b1[j]).Tanh()), y),
        ["Value.Sum"] = (t, x, y) => t.Finish(Each(j => (Value.Sum([.. t._w1[j].Select((w, i) => w * x[i])]) + t._b1[j]).Tanh()), y),
        ["products first"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value[] products = [.. t._w1[j].Select((w, i) => w * x[i])];
            Value sum = products[0];
            for (int i = 1; i < products.Length; i++)
                sum += products[i];
            return (t._b1[j] + sum).Tanh();
        }), y),
        ["two halves"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value left = t._w1[j][0] * x[0], right = t._w1[j][^1] * x[^1];
            for (int i = 1; i < Inputs / 2; i++)
                left += t._w1[j][i] * x[i];
            for (int i = Inputs / 2; i < Inputs - 1; i++)
                right += t._w1[j][i] * x[i];
            return (left + right + t._b1[j]).Tanh();
        }), y),
        ["flattened array"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value sum = t._flat[Hidden * Inputs + j];
            for (int i = 0; i < Inputs; i++)
                sum += t._flat[j * Inputs + i] * x[i];
            return sum.Tanh();
        }), y),
        ["input by input"] = (t, x, y) =>
        {
            Value[] sums = [.. t._b1];
            for (int i = 0; i < Inputs; i++)
            {
                for (int j = 0; j < Hidden; j++)
                    sums[j] += t._w1[j][i] * x[i];
            }
            return t.Finish([.. sums.Select(sum => sum.Tanh())], y);
        },
        ["two-dimensional array"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value sum = t._b1[j];
            for (int i = 0; i < Inputs; i++)
                sum += t._grid[j, i] * x[i];
            return sum.Tanh();
        }), y),
        ["weights by columns"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value sum = t._b1[j];
            for (int i = 0; i < Inputs; i++)
                sum += t._flat[i * Hidden + j] * x[i];
            return sum.Tanh();
        }), y),
        ["Zip into Value.Sum"] = (t, x, y) => t.Finish(Each(j => (t._b1[j] + Value.Sum([.. x.Zip(t._w1[j], (v, w) => v * w)])).Tanh()), y),
        ["recursion"] = (t, x, y) => t.Finish(Each(j =>
        {
            return (t._b1[j] + Dot(0)).Tanh();
            Value Dot(int i) => i == Inputs - 1 ? t._w1[j][i] * x[i] : t._w1[j][i] * x[i] + Dot(i + 1);
        }), y),
        ["sum of pairs"] = (t, x, y) => t.Finish(Each(j =>
        {
            var terms = t._w1[j].Zip(x, (w, v) => w * v).Append(t._b1[j]).ToList();
            while (terms.Count > 1)
                terms = [.. terms.Chunk(2).Select(pair => pair.Length == 2 ? pair[0] + pair[1] : pair[0])];
            return terms[0].Tanh();
        }), y),
        ["bias as the weight of a one"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value[] weights = [.. t._w1[j], t._b1[j]], inputs = [.. x, 1];
            Value sum = 0;
            for (int i = 0; i < inputs.Length; i++)
                sum += weights[i] * inputs[i];
            return sum.Tanh();
        }), y),
        ["terms subtracted"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value sum = -t._b1[j];
            for (int i = 0; i < Inputs; i++)
                sum -= t._w1[j][i] * x[i];
            return (-sum).Tanh();
        }), y),
        ["negated terms subtracted"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value sum = t._b1[j];
            for (int i = 0; i < Inputs; i++)
                sum = sum - -(t._w1[j][i] * x[i]);
            return sum.Tanh();
        }), y),
        ["terms divided by their number"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value sum = t._b1[j];
            for (int i = 0; i < Inputs; i++)
                sum += t._w1[j][i] * x[i] / Inputs;
            return sum.Tanh();
        }), y),
        ["sum divided by its number"] = (t, x, y) => t.Finish(Each(j => (t._b1[j] + Value.Mean([.. t._w1[j].Zip(x, (w, v) => w * v)])).Tanh()), y),
        ["inputs scaled on the way"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value sum = t._b1[j];
            for (int i = 0; i < Inputs; i++)
                sum += t._w1[j][i] * ((x[i] - 0.5) / 2);
            return sum.Tanh();
        }), y),
        ["weights scaled on the way"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value sum = t._b1[j];
            for (int i = 0; i < Inputs; i++)
                sum += 0.5 * t._w1[j][i] * x[i];
            return sum.Tanh();
        }), y),
        ["ReLU by Max"] = (t, x, y) => t.Finish(Each(j => t.Sum(j, x).Max(0)), y),
        ["ReLU by Value.Max with zero first"] = (t, x, y) => t.Finish(Each(j => Value.Max(0, t.Sum(j, x))), y),
        ["leaky ReLU"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value sum = t.Sum(j, x);
            return sum.Max(0.01 * sum);
        }), y),
        ["tanh from exp"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value power = (2 * t.Sum(j, x)).Exp();
            return (power - 1) / (power + 1);
        }), y),
        ["tanh from two exp"] = (t, x, y) => t.Finish(Each(j =>
        {
            Value sum = t.Sum(j, x), up = sum.Exp(), down = (-sum).Exp();
            return (up - down) / (up + down);
        }), y),
        ["logistic function from exp"] = (t, x, y) => t.Finish(Each(j => 1 / (1 + (-t.Sum(j, x)).Exp())), y),
        ["a layer and what skips it"] = (t, x, y) => t.Finish(Each(j => x[j % Inputs] + t.Sum(j, x).Tanh()), y),
        ["square of a variable"] = (t, x, y) =>
        {
            Value difference = t.Output(t.Neurons(x)) - y;
            return difference * difference;
        },
        ["square of what is added to the negated target"] = (t, x, y) => (-y + t.Output(t.Neurons(x))).Pow(2),
        ["half of the square"] = (t, x, y) => 0.5 * (t.Output(t.Neurons(x)) - y).Pow(2),
        ["square by an exponent that is a value"] = (t, x, y) => (t.Output(t.Neurons(x)) - y).Pow(new Value(2)),
        ["absolute difference"] = (t, x, y) => (t.Output(t.Neurons(x)) - y).Abs(),
        ["cross-entropy by logarithms"] = (t, x, y) =>
        {
            Value p = t.Output(t.Neurons(x)).Sigmoid(), target = 0.5 * (y + 1);
            return -(target * p.Log() + (1 - target) * (1 - p).Log());
        },
        ["square and a penalty"] = (t, x, y) =>
        {
            Value penalty = 0;
            foreach (Value weight in t._flat)
                penalty += weight * weight;
            return (t.Output(t.Neurons(x)) - y).Pow(2) + 0.001 * penalty;
        },
        ["square by Pow"] = (t, x, y) => (t.Output(t.Neurons(x)) - y).Pow(2),
        ["square by product"] = (t, x, y) => (t.Output(t.Neurons(x)) - y) * (t.Output(t.Neurons(x)) - y),
        ["target minus output"] = (t, x, y) => (y - t.Output(t.Neurons(x))).Pow(2),
        ["shared weights"] = (t, x, y) =>
        {
            Value[] once = t.Neurons(x), twice = t.Neurons(once[..Inputs]);
            return (t.Output(twice) + t.Output(once) - y).Pow(2);
        },
        ["two examples by hand"] = (t, x, y) =>
        {
            Value[] other = [.. x.Select(v => v * 0.5)];
            return ((t.Output(t.Neurons(x)) - y).Pow(2) + (t.Output(t.Neurons(other)) - y).Pow(2)) / 2;
        },
        ["list of losses summed by a loop"] = (t, x, y) =>
        {
            var losses = new List<Value>();
            for (int k = 0; k < 3; k++)
                losses.Add((t.Output(t.Neurons([.. x.Select(v => v - k)])) - y).Pow(2));
            Value total = 0;
            foreach (Value loss in losses)
                total += loss;
            return total * (1.0 / losses.Count);
        },
        ["each loss divided by their number"] = (t, x, y) =>
        {
            Value total = 0;
            for (int k = 0; k < 3; k++)
                total += (t.Output(t.Neurons([.. x.Select(v => v - k)])) - y).Pow(2) / 3;
            return total;
        },
        ["Value.Mean of losses"] = (t, x, y) =>
            Value.Mean([.. Enumerable.Range(0, 3).Select(k => (t.Output(t.Neurons([.. x.Select(v => v - k)])) - y).Pow(2))]),
    };

    [Theory]
    [MemberData(nameof(Styles))]
    public void Every_style_is_compiled_to_matrix_products_and_gives_the_same_numbers(string name) =>
        RequireProducts(Inputs + 1, v => s_styles[name](this, v[..Inputs], v[Inputs]));

    [Theory]
    [MemberData(nameof(UnrecognisedStyles))]
    public void Styles_that_are_not_recognised_give_the_same_numbers(string name) =>
        RequireEqual(Inputs + 1, v => s_styles[name](this, v[..Inputs], v[Inputs]));

    // Whoever does not know that the batch is the compiler's business writes a loop over it.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_loop_over_examples_in_the_expression_is_compiled_to_matrix_products(bool layerByLayer)
    {
        const int examples = 5, size = Inputs + 1;
        RequireProducts(examples * size, v =>
        {
            Value[][] x = [.. Enumerable.Range(0, examples).Select(k => v[(k * size)..(k * size + Inputs)])];
            Value[][] hidden = layerByLayer ? LayerByLayer(x) : Array.ConvertAll(x, Neurons);
            Value total = 0;
            for (int k = 0; k < examples; k++)
                total += (Output(hidden[k]) - v[k * size + Inputs]).Pow(2);
            return total / examples;
        });

        // The loop over neurons outside of that over examples.
        Value[][] LayerByLayer(Value[][] x)
        {
            Value[][] hidden = Array.ConvertAll(x, _ => new Value[Hidden]);
            for (int j = 0; j < Hidden; j++)
            {
                for (int k = 0; k < x.Length; k++)
                    hidden[k][j] = Sum(j, x[k]).Tanh();
            }
            return hidden;
        }
    }

    private void RequireProducts(int inputs, Func<Value[], Value> loss)
    {
        CompiledLoss compiled = RequireEqual(inputs, loss);
        Assert.True(compiled.ShareInProducts >= 0.8, compiled.ToString());
    }

    // The numbers of the expression, compiled as users do and at every width.
    private CompiledLoss RequireEqual(int inputs, Func<Value[], Value> loss)
    {
        CompiledLoss compiled = CompiledLoss.Compile(_parameters, inputs, loss, Precision.Double);
        const int most = 35;
        var rng = new Rng(1);
        double[] batch = [.. Enumerable.Range(0, most * inputs).Select(_ => (double)(float)rng.Uniform(-1, 1))];
        Value[] losses = [.. batch.Chunk(inputs).Select(example => loss(Array.ConvertAll(example, v => new Value(v))))];
        WidthProgram[] programs = [.. EveryWidth.Of(Recording.Of(_parameters, inputs, 0, (v, _) => [loss(v)]), _parameters)];
        foreach (int count in new[] { 1, 11, most })
        {
            Value mean = Value.Mean(losses.AsSpan(0, count));
            double[] expected = [mean.Data, .. mean.Gradients(_parameters)];
            Check("compiled by users", 1e-12, examples => compiled.Backward(examples));
            foreach (WidthProgram program in programs)
                Check(program.ToString(), program.Tolerance, examples => program.Engine.Differentiate(count, examples, []));

            void Check(string what, double tolerance, Func<double[], double> run)
            {
                double[] gradients = EveryWidth.GradientsOf(_parameters, () => run(batch[..(count * inputs)]), out double result);
                double difference = EveryWidth.Difference(expected, [result, .. gradients]);
                Assert.True(difference <= tolerance, $"{what}, {count} examples: {difference:R}\n{compiled}");
            }
        }
        return compiled;
    }

    private static Value[] Each(Func<int, Value> neuron) => [.. Enumerable.Range(0, Hidden).Select(neuron)];

    private Value Sum(int neuron, Value[] x)
    {
        Value sum = _b1[neuron];
        for (int i = 0; i < x.Length; i++)
            sum += _w1[neuron][i] * x[i];
        return sum;
    }

    private Value[] Neurons(Value[] x) => Each(j => Sum(j, x).Tanh());

    private Value Output(Value[] hidden)
    {
        Value sum = _b2;
        for (int j = 0; j < hidden.Length; j++)
            sum += _w2[j] * hidden[j];
        return sum;
    }

    private Value Finish(Value[] hidden, Value y) => (Output(hidden) - y).Pow(2);
}
