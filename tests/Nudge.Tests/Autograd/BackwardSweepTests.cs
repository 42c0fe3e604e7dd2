// Each way that a gradient can take through the backward pass: ring, growing ring, heap, and coinciding orders.

namespace Nudge.Tests.Autograd;

public class BackwardSweepTests
{
    private const int LargestRing = 1 << 20;

    // Around the sizes of the ring, where an error of one place would show; beyond the largest the heap takes over.
    [Theory]
    [InlineData(1)]
    [InlineData(1021)]
    [InlineData(1022)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(4093)]
    [InlineData(4094)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(100_000)]
    [InlineData(LargestRing - 3)]
    [InlineData(LargestRing - 2)]
    [InlineData(LargestRing - 1)]
    [InlineData(LargestRing)]
    [InlineData(LargestRing + 1)]
    [InlineData(3 * LargestRing)]
    public void A_use_long_after_the_making_counts(int gap) => OnFreshThread(() =>
    {
        Value x = 3, y = 5;
        Value early = x * y, other = x + y;
        Skip(gap);
        AssertExact(early * 2 + other * early, x, y, early, other);
    });

    [Fact]
    public void The_ring_keeps_what_it_holds_when_it_grows() => OnFreshThread(() =>
    {
        Value x = 3, y = 5;
        Value[] early = [.. Enumerable.Range(1, 50).Select(i => x * i + y)];
        for (int gap = 3000; gap < LargestRing; gap *= 4)
        {
            Skip(gap);
            // Uses of all sit beside each other in the ring while one that lies far back makes it grow.
            for (int i = 0; i < early.Length; i++)
                early[i] = i % 2 == 0 ? early[i] - early[(i + 1) % early.Length] : early[i];
        }
        AssertExact(Value.Sum(early), [x, y, .. early]);
    });

    [Fact]
    public void Near_and_far_uses_of_one_value_add_up() => OnFreshThread(() =>
    {
        Value x = 3, y = 5;
        Value early = x * y, second = early + x;
        Value near = early * 7 + second;
        Skip(LargestRing / 2);
        Value middle = early * 11 - second * near;
        Skip(LargestRing);
        Value far = early * 13 + second * 2 + early + near;
        AssertExact(far + middle * far, x, y, early, second, near, middle, far);
    });

    [Fact]
    public void Far_values_wait_in_the_order_of_their_making() => OnFreshThread(() =>
    {
        Value x = 1;
        // A staircase: each step is far from the next, so that the heap always holds several.
        var steps = new List<Value> { x * 2 };
        for (int i = 1; i < 6; i++)
        {
            Skip(LargestRing + 10);
            // The newest goes into the heap before the oldest, and in the next line after it.
            steps.Add(steps[^1] + steps[0] + steps[i / 2] * 2);
            steps[^1] += steps[0] * steps[i - 1];
        }
        AssertExact(Value.Sum([.. steps]), [x, .. steps]);
    });

    [Fact]
    public void Several_uses_of_several_values_with_one_order_add_up()
    {
        Value x = 3, y = 5;
        Value[][] parts = [.. Enumerable.Range(0, 4).Select(part => OnFreshThread(() =>
        {
            Value a = x * (part + 2), b = a + y, c = a * b;
            return new[] { a, b, c };
        }))];
        for (int i = 0; i < 3; i++)
            Assert.Single(parts.Select(part => part[i].Order).Distinct());
        Value[] all = [.. parts.SelectMany(part => part)];
        Value root = Value.Sum(all) + Value.Sum([.. all.Reverse()]) + parts[0][0] * parts[1][0] - parts[2][2] * parts[3][1];
        AssertExact(root, [x, y, .. all]);
    }

    [Fact]
    public void Values_with_one_order_can_come_from_far_and_near()
    {
        Value x = 3, y = 5;
        Value first = OnFreshThread(() => x * y), second = OnFreshThread(() => x - y), third = OnFreshThread(() => x + y);
        Assert.Equal([first.Order, first.Order], [second.Order, third.Order]);
        Value root = OnFreshThread(() =>
        {
            Value near = first + second * 2 + third * second;
            Skip(LargestRing + 10);
            return near * third + first * third + second + first * second + near;
        });
        AssertExact(root, x, y, first, second, third);
    }

    [Fact]
    public void A_thread_that_made_nothing_can_use_values_of_one_that_made_millions()
    {
        Value x = 3;
        Value late = OnFreshThread(() =>
        {
            Skip(2 * LargestRing);
            return x * x;
        });
        Value root = OnFreshThread(() => late * late + x);
        Assert.True(root.Order > late.Order);
        AssertExact(root, x, late);
    }

    [Fact]
    public void A_leaf_has_a_gradient_of_itself_and_a_constant_never_one()
    {
        Value leaf = 3;
        leaf.Backward();
        Assert.Equal(1, leaf.Grad);
        Assert.Equal([1], leaf.Gradients(leaf));
        Assert.Equal([0], new Value(1).Gradients(leaf));
        Value twice = leaf * 2, constant = twice.Inputs[1];
        twice.Backward();
        constant.Backward();
        Assert.False(constant.HasGrad);
    }

    [Fact]
    public void A_value_asked_for_twice_is_refused_by_name()
    {
        Value w = new Value(3).Named("w");
        var thrown = Assert.Throws<ArgumentException>(() => (w * w).Gradients(w, w));
        Assert.Contains("'w' stands in the list twice", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_threads_may_differentiate_with_the_same_parameters_at_once()
    {
        var network = new Mlp(3, [8, 8, 1], new Rng(3));
        double[] expected = Loss().Gradients(network.Parameters);
        var found = new double[8][];
        Thread[] threads = [.. Enumerable.Range(0, found.Length).Select(i => new Thread(() =>
        {
            for (int times = 0; times < 50; times++)
                found[i] = Loss().Gradients(network.Parameters);
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.All(found, gradients => Assert.Equal(expected, gradients));

        Value Loss() => network.Forward(0.1, 0.2, 0.3)[0].Pow(2);
    }

    // In whole numbers nothing is rounded.
    private static void AssertExact(Value root, params Value[] values)
    {
        Dictionary<Value, SlowReference.Slope> slopes = SlowReference.Differentiate(root);
        Assert.All(slopes.Values, slope => Assert.InRange(slope.Mass, 0, 1L << 53));
        double[] expected = Array.ConvertAll(values, value => slopes[value].Gradient);
        Assert.Equal(expected, root.Gradients(values));
        // A result is given its gradient once, when it is complete; in Gradients parts that come too late would add up.
        root.Backward();
        Assert.Equal(expected, values.Select(value => value.Grad));
    }

    /// <summary>Makes orders pass by.</summary>
    private static void Skip(int orders)
    {
        for (int i = 0; i < orders; i++)
            _ = new Value(0);
    }

    /// <summary>A fresh thread counts its orders from the beginning and has a ring of the smallest size.</summary>
    private static void OnFreshThread(Action action) => OnFreshThread(() =>
    {
        action();
        return true;
    });

    private static T OnFreshThread<T>(Func<T> function)
    {
        T result = default!;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = function();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result : throw new InvalidOperationException(failure.Message, failure);
    }
}
