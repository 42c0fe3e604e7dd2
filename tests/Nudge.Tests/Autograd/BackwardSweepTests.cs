// Every way in which a contribution can reach a node: through the ring, a grown ring, the heap, or beside a taken place.

namespace Nudge.Tests.Autograd;

public class BackwardSweepTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(1_023)]
    [InlineData(1_024)]
    [InlineData(5_000)]
    [InlineData(1_100_000)]
    public void A_node_used_again_much_later_gets_the_gradient_of_both_uses(int distance)
    {
        var x = new Value(0.5);
        Value old = x * 3;
        Value chain = old;
        for (int i = 0; i < distance; i++)
            chain += 0.0;
        Value result = chain * old + old;
        result.Backward();
        // result = (3x)² + 3x
        Assert.Equal(18 * 0.5 + 3, x.Grad, 1e-12);
        Assert.Equal(2 * 1.5 + 1, old.Grad, 1e-12);
    }

    [Fact]
    public void Several_old_nodes_wait_and_each_is_complete_when_its_turn_comes()
    {
        var x = new Value(2);
        var olds = new Value[50];
        for (int i = 0; i < olds.Length; i++)
            olds[i] = x * (i + 1);
        Value sum = x * 1;
        for (int i = 0; i < 1_100_000; i++)
            sum += 0.0;
        foreach (Value old in olds)
            sum += old * old;
        sum.Backward();
        double expected = 1;
        for (int i = 0; i < olds.Length; i++)
        {
            Assert.Equal(2 * olds[i].Data, olds[i].Grad, 1e-9);
            expected += 2 * olds[i].Data * (i + 1);
        }
        Assert.Equal(expected, x.Grad, 1e-6);
    }

    [Fact]
    public void Nodes_of_two_threads_may_share_a_place_in_creation_order()
    {
        var x = new Value(3);
        Value[] here = Squares(x), there = [];
        var other = new Thread(() => there = Squares(x));
        other.Start();
        other.Join();
        Value sum = 0;
        for (int i = 0; i < here.Length; i++)
            sum += here[i] * there[i];
        sum.Backward();
        // Each term is x⁴.
        Assert.Equal(here.Length * 4 * 27, x.Grad, 1e-9);

        static Value[] Squares(Value x)
        {
            var squares = new Value[100];
            for (int i = 0; i < squares.Length; i++)
                squares[i] = x * x;
            return squares;
        }
    }

    [Fact]
    public void A_sweep_leaves_nothing_behind_for_the_next()
    {
        for (int round = 0; round < 3; round++)
        {
            var x = new Value(2);
            Value old = x * x;
            Value sum = old;
            for (int i = 0; i < 3_000; i++)
                sum += x;
            (sum * old).Backward();
            // (x² + 3000x) · x²
            Assert.Equal(4 * 8 + 3_000 * 3 * 4, x.Grad, 1e-9);
        }
    }
}
