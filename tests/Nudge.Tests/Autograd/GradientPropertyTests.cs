// What holds for every expression: checked on random ones with shared nodes and dead code.

namespace Nudge.Tests.Autograd;

public class GradientPropertyTests
{
    [Fact]
    public void Backward_agrees_with_the_slow_reference_for_leaves_and_results() => Recipe.ForAll(recipe =>
    {
        Value[] values = recipe.Build(recipe.MakeLeaves());
        Value root = values[^1];
        Dictionary<Value, SlowReference.Slope> slopes = SlowReference.Differentiate(root);
        root.Backward();
        foreach (Value value in values)
        {
            Assert.Equal(slopes.ContainsKey(value), value.HasGrad);
            if (value.HasGrad)
                Assert.True(slopes[value].Agrees(value.Grad), $"{value.Operation}: {value.Grad:R} and not {slopes[value].Gradient:R}");
        }
        Assert.Equal(1, root.Grad);
    });

    [Fact]
    public void Gradients_gives_the_bits_of_Backward() => Recipe.ForAll(recipe =>
    {
        Value[] leaves = recipe.MakeLeaves(), values = recipe.Build(leaves);
        foreach (Value leaf in leaves)
            leaf.Grad = 0;
        double[] gradients = values[^1].Gradients(values);
        values[^1].Backward();
        // 0 where the root does not depend on a value. Adding 0 takes the sign from −0, which means nothing here.
        Assert.Equal(values.Select(value => Bits(value.HasGrad ? value.Grad : 0)), gradients.Select(Bits));
    });

    [Fact]
    public void Gradients_touches_nothing() => Recipe.ForAll(recipe =>
    {
        Value[] leaves = recipe.MakeLeaves(), values = recipe.Build(leaves);
        leaves[0].Grad = 0;
        leaves[1].Grad = 5;
        leaves[1].Data += 0;
        (double, double, GradientState)[] before = State(values);
        values[^1].Gradients(leaves);
        values[^1].Gradients(values);
        Assert.Equal(before, State(values));
    });

    [Fact]
    public void The_gradient_of_a_sum_is_the_sum_of_the_gradients() => Recipe.ForAll(recipe =>
    {
        Value[] leaves = recipe.MakeLeaves(), values = recipe.Build(leaves);
        Value f = values[^1], g = values[values.Length / 2];
        double[] ofF = f.Gradients(leaves), ofG = g.Gradients(leaves);
        Value sum = f + g;
        AssertAgree(sum, leaves, [.. ofF.Zip(ofG, (a, b) => a + b)]);
        Assert.Equal([.. ofF.Select(a => 2 * a)], (f + f).Gradients(leaves));
    });

    [Fact]
    public void Scaling_the_root_scales_the_gradients() => Recipe.ForAll(recipe =>
    {
        Value[] leaves = recipe.MakeLeaves();
        Value root = recipe.Build(leaves)[^1];
        double[] gradients = root.Gradients(leaves);
        // Powers of two scale without rounding.
        Assert.Equal(gradients.Select(gradient => -8 * gradient), (-8 * root).Gradients(leaves));
        AssertAgree(root * 0.3, leaves, [.. gradients.Select(gradient => 0.3 * gradient)]);
    });

    [Fact]
    public void The_chain_rule_multiplies_by_the_slope_of_the_outer_function() => Recipe.ForAll(recipe =>
    {
        Value[] leaves = recipe.MakeLeaves();
        Value root = recipe.Build(leaves)[^1], outer = root.Tanh();
        double slope = (1 - outer.Data) * (1 + outer.Data);
        AssertAgree(outer, leaves, [.. root.Gradients(leaves).Select(gradient => slope * gradient)]);
    });

    [Fact]
    public void Backward_twice_doubles_the_gradients_of_leaves_and_not_of_results() => Recipe.ForAll(
        recipe =>
        {
            Value[] leaves = recipe.MakeLeaves(), values = recipe.Build(leaves);
            values[^1].Backward();
            double[] once = [.. values.Select(value => value.Grad)];
            values[^1].Backward();
            Assert.Equal(once[..leaves.Length].Select(gradient => 2 * gradient), leaves.Select(leaf => leaf.Grad));
            Assert.Equal(once[leaves.Length..], values.Skip(leaves.Length).Select(value => value.Grad));
        },
        whole: true,
        largest: 60);

    [Fact]
    public void Two_losses_that_share_nodes_add_up_in_the_leaves() => Recipe.ForAll(
        recipe =>
        {
            Value[] leaves = recipe.MakeLeaves(), values = recipe.Build(leaves);
            Value first = values[^1] * values[^2], second = values[^1] + values[^3];
            double[] expected = [.. first.Gradients(leaves).Zip(second.Gradients(leaves), (a, b) => a + b)];
            foreach (Value leaf in leaves)
                leaf.Grad = 0;
            first.Backward();
            second.Backward();
            Assert.Equal(expected, leaves.Select(leaf => leaf.Grad));
        },
        whole: true,
        largest: 60);

    [Fact]
    public void A_value_used_twice_counts_twice()
    {
        Value a = 3;
        Assert.Equal(2, (a + a).Gradients(a)[0]);
        Assert.Equal(6, (a * a).Gradients(a)[0]);
        Assert.Equal(0, (a - a).Gradients(a)[0]);
        Value square = a * a;
        Assert.Equal(12, (square + square).Gradients(a)[0]);
        Assert.Equal(2, (square + square).Gradients(square)[0]);
        Assert.Equal(1, a.Max(a).Gradients(a)[0]);
    }

    [Fact]
    public void A_result_that_is_asked_for_does_not_hide_what_lies_below_it()
    {
        Value a = 3, square = a * a, root = square * 2;
        Assert.Equal([1, 2, 12], root.Gradients(root, square, a));
    }

    private static void AssertAgree(Value root, Value[] leaves, double[] gradients)
    {
        Dictionary<Value, SlowReference.Slope> slopes = SlowReference.Differentiate(root);
        double[] own = root.Gradients(leaves);
        for (int i = 0; i < leaves.Length; i++)
        {
            SlowReference.Slope slope = slopes.GetValueOrDefault(leaves[i]);
            Assert.True(slope.Agrees(own[i]) && slope.Agrees(gradients[i]), $"leaf {i}: {own[i]:R} and {gradients[i]:R}");
        }
    }

    private static long Bits(double number) => BitConverter.DoubleToInt64Bits(number + 0.0);

    private static (double Data, double Grad, GradientState State)[] State(Value[] values) =>
        Array.ConvertAll(values, value => (value.Data, value.Grad, value.GradientState));
}
