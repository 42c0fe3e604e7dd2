// The paths of a gradient: all of them where there are few, the largest where there are many, and nothing lost.

namespace Nudge.Tests.Autograd;

public sealed class GradientExplanationTests
{
    [Fact]
    public void The_worked_example_has_one_path_with_the_lessons_numbers()
    {
        Value w = new(1), x = new(2), y = new(6);
        Value difference = w * x - y, loss = difference.Pow(2);
        GradientExplanation explanation = GradientExplanation.Of(loss, w);
        GradientPath path = Assert.Single(explanation.Paths);
        Assert.Equal([-8, 1, 2], path.LocalDerivatives);
        Assert.Equal([loss, difference, difference.Inputs[0], w], path.Nodes);
        Assert.Equal((-16, -16, 1), (path.Product, explanation.Gradient, explanation.PathCount));
        Assert.Equal(-16, explanation.Measured, 1e-6);
        Assert.True(explanation.IsComplete);
        Assert.False(w.HasGrad);
        Assert.Contains("-16  = -8 · 1 · 2", explanation.ToString());
    }

    [Fact]
    public void The_products_of_all_paths_add_up_to_the_gradient()
    {
        // Whole numbers: nothing is rounded, so that the sums must be equal to the last bit.
        Recipe.ForAll(
            recipe =>
            {
                Value[] leaves = recipe.MakeLeaves();
                Value root = recipe.Build(leaves)[^1];
                root.Backward();
                foreach (Value leaf in leaves.Where(leaf => leaf.HasGrad))
                {
                    GradientExplanation explanation = GradientExplanation.Of(root, leaf, 5000);
                    Assert.Equal(leaf.Grad, explanation.Gradient);
                    Assert.Equal(leaf.Grad, explanation.Shown + explanation.Rest);
                    if (explanation.IsComplete)
                        Assert.Equal(leaf.Grad, explanation.Shown);
                    Assert.All(explanation.Paths.Zip(explanation.Paths.Skip(1)), pair => Assert.True(Math.Abs(pair.First.Product) >= Math.Abs(pair.Second.Product)));
                }
            },
            whole: true,
            largest: 20);
    }

    [Fact]
    public void The_largest_paths_are_the_largest_of_all()
    {
        var network = new Mlp(2, [3, 3, 1], new Rng(4));
        _ = network.Parameters;
        Value loss = network.Forward(0.5, -1)[0].Pow(2);
        Value weight = network.Layers[0].Neurons[1].Weights[0];
        GradientExplanation all = GradientExplanation.Of(loss, weight, 1000), some = GradientExplanation.Of(loss, weight, 2);
        Assert.Equal(3, all.Paths.Count);
        Assert.Equal(all.Paths.Take(2).Select(path => path.Product), some.Paths.Select(path => path.Product));
        Assert.Equal(3, some.PathCount);
        Assert.Equal(all.Paths[2].Product, some.Rest, 1e-15);
    }

    [Fact]
    public void More_paths_than_could_be_walked_are_counted_and_the_rest_is_exact()
    {
        var a = new Value(1);
        Value sum = a;
        for (int i = 0; i < 40; i++)
            sum = 0.5 * sum + 0.25 * sum;
        GradientExplanation explanation = GradientExplanation.Of(sum, a, 5);
        Assert.Equal(Math.Pow(2, 40), explanation.PathCount);
        Assert.Equal(Math.Pow(0.5, 40), explanation.Paths[0].Product);
        Assert.Equal(Math.Pow(0.5, 39) * 0.25, explanation.Paths[1].Product);
        Assert.Equal(explanation.Gradient, explanation.Shown + explanation.Rest);
        Assert.Equal(Math.Pow(0.75, 40), explanation.Gradient, 1e-18);
        Assert.Contains("other paths", explanation.ToString());
    }

    [Fact]
    public void A_long_chain_is_no_deeper_than_a_short_one()
    {
        var a = new Value(0);
        Value sum = a;
        for (int i = 0; i < 50_000; i++)
            sum = sum + 1;
        GradientPath path = Assert.Single(GradientExplanation.Of(sum, a).Paths);
        Assert.Equal(50_001, path.Nodes.Count);
    }

    [Fact]
    public void Nothing_flows_through_what_is_detached_and_nudging_leaves_it_alone()
    {
        var a = new Value(3);
        GradientExplanation explanation = GradientExplanation.Of(a * a.Detach(), a);
        Assert.Equal(3, Assert.Single(explanation.Paths).Product);
        Assert.Equal(3, explanation.Measured, 1e-8);
    }

    [Fact]
    public void The_path_that_makes_a_gradient_NaN_comes_first()
    {
        var a = new Value(0);
        GradientExplanation explanation = GradientExplanation.Of(a * 5 + a.Sqrt() * 0, a, 1);
        Assert.True(double.IsNaN(explanation.Gradient));
        Assert.True(double.IsNaN(explanation.Paths[0].Product));
    }

    [Fact]
    public void An_inner_value_and_the_root_itself_can_be_explained()
    {
        Value a = new(2), square = a * a, root = square * 3;
        Assert.Equal(3, GradientExplanation.Of(root, square).Gradient);
        Assert.Equal(3, GradientExplanation.Of(root, square).Measured, 1e-8);
        GradientExplanation itself = GradientExplanation.Of(root, root);
        Assert.Equal((1, 1), (itself.Gradient, itself.Paths[0].Product));
        ArgumentException error = Assert.Throws<ArgumentException>(() => GradientExplanation.Of(root, new Value(1)));
        Assert.Contains("does not depend", error.Message);
    }

    [Fact]
    public void Applying_an_operation_by_its_code_gives_the_number_that_it_gave()
    {
        var rng = new Rng(6);
        for (int i = 0; i < 50; i++)
        {
            Value a = new(rng.Uniform(0.1, 2)), b = new(rng.Uniform(0.1, 2));
            Value[] results = [a + b, a - b, a * b, a / b, -a, a.Pow(b), a.Exp(), a.Log(), a.Sqrt(), a.Tanh(), a.Sigmoid(), a.Relu(), a.Abs(), a.Max(b), a.Min(b), a.Sin(), a.Cos(), a.Detach()];
            Assert.All(results, result => Assert.Equal(result.Data, OperationTable.Apply(result.Operation, a.Data, b.Data)));
        }
    }
}
