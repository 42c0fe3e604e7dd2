// The few things that a compiled program does, each over rows of numbers.

namespace Nudge;

/// <summary>Where an operand lives.</summary>
internal enum Space : byte
{
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
}

/// <summary>Consecutive operands of consecutive results: <c>Start.Index + i · Stride</c>.</summary>
internal readonly record struct Run(Place Start, int Stride)
{
    internal Space Space => Start.Space;

    internal int At(int i) => Start.Index + i * Stride;
}

/// <summary>
/// Terms of a sum whose factors lie side by side: ± Σ first[i] · second[i], or ± Σ first[i], over <c>Count</c> places.
/// </summary>
internal readonly record struct Term(Place First, Place? Second, bool Negative, int Count)
{
    /// <summary>Whether one more term goes on where these end.</summary>
    internal bool Continues(Term next) =>
        Negative == next.Negative && After(First) == next.First && (Second is { } second ? After(second) : null) == next.Second;

    private Place? After(Place place) => place with { Index = place.Index + Count };
}

/// <summary>One step of a program. The results are consecutive rows of one space.</summary>
internal abstract record Instruction(Place Result, int Count);

/// <summary>yᵢ = f(aᵢ).</summary>
internal sealed record UnaryInstruction(Operation Operation, Place Result, int Count, Run A) : Instruction(Result, Count);

/// <summary>yᵢ = f(aᵢ, bᵢ).</summary>
internal sealed record BinaryInstruction(Operation Operation, Place Result, int Count, Run A, Run B) : Instruction(Result, Count);

/// <summary>yᵢ = ±Σ terms; each result has a list of its own, which ends at <c>Ends[i]</c>.</summary>
internal sealed record SumInstruction(Place Result, Term[] Terms, int[] Ends) : Instruction(Result, Ends.Length);

/// <summary>
/// yᵢ = startᵢ + Σₖ A[i, k] · bₖ, a matrix product: A is uniform, with elements at
/// <c>A.Index + i · RowStride + k · ColumnStride</c>; b are consecutive varying rows; start is 0, a uniform bias, or what
/// the result holds already.
/// </summary>
internal sealed record ProductInstruction(
    Place Result, int Count, int Depth, Place A, int RowStride, int ColumnStride, Place B, Run? Bias, bool Accumulate)
    : Instruction(Result, Count);

/// <summary>yᵢ = the number or row at a place of its own: brings scattered operands together.</summary>
internal sealed record GatherInstruction(Place Result, Place[] Sources) : Instruction(Result, Sources.Length);

/// <summary>In each lane, y = the choice that the lane's index names.</summary>
internal sealed record SelectInstruction(Place Result, Place[] Choices, int IndexNumber) : Instruction(Result, 1);

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
