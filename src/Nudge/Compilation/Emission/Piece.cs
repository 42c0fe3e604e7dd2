// Statements that are one method.

namespace Nudge;

/// <summary>What several statements do, as emitted code for one number of lanes.</summary>
internal sealed record Piece(Statement[] Of, PieceCode Code) : Statement
{
    internal override IEnumerable<Region> Reads => Of.SelectMany(statement => statement.Reads);

    internal override IEnumerable<Region> Writes => Of.SelectMany(statement => statement.Writes);

    internal override Location Result => Of[^1].Result;

    internal override int Count => Of[^1].Count;

    internal override double Work => Of.Sum(statement => statement.Work);

    internal override IEnumerable<int> Shape => Of.SelectMany(statement => statement.Shape);

    internal override Piece Slice(int from, int count) => throw new NotSupportedException("Emitted code is not cut.");

    internal override Piece Move(Func<Location, Location> to) => throw new NotSupportedException("Emitted code stays where it is.");

    public override string ToString() => $"{Of.Length} statements, emitted";
}

/// <summary>The numbers that a piece runs over: where each space begins, and first where the inputs do.</summary>
internal sealed unsafe class PieceParts<T>(PieceCode code, nint[] bases) : CallParts<T>
    where T : unmanaged
{
    /// <summary>How many spaces a piece reaches.</summary>
    internal const int Spaces = (int)Space.Temporary + 1;

    private readonly nint[] _bases = bases;

    /// <summary>Runs it.</summary>
    internal void Run()
    {
        fixed (nint* bases = _bases)
            code((nint)bases);
    }

    internal override bool Move(T* numbers, int count, nint by)
    {
        bool any = false;
        foreach (int slot in (ReadOnlySpan<int>)[0, (int)Space.ParameterGradients])
        {
            T* at = (T*)_bases[slot];
            any |= Move(ref at, numbers, count, by);
            _bases[slot] = (nint)at;
        }
        return any;
    }
}
