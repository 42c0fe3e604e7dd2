// Clipping against PyTorch, and what it leaves alone.

using Nudge.Tests.Reference;

namespace Nudge.Tests.Optimizers;

public class GradientClippingTests
{
    [Fact]
    public void Clipping_agrees_with_PyTorch()
    {
        foreach (Case reference in ReferenceData.Load<Case>("clipping"))
        {
            ParameterList parameters = WithGradients(reference.Gradients);
            string what = $"clipping by {reference.Kind} to {reference.Maximum}";
            ReferenceData.AssertClose(reference.Norm, GradientClipping.Norm(parameters), $"norm before {what}");
            if (reference.Kind == "Norm")
                ReferenceData.AssertClose(reference.Norm, GradientClipping.ClipByNorm(parameters, reference.Maximum), $"norm told by {what}");
            else
                GradientClipping.ClipByValue(parameters, reference.Maximum);
            ReferenceData.AssertClose(reference.Clipped, [.. parameters.Select(p => p.Grad)], what);
        }
    }

    [Fact]
    public void Gradients_within_the_limit_keep_their_bits()
    {
        double[] gradients = [0.3, -0.4, 1.0 / 3];
        ParameterList parameters = WithGradients(gradients);
        GradientClipping.ClipByNorm(parameters, 1);
        GradientClipping.ClipByValue(parameters, 0.4);
        Assert.Equal(gradients, parameters.Select(p => p.Grad));
    }

    [Fact]
    public void A_gradient_not_computed_counts_as_zero_and_stays_not_computed()
    {
        Value a = new(1), b = new(2);
        ParameterList parameters = [a, b];
        a.Grad = 3;
        Assert.Equal(3, GradientClipping.ClipByNorm(parameters, 1));
        Assert.False(b.HasGrad);
    }

    [Fact]
    public void NaN_stays_NaN()
    {
        ParameterList parameters = WithGradients([double.NaN, 5]);
        GradientClipping.ClipByValue(parameters, 1);
        Assert.Equal([double.NaN, 1], parameters.Select(p => p.Grad));
        Assert.Equal(double.NaN, GradientClipping.Norm(parameters));
    }

    [Fact]
    public void A_limit_of_zero_or_less_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.ClipByNorm(WithGradients([1]), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.ClipByValue(WithGradients([1]), -1));
    }

    private static ParameterList WithGradients(double[] gradients) =>
        [.. gradients.Select(gradient => new Value(0) { Grad = gradient })];

    private sealed record Case(string Kind, double Maximum, double[] Gradients, double Norm, double[] Clipped);
}
