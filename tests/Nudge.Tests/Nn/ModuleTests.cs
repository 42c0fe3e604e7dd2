// Networks: shapes, counts, starting numbers, printed forms, and modules of one's own.

namespace Nudge.Tests.Nn;

public class ModuleTests
{
    [Fact]
    public void The_lessons_network_prints_its_layer_table()
    {
        var network = new Mlp(3, [4, 4, 1], new Rng(1));
        Assert.Equal(41, network.ParameterCount);
        string[] lines = network.ToString().Split('\n');
        Assert.Equal(5, lines.Length);
        Assert.Equal(["layer", "inputs", "outputs", "activation", "parameters"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["1", "4", "4", "tanh", "20"], lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["total", "41"], lines[4].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(lines[1].Length, lines[4].Length);
        Assert.Equal("Layer 3 → 4, tanh, 16 parameters", network.Layers[0].ToString());
        Assert.Equal("Neuron 3 → 1, tanh", network.Layers[0].Neurons[0].ToString());
    }

    [Fact]
    public void The_output_activation_is_that_of_the_last_layer_only()
    {
        var network = new Mlp(2, [3, 3, 1], new Rng(1), Activation.Relu, Activation.Linear);
        Assert.Equal([Activation.Relu, Activation.Relu, Activation.Linear], network.Layers.Select(layer => layer.Activation));
        Assert.Equal((2, 1), (network.InputCount, network.OutputCount));
    }

    [Fact]
    public void Initialisations_fill_their_range_and_start_biases_as_they_say()
    {
        foreach ((Initialization initialization, double bound, bool biased) in new[]
        {
            (Initialization.Uniform, 1, true),
            (Initialization.Xavier, Math.Sqrt(6.0 / 120), false),
            (Initialization.Kaiming, Math.Sqrt(6.0 / 100), false),
        })
        {
            var layer = new Layer(100, 20, new Rng(1), initialization: initialization);
            double[] weights = [.. layer.Neurons.SelectMany(neuron => neuron.Weights).Select(weight => weight.Data)];
            Assert.All(weights, weight => Assert.InRange(weight, -bound, bound));
            Assert.InRange(weights.Max(), 0.99 * bound, bound);
            Assert.InRange(weights.Min(), -bound, -0.99 * bound);
            Assert.Equal(bound * bound / 3, weights.Average(weight => weight * weight), 0.05 * bound * bound);
            Assert.Equal(biased, layer.Neurons.All(neuron => neuron.Bias.Data != 0));
            Assert.Equal(biased, layer.Neurons.Any(neuron => neuron.Bias.Data != 0));
        }
        Assert.Same(Initialization.Kaiming, Initialization.For(Activation.Relu));
        Assert.Same(Initialization.Xavier, Initialization.For(Activation.Tanh));
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_both_sides()
    {
        var network = new Mlp(3, [2], new Rng(1));
        Assert.Contains("Expected 3 inputs, got 2", Assert.Throws<ArgumentException>(() => network.Forward(1, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Mlp(3, [], new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Mlp(0, [1], new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Mlp(1, [0, 1], new Rng(1)));
    }

    [Fact]
    public void A_module_of_ones_own_has_names_in_the_order_of_declaration()
    {
        var module = new Own();
        Assert.Equal(
            ["scale", "inner.w[0]", "inner.b", "table[0]", "table[1]", "parts.0.w[0]", "parts.0.b", "parts.1.w[0]", "parts.1.b"],
            Enumerable.Range(0, module.Parameters.Count).Select(module.Parameters.NameAt));
        Assert.Equal([2.5, 10, 11], [module.Parameters[0].Data, module.Parameters[3].Data, module.Parameters[4].Data]);
        Assert.Contains("'late' is declared too late", Assert.Throws<InvalidOperationException>(() => module.Declare("late")).Message, StringComparison.Ordinal);
        Assert.Contains("'scale' is declared twice in Own", Assert.Throws<ArgumentException>(() => new Own().Declare("scale")).Message, StringComparison.Ordinal);
        Assert.Equal(
            [
                "scale    1 parameter", "inner    Neuron 1 → 1, tanh", "table    2 parameters", "empty    0 parameters",
                "parts.0  Neuron 1 → 1, tanh", "parts.1  Neuron 1 → 1, tanh", "total    9 parameters",
            ],
            module.ToString().Split('\n'));
        module.Parameters[0].Grad = 3;
        module.ZeroGradients();
        Assert.All(module.Parameters, parameter => Assert.Equal(0, parameter.Grad));
    }

    private sealed class Own : Module
    {
        internal Own()
        {
            var rng = new Rng(1);
            double next = 10;
            AddParameter("scale", 2.5);
            AddModule("inner", new Neuron(1, rng));
            AddParameters("table", 2, () => next++);
            AddParameters("empty", 0, () => 1);
            AddModules("parts", [new Neuron(1, rng), new Neuron(1, rng)]);
        }

        internal void Declare(string name) => AddParameter(name, 0);
    }
}
