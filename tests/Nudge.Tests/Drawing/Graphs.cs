// Expressions to draw.

namespace Nudge.Tests.Drawing;

internal static class Graphs
{
    /// <summary>The lesson's: (w·x − y)² with its gradients.</summary>
    internal static Value Worked()
    {
        var w = new Value(1) { Label = "w" };
        var x = new Value(2) { Label = "x" };
        var y = new Value(6) { Label = "y" };
        Value loss = (w * x - y).Pow(2);
        loss.Backward();
        return loss;
    }

    /// <summary>A network of ReLU, whose numbers are the same to the last bit on every machine.</summary>
    internal static Mlp Network()
    {
        var network = new Mlp(3, [4, 4, 1], new Rng(1), Activation.Relu, Activation.Linear);
        _ = network.Parameters;
        return network;
    }

    /// <summary>The loss of the lesson's four examples, with its gradients.</summary>
    internal static Value LossOf(Network network)
    {
        Dataset data = Generate.Lesson();
        Value loss = Value.Sum([.. Enumerable.Range(0, data.Count).Select(i => Objective.SumOfSquares.LossOf(network.Forward(data.Inputs[i]), data.Targets[i]))]);
        loss.Label = "loss";
        loss.Backward();
        return loss;
    }
}
