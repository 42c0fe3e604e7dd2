// The many ways in which people write a network: each compiles, gives the same numbers, and is recognised.

namespace Nudge.Tests.Compilation;

public class UserStyleTests
{
    private const int Inputs = 6, Hidden = 8;

    // Weights of 6 → 8 → 1 in three layouts of the same block: W1 by rows, then b1, then W2, then b2.
    private readonly ParameterList _parameters;
    private readonly Value[][] _w1;
    private readonly Value[] _b1, _w2, _flat;
    private readonly Value _b2;

    public UserStyleTests()
    {
        var rng = new Rng(7);
        _parameters = new ParameterList(Enumerable.Range(0, Hidden * Inputs + Hidden + Hidden + 1).Select(_ => new Value((float)rng.Uniform(-0.5, 0.5))));
        _flat = [.. _parameters];
        _w1 = [.. Enumerable.Range(0, Hidden).Select(j => _flat[(j * Inputs)..((j + 1) * Inputs)])];
        _b1 = _flat[(Hidden * Inputs)..(Hidden * Inputs + Hidden)];
        _w2 = _flat[(Hidden * Inputs + Hidden)..^1];
        _b2 = _flat[^1];
    }

    public static TheoryData<string> Styles => [.. s_styles.Keys];

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
            Value left = t._w1[j][0] * x[0] + t._w1[j][1] * x[1] + t._w1[j][2] * x[2];
            Value right = t._w1[j][3] * x[3] + t._w1[j][4] * x[4] + t._w1[j][5] * x[5];
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
    };

    [Theory]
    [MemberData(nameof(Styles))]
    public void Every_style_is_compiled_to_matrix_products_and_gives_the_same_numbers(string name)
    {
        Style style = s_styles[name];
        CompiledLoss compiled = CompiledLoss.Compile(_parameters, Inputs + 1, v => style(this, v[..Inputs], v[Inputs]), Precision.Double);
        Assert.True(compiled.ShareInProducts >= 0.8, compiled.ToString());

        var rng = new Rng(1);
        double[] batch = [.. Enumerable.Range(0, 11 * (Inputs + 1)).Select(_ => rng.Uniform(-1, 1))];
        Value? sum = null;
        for (int k = 0; k < 11; k++)
        {
            Value[] example = [.. batch.AsSpan(k * (Inputs + 1), Inputs + 1).ToArray().Select(v => new Value(v))];
            Value loss = style(this, example[..Inputs], example[Inputs]);
            sum = sum is null ? loss : sum + loss;
        }
        Value mean = sum! / 11;
        double[] expected = mean.Gradients(_parameters);
        _parameters.ZeroGradients();
        Assert.Equal(mean.Data, compiled.Backward(batch), 1e-12);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], _parameters[i].Grad, 1e-12);
    }

    private static Value[] Each(Func<int, Value> neuron) => [.. Enumerable.Range(0, Hidden).Select(neuron)];

    private Value[] Neurons(Value[] x) => Each(j =>
    {
        Value sum = _b1[j];
        for (int i = 0; i < x.Length; i++)
            sum += _w1[j][i] * x[i];
        return sum.Tanh();
    });

    private Value Output(Value[] hidden)
    {
        Value sum = _b2;
        for (int j = 0; j < hidden.Length; j++)
            sum += _w2[j] * hidden[j];
        return sum;
    }

    private Value Finish(Value[] hidden, Value y) => (Output(hidden) - y).Pow(2);
}
