// Parts as somebody would write them who has nothing but the package.

using System.Globalization;

namespace Nudge.PublicTests;

/// <summary>The cross-entropy with hard examples counting more: −(1 − p)² ln p. Lin et al., "Focal loss", 2017.</summary>
internal sealed class FocalLoss() : Objective("focal", isClassification: true)
{
    protected override Value Formula(ReadOnlySpan<Value> outputs, ReadOnlySpan<Value> target, IndexValue classIndex)
    {
        Value cross = Loss.CrossEntropy(outputs, classIndex);
        Value wrong = 1 - (-cross).Exp();
        return wrong * wrong * cross;
    }
}

/// <summary>|y − t| made round at 0: √((y − t)² + 1) − 1.</summary>
internal sealed class RoundLoss() : Objective("round", isClassification: false)
{
    protected override Value Formula(ReadOnlySpan<Value> outputs, ReadOnlySpan<Value> target, IndexValue classIndex)
    {
        Value sum = Value.Zero;
        for (int i = 0; i < outputs.Length; i++)
            sum += ((outputs[i] - target[i]).Pow(2) + 1).Sqrt() - 1;
        return sum;
    }
}

/// <summary>Lion: the sign of a momentum. Chen et al., "Symbolic discovery of optimization algorithms", 2023.</summary>
internal sealed class Lion(ParameterList parameters, double learningRate, double decay = 0) : Optimizer(parameters, learningRate)
{
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"Lion of decay {decay}");

    protected override void Update(Span<double> data, ReadOnlySpan<double> gradients, Span<double> firsts, Span<double> seconds)
    {
        for (int i = 0; i < data.Length; i++)
        {
            data[i] -= LearningRate * (Math.Sign(0.9 * firsts[i] + 0.1 * gradients[i]) + decay * data[i]);
            firsts[i] = 0.99 * firsts[i] + 0.01 * gradients[i];
        }
    }
}

/// <summary>Adam: two numbers of each parameter are kept. Kingma and Ba, 2015.</summary>
internal sealed class OwnAdam(ParameterList parameters, double learningRate) : Optimizer(parameters, learningRate)
{
    private double _first = 1, _second = 1;

    protected override void BeginStep()
    {
        _first *= 0.9;
        _second *= 0.999;
    }

    protected override void Update(Span<double> data, ReadOnlySpan<double> gradients, Span<double> firsts, Span<double> seconds)
    {
        for (int i = 0; i < data.Length; i++)
        {
            firsts[i] = 0.9 * firsts[i] + 0.1 * gradients[i];
            seconds[i] = 0.999 * seconds[i] + 0.001 * gradients[i] * gradients[i];
            data[i] -= LearningRate * (firsts[i] / (1 - _first)) / (Math.Sqrt(seconds[i] / (1 - _second)) + 1e-8);
        }
    }
}

/// <summary>
/// Places of things in the plane from distances between them, which are no rows of inputs and targets: the model is the places,
/// an example a pair of things and how far they are apart.
/// </summary>
internal sealed class Distances(Places places, IReadOnlyList<(int First, int Second, double Distance)> pairs, int validationCount = 0)
    : CustomProblem(places, pairs.Count - validationCount, validationCount)
{
    public override int NumberCount => 1;

    public override int IndexCount => 2;

    public override Value LossOf(ReadOnlySpan<Value> numbers, ReadOnlySpan<IndexValue> indices)
    {
        Value[] first = places.Of(indices[0]), second = places.Of(indices[1]);
        Value distance = ((first[0] - second[0]).Pow(2) + (first[1] - second[1]).Pow(2) + 1e-9).Sqrt();
        return (distance - numbers[0]).Pow(2);
    }

    protected override void Read(int example, Span<double> numbers, Span<int> indices) =>
        (indices[0], indices[1], numbers[0]) = pairs[example];
}

/// <summary>A place in the plane for each thing.</summary>
internal sealed class Places : Module
{
    private readonly Value[][] _columns;

    internal Places(int count, Rng rng) => _columns = [AddParameters("x", count, () => rng.Normal(0, 1)), AddParameters("y", count, () => rng.Normal(0, 1))];

    internal Value[] Of(IndexValue thing) => Array.ConvertAll(_columns, column => Value.Select(column, thing));
}

/// <summary>x · σ(x).</summary>
internal sealed class Swish : Activation
{
    private Swish()
        : base("swish")
    {
    }

    internal static Swish One { get; } = new();

    public override Initialization Initialization => Sparse.One;

    public override Value Apply(Value sum) => sum * sum.Sigmoid();
}

/// <summary>Half of the weights, by chance, and the others 0.</summary>
internal sealed class Sparse : Initialization
{
    private Sparse()
        : base("sparse")
    {
    }

    internal static Sparse One { get; } = new();

    public override double Weight(Rng rng, int inputs, int outputs) => rng.NextDouble() < 0.5 ? rng.Normal(0, Math.Sqrt(6.0 / inputs)) : 0;
}

/// <summary>Each output has a scale for the whole row, and a matrix of its own form: with rows and columns.</summary>
internal sealed class Bilinear : Module
{
    private readonly Value[] _matrix;
    private readonly int _inputs, _outputs;

    internal Bilinear(int inputs, int outputs, Rng rng)
    {
        (_inputs, _outputs) = (inputs, outputs);
        _matrix = AddParameters("matrix", inputs * inputs * outputs, () => rng.Normal(0, 0.5));
        Scale = AddParameter("scale", 1);
    }

    internal Value Scale { get; }

    public override IEnumerable<ModuleTensor> Tensors => [new("bilinear", [_outputs, _inputs, _inputs], _matrix), new("scale", [], [Scale])];

    internal Value[] Forward(ReadOnlySpan<Value> x)
    {
        var y = new Value[_outputs];
        for (int o = 0; o < _outputs; o++)
        {
            y[o] = Value.Zero;
            for (int i = 0; i < _inputs; i++)
            {
                for (int j = 0; j < _inputs; j++)
                    y[o] += _matrix[(o * _inputs + i) * _inputs + j] * x[i] * x[j];
            }
            y[o] *= Scale;
        }
        return y;
    }
}

/// <summary>A layer and what its inputs are multiplied with each other, side by side.</summary>
internal sealed class Products : Network
{
    private readonly Layer _hidden, _output;
    private readonly Bilinear _products;

    internal Products(int inputs, int hidden, int outputs, Rng rng)
    {
        (InputCount, OutputCount) = (inputs, outputs);
        _hidden = AddModule("hidden", new Layer(inputs, hidden, rng, Swish.One, Swish.One.Initialization));
        _output = AddModule("output", new Layer(hidden, outputs, rng, Activation.Linear, Initialization.Xavier));
        _products = AddModule("products", new Bilinear(inputs, outputs, rng));
    }

    public override int InputCount { get; }

    public override int OutputCount { get; }

    public override string Architecture => string.Create(CultureInfo.InvariantCulture, $"{InputCount} {_hidden.OutputCount} {OutputCount}");

    internal static Products Parse(string architecture)
    {
        int[] sizes = [.. architecture.Split(' ').Select(size => int.Parse(size, CultureInfo.InvariantCulture))];
        return sizes is [var inputs, var hidden, var outputs] ? new Products(inputs, hidden, outputs, new Rng(0)) : throw new FormatException("expected three sizes");
    }

    public override Value[] Forward(params ReadOnlySpan<Value> inputs)
    {
        RequireInputs(inputs);
        Value[] straight = _output.Forward(_hidden.Forward(inputs)), products = _products.Forward(inputs);
        return [.. straight.Zip(products, (a, b) => a + b)];
    }
}

/// <summary>Data, and what they all are for files.</summary>
internal static class Own
{
    internal static ModelParts Parts { get; } = new()
    {
        Objectives = [new FocalLoss(), new RoundLoss()],
        Activations = [Swish.One],
        Networks = new Dictionary<string, Func<string, Network>> { [nameof(Products)] = Products.Parse },
    };

    /// <summary>Points in a ring and within it.</summary>
    internal static Dataset Rings(int count = 120)
    {
        var rng = new Rng(5);
        return Dataset.From(
            Enumerable.Range(0, count).Select(i => (Angle: rng.Uniform(0, 2 * Math.PI), Radius: (i % 2 == 0 ? 0.4 : 1.2) + rng.Normal(0, 0.08), IsOuter: i % 2 == 1)),
            point => [point.Radius * Math.Cos(point.Angle), point.Radius * Math.Sin(point.Angle)],
            point => point.IsOuter ? "outer" : "inner");
    }

    internal static TrainedModel ModelOf(Network network, Dataset data) =>
        new(network, new FocalLoss(), data.InputNames, data.TargetName, data.Classes, Standardizer.Fit(data.Inputs));
}
