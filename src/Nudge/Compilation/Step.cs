// An instruction with its operands found: what is left to do is arithmetic.

namespace Nudge;

internal enum StepKind : byte
{
    Unary,
    Binary,
    SquaredError,
    Product,
    LaneProduct,
    Sum,
    Greatest,
    Softmax,
    Gather,
    Select,
    Pack,
    Unpack,
    Spread,
    Clear,
}

/// <summary>Rows of an operand: where the first begins, how far the next is, and the first of the next repeat, and whether a row is one number for all lanes.</summary>
internal unsafe struct Operand<T>
    where T : unmanaged
{
    internal T* Number, Gradient;
    internal nint Advance, Leap;
    internal bool IsRow;

    /// <summary>What the backward pass does to the gradient.</summary>
    internal Slope Slope;
}

/// <summary>One step of an executor, forward or backward.</summary>
internal unsafe struct Step<T>
    where T : unmanaged
{
    /// <summary>The method that does it, a <c>delegate*&lt;ref Step&lt;T&gt;, void&gt;</c>.</summary>
    internal nint Run;

    /// <summary>How many rows there are and how long each is; rows that lie side by side are one long row.</summary>
    internal int Rows, Width;

    /// <summary>How often all rows come again, with operands further on.</summary>
    internal int Repeats;

    internal Operand<T> Result, A, B;

    /// <summary>Of a sum or a greatest the terms, of a gather the sources, of a select the choices; all rows one after the other.</summary>
    internal LinkedTerm<T>[]? Terms;

    /// <summary>Of a sum or a greatest, where the terms of each row end; of a softmax, where each list ends.</summary>
    internal int[]? Ends;

    /// <summary>Of what does the work of several steps, these, in the order of the forward pass.</summary>
    internal Step<T>[]? Parts;

    internal ProductShape Shape;
    internal Operand<T> Bias;
    internal T* Scratch;
    /// <summary>Of a select the chosen places; of packing, where each level begins.</summary>
    internal int* Indices;
    internal StepKind Kind;

    /// <summary>Whether its rows are packed: as wide as there are positions in the documents that it runs for.</summary>
    internal bool IsPacked;

    /// <summary>What is done to the operands; of a product, to its results, in their place.</summary>
    internal Operation Operation;
}

/// <summary>Terms of a sum with their operands found: one factor or two, each a row or one number for all lanes.</summary>
internal unsafe struct LinkedTerm<T>
    where T : unmanaged
{
    internal Operand<T> First, Second;
    internal bool HasSecond, Negative;
    internal int Count;

    internal readonly bool IsSquare => HasSecond && First.Number == Second.Number;
}

/// <summary>The shape of a product: strides in numbers; that of the bias is 0 where there is none.</summary>
internal readonly record struct ProductShape(
    nint RowStride, nint ColumnStride, nint StrideB, nint StrideC, nint BiasStride, int Depth, bool Accumulate);
