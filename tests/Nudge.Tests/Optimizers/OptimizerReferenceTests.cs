// Optimizers against PyTorch over 100 steps of one problem, with and without weight decay.

using Nudge.Tests.Reference;

namespace Nudge.Tests.Optimizers;

public class OptimizerReferenceTests
{
    private static readonly double[] s_weights = [0.5, 1, 1.5, 2], s_centers = [1, -0.5, 0.25, 2];

    [Theory]
    [InlineData("Sgd")]
    [InlineData("Adam")]
    [InlineData("AdamW")]
    [InlineData("RmsProp")]
    public void A_hundred_steps_agree_with_PyTorch(string name)
    {
        Case[] cases = [.. ReferenceData.Load<Case>("optimizers").Where(reference => reference.Optimizer == name)];
        Assert.NotEmpty(cases);
        foreach (Case reference in cases)
            Follow(reference, [.. reference.Start.Select(number => new Value(number))]);
    }

    [Fact]
    public void An_optimizer_over_several_blocks_makes_the_same_steps()
    {
        foreach (Case reference in ReferenceData.Load<Case>("optimizers"))
        {
            Value[] values = Array.ConvertAll(reference.Start, number => new Value(number));
            // Two lists own the numbers, crosswise, so that the optimizer's list has four segments.
            _ = new ParameterList([values[2], values[0]]);
            _ = new ParameterList([values[3], values[1]]);
            var parameters = new ParameterList(values);
            Assert.Equal(4, parameters.Segments.Length);
            Follow(reference, parameters);
        }
    }

    private static void Follow(Case reference, ParameterList parameters)
    {
        Optimizer optimizer = Build(reference, parameters);
        int checkpoint = 0;
        for (int step = 1; step <= 100; step++)
        {
            optimizer.ZeroGradients();
            Problem(parameters).Backward();
            optimizer.Step();
            if (reference.Checkpoints[checkpoint] == step)
            {
                ReferenceData.AssertClose(reference.Trajectory[checkpoint], parameters.ToArray(), $"{reference.Optimizer} {reference.Options} after step {step}");
                checkpoint++;
            }
        }
        Assert.Equal(reference.Checkpoints.Length, checkpoint);
    }

    private static Value Problem(ParameterList p)
    {
        Value loss = 0;
        for (int i = 0; i < p.Count; i++)
            loss += s_weights[i] * (p[i] - s_centers[i]).Pow(2);
        for (int i = 0; i + 1 < p.Count; i++)
            loss += 0.5 * (p[i] * p[i + 1] - 1).Pow(2);
        return loss;
    }

    private static Optimizer Build(Case reference, ParameterList parameters)
    {
        Options o = reference.Options;
        return reference.Optimizer switch
        {
            "Sgd" => new Sgd(parameters, o.LearningRate, o.Momentum, o.Nesterov, o.WeightDecay),
            "Adam" => new Adam(parameters, o.LearningRate, o.Beta1, o.Beta2, o.Epsilon, o.WeightDecay),
            "AdamW" => new AdamW(parameters, o.LearningRate, o.Beta1, o.Beta2, o.Epsilon, o.WeightDecay),
            "RmsProp" => new RmsProp(parameters, o.LearningRate, o.Smoothing, o.Epsilon, o.Momentum, o.WeightDecay),
            _ => throw new InvalidOperationException(reference.Optimizer),
        };
    }

    private sealed record Options(
        double LearningRate,
        double WeightDecay,
        double Momentum = 0,
        bool Nesterov = false,
        double Beta1 = 0.9,
        double Beta2 = 0.999,
        double Epsilon = 1e-8,
        double Smoothing = 0.99);

    private sealed record Case(string Optimizer, Options Options, double[] Start, int[] Checkpoints, double[][] Trajectory);
}
