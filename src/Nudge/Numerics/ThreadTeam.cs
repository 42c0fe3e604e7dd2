// Threads for work of some tenths of a millisecond that comes again and again: too short to wake a thread for each time.

using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Nudge;

/// <summary>
/// Does the parts of a work on several threads. The caller takes part and finishes whatever nobody else has begun, so a work never waits
/// for a thread to come. Threads stay awake for a moment after each work, sleep then, and end when nothing has come for a while.
/// </summary>
internal static class ThreadTeam
{
    // Longer than what lies between two works of a training step: adding up gradients, an update, the next batch.
    private static readonly long s_awake = Stopwatch.Frequency / 5000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly SemaphoreSlim s_bell = new(0);
    private static Work? s_work;
    private static int s_members, s_sleeping;

    /// <summary>Calls for each number from 0 to below a count, on so many threads at most, and returns when all calls have.</summary>
    /// <param name="parts">The count.</param>
    /// <param name="threads">How many threads, the caller's among them.</param>
    /// <param name="part">What is called. The first exception comes out when all other parts are done.</param>
    internal static void Run(int parts, int threads, Action<int> part)
    {
        int helpers = Math.Min(parts, threads) - 1;
        if (helpers <= 0)
        {
            for (int i = 0; i < parts; i++)
                part(i);
            return;
        }
        var work = new Work(parts, helpers, part);
        Interlocked.Exchange(ref s_work, work);
        Call(helpers);
        work.Share(member: 0);
        work.AwaitOthers();
        Interlocked.CompareExchange(ref s_work, null, work);
        work.Error?.Throw();
    }

    // A work that comes later takes the place of this one, whose caller then does what is left of it.
    private static void Call(int helpers)
    {
        for (int members = Volatile.Read(ref s_members); members < helpers; members = Volatile.Read(ref s_members))
        {
            if (Interlocked.CompareExchange(ref s_members, members + 1, members) == members)
                new Thread(() => Live(members + 1)) { IsBackground = true, Name = "Nudge" }.Start();
        }
        int asleep = Math.Min(helpers, Volatile.Read(ref s_sleeping));
        if (asleep > 0)
            s_bell.Release(asleep);
    }

    private static void Live(int member)
    {
        do
        {
            long since = Stopwatch.GetTimestamp();
            while (Stopwatch.GetTimestamp() - since < s_awake)
            {
                if (Volatile.Read(ref s_work)?.Help(member) == true)
                    since = Stopwatch.GetTimestamp();
                else
                    Thread.SpinWait(10);
            }
        }
        while (Sleep());
        Interlocked.Decrement(ref s_members);
    }

    // Whoever rings has put up the work before looking who sleeps; whoever lies down looks for work once more after having said so.
    private static bool Sleep()
    {
        Interlocked.Increment(ref s_sleeping);
        bool woken = Volatile.Read(ref s_work) is { IsOpen: true } || s_bell.Wait(s_patience);
        Interlocked.Decrement(ref s_sleeping);
        return woken;
    }

    // Each member begins at a place of its own and goes round from there: what it did last time is still in its core's cache.
    private sealed class Work(int parts, int helpers, Action<int> part)
    {
        private readonly bool[] _taken = new bool[parts];
        private int _begun, _done, _helping;
        private ExceptionDispatchInfo? _error;

        internal ExceptionDispatchInfo? Error => _error;

        internal bool IsOpen => Volatile.Read(ref _begun) < parts && Volatile.Read(ref _helping) < helpers;

        internal bool Help(int member)
        {
            if (!IsOpen || Interlocked.Increment(ref _helping) > helpers)
                return false;
            Share(member);
            return true;
        }

        internal void Share(int member)
        {
            int start = (int)((long)parts * (member % (helpers + 1)) / (helpers + 1));
            for (int i = 0; i < parts && Volatile.Read(ref _begun) < parts; i++)
            {
                int next = (start + i) % parts;
                if (Interlocked.Exchange(ref _taken[next], true))
                    continue;
                Interlocked.Increment(ref _begun);
                try
                {
                    part(next);
                }
                catch (Exception error)
                {
                    Interlocked.CompareExchange(ref _error, ExceptionDispatchInfo.Capture(error), null);
                }
                Interlocked.Increment(ref _done);
            }
        }

        internal void AwaitOthers()
        {
            var wait = new SpinWait();
            while (Volatile.Read(ref _done) < parts)
                wait.SpinOnce(sleep1Threshold: -1);
        }
    }
}
