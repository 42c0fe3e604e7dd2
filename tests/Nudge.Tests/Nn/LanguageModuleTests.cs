// What must hold for embeddings, norms, attention and dropout, whatever their numbers.

namespace Nudge.Tests.Nn;

public class LanguageModuleTests
{
    [Fact]
    public void An_embedding_gives_rows_and_only_those_looked_up_get_a_gradient()
    {
        var embedding = new Embedding(4, 3, new Rng(1));
        embedding.Parameters.Load([.. Enumerable.Range(0, 12).Select(i => (double)i)]);
        Assert.Equal([6, 7, 8], embedding.Forward(2).Select(value => value.Data));

        Value sum = Value.Sum([.. embedding.Forward(2), .. embedding.Forward(0), .. embedding.Forward(2)]);
        Assert.Equal([1, 1, 1, 0, 0, 0, 2, 2, 2, 0, 0, 0], sum.Gradients(embedding.Parameters));
        Assert.Contains("from 0 to 3", Assert.Throws<ArgumentOutOfRangeException>(() => embedding.Forward(4)).Message, StringComparison.Ordinal);
        Assert.Equal("table[7]", embedding.Parameters.NameAt(7));
        Assert.Equal("Embedding 4 × 3, 12 parameters", embedding.ToString());
    }

    [Fact]
    public void Normal_starting_numbers_have_the_deviation_asked_for()
    {
        double[] numbers = new Embedding(100, 100, new Rng(1), Initialization.Normal(0.08)).Parameters.ToArray();
        Assert.Equal(0, numbers.Average(), 3e-3);
        Assert.Equal(0.08, Math.Sqrt(numbers.Average(number => number * number)), 3e-3);
    }

    [Fact]
    public void The_RMS_norm_does_not_see_how_large_its_inputs_are()
    {
        var norm = new RmsNorm(3, epsilon: 0);
        double[] plain = norm.Predict(1, -2, 3), large = norm.Predict(1e6, -2e6, 3e6);
        Assert.Equal(1, plain.Average(y => y * y), 1e-15);
        for (int i = 0; i < 3; i++)
            Assert.Equal(plain[i], large[i], 1e-15);
        Assert.Equal([0, 0, 0], new RmsNorm(3).Predict(0, 0, 0));
        Assert.Contains("Expected 3 inputs, got 1", Assert.Throws<ArgumentException>(() => norm.Forward(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_layer_norm_does_not_see_where_its_inputs_are()
    {
        var norm = new LayerNorm(4, epsilon: 0);
        double[] plain = norm.Predict(1, -2, 3, 0.5), moved = norm.Predict(107, 77, 127, 102);
        Assert.Equal(0, plain.Sum(), 1e-15);
        Assert.Equal(1, plain.Average(y => y * y), 1e-14);
        for (int i = 0; i < 4; i++)
            Assert.Equal(plain[i], moved[i], 1e-13);
        Assert.Equal(8, norm.Parameters.Count);
        Assert.Equal(4, new LayerNorm(4, bias: false).Parameters.Count);
    }

    [Fact]
    public void Softmax_adds_up_to_1_and_does_not_overflow()
    {
        double[] weights = [.. Softmax.Of(1e4, 1e4 - 1, -1e4).Select(value => value.Data)];
        Assert.Equal(1, weights.Sum(), 1e-15);
        Assert.Equal(Math.E, weights[0] / weights[1], 1e-12);
        Assert.Equal(0, weights[2]);
        Assert.Throws<ArgumentException>(() => Softmax.Of());
    }

    [Fact]
    public void The_first_position_can_only_attend_to_itself()
    {
        var attention = new CausalSelfAttention(4, 2, new Rng(1));
        Value[] x = [0.3, -0.5, 0.9, 0.1];
        double[] first = [.. attention.Begin()(x).Select(value => value.Data)];
        double[] numbers = attention.Parameters.ToArray();
        // Softmax of one score is 1: what comes out is O V x.
        double[] value = Multiply(numbers[32..48], [0.3, -0.5, 0.9, 0.1]), expected = Multiply(numbers[48..64], value);
        for (int i = 0; i < 4; i++)
            Assert.Equal(expected[i], first[i], 1e-15);

        static double[] Multiply(double[] matrix, double[] vector) =>
            [.. Enumerable.Range(0, 4).Select(row => Enumerable.Range(0, 4).Sum(column => matrix[row * 4 + column] * vector[column]))];
    }

    [Fact]
    public void Heads_that_cannot_share_the_width_are_refused() =>
        Assert.Contains("3 heads cannot share 4", Assert.Throws<ArgumentException>(() => new CausalSelfAttention(4, 3, new Rng(1))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_neuron_without_a_bias_has_none()
    {
        var neuron = new Neuron(2, new Rng(1), Activation.Linear, bias: false);
        neuron.Parameters.Load([3, 5]);
        Assert.Equal(3 * 2 + 5 * 7, neuron.Forward(2, 7).Data);
        Assert.False(neuron.HasBias);
        Assert.Contains("without a bias", Assert.Throws<InvalidOperationException>(() => neuron.Bias).Message, StringComparison.Ordinal);

        var layer = new Layer(3, 4, new Rng(1), bias: false);
        Assert.Equal((12, 12), (layer.ParameterCount, layer.Parameters.Count));
        Assert.Equal("neurons.1.w[0]", layer.Parameters.NameAt(3));
    }

    [Fact]
    public void Dropout_leaves_out_its_share_while_training_and_nothing_afterwards()
    {
        var dropout = new Dropout(0.25, new Rng(1));
        Value[] ones = [.. Enumerable.Range(0, 10_000).Select(_ => new Value(1))];
        Value[] outputs = dropout.Forward(ones);
        Assert.Equal([0, 1 / 0.75], outputs.Select(value => value.Data).Distinct().Order());
        Assert.InRange(outputs.Count(value => value.Data == 0), 2300, 2700);
        Assert.NotEqual(outputs.Select(value => value.Data), dropout.Forward(ones).Select(value => value.Data));
        double[] gradients = Value.Sum(outputs).Gradients(ones);
        Assert.Equal(outputs.Select(value => value.Data), gradients);

        dropout.IsTraining = false;
        Assert.Equal(ones, dropout.Forward(ones));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(1, new Rng(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(double.NaN, new Rng(1)));
    }

    [Fact]
    public void Dropout_cannot_be_compiled_while_training()
    {
        var layer = new Layer(2, 1, new Rng(1), Activation.Linear);
        var dropout = new Dropout(0.5, new Rng(1));
        CompiledLoss Compile() => CompiledLoss.Compile(layer.Parameters, 2, 0, (x, _) => layer.Forward(dropout.Forward(x))[0]);
        Assert.Contains("leave out the same numbers for ever", Assert.Throws<InvalidOperationException>(Compile).Message, StringComparison.Ordinal);

        dropout.IsTraining = false;
        Assert.Equal(layer.Predict(1, 2)[0], Compile().Evaluate([1, 2], []), 1e-6);
    }
}
