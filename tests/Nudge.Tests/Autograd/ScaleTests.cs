// Expressions millions of operations deep, and long trainings that need no more memory at their end than at their start.

namespace Nudge.Tests.Autograd;

[Collection(nameof(OneAtATime))]
public class ScaleTests
{
    [Fact]
    public void A_chain_of_a_million_operations_goes_forward_and_backward()
    {
        const int length = 1_000_000;
        Value x = 1, y = x;
        for (int i = 0; i < length; i++)
            y = i % 2 == 0 ? y + x : y - 0.5;
        Assert.Equal(1 + length / 2 * 0.5, y.Data);
        Assert.Equal([1 + length / 2], y.Gradients(x));
        y.Backward();
        Assert.Equal(1 + length / 2, x.Grad);
        Assert.True(y.HasGrad);
    }

    [Fact]
    public void A_sum_of_a_million_terms_goes_forward_and_backward()
    {
        Value[] terms = [.. Enumerable.Range(0, 1_000_000).Select(i => new Value(i % 7))];
        Value sum = Value.Sum([.. terms.Select(term => term * term)]);
        sum.Backward();
        Assert.Equal(terms.Sum(term => term.Data * term.Data), sum.Data);
        Assert.All(terms, term => Assert.Equal(2 * term.Data, term.Grad));
    }

    [Fact]
    public void Training_needs_no_more_memory_after_100_000_steps()
    {
        var network = new Mlp(3, [4, 4, 1], new Rng(1));
        var optimizer = new Adam(network.Parameters, 1e-3);
        Dataset data = Generate.Lesson();
        Train(1000);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Train(Soak.Wanted ? 1_000_000 : 100_000);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.True(after - before < 64 * 1024, $"{after - before} bytes more than before.");
        GC.KeepAlive(network);

        void Train(int steps)
        {
            for (int step = 0; step < steps; step++)
            {
                Value loss = 0;
                for (int i = 0; i < data.Count; i++)
                    loss += Loss.SumOfSquares(network.Forward(data.Inputs[i]), [new Value(data.Targets[i][0])]);
                optimizer.ZeroGradients();
                loss.Backward();
                optimizer.Step();
            }
        }
    }
}
