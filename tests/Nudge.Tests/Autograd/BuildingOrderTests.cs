// The order in which an expression is built, and the threads that build it, make no difference to its gradients.

using System.Collections.Concurrent;

namespace Nudge.Tests.Autograd;

public class BuildingOrderTests
{
    // In whole numbers nothing is rounded, so that every order has to give the same bits.
    [Fact]
    public void Another_order_of_building_gives_the_same_bits_where_nothing_is_rounded()
    {
        int exact = 0;
        Recipe.ForAll(
            recipe =>
            {
                Value[] leaves = recipe.MakeLeaves(), values = recipe.Build(leaves);
                Value[] others = recipe.MakeLeaves(), other = recipe.BuildInOtherOrder(others, new Rng(7));
                Assert.Equal(values.Select(value => value.Data), other.Select(value => value.Data));
                if (SlowReference.Differentiate(values[^1]).Values.Any(slope => slope.Mass > 1L << 52))
                    return;
                Assert.Equal(values[^1].Gradients(values), other[^1].Gradients(other));
                exact++;
            },
            whole: true,
            largest: 60);
        Assert.True(exact >= 50, $"Only {exact} expressions were small enough to say anything.");
    }

    [Fact]
    public void Another_order_of_building_gives_the_same_numbers() => Recipe.ForAll(recipe =>
    {
        Value[] values = recipe.Build(recipe.MakeLeaves());
        Value[] other = recipe.BuildInOtherOrder(recipe.MakeLeaves(), new Rng(8));
        Assert.Equal(values.Select(value => value.Data), other.Select(value => value.Data));
        AssertSlow(values, other[^1].Gradients(other));
    });

    [Fact]
    public void Another_grouping_of_a_sum_gives_the_same_numbers() => Recipe.ForAll(recipe =>
    {
        Value[] leaves = recipe.MakeLeaves(), values = recipe.Build(leaves);
        Value[] terms = [.. values.Skip(leaves.Length)];
        Value forwards = Value.Sum(terms), backwards = terms.Reverse().Aggregate((sum, term) => term + sum);
        double[] a = forwards.Gradients(leaves), b = backwards.Gradients(leaves);
        Dictionary<Value, SlowReference.Slope> slopes = SlowReference.Differentiate(forwards);
        for (int i = 0; i < leaves.Length; i++)
            Assert.True(slopes.GetValueOrDefault(leaves[i]) is var slope && slope.Agrees(a[i]) && slope.Agrees(b[i]), $"{a[i]:R}, {b[i]:R}");
    });

    [Fact]
    public void An_expression_built_by_several_threads_has_the_same_gradients()
    {
        int coincided = 0;
        Recipe.ForAll(recipe =>
        {
            using var builders = new Builders(3);
            var rng = new Rng(9);
            Value[] leaves = recipe.MakeLeaves();
            Value[] values = recipe.Build(leaves, make => builders.On(rng.Next(3), make));
            coincided += values.Skip(leaves.Length).GroupBy(value => value.Order).Count(group => group.Count() > 1);
            Assert.All(values, value => Assert.All(value.Inputs, input => Assert.True(value.Order > input.Order)));
            AssertSlow(values, values[^1].Gradients(values));
            values[^1].Backward();
            AssertSlow(values, Array.ConvertAll(values, value => value.HasGrad ? value.Grad : 0));
        });
        Assert.True(coincided > 100, $"Only {coincided} orders of two threads coincided: the test tests nothing.");
    }

    [Fact]
    public void The_same_expression_built_on_three_threads_and_added_up_has_three_times_the_gradients() => Recipe.ForAll(
        recipe =>
        {
            Value[] leaves = recipe.MakeLeaves();
            Value[][] built = new Value[3][];
            for (int i = 0; i < built.Length; i++)
            {
                int place = i;
                var thread = new Thread(() => built[place] = recipe.Build(leaves));
                thread.Start();
                thread.Join();
            }
            Assert.Equal(built[0][^1].Order, built[1][^1].Order);
            double[] one = built[0][^1].Gradients(leaves);
            Assert.Equal(one.Select(gradient => 3 * gradient), (built[0][^1] + built[1][^1] + built[2][^1]).Gradients(leaves));
        },
        whole: true,
        largest: 60);

    private static void AssertSlow(Value[] values, double[] gradients)
    {
        Dictionary<Value, SlowReference.Slope> slopes = SlowReference.Differentiate(values[^1]);
        for (int i = 0; i < values.Length; i++)
        {
            SlowReference.Slope slope = slopes.GetValueOrDefault(values[i]);
            Assert.True(slope.Agrees(gradients[i]), $"place {i}: {gradients[i]:R} and not {slope.Gradient:R}");
        }
    }

    /// <summary>Threads that build one value at a time, each with its own creation order.</summary>
    private sealed class Builders : IDisposable
    {
        private readonly BlockingCollection<Action>[] _queues;

        internal Builders(int count)
        {
            _queues = [.. Enumerable.Range(0, count).Select(_ => new BlockingCollection<Action>())];
            foreach (BlockingCollection<Action> queue in _queues)
            {
                new Thread(() =>
                {
                    foreach (Action action in queue.GetConsumingEnumerable())
                        action();
                }).Start();
            }
        }

        internal Value On(int builder, Func<Value> make)
        {
            var made = new TaskCompletionSource<Value>();
            _queues[builder].Add(() => made.SetResult(make()));
            return made.Task.GetAwaiter().GetResult();
        }

        public void Dispose()
        {
            foreach (BlockingCollection<Action> queue in _queues)
                queue.CompleteAdding();
        }
    }
}
