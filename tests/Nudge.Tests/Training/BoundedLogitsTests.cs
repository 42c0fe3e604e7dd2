// A loss that wants logits gets them, or says that it does not.

namespace Nudge.Tests.Training;

public class BoundedLogitsTests
{
    private static readonly string[] s_two = ["no", "yes"], s_three = ["a", "b", "c"];

    [Theory]
    [InlineData("tanh", "tanh and lie between -1 and 1, so that the loss of an example cannot get below 0.24")]
    [InlineData("sigmoid", "sigmoid and lie between 0 and 1, so that the loss of an example cannot get below 0.551")]
    public void A_network_with_bounded_outputs_is_not_trained_by_cross_entropy(string last, string evidence)
    {
        var network = new Mlp(4, [16, 16, 3], new Rng(1), outputActivation: Named(last));
        ArgumentException error = Assert.Throws<ArgumentException>(() => new Trainer(network, Objective.CrossEntropy, new Adam(network.Parameters), Flowers()));
        Assert.Contains(evidence, error.Message, StringComparison.Ordinal);
        Assert.Contains("outputActivation: Activation.Linear", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tanh", "cannot get below 0.313")]
    [InlineData("sigmoid", "cannot get below 0.693")]
    [InlineData("relu", "lie at 0 or above, so that the loss of an example cannot get below 0.693")]
    public void Nor_by_binary_cross_entropy(string last, string evidence)
    {
        Dataset data = new([[0], [1]], [[0], [1]], s_two);
        var network = new Mlp(1, [1], new Rng(1), Named(last));
        Assert.Contains(evidence, Assert.Throws<ArgumentException>(() => new SupervisedProblem(network, Objective.BinaryCrossEntropy, data)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new SupervisedProblem(network, Objective.BinaryCrossEntropy.Weighted([1, 2]), data));
    }

    [Fact]
    public void The_floor_is_what_training_reaches()
    {
        // The logits as far apart as tanh lets them.
        Value[] logits = [1, -1, -1];
        double floor = Loss.CrossEntropy(logits, 0).Data;
        Value[] outputs = [new Value(0).Tanh(), new Value(0).Tanh(), new Value(0).Tanh()];
        Assert.Equal(floor, BoundedLogits.In(Loss.CrossEntropy(outputs, 1))!.Floor, 12);
        Assert.Equal(Loss.BinaryCrossEntropyWithLogits(1, 1).Data, BoundedLogits.In(Loss.BinaryCrossEntropyWithLogits(new Value(0).Tanh(), 1))!.Floor, 12);
    }

    [Fact]
    public void Logits_without_bounds_or_with_wide_ones_are_trained()
    {
        foreach (Activation activation in new[] { Activation.Linear, Activation.Gelu })
            _ = new SupervisedProblem(new Mlp(4, [8, 3], new Rng(1), outputActivation: activation), Objective.CrossEntropy, Flowers());
        _ = new SupervisedProblem(new Mlp(4, [8, 3], new Rng(1), outputActivation: Activation.Relu), Objective.CrossEntropy, Flowers());
        _ = new SupervisedProblem(new Capped(30), Objective.CrossEntropy, Flowers());
        Assert.Throws<ArgumentException>(() => new SupervisedProblem(new Capped(2), Objective.CrossEntropy, Flowers()));
        // The lesson's network with the lesson's loss.
        _ = new SupervisedProblem(new Mlp(3, [4, 4, 1], new Rng(1)), Objective.SumOfSquares, Generate.Lesson());
        _ = new SupervisedProblem(new Mlp(1, [1], new Rng(1)), Objective.Hinge, new([[0], [1]], [[0], [1]], s_two));
    }

    [Fact]
    public void The_doctor_tells_a_loop_of_ones_own()
    {
        Dataset data = Flowers();
        Diagnosis tanh = Assert.Single(Findings(new Mlp(4, [8, 3], new Rng(1)), Loss.CrossEntropy));
        Assert.Equal(TrainingFault.BoundedLogits, tanh.Fault);
        Assert.Equal("bounded logits", tanh.Title);
        Assert.Contains("between -1 and 1", tanh.Evidence, StringComparison.Ordinal);
        Assert.Equal(-1, tanh.Numbers["least"]);
        Assert.Contains("outputActivation: Activation.Linear", tanh.LikelyLine, StringComparison.Ordinal);

        // Probabilities in the place of logits, and the loss as one writes it by hand.
        var network = new Mlp(4, [8, 3], new Rng(1), outputActivation: Activation.Linear);
        Assert.Equal(TrainingFault.BoundedLogits, Assert.Single(Findings(network, (outputs, c) => Loss.CrossEntropy(Softmax.Of(outputs), c))).Fault);
        Assert.Equal(TrainingFault.BoundedLogits, Assert.Single(Findings(new Mlp(4, [8, 3], new Rng(1)), (outputs, c) => -Softmax.Of(outputs)[c.Number].Log())).Fault);
        Assert.Empty(Findings(network, Loss.CrossEntropy));
        Assert.Empty(Findings(network, (outputs, c) => -Softmax.Of(outputs)[c.Number].Log()));

        IReadOnlyList<Diagnosis> Findings(Mlp net, Cross loss)
        {
            using var doctor = new Doctor(net.Parameters);
            for (int step = 0; step < 10; step++)
            {
                Value mean = Value.Mean([.. Enumerable.Range(0, data.Count).Select(i => loss(net.Forward(data.Inputs[i]), (int)data.Targets[i][0]))]);
                net.ZeroGradients();
                mean.Backward();
                doctor.Examine(mean);
                foreach (Value p in net.Parameters)
                    p.Data -= 0.05 * p.Grad;
            }
            return [.. doctor.Findings];
        }
    }

    private static Activation Named(string name) => Activation.All.Single(activation => activation.Name == name);

    private delegate Value Cross(ReadOnlySpan<Value> outputs, IndexValue index);

    private static Dataset Flowers()
    {
        var rng = new Rng(3);
        return new([.. Enumerable.Range(0, 12).Select(_ => new[] { rng.Normal(), rng.Normal(), rng.Normal(), rng.Normal() })], [.. Enumerable.Range(0, 12).Select(i => new double[] { i % 3 })], s_three);
    }

    private sealed class Capped : Network
    {
        private readonly Mlp _inner = new(4, [3], new Rng(1), Activation.Linear);
        private readonly double _cap;

        internal Capped(double cap)
        {
            _cap = cap;
            AddModule("inner", _inner);
        }

        public override int InputCount => 4;

        public override int OutputCount => 3;

        public override Value[] Forward(params ReadOnlySpan<Value> inputs) => Array.ConvertAll(_inner.Forward(inputs), z => _cap * (z / _cap).Tanh());
    }
}
