// Programs so small that several of their steps are done as one: what they give, in every way in which they may be joined.

namespace Nudge.Tests.Compilation;

public sealed class SmallProgramTests
{
    private const int Inputs = 2, MostExamples = 9;

    private static readonly Value s_w = new(0.75), s_v = new(-1.25), s_c = new(1.5);
    private static readonly ParameterList s_loose = [s_w, s_v, s_c];

    private static readonly Dictionary<string, Func<Value[], Value>> s_losses = new()
    {
        ["(a − b)²"] = x => (s_w * x[0] - s_v * x[1]).Pow(2),
        ["c (a − b)²"] = x => 4 * (s_w * x[0] - s_v * x[1]).Pow(2),
        ["(a − b)² c"] = x => (s_w * x[0] - s_v * x[1]).Pow(2) * 0.25,
        ["(a − b)² of a trained c"] = x => (s_w * x[0] - s_v * x[1]).Pow(2) * s_c,
        ["(a − x)²"] = x => ((s_w * x[0]).Tanh() - x[1]).Pow(2) * 3,
        ["(x − a)²"] = x => (x[1] - (s_w * x[0]).Tanh()).Pow(2) * 3,
        ["(a − number)²"] = x => ((s_w * x[0]).Tanh() - 0.5).Pow(2),
        ["(a − parameter)²"] = x => ((s_w * x[0]).Tanh() - s_v).Pow(2),
        ["(parameter − parameter)²"] = x => (s_w - s_v).Pow(2) * x[0],
        ["the difference read again"] = x => ReadAgain(s_w * x[0] - s_v * x[1]),
        ["the square read again"] = x => SquareReadAgain(s_w * x[0] - x[1]),
        ["(a − a)²"] = x => ((s_w * x[0]).Tanh() - (s_w * x[0]).Tanh()).Pow(2) + s_v,
        ["the same twice"] = x => Twice((s_w * x[0]).Tanh(), x[1]),
        ["two errors"] = x => (s_w * x[0] - x[1]).Pow(2) + (s_v * x[1] - x[0]).Pow(2),
        ["two errors, scaled"] = x => 0.5 * ((s_w * x[0] - x[1]).Pow(2) + 2 * (s_v * x[1] - x[0]).Pow(2)),
        ["an error of an error"] = x => ((s_w * x[0] - x[1]).Pow(2) - s_v).Pow(2),
        ["a product with itself"] = x => Square(s_w * x[0] - x[1]),
    };

    public static TheoryData<string> Losses => [.. s_losses.Keys];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Squared_errors_have_the_value_and_the_gradient_of_their_expression(string loss) =>
        Check(s_loose, Inputs, x => s_losses[loss](x));

    [Fact]
    public void A_difference_its_square_and_the_product_with_a_number_are_one_step()
    {
        (Step<float>[] forward, Step<float>[] backward) = StepsOf(s_losses["(a − x)²"]);
        Assert.Equal(3, Assert.Single(forward, step => step.Kind == StepKind.SquaredError).Parts!.Length);
        Assert.Equal(3, Assert.Single(backward, step => step.Kind == StepKind.SquaredError).Parts!.Length);
        (_, backward) = StepsOf(s_losses["the difference read again"]);
        Assert.DoesNotContain(backward, step => step.Kind == StepKind.SquaredError);
    }

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

    // W·x + U·h, with W's product added to what U's has left, as in a recurrent network; and h is read once more.
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
                sum += (Dot(w[i], x) + Dot(u[i], h)).Tanh() * h[i % depth];
            return sum;
        });
    }

    private static Value ReadAgain(Value difference) => difference.Pow(2) + difference;

    private static Value SquareReadAgain(Value difference)
    {
        Value square = difference.Pow(2);
        return square * 4 + square.Tanh();
    }

    private static Value Twice(Value a, Value b)
    {
        Value error = (a - b).Pow(2);
        return error + error;
    }

    private static Value Square(Value difference) => difference * difference;

    private static Value Dot(Value[] a, Value[] b)
    {
        Value sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static Value[] Leaves(int count, Rng rng) => [.. Enumerable.Range(0, count).Select(_ => new Value((float)rng.Uniform(-1, 1)))];

    private static (Step<float>[] Forward, Step<float>[] Backward) StepsOf(Func<Value[], Value> loss)
    {
        using Recording recording = Recording.Of(s_loose, Inputs, 0, (x, _) => [loss(x)]);
        var program = new Program(Planner.Plan(recording.Tape, Inputs, 0, 0));
        var executor = new Executor<Wide128<float>, float>(new Memory<float>(program.Plan, 4));
        var parameters = new AlignedArray<float>(s_loose.Count);
        unsafe
        {
            executor.Link(program, parameters.Pointer);
            executor.LinkBackward(program.ToParameters, parameters.Pointer);
        }
        return (executor.Linked.Varying, executor.Linked.VaryingBackward);
    }

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
