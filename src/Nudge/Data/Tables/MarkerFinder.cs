// Numbers that stand far outside of a column and again and again: likely marks for what is missing.

namespace Nudge;

/// <summary>A number that is likely no measurement.</summary>
/// <param name="Column">The column.</param>
/// <param name="Value">The number.</param>
/// <param name="Count">In how many rows it stands.</param>
/// <param name="From">The least of the other numbers.</param>
/// <param name="To">The greatest of the other numbers.</param>
internal sealed record LikelyMark(string Column, double Value, int Count, double From, double To)
{
    /// <summary>Whether it is taken for a mark without being asked: −999, −9999 and so on, very far outside.</summary>
    internal bool IsSure => Value <= -999 && MarkerFinder.IsNines(Value) && From - Value >= 10 * (To - From);

    /// <summary>What is said about it.</summary>
    internal string Words => FormattableString.Invariant($"{Value} stands in {Count:N0} rows of '{Column}', far outside {From:G6} … {To:G6}");
}

internal static class MarkerFinder
{
    private const int FewestRows = 3, FewestValues = 5;

    /// <summary>The likely marks of a column.</summary>
    internal static IEnumerable<LikelyMark> In(string name, ColumnProfile profile)
    {
        if (profile.Numbers < 10 || profile.Others > profile.Numbers || profile.Distinct is { Overflowed: false, Count: < FewestValues })
            yield break;
        Extreme least = profile.Least, most = profile.MostNegated;
        // A negative number of whole hundreds is a mark where all others are positive.
        bool isOddlyNegative = least.Value < 0 && least.Next >= 0 && least.Value % 100 == 0;
        if (IsFarAndFrequent(least, -most.Value) && (isOddlyNegative || IsNines(least.Value)))
            yield return new LikelyMark(name, least.Value, least.Count, least.Next, -most.Value);
        if (IsFarAndFrequent(most, -least.Value) && IsNines(most.Value))
            yield return new LikelyMark(name, -most.Value, most.Count, least.Value, -most.Next);

        bool IsFarAndFrequent(Extreme end, double other) =>
            end.Count >= Math.Max(FewestRows, profile.Numbers / 1000) && end.Next - end.Value >= other - end.Next;
    }

    /// <summary>Whether a number is written with nines alone, at least two of them.</summary>
    internal static bool IsNines(double number)
    {
        double size = Math.Abs(number);
        for (double nines = 99; nines < 1e8; nines = 10 * nines + 9)
        {
            if (size == nines)
                return true;
        }
        return false;
    }
}
