// The few things that a compiled program does, each over rows of numbers.

namespace Nudge;

/// <summary>Where an operand lives.</summary>
internal enum Space : byte
{
    /// <summary>Nowhere yet.</summary>
    None,

    /// <summary>The parameters: the same for all examples.</summary>
    Parameters,

    /// <summary>Numbers computed from parameters and constants alone: once for all examples.</summary>
    Uniform,

    /// <summary>Numbers that differ from example to example: a row of lanes each, one lane an example.</summary>
    Varying,
}

/// <summary>A place: a number or a row in one of the spaces.</summary>
internal readonly record struct Place(Space Space, int Index)
{
    internal bool IsVarying => Space == Space.Varying;

    internal Place Offset(int by) => this with { Index = Index + by };
}

/// <summary>
/// Consecutive operands of consecutive results: <c>Start.Index + i · Stride</c>. After <c>Length</c> of them it goes on
/// <c>Leap</c> from where it started: the same for the next neuron, head or position.
/// </summary>
internal readonly record struct Run(Place Start, int Stride, int Length, int Leap)
{
    internal Run(Place start, int stride)
        : this(start, stride, int.MaxValue, 0)
    {
    }

    internal Space Space => Start.Space;

    internal int At(int i) => i < Length ? Start.Index + i * Stride : Start.Index + i / Length * Leap + i % Length * Stride;

    /// <summary>The rest of it. It may be cut between two lengths only.</summary>
    internal Run From(int i) => this with { Start = Start with { Index = At(i) } };

    /// <summary>How often it leaps until it has given so many, and once more.</summary>
    internal int RepeatsOf(int count) => count <= Length ? 1 : count / Length;

    /// <summary>Whether one place is met more than once, whatever the order of what lies within a length.</summary>
    internal bool MeetsAgain(int count)
    {
        if (count <= Length)
            return false;
        int extent = Stride * (Length - 1);
        return Math.Abs(Leap) <= Math.Abs(extent);
    }
}

/// <summary>
/// Terms of a sum whose factors lie side by side: ± Σ first[i] · second[i], or ± Σ first[i], over <c>Count</c> places.
/// </summary>
internal readonly record struct Term(Place First, Place? Second, bool Negative, int Count)
{
    /// <summary>Whether one more term goes on where these end.</summary>
    internal bool Continues(Term next) =>
        Negative == next.Negative && After(First) == next.First && (Second is { } second ? After(second) : null) == next.Second;

    /// <summary>The lists of terms of some results.</summary>
    internal static (Term[] Terms, int[] Ends) Slice(Term[] terms, int[] ends, int from, int count)
    {
        int start = from == 0 ? 0 : ends[from - 1];
        return (terms[start..ends[from + count - 1]], Array.ConvertAll(ends[from..(from + count)], end => end - start));
    }

    internal static IEnumerable<(Run Run, int Count)> ReadsOf(Term[] terms)
    {
        foreach (Term term in terms)
        {
            yield return (new Run(term.First, 1), term.Count);
            if (term.Second is { } second)
                yield return (new Run(second, 1), term.Count);
        }
    }

    private Place? After(Place place) => place.Offset(Count);
}

/// <summary>One step of a program. The results are consecutive rows of one space.</summary>
internal abstract record Instruction(Place Result, int Count)
{
    /// <summary>All that it reads; of a product that adds to what its result holds, without that.</summary>
    internal abstract IEnumerable<(Run Run, int Count)> Reads { get; }

    /// <summary>The same for some of the results.</summary>
    internal abstract Instruction Slice(int from, int count);

    /// <summary>Of what goes from level to level of packed rows, the same for the first levels.</summary>
    internal virtual Instruction ForLevels(int levels) => this;
}

/// <summary>yᵢ = f(aᵢ).</summary>
internal sealed record UnaryInstruction(Operation Operation, Place Result, int Count, Run A) : Instruction(Result, Count)
{
    internal override IEnumerable<(Run Run, int Count)> Reads => [(A, Count)];

    internal override Instruction Slice(int from, int count) =>
        this with { Result = Result.Offset(from), Count = count, A = A.From(from) };
}

/// <summary>yᵢ = f(aᵢ, bᵢ).</summary>
internal sealed record BinaryInstruction(Operation Operation, Place Result, int Count, Run A, Run B) : Instruction(Result, Count)
{
    internal override IEnumerable<(Run Run, int Count)> Reads => [(A, Count), (B, Count)];

    internal override Instruction Slice(int from, int count) =>
        this with { Result = Result.Offset(from), Count = count, A = A.From(from), B = B.From(from) };
}

/// <summary>yᵢ = ±Σ terms; each result has a list of its own, which ends at <c>Ends[i]</c>.</summary>
internal sealed record SumInstruction(Place Result, Term[] Terms, int[] Ends) : Instruction(Result, Ends.Length)
{
    internal override IEnumerable<(Run Run, int Count)> Reads => Term.ReadsOf(Terms);

    internal override Instruction Slice(int from, int count)
    {
        (Term[] terms, int[] ends) = Term.Slice(Terms, Ends, from, count);
        return new SumInstruction(Result.Offset(from), terms, ends);
    }
}

/// <summary>
/// yᵢ = the greatest of its terms, which have one factor each; the lists end at <c>Ends[i]</c>. No gradient flows through it.
/// </summary>
internal sealed record GreatestInstruction(Place Result, Term[] Terms, int[] Ends) : Instruction(Result, Ends.Length)
{
    internal override IEnumerable<(Run Run, int Count)> Reads => Term.ReadsOf(Terms);

    internal override Instruction Slice(int from, int count)
    {
        (Term[] terms, int[] ends) = Term.Slice(Terms, Ends, from, count);
        return new GreatestInstruction(Result.Offset(from), terms, ends);
    }
}

/// <summary>
/// yᵢ = e^(aᵢ − m) / Σⱼ e^(aⱼ − m) over the numbers a of a list, with m the greatest of them. The lists follow each other
/// and end at <c>Ends[i]</c>; so do their results.
/// </summary>
internal sealed record SoftmaxInstruction(Place Result, Place Source, int[] Ends) : Instruction(Result, Ends[^1])
{
    internal override IEnumerable<(Run Run, int Count)> Reads => [(Numbers, Count)];

    internal Run Numbers => new(Source, 1);

    internal override Instruction Slice(int from, int count) => new SoftmaxInstruction(
        Result.Offset(from), Source.Offset(from), [.. Ends.Where(end => end > from && end <= from + count).Select(end => end - from)]);
}

/// <summary>
/// yᵢ = startᵢ + Σₖ A[i, k] · bₖ, a matrix product: A is uniform, with elements at
/// <c>A.Index + i · RowStride + k · ColumnStride</c>; b are consecutive varying rows; start is 0, a uniform bias, or what
/// the result holds already. It may be repeated: the next results are those of the next b with the same A and bias.
/// </summary>
internal sealed record ProductInstruction(
    Place Result, int Rows, int Depth, int Repeats, Place A, int RowStride, int ColumnStride, Place B, Run? Bias, bool Accumulate)
    : Instruction(Result, Rows * Repeats)
{
    internal override IEnumerable<(Run Run, int Count)> Reads
    {
        get
        {
            for (int row = 0; row < Rows; row++)
                yield return (RowOfA(row), Depth);
            yield return (Factors, Depth * Repeats);
            if (Bias is { } bias)
                yield return (bias, Rows);
        }
    }

    /// <summary>The elements of a row of A.</summary>
    internal Run RowOfA(int row) => new(A.Offset(row * RowStride), ColumnStride);

    /// <summary>All b, one after the other.</summary>
    internal Run Factors => new(B, 1);

    internal override Instruction Slice(int from, int count)
    {
        if (Repeats == 1)
        {
            return this with
            {
                Result = Result.Offset(from),
                Count = count,
                Rows = count,
                A = A.Offset(from * RowStride),
                Bias = Bias?.From(from),
            };
        }
        return this with { Result = Result.Offset(from), Count = count, Repeats = count / Rows, B = B.Offset(from / Rows * Depth) };
    }
}

/// <summary>
/// yᵢ = Σₖ A[i, k] · bₖ in each lane by itself: A differs from example to example, too. Its elements are the rows at
/// <c>A.Index + i · RowStride + k · ColumnStride</c>. It may be repeated, as for each head of an attention: the next results
/// are those of the A that begins <c>LeapA</c> further on and the b that begins <c>LeapB</c> further on.
/// </summary>
internal sealed record LaneProductInstruction(
    Place Result, int Rows, int Depth, int Repeats, Place A, int RowStride, int ColumnStride, Place B, int LeapA, int LeapB)
    : Instruction(Result, Rows * Repeats)
{
    internal override IEnumerable<(Run Run, int Count)> Reads =>
        Enumerable.Range(0, Count).Select(row => (RowOfA(row), Depth)).Concat(Enumerable.Range(0, Repeats).Select(repeat => (FactorsOf(repeat), Depth)));

    internal override Instruction Slice(int from, int count) => Repeats == 1
        ? this with { Result = Result.Offset(from), Count = count, Rows = count, A = A.Offset(from * RowStride) }
        : this with
        {
            Result = Result.Offset(from),
            Count = count,
            Repeats = count / Rows,
            A = A.Offset(from / Rows * LeapA),
            B = B.Offset(from / Rows * LeapB),
        };

    /// <summary>The elements of a row of A.</summary>
    internal Run RowOfA(int row) => new(A.Offset(row / Rows * LeapA + row % Rows * RowStride), ColumnStride);

    /// <summary>The factors that they are multiplied by in a repeat.</summary>
    internal Run FactorsOf(int repeat) => new(B.Offset(repeat * LeapB), 1);

    /// <summary>One more repeat of it, if that is what another one is.</summary>
    internal LaneProductInstruction? With(LaneProductInstruction next)
    {
        int leapA = Repeats == 1 ? next.A.Index - A.Index : LeapA, leapB = Repeats == 1 ? next.B.Index - B.Index : LeapB;
        return this with { Result = next.Result, Count = Rows, Repeats = 1, A = A.Offset(Repeats * leapA), B = B.Offset(Repeats * leapB), LeapA = 0, LeapB = 0 } == next
            && next.Result == Result.Offset(Count)
            ? this with { Count = Count + Rows, Repeats = Repeats + 1, LeapA = leapA, LeapB = leapB }
            : null;
    }
}

/// <summary>yᵢ = the number or row at a place of its own: brings scattered operands together.</summary>
internal sealed record GatherInstruction(Place Result, Place[] Sources) : Instruction(Result, Sources.Length)
{
    internal override IEnumerable<(Run Run, int Count)> Reads => Sources.Select(source => (new Run(source, 1), 1));

    internal override Instruction Slice(int from, int count) =>
        new GatherInstruction(Result.Offset(from), Sources[from..(from + count)]);
}

/// <summary>
/// In each lane, yᵢ = the number or row <c>i · Stride</c> places after the choice that the lane's index names: a row of a
/// table. It may be repeated, as for each token of a document: the next results go by the next index, and their choices
/// lie <c>Leap</c> further on.
/// </summary>
internal sealed record SelectInstruction(Place Result, int Rows, int Repeats, Place[] Choices, int Stride, int IndexNumber, int Leap)
    : Instruction(Result, Rows * Repeats)
{
    internal override IEnumerable<(Run Run, int Count)> Reads => Choices.Select(choice => (RowsOf(choice), Count));

    internal override Instruction Slice(int from, int count) => Repeats == 1
        ? this with { Result = Result.Offset(from), Count = count, Rows = count, Choices = Array.ConvertAll(Choices, choice => choice.Offset(from * Stride)) }
        : this with
        {
            Result = Result.Offset(from),
            Count = count,
            Repeats = count / Rows,
            Choices = Array.ConvertAll(Choices, choice => choice.Offset(from / Rows * Leap)),
            IndexNumber = IndexNumber + from / Rows,
        };

    /// <summary>What a choice stands for: the rows of the table, for all repeats.</summary>
    internal Run RowsOf(Place choice) => Repeats == 1 ? new Run(choice, Stride) : new Run(choice, Stride, Rows, Leap);

    /// <summary>One more repeat of it, if that is what another one is.</summary>
    internal SelectInstruction? With(SelectInstruction next)
    {
        int leap = Repeats == 1 ? next.Choices[0].Index - Choices[0].Index : Leap;
        bool isNext = next.Result == Result.Offset(Count) && next.Rows == Rows && next.Stride == Stride
            && next.IndexNumber == IndexNumber + Repeats && next.Choices.Length == Choices.Length;
        for (int i = 0; i < Choices.Length && isNext; i++)
            isNext = next.Choices[i] == Choices[i].Offset(Repeats * leap);
        return isNext ? this with { Count = Count + Rows, Repeats = Repeats + 1, Leap = leap } : null;
    }
}

/// <summary>
/// The same numbers in another arrangement: from a row for each position, with a lane for each document, to rows that
/// have the positions of all documents side by side, or back. See <see cref="Packing"/>.
/// </summary>
/// <param name="Result">The rows that are written.</param>
/// <param name="Source">The rows that are read.</param>
/// <param name="Rows">How many rows a position has.</param>
/// <param name="Levels">How many positions there are.</param>
/// <param name="Packs">Whether the result is packed, or the source.</param>
internal sealed record RegroupInstruction(Place Result, Place Source, int Rows, int Levels, bool Packs)
    : Instruction(Result, Packs ? Rows : Rows * Levels)
{
    internal override IEnumerable<(Run Run, int Count)> Reads => [(new Run(Source, 1), SourceCount)];

    internal int SourceCount => Packs ? Rows * Levels : Rows;

    internal override RegroupInstruction Slice(int from, int count) => ForLevels(count / Rows);

    internal override RegroupInstruction ForLevels(int levels) => new(Result, Source, Rows, levels, Packs);
}

/// <summary>
/// Uniform numbers as packed rows: in the lanes of a level, row i holds the number <c>i · Stride</c> places after the
/// level's first, and that of the next level lies <c>Leap</c> further on.
/// </summary>
internal sealed record SpreadInstruction(Place Result, Place Source, int Rows, int Stride, int Levels, int Leap) : Instruction(Result, Rows)
{
    internal override IEnumerable<(Run Run, int Count)> Reads =>
        Enumerable.Range(0, Levels).Select(level => (new Run(Source.Offset(level * Leap), Stride), Rows));

    internal override SpreadInstruction Slice(int from, int count) => this with { Result = Result.Offset(from), Source = Source.Offset(from * Stride), Count = count, Rows = count };

    internal override SpreadInstruction ForLevels(int levels) => this with { Levels = levels };
}

/// <summary>What the backward pass does to the gradient of an operand.</summary>
internal enum Slope : byte
{
    /// <summary>Nothing: nobody asks for it.</summary>
    None,

    /// <summary>Sets it: this is the first contribution.</summary>
    Set,

    /// <summary>Adds to it.</summary>
    Add,
}

/// <summary>One step of the backward pass.</summary>
internal abstract record BackwardInstruction;

/// <summary>Sets gradients to 0, of rows that only some of their users, or none, contribute to.</summary>
internal sealed record ClearInstruction(Place Start, int Count) : BackwardInstruction;

/// <summary>From the gradient of the results of an instruction to those of its operands.</summary>
/// <param name="Forward">The instruction.</param>
/// <param name="A">Of the first operand; of a product, of its matrix.</param>
/// <param name="B">Of the second operand.</param>
/// <param name="Bias">Of the bias of a product.</param>
/// <param name="Terms">Of the first and second factor of each term of a sum, and of the sources of a gather or a select.</param>
internal sealed record SlopesInstruction(Instruction Forward, Slope A, Slope B, Slope Bias, (Slope First, Slope Second)[]? Terms) : BackwardInstruction;
