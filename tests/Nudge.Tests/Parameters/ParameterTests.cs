// Parameters are views of blocks: whoever asks, in whatever order, sees the same numbers under the same names.

namespace Nudge.Tests.Parameters;

public class ParameterTests
{
    [Fact]
    public void A_list_keeps_the_objects_and_moves_their_numbers_into_its_block()
    {
        Value w = new(1), b = new(2) { Grad = 3 };
        ParameterList parameters = [w, b];
        Assert.Same(w, parameters[0]);
        Assert.Equal(Operation.Parameter, w.Operation);
        Assert.True(w.IsLeaf);
        Assert.Equal([double.NaN, 3], parameters.Select(p => p.Grad));
        parameters.Load([10, 20]);
        Assert.Equal([10, 20], [w.Data, b.Data]);
        w.Data = 11;
        b.Grad = 5;
        Assert.Equal([11, 20], parameters.ToArray());
        var gradients = new double[2];
        parameters.CopyGradientsTo(gradients);
        Assert.Equal([0, 5], gradients);
        Assert.Equal(1, parameters.Segments.Length);
    }

    [Fact]
    public void An_expression_built_before_its_leaves_became_parameters_stays_right()
    {
        Value w = 3, loss = w * w;
        ParameterList parameters = [w];
        loss.Backward();
        Assert.Equal(6, w.Grad);
        parameters.ZeroGradients();
        Assert.Equal(0, w.Grad);
    }

    [Fact]
    public void Lists_over_the_same_leaves_share_their_numbers()
    {
        Value a = 1, b = 2, c = 3, d = 4;
        ParameterList first = [b, c];
        ParameterList all = [a, b, c, d], backwards = [d, c, b, a], nested = [.. first, a];
        all.Load([10, 20, 30, 40]);
        Assert.Equal([20, 30], first.ToArray());
        Assert.Equal([40, 30, 20, 10], backwards.ToArray());
        backwards.Load([1, 2, 3, 4]);
        Assert.Equal([3, 2, 4], nested.ToArray());
        Assert.Equal([4, 3, 2, 1], all.Select(p => p.Data));

        foreach (Value value in all)
            value.Grad = value.Data;
        first.ZeroGradients();
        Assert.Equal([4, 0, 0, 1], all.Select(p => p.Grad));
    }

    [Fact]
    public void Two_optimizers_over_overlapping_lists_change_the_same_numbers()
    {
        Value a = 1, b = 2, c = 3;
        Optimizer first = new Sgd([a, b], 0.1), second = new Sgd([c, b], 1);
        (a + 2 * b + 3 * c).Backward();
        first.Step();
        second.Step();
        Assert.Equal([1 - 0.1 * 1, 2 - 0.1 * 2 - 1 * 2, 3 - 1 * 3], [a.Data, b.Data, c.Data]);
    }

    [Fact]
    public void Parameters_of_a_module_are_the_values_it_computes_with()
    {
        var network = new Mlp(2, [2, 1], new Rng(1), Activation.Linear);
        network.Parameters.Load([1, 2, 3, 4, 5, 6, 7, 8, 9]);
        // (1·10 + 2·20 + 3)·7 + (4·10 + 5·20 + 6)·8 + 9
        Assert.Equal([53 * 7 + 146 * 8 + 9], network.Predict(10, 20));
        network.Layers[1].Neurons[0].Bias.Data = 0;
        Assert.Equal([53 * 7 + 146 * 8], network.Predict(10, 20));
        Assert.Equal(0, network.Parameters.ToArray()[^1]);
    }

    [Fact]
    public void The_names_of_parameters_are_stable()
    {
        var network = new Mlp(2, [3, 1], new Rng(1));
        Assert.Equal(
            [
                "layers.0.neurons.0.w[0]", "layers.0.neurons.0.w[1]", "layers.0.neurons.0.b",
                "layers.0.neurons.1.w[0]", "layers.0.neurons.1.w[1]", "layers.0.neurons.1.b",
                "layers.0.neurons.2.w[0]", "layers.0.neurons.2.w[1]", "layers.0.neurons.2.b",
                "layers.1.neurons.0.w[0]", "layers.1.neurons.0.w[1]", "layers.1.neurons.0.w[2]", "layers.1.neurons.0.b",
            ],
            Enumerable.Range(0, network.Parameters.Count).Select(network.Parameters.NameAt));
        Assert.Equal("layers.0.neurons.2.w[1]", network.Layers[0].Neurons[2].Weights[1].Label);
        Assert.StartsWith("layers.1.neurons.0.b = ", network.Layers[1].Neurons[0].Bias.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_asked_before_the_one_it_is_part_of_changes_nothing()
    {
        Mlp plain = new(2, [3, 2], new Rng(1)), asked = new(2, [3, 2], new Rng(1));
        _ = asked.Layers[1].Parameters;
        _ = asked.Layers[0].Neurons[1].Parameters;
        Assert.Equal("b", asked.Layers[0].Neurons[1].Bias.Label);

        Assert.Equal(plain.Parameters.ToArray(), asked.Parameters.ToArray());
        for (int i = 0; i < plain.Parameters.Count; i++)
            Assert.Equal(plain.Parameters.NameAt(i), asked.Parameters.NameAt(i));
        Assert.Equal(plain.Predict(0.5, -0.5), asked.Predict(0.5, -0.5));

        asked.Forward(1, 1)[0].Backward();
        new Sgd(asked.Parameters, 0.1).Step();
        plain.Forward(1, 1)[0].Backward();
        new Sgd(plain.Parameters, 0.1).Step();
        Assert.Equal(plain.Parameters.ToArray(), asked.Parameters.ToArray());
    }

    [Fact]
    public void Loose_leaves_are_named_by_their_label_or_their_place()
    {
        Value a = 1, b = new Value(2).Named("b");
        ParameterList parameters = [a, b];
        Assert.Equal(["[0]", "b"], [parameters.NameAt(0), parameters.NameAt(1)]);
        Assert.Null(a.Label);
    }

    [Fact]
    public void A_label_of_ones_own_wins_over_the_name()
    {
        var network = new Mlp(1, [1], new Rng(1));
        network.Parameters[0].Label = "slope";
        Assert.Equal("slope", network.Parameters[0].Label);
        Assert.Equal("layers.0.neurons.0.w[0]", network.Parameters.NameAt(0));
        network.Parameters[0].Label = null;
        Assert.Equal("layers.0.neurons.0.w[0]", network.Parameters[0].Label);
    }

    [Fact]
    public void What_is_no_list_of_leaves_is_refused()
    {
        Value a = 1, result = a * 2;
        Assert.Contains("result of Multiply", Assert.Throws<ArgumentException>(() => new ParameterList([a, result])).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => new ParameterList([a, a])).Message, StringComparison.Ordinal);
        // A list that was refused has moved nothing.
        Assert.Equal(Operation.Leaf, a.Operation);
        ParameterList parameters = [a];
        Assert.Contains("Expected 1 numbers, one for each parameter, got 2", Assert.Throws<ArgumentException>(() => parameters.Load([1, 2])).Message, StringComparison.Ordinal);
    }
}
