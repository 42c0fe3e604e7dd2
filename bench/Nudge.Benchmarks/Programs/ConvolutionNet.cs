// Rows K: small images through a convolution, written as loops.

namespace Nudge.Benchmarks;

/// <summary>A convolution of 8 channels with ReLU, the greatest of each 2 × 2, and a layer of 10 logits.</summary>
internal static class ConvolutionNet
{
    private const int Channels = 8, Classes = 10;

    internal static LossTask Of(int size, int kernel)
    {
        const int batch = 32;
        var rng = new Rng(1);
        LossModel model = Model(size, kernel);
        return new()
        {
            Model = () => Model(size, kernel),
            Parameters = [.. model.Parameters.ToArray().Select(number => (double)(float)number)],
            Inputs = LossTask.Uniform(rng, batch * size * size, 0, 1),
            Indices = [.. Enumerable.Range(0, batch).Select(_ => rng.Next(Classes))],
            Examples = batch,
            Rate = 0.05,
        };
    }

    private static LossModel Model(int size, int kernel)
    {
        var rng = new Rng(2);
        var first = new Convolution(new ImageShape(1, size, size), Channels, kernel, rng, activation: Activation.Relu);
        var pooling = new MaxPooling(first.OutputShape, 2);
        var last = new Layer(pooling.OutputCount, Classes, rng, Activation.Linear, Initialization.Xavier);
        return new(
            [.. first.Parameters, .. last.Parameters],
            (x, classes) => Loss.CrossEntropy(last.Forward(pooling.Forward(first.Forward(x))), classes[0]));
    }
}
