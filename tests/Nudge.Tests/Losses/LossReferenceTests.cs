// Every loss against PyTorch: value and gradients, with logits of ±10,000 too.

using Nudge.Tests.Reference;

namespace Nudge.Tests.Losses;

public class LossReferenceTests
{
    [Theory]
    [InlineData("SumOfSquares")]
    [InlineData("MeanSquaredError")]
    [InlineData("Hinge")]
    [InlineData("BinaryCrossEntropyWithLogits")]
    [InlineData("CrossEntropy")]
    [InlineData("L2Penalty")]
    public void Losses_agree_with_PyTorch(string name)
    {
        Case[] cases = [.. ReferenceData.Load<Case>("losses").Where(reference => reference.Loss == name)];
        Assert.NotEmpty(cases);
        foreach (Case reference in cases)
        {
            Value[] values = Array.ConvertAll(reference.Values, number => new Value(number));
            Value loss = Build(reference, values);
            string what = $"{name} of {string.Join(", ", reference.Values)} against {string.Join(", ", reference.Targets)}";
            ReferenceData.AssertClose(reference.Value, loss.Data, what);
            ReferenceData.AssertClose(reference.Gradients, loss.Gradients(values), $"gradient of {what}");
        }
    }

    private static Value Build(Case reference, Value[] values)
    {
        double first = reference.Targets[0];
        return reference.Loss switch
        {
            "SumOfSquares" => Loss.SumOfSquares(values, Array.ConvertAll(reference.Targets, number => new Value(number))),
            "MeanSquaredError" => Loss.MeanSquaredError(values, Array.ConvertAll(reference.Targets, number => new Value(number))),
            "Hinge" => Loss.Hinge(values[0], first),
            "BinaryCrossEntropyWithLogits" => Loss.BinaryCrossEntropyWithLogits(values[0], first),
            "CrossEntropy" => Loss.CrossEntropy(values, (int)first),
            "L2Penalty" => Loss.L2Penalty(values, first),
            _ => throw new InvalidOperationException(reference.Loss),
        };
    }

    private sealed record Case(string Loss, double[] Values, double[] Targets, double Value, double[] Gradients);
}
