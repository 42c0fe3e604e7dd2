// Convolutions and poolings: against loops over plain numbers, against central differences, compiled, and in a file.

namespace Nudge.Tests.Nn;

public class ConvolutionTests
{
    private delegate Network Maker(Rng rng);

    // Odd sizes, so that no two extents can be taken for one another.
    private static readonly Dictionary<string, Maker> s_networks = new()
    {
        ["plain"] = rng => new Convolution(new(1, 4, 5), 2, 3, rng),
        ["channels"] = rng => new Convolution(new(3, 5, 4), 2, 2, rng, activation: Activation.Linear),
        ["stride"] = rng => new Convolution(new(2, 7, 6), 3, 3, rng, stride: 2, activation: Activation.Sigmoid),
        ["padding"] = rng => new Convolution(new(2, 4, 3), 3, 3, rng, padding: 1),
        ["all of it"] = rng => new Convolution(new(2, 6, 5), 2, 4, rng, stride: 3, padding: 2, activation: Activation.Gelu, bias: false),
        ["one number"] = rng => new Convolution(new(1, 1, 1), 1, 1, rng),
        ["greatest"] = _ => new MaxPooling(new(2, 4, 6), 2),
        ["greatest, overlapping"] = _ => new MaxPooling(new(1, 5, 6), 3, stride: 1),
        ["greatest, with a rest"] = _ => new MaxPooling(new(2, 5, 7), 3),
        ["mean"] = _ => new AveragePooling(new(3, 4, 4), 2),
        ["mean, with a rest"] = _ => new AveragePooling(new(2, 7, 5), 2, stride: 3),
    };

    public static TheoryData<string> Networks => [.. s_networks.Keys];

    [Theory]
    [MemberData(nameof(Networks))]
    public void They_give_what_loops_over_plain_numbers_give(string name)
    {
        var rng = new Rng(11);
        Network network = Make(name, rng);
        double[] inputs = Numbers(network.InputCount, rng), expected = Expected(network, inputs), found = network.Predict(inputs);
        Assert.Equal(expected.Length, network.OutputCount);
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 1e-13);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void They_have_the_gradients_that_nudging_measures(string name)
    {
        var rng = new Rng(12);
        Network network = Make(name, rng);
        Value[] inputs = Network.ToValues(Numbers(network.InputCount, rng));
        GradientReport report = GradientCheck.Check(() => Weighted(network.Forward(inputs)), [.. network.Parameters, .. inputs]);
        Assert.True(report.Passed, report.ToString());
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Compiled_they_give_the_same_numbers_and_gradients(string name)
    {
        const int examples = 5;
        var rng = new Rng(13);
        Network network = Make(name, rng);
        // Of what has no parameters of its own the inputs get their gradients by a scale.
        var scale = new ParameterList(Enumerable.Range(0, network.InputCount).Select(_ => new Value(rng.Uniform(0.5, 1.5))));
        ParameterList all = [.. network.Parameters, .. scale];
        double[] inputs = Numbers(examples * network.InputCount, rng);

        double loss = 0;
        all.ZeroGradients();
        foreach (double[] image in inputs.Chunk(network.InputCount))
        {
            Value one = LossOf(Network.ToValues(image)) / examples;
            one.Backward();
            loss += one.Data;
        }
        double[] gradients = [.. all.Select(parameter => parameter.Grad)];

        all.ZeroGradients();
        CompiledLoss compiled = CompiledLoss.Compile(all, network.InputCount, LossOf, Precision.Double);
        Assert.Equal(loss, compiled.Backward(inputs), 1e-12);
        for (int i = 0; i < gradients.Length; i++)
            Assert.Equal(gradients[i], all[i].Grad, 1e-12);

        var outputs = new double[network.OutputCount];
        CompiledFunction.Compile(network, Precision.Double).Evaluate(inputs.AsSpan(0, network.InputCount), outputs);
        double[] expected = network.Predict(inputs.AsSpan(0, network.InputCount));
        for (int i = 0; i < outputs.Length; i++)
            Assert.Equal(expected[i], outputs[i], 1e-12);

        Value LossOf(Value[] image) => Weighted(network.Forward([.. image.Zip(scale, (x, s) => x * s)]));
    }

    [Fact]
    public void Where_numbers_are_equal_the_greatest_shares_its_gradient_as_Max_does()
    {
        var pooling = new MaxPooling(new(1, 2, 2), 2);
        Value[] tied = [2, 2, 1, 2];
        Assert.Equal([0.25, 0.25, 0, 0.5], pooling.Forward(tied)[0].Gradients(tied));

        // After ReLU whole windows are 0; compiled they share in the same way.
        ParameterList x = [.. Network.ToValues([-1, -2, 0, -3])];
        CompiledLoss compiled = CompiledLoss.Compile(x, 0, _ => pooling.Forward(Array.ConvertAll([.. x], number => number.Max(0)))[0]);
        compiled.Backward([]);
        Value[] leaves = [.. x];
        Assert.Equal(pooling.Forward(Array.ConvertAll(leaves, number => number.Max(0)))[0].Gradients(leaves), leaves.Select(number => number.Grad));
    }

    [Fact]
    public void A_convolution_is_in_a_file_what_PyTorch_has()
    {
        var first = new Convolution(new(2, 5, 5), 3, 2, new Rng(1));
        ModuleTensor[] tensors = [.. first.Tensors];
        Assert.Equal(["weight", "bias"], tensors.Select(tensor => tensor.Name));
        Assert.Equal([3, 2, 2, 2], tensors[0].Shape);
        Assert.Equal([3], tensors[1].Shape);
        Assert.Equal("w[9]", first.Parameters.NameAt(9));
        Assert.Same(first.Weights[9], tensors[0].Parameters[9]);
        Assert.Empty(new Convolution(new(2, 5, 5), 3, 2, new Rng(1), bias: false).Biases);

        using var folder = new TemporaryFolder();
        var second = new Convolution(new(2, 5, 5), 3, 2, new Rng(2));
        ModuleFile.Save(first, folder.File("convolution.safetensors"));
        ModuleFile.Load(second, folder.File("convolution.safetensors"));
        Assert.Equal(first.Parameters.ToArray(), second.Parameters.ToArray());
    }

    [Fact]
    public void They_say_what_they_are()
    {
        var convolution = new Convolution(new(1, 28, 28), 8, 5, new Rng(1), stride: 2, padding: 2, activation: Activation.Relu);
        Assert.Equal("Convolution 1 × 28 × 28 → 8 × 14 × 14, kernel 5, stride 2, padding 2, relu, 208 parameters", convolution.ToString());
        Assert.Equal("MaxPooling 8 × 14 × 14 → 8 × 7 × 7, windows of 2, stride 2", new MaxPooling(convolution.OutputShape, 2).ToString());
        Assert.Equal((new ImageShape(8, 14, 14), 784, 1568), (convolution.OutputShape, convolution.InputCount, convolution.OutputCount));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Contains("3 × 3 does not fit an image of 2 × 5", Assert.Throws<ArgumentException>(() => new Convolution(new(1, 2, 5), 1, 3, new Rng(1))).Message, StringComparison.Ordinal);
        Assert.Contains("outside of the image", Assert.Throws<ArgumentException>(() => new Convolution(new(1, 4, 4), 1, 2, new Rng(1), padding: 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Convolution(new(0, 4, 4), 1, 2, new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Convolution(new(1, 4, 4), 0, 2, new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPooling(new(1, 4, 4), 2, stride: 0));
        Assert.Throws<ArgumentException>(() => new AveragePooling(new(1, 4, 4), 5));
        Assert.Contains("Expected 16 inputs, got 1", Assert.Throws<ArgumentException>(() => new MaxPooling(new(1, 4, 4), 2).Forward(1)).Message, StringComparison.Ordinal);
    }

    private static Network Make(string name, Rng rng) => s_networks[name](rng);

    private static double[] Numbers(int count, Rng rng) => [.. Enumerable.Range(0, count).Select(_ => rng.Uniform(-1, 1))];

    private static Value Weighted(Value[] outputs) => Value.Sum([.. outputs.Select((output, i) => output * (1 + 0.3 * i - 0.01 * i * i))]);

    // The image goes into a larger one of zeros first, so that no edge needs to be thought of.
    private static double[] Expected(Network network, double[] x)
    {
        (ImageShape shape, ImageShape result, int size, int stride, int padding) = network switch
        {
            Convolution one => (one.InputShape, one.OutputShape, one.Kernel, one.Stride, one.Padding),
            Pooling one => (one.InputShape, one.OutputShape, one.Size, one.Stride, 0),
            _ => throw new InvalidOperationException(),
        };
        var padded = new double[shape.Channels, shape.Height + 2 * padding, shape.Width + 2 * padding];
        for (int i = 0; i < x.Length; i++)
            padded[i / (shape.Height * shape.Width), i / shape.Width % shape.Height + padding, i % shape.Width + padding] = x[i];
        return [.. from o in Enumerable.Range(0, result.Channels)
                   from r in Enumerable.Range(0, result.Height)
                   from s in Enumerable.Range(0, result.Width)
                   select At(o, r * stride, s * stride)];

        double At(int o, int top, int left)
        {
            if (network is Convolution convolution)
            {
                double sum = convolution.Biases.Count > 0 ? convolution.Biases[o].Data : 0;
                for (int c = 0; c < shape.Channels; c++)
                {
                    for (int k = 0; k < size * size; k++)
                        sum += convolution.Weights[(o * shape.Channels + c) * size * size + k].Data * padded[c, top + k / size, left + k % size];
                }
                return convolution.Activation.Apply(sum).Data;
            }
            IEnumerable<double> window = Enumerable.Range(0, size * size).Select(k => padded[o, top + k / size, left + k % size]);
            return network is MaxPooling ? window.Max() : window.Average();
        }
    }
}
