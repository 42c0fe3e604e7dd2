// Straight-line code and the loops over rows around it.

namespace Nudge;

/// <summary>Code that runs for some rows, in two loops.</summary>
internal sealed record RowLoop
{
    /// <summary>What is done: for one row in a vector of lanes or, of a single lane, for as many rows as a vector holds.</summary>
    internal required RowCode Code { get; init; }

    /// <summary>The vectors.</summary>
    internal required RowMachine Machine { get; init; }

    /// <summary>How many of them are side by side, so that sums have their parts.</summary>
    internal required int Side { get; init; }

    /// <summary>How often the outer loop runs.</summary>
    internal required int Outer { get; init; }

    /// <summary>How many rows the inner loop goes over.</summary>
    internal required int Inner { get; init; }

    /// <summary>How many rows at once.</summary>
    internal required int Step { get; init; }

    /// <summary>Whether it runs but once.</summary>
    internal bool IsSingle => Outer == 1 && Inner <= Step;

    /// <summary>How far a place moves with each loop.</summary>
    internal required Func<Location, RowStride> StrideOf { get; init; }

    /// <summary>Whether anybody else reads a place of the first row, or where it moves to.</summary>
    internal required Func<Location, bool> IsReadLater { get; init; }
}
