// Long rows of numbers that several threads share.

namespace Nudge;

/// <summary>Cuts rows where vectors begin, so that each number is computed as it would be in one piece.</summary>
internal static class Slices
{
    /// <summary>From how many numbers on it pays: a few microseconds of work for each thread.</summary>
    internal const int Least = 1 << 15;

    private const int SlicesOfThread = 2, Unit = 64;

    /// <summary>What is done with numbers that lie side by side.</summary>
    internal delegate void Slice(int start, int count);

    /// <summary>Calls for slices that are all of a row together.</summary>
    /// <param name="count">How many numbers the row has.</param>
    /// <param name="threads">How many slices are done at once.</param>
    /// <param name="slice">What is called.</param>
    internal static void Run(int count, int threads, Slice slice)
    {
        if (count < Least || threads == 1)
        {
            slice(0, count);
            return;
        }
        int slices = Math.Min(SlicesOfThread * threads, count / (Least / 2));
        ThreadTeam.Run(slices, threads, i =>
        {
            int start = StartOf(i);
            slice(start, StartOf(i + 1) - start);
        });

        int StartOf(int i) => i == slices ? count : (int)((long)count * i / slices) / Unit * Unit;
    }
}
