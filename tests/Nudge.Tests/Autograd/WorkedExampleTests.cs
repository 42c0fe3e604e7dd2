// The numbers that the lesson and micrograd's README promise, to the digit.

namespace Nudge.Tests.Autograd;

public class WorkedExampleTests
{
    [Fact]
    public void One_weight_goes_downhill_from_16_to_0_64_to_0_0256()
    {
        Value w = new Value(1).Named("w"), x = 2, y = 6;
        var seen = new List<(double Loss, double Weight, double Gradient)>();
        for (int step = 0; step < 3; step++)
        {
            Value loss = (w * x - y).Pow(2);
            w.Grad = 0;
            loss.Backward();
            seen.Add((loss.Data, w.Data, w.Grad));
            w.Data -= 0.1 * w.Grad;
        }
        (double Loss, double Weight, double Gradient)[] expected = [(16, 1, -16), (0.64, 2.6, -3.2), (0.0256, 2.92, -0.64)];
        for (int step = 0; step < 3; step++)
        {
            Assert.Equal(expected[step].Loss, seen[step].Loss, 1e-12);
            Assert.Equal(expected[step].Weight, seen[step].Weight, 1e-12);
            Assert.Equal(expected[step].Gradient, seen[step].Gradient, 1e-12);
        }
    }

    [Fact]
    public void The_expression_of_micrograds_readme_has_its_gradients()
    {
        Value a = -4.0, b = 2.0;
        Value c = 2 * (a + b) + 1;
        c = 2 * c + 1 - a;
        Value d = a * b + b.Pow(3);
        d = 3 * d + (a + b).Relu();
        d = 4 * d + (b - a).Relu();
        Value f = (c - d).Pow(2);
        Value g = f / 2 + 10 / f;
        g.Backward();
        Assert.Equal(24.7041, g.Data, 1e-4);
        Assert.Equal(138.8338, a.Grad, 1e-4);
        Assert.Equal(645.5773, b.Grad, 1e-4);
    }

    [Fact]
    public void The_lessons_network_has_41_parameters() =>
        Assert.Equal(41, new Mlp(3, [4, 4, 1], new Rng(1)).Parameters.Count);
}
