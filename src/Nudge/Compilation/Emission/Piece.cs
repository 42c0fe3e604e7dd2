// Statements that are one method.

namespace Nudge;

/// <summary>Some statements of a trip: emitted code or, where there is none, what their kernels do.</summary>
/// <param name="Code">The code.</param>
/// <param name="Start">The first of the statements.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct PieceItem(PieceCode? Code, int Start, int Count);

/// <summary>What several statements do, as emitted code for one number of lanes.</summary>
/// <param name="Of">The statements of all trips.</param>
/// <param name="Items">What is done in each trip, one after the other.</param>
/// <param name="Trips">How many trips there are.</param>
internal sealed record Piece(Statement[] Of, PieceItem[] Items, int Trips) : Statement
{
    /// <summary>How many statements a trip has.</summary>
    internal int Period => Of.Length / Trips;

    /// <summary>How many of the statements are code.</summary>
    internal int CountEmitted => Trips * Items.Sum(item => item.Code is null ? 0 : item.Count);

    internal override IEnumerable<Region> Reads => Of.SelectMany(statement => statement.Reads);

    internal override IEnumerable<Region> Writes => Of.SelectMany(statement => statement.Writes);

    internal override Location Result => Of[^1].Result;

    internal override int Count => Of[^1].Count;

    internal override double Work => Of.Sum(statement => statement.Work);

    internal override IEnumerable<int> Shape => Of.SelectMany(statement => statement.Shape);

    internal override Piece Slice(int from, int count) => throw new NotSupportedException("Emitted code is not cut.");

    internal override Piece Move(Func<Location, Location> to) => throw new NotSupportedException("Emitted code stays where it is.");

    public override string ToString() => $"{Of.Length} statements, emitted{(Trips == 1 ? "" : $", {Trips} times {Period}")}";
}

/// <summary>The numbers that a piece runs over.</summary>
/// <param name="piece">The piece.</param>
/// <param name="bases">Where each space begins, and first where the inputs do.</param>
/// <param name="link">Finds the kernels of statements.</param>
internal sealed unsafe class PieceParts<T>(Piece piece, nint[] bases, Func<Statement[], Call<T>[]> link) : CallParts<T>
    where T : unmanaged
{
    /// <summary>How many spaces a piece reaches.</summary>
    internal const int Spaces = (int)Space.UniformTemporary + 1;

    private readonly PieceItem[] _items = piece.Items;
    private readonly int _trips = piece.Trips;
    private readonly nint[] _bases = bases;

    // Of each trip, those of each item.
    private readonly Call<T>[][] _calls =
    [
        .. Enumerable.Range(0, piece.Trips).SelectMany(trip => piece.Items.Select(item => item.Code is null ? link([.. piece.Of.AsSpan(trip * piece.Period + item.Start, item.Count)]) : [])),
    ];

    /// <summary>Runs it.</summary>
    internal void Run()
    {
        PieceItem[] items = _items;
        fixed (nint* bases = _bases)
        {
            for (int trip = 0; trip < _trips; trip++)
            {
                for (int i = 0; i < items.Length; i++)
                {
                    if (items[i].Code is { } code)
                        code((nint)bases, trip);
                    else
                        Run(_calls[trip * items.Length + i]);
                }
            }
        }
    }

    private static void Run(Call<T>[] calls)
    {
        foreach (ref Call<T> call in calls.AsSpan())
            ((delegate*<ref Call<T>, void>)call.Kernel)(ref call);
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
        foreach (Call<T>[] calls in _calls)
        {
            foreach (ref Call<T> call in calls.AsSpan())
                any |= call.Move(numbers, count, by);
        }
        return any;
    }
}
