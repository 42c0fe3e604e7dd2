// Statements with an index: what is looked up, and where the gradients of that go.

namespace Nudge;

/// <summary>
/// In each lane, y[i] = the number or row <c>i · Stride</c> places after the choice that the lane's index names: a row of a
/// table. It may be repeated, as for each token of a document: the next results go by the next index, and their choices
/// lie <c>Outer</c> further on.
/// </summary>
internal sealed record Select(Location Y, Extent Extent, Location[] Choices, int Stride, int Outer, int IndexNumber) : Statement
{
    internal override IEnumerable<Region> Reads => Choices.Select(choice => new Region(RowsOf(choice), Extent));

    internal override IEnumerable<Region> Writes => [new(Y, Count)];

    internal override Location Result => Y;

    internal override int Count => Extent.Count;

    internal override double Work => Count;

    internal override IEnumerable<int> Shape => [Extent.Outer, Extent.Inner, Stride, Outer];

    /// <summary>What a choice stands for: the rows of the table, for all repeats.</summary>
    internal Address RowsOf(Location choice) => new(choice, Outer, Stride);

    internal override Select Slice(int from, int count) => Extent.Outer == 1
        ? this with { Y = Y.Offset(from), Extent = new(1, count), Choices = Array.ConvertAll(Choices, choice => choice.Offset(from * Stride)) }
        : this with
        {
            Y = Y.Offset(from),
            Extent = Extent with { Outer = count / Extent.Inner },
            Choices = Array.ConvertAll(Choices, choice => choice.Offset(from / Extent.Inner * Outer)),
            IndexNumber = IndexNumber + from / Extent.Inner,
        };

    internal override Select Move(Func<Location, Location> to) => this with { Y = to(Y), Choices = Array.ConvertAll(Choices, choice => to(choice)) };

    public override string ToString() => $"select × {Count}";

    /// <summary>One more repeat of it, if that is what another one is.</summary>
    internal Select? With(Select next)
    {
        int outer = Extent.Outer == 1 ? next.Choices[0].Index - Choices[0].Index : Outer;
        bool isNext = next.Y == Y.Offset(Count) && next.Extent == new Extent(1, Extent.Inner) && next.Stride == Stride
            && next.IndexNumber == IndexNumber + Extent.Outer && next.Choices.Length == Choices.Length;
        for (int i = 0; i < Choices.Length && isNext; i++)
            isNext = next.Choices[i] == Choices[i].Offset(Extent.Outer * outer);
        return isNext ? this with { Extent = Extent with { Outer = Extent.Outer + 1 }, Outer = outer } : null;
    }
}

/// <summary>The gradient of a look-up: in each lane, what the index names gets the gradients of what was looked up added.</summary>
/// <param name="Of">The look-up.</param>
/// <param name="Needed">Of each choice, whether anybody asks for its gradient.</param>
internal sealed record Scatter(Select Of, bool[] Needed) : Statement
{
    internal override IEnumerable<Region> Reads => [new(Of.Y.Gradient, Of.Count)];

    internal override IEnumerable<Region> Writes =>
        Enumerable.Range(0, Needed.Length).Where(i => Needed[i]).Select(i => new Region(Of.RowsOf(Of.Choices[i].Gradient), Of.Extent));

    internal override Location Result => Of.Y.Gradient;

    internal override int Count => Of.Count;

    internal override double Work => Of.Count;

    internal override IEnumerable<int> Shape => Of.Shape;

    internal override Scatter Slice(int from, int count) => throw new NotSupportedException("Backward passes are not cut.");

    internal override Scatter Move(Func<Location, Location> to) => this with { Of = Of.Move(to) };

    public override string ToString() => $"scatter × {Count}";
}
