// Programs so small that several of their steps are done as one: what they give, in every way in which they may be joined.

namespace Nudge.Tests.Compilation;

public sealed class SmallProgramTests
{
    private const int Inputs = 2, MostExamples = 9;

    private static readonly Value s_w = new(0.75), s_v = new(-1.25), s_c = new(1.5);
    private static readonly ParameterList s_loose = [s_w, s_v, s_c];

    // A difference of sums or products would be a sum itself.
    private static readonly Dictionary<string, Func<Value, Value, Value[], Value>> s_losses = new()
    {
        ["(a − b)²"] = (a, b, _) => (a - b).Pow(2),
        ["c (a − b)²"] = (a, b, _) => 4 * (a - b).Pow(2),
        ["(a − b)² c"] = (a, b, _) => (a - b).Pow(2) * 0.25,
        ["(a − b)² of a trained c"] = (a, b, _) => (a - b).Pow(2) * s_c,
        ["(a − x)²"] = (a, _, x) => (a - x[1]).Pow(2) * 3,
        ["(x − a)²"] = (a, _, x) => (x[1] - a).Pow(2) * 3,
        ["(a − number)²"] = (a, _, _) => (a - 0.5).Pow(2),
        ["(a − parameter)²"] = (a, _, _) => (a - s_v).Pow(2) * 2,
        ["(parameter − a)²"] = (a, _, _) => (s_v - a).Pow(2),
        ["(parameter − parameter)²"] = (_, _, x) => (s_w - s_v).Pow(2) * x[0],
        ["the difference read in a sum"] = (a, b, _) => WithItself(a - b),
        ["the difference read before"] = (a, b, _) => ReadBefore(a - b),
        ["the difference read behind"] = (a, b, _) => ReadBehind(a - b),
        ["the square read again"] = (a, b, _) => SquareReadAgain(a - b),
        ["an operand read again"] = (a, b, _) => (a - b).Pow(2).Tanh() * a.Sin(),
        ["(a − a)²"] = (a, _, _) => (a - a).Pow(2) + s_v,
        ["the same twice"] = (a, b, _) => Twice((a - b).Pow(2)),
        ["two errors"] = (a, b, x) => (a - x[1]).Pow(2) + (b - x[0]).Pow(2),
        ["two errors, scaled"] = (a, b, x) => 0.5 * ((a - x[1]).Pow(2) + 2 * (b - x[0]).Pow(2)),
        ["an error of an error"] = (a, b, x) => ((a - x[1]).Pow(2) - b).Pow(2),
        ["a product with itself"] = (a, b, _) => Square(a - b),
    };

    public static TheoryData<string> Losses => [.. s_losses.Keys];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Squared_errors_have_the_value_and_the_gradient_of_their_expression(string loss) =>
        Check(s_loose, Inputs, x => LossOf(loss, x));

    public static TheoryData<int, int, Activation> Layers
    {
        get
        {
            var layers = new TheoryData<int, int, Activation>();
            foreach (int rows in new[] { 1, 3, 4, 5, 8, 12 })
            {
                foreach (int depth in new[] { 1, 2, 3, 4, 5, 7, 8 })
                    layers.Add(rows, depth, (rows + depth) switch { var n when n % 3 == 0 => Activation.Linear, var n when n % 3 == 1 => Activation.Tanh, _ => Activation.Relu });
            }
            return layers;
        }
    }

    // The second layer asks the first for its gradients, whose numbers a bias follows; the third has its biases elsewhere.
    [Theory]
    [MemberData(nameof(Layers))]
    public void Layers_have_the_value_and_the_gradient_of_their_expression(int rows, int depth, Activation activation)
    {
        var rng = new Rng((ulong)(rows * 10 + depth));
        var network = new Mlp(Inputs, [depth, rows], rng, activation, activation);
        Value[][] matrix = [.. Enumerable.Range(0, 4).Select(_ => Leaves(rows, rng))];
        Value[] biases = Leaves(4, rng);
        Check(new([.. network.Parameters, .. matrix.SelectMany(row => row), .. biases]), Inputs, x => Third(network.Forward(x)));

        Value Third(Value[] h)
        {
            Value sum = 0;
            for (int i = 0; i < 4; i++)
            {
                Value y = biases[i];
                for (int k = 0; k < h.Length; k++)
                    y += matrix[i][k] * h[k];
                sum += y.Tanh() * (i + 1);
            }
            return sum;
        }
    }

    // W·x + U·h, as in a recurrent network, and U·h + h, where the product is added to what is there; and h is read once more.
    [Theory]
    [InlineData(4, 4)]
    [InlineData(4, 3)]
    [InlineData(8, 5)]
    public void Products_that_are_added_have_the_value_and_the_gradient_of_their_expression(int rows, int depth)
    {
        var rng = new Rng((ulong)(rows + depth));
        Value[][] w = [.. Enumerable.Range(0, rows).Select(_ => Leaves(Inputs, rng))], u = [.. Enumerable.Range(0, rows).Select(_ => Leaves(depth, rng))];
        Value[][] first = [.. Enumerable.Range(0, depth).Select(_ => Leaves(Inputs, rng))];
        Check(new([.. w.SelectMany(row => row), .. u.SelectMany(row => row), .. first.SelectMany(row => row)]), Inputs, x =>
        {
            Value[] h = Array.ConvertAll(first, row => Dot(row, x).Tanh());
            Value sum = 0;
            for (int i = 0; i < rows; i++)
                sum += (Dot(w[i], x) + Dot(u[i], h)).Tanh() * h[i % depth] + (Dot(u[i], h) + h[i % depth]).Tanh();
            return sum;
        });
    }

    private static Value LossOf(string loss, Value[] x) => s_losses[loss]((s_w * x[0]).Tanh(), (s_v * x[1]).Tanh(), x);

    private static Value WithItself(Value difference) => difference.Pow(2) + difference;

    private static Value ReadBefore(Value difference) => difference.Sin() * difference.Pow(2).Tanh();

    private static Value ReadBehind(Value difference) => difference.Pow(2).Tanh() * difference.Sin();

    private static Value SquareReadAgain(Value difference)
    {
        Value square = difference.Pow(2);
        return square * 4 + square.Tanh();
    }

    private static Value Twice(Value error) => error + error;

    private static Value Square(Value difference) => difference * difference;

    private static Value Dot(Value[] a, Value[] b)
    {
        Value sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static Value[] Leaves(int count, Rng rng) => [.. Enumerable.Range(0, count).Select(_ => new Value((float)rng.Uniform(-1, 1)))];

    // At every width in both precisions, for one example, for parts of a vector and for more than one.
    private static void Check(ParameterList parameters, int inputs, Func<Value[], Value> loss)
    {
        EveryWidth.Round(parameters);
        var rng = new Rng(7);
        double[] numbers = [.. Enumerable.Range(0, MostExamples * inputs).Select(_ => (double)(float)rng.Uniform(-1, 1))];
        var losses = new double[MostExamples];
        var gradients = new double[MostExamples][];
        for (int i = 0; i < MostExamples; i++)
        {
            Value eager = loss([.. numbers.AsSpan(i * inputs, inputs).ToArray().Select(number => new Value(number))]);
            (losses[i], gradients[i]) = (eager.Data, eager.Gradients(parameters));
        }
        using Recording recording = Recording.Of(parameters, inputs, 0, (x, _) => [loss(x)]);
        foreach (WidthProgram program in EveryWidth.Of(recording, parameters))
        {
            for (int count = 1; count <= MostExamples; count++)
            {
                double[] got = EveryWidth.GradientsOf(parameters, () => program.Engine.Differentiate(count, numbers.AsSpan(0, count * inputs), []), out double mean);
                double[] expected = [losses.Take(count).Average(), .. Enumerable.Range(0, parameters.Count).Select(i => gradients.Take(count).Average(of => of[i]))];
                double difference = EveryWidth.Difference(expected, [mean, .. got]);
                Assert.True(difference <= program.Tolerance, $"{program}, {count} examples: {difference:R}");
            }
        }
    }
}
