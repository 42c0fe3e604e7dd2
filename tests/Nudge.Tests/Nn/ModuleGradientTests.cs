// Whole modules against central differences, for every activation.

namespace Nudge.Tests.Nn;

public class ModuleGradientTests
{
    public static TheoryData<Activation, Activation> Activations
    {
        get
        {
            var data = new TheoryData<Activation, Activation>();
            foreach (Activation hidden in Activation.All)
            {
                foreach (Activation last in Activation.All)
                    data.Add(hidden, last);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Networks_have_the_gradients_that_nudging_measures(Activation hidden, Activation last)
    {
        var rng = new Rng(31);
        for (int i = 0; i < 5; i++)
        {
            var network = new Mlp(3, [4, 4, 2], rng, hidden, last);
            Value[] inputs = [rng.Uniform(-1, 1), rng.Uniform(-1, 1), rng.Uniform(-1, 1)];
            Check(() => Product(network.Forward(inputs)), [.. network.Parameters, .. inputs]);
        }
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("tanh")]
    [InlineData("relu")]
    [InlineData("sigmoid")]
    public void Neurons_and_layers_have_the_gradients_that_nudging_measures(string name)
    {
        Activation activation = Activation.All.Single(one => one.Name == name);
        var rng = new Rng(32);
        for (int i = 0; i < 5; i++)
        {
            var neuron = new Neuron(3, rng, activation);
            var layer = new Layer(3, 4, rng, activation);
            Value[] inputs = [rng.Uniform(-1, 1), rng.Uniform(-1, 1), rng.Uniform(-1, 1)];
            Check(() => neuron.Forward(inputs) * 3, neuron.Parameters);
            Check(() => Product(layer.Forward(inputs)), layer.Parameters);
        }
    }

    // Differs in every output, so that no gradient is lost or mixed up without being seen.
    private static Value Product(Value[] outputs)
    {
        Value product = 1;
        for (int i = 0; i < outputs.Length; i++)
            product *= outputs[i] + (i + 2);
        return product;
    }

    private static void Check(Func<Value> expression, ParameterList parameters)
    {
        GradientReport report = GradientCheck.Check(expression, parameters);
        Assert.True(report.Passed, report.ToString());
    }
}
