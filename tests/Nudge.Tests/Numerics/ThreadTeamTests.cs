// Work that threads share: everything once, nothing lost, whoever comes late.

using System.Collections.Concurrent;

namespace Nudge.Tests;

public class ThreadTeamTests
{
    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 2)]
    [InlineData(7, 3)]
    [InlineData(100, 8)]
    [InlineData(0, 2)]
    public void Every_part_is_done_once(int parts, int threads)
    {
        for (int repeat = 0; repeat < 200; repeat++)
        {
            var done = new int[parts];
            ThreadTeam.Run(parts, threads, part => Interlocked.Increment(ref done[part]));
            Assert.All(done, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void Others_take_part()
    {
        var threads = new ConcurrentDictionary<int, bool>();
        using var both = new Barrier(2);
        ThreadTeam.Run(2, 2, _ =>
        {
            threads[Environment.CurrentManagedThreadId] = true;
            Assert.True(both.SignalAndWait(TimeSpan.FromMinutes(1)));
        });
        Assert.Equal(2, threads.Count);
    }

    [Fact]
    public void Others_wake_after_having_slept()
    {
        Others_take_part();
        Thread.Sleep(50);
        Others_take_part();
        Thread.Sleep(3000); // those there were have ended
        Others_take_part();
    }

    [Fact]
    public void An_exception_comes_out_when_all_other_parts_are_done()
    {
        int done = 0;
        var error = Assert.Throws<InvalidOperationException>(() => ThreadTeam.Run(20, 3, part =>
        {
            if (part == 7)
                throw new InvalidOperationException("seven");
            Interlocked.Increment(ref done);
        }));
        Assert.Equal("seven", error.Message);
        Assert.Equal(19, done);
    }

    [Fact]
    public void Several_callers_do_not_disturb_each_other_even_within_a_part()
    {
        var sums = new int[6];
        Parallel.For(0, sums.Length, new ParallelOptions { MaxDegreeOfParallelism = sums.Length }, caller =>
        {
            for (int repeat = 0; repeat < 300; repeat++)
                ThreadTeam.Run(5, 3, part => ThreadTeam.Run(2, 2, inner => Interlocked.Add(ref sums[caller], 10 * part + inner)));
        });
        Assert.All(sums, sum => Assert.Equal(300 * 205, sum));
    }
}
