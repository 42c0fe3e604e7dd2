// A statement with its operands found: what is left to do is arithmetic.

using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>
/// An operand of up to four nested loops: where it begins, and how far it is, in numbers, to the next one of the three outer loops.
/// Along the innermost loop it is a row of numbers side by side, or one number.
/// </summary>
internal unsafe struct Operand<T>
    where T : unmanaged
{
    internal T* At;
    internal nint Outer, Inner, Depth;
    internal bool IsRow;

    /// <summary>Moves it if it lies within some numbers, and says whether it does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Move(T* numbers, int count, nint by)
    {
        if (At < numbers || At >= numbers + count)
            return false;
        At += by;
        return true;
    }
}

/// <summary>One call of a kernel.</summary>
internal unsafe struct Call<T>
    where T : unmanaged
{
    /// <summary>The kernel, a <c>delegate*&lt;ref Call&lt;T&gt;, void&gt;</c>.</summary>
    internal nint Kernel;

    /// <summary>What it does.</summary>
    internal Statement Statement;

    /// <summary>How often each loop runs, from the outermost to the innermost, which is a row.</summary>
    internal int Outer, Inner, Depth, Width;

    internal Operand<T> Y, A, B, C, D;

    internal bool Adds, Negative;

    /// <summary>Whether rows are as long as there are positions in the documents that it runs for.</summary>
    internal bool IsPacked;

    internal LinkedTerm<T>[]? Terms;

    /// <summary>Of terms, where those of each result end; of a softmax, where each list ends.</summary>
    internal int[]? Ends;

    /// <summary>Of a look-up, the choices.</summary>
    internal Operand<T>[]? Choices;

    /// <summary>Of what does the work of several statements, a <see cref="Layer{T}"/> or a <see cref="SquaredError{T}"/>.</summary>
    internal CallParts<T>? Parts;

    internal T* Scratch;

    /// <summary>Of a look-up, the chosen places; of packing, where each level begins.</summary>
    internal int* Indices;

    /// <summary>Moves the operands that lie within some numbers, and says whether there are any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool Move(T* numbers, int count, nint by)
    {
        bool any = Y.Move(numbers, count, by) | A.Move(numbers, count, by) | B.Move(numbers, count, by) | C.Move(numbers, count, by) | D.Move(numbers, count, by);
        foreach (ref LinkedTerm<T> term in Terms.AsSpan())
            any |= term.Y.Move(numbers, count, by) | term.A.Move(numbers, count, by) | term.B.Move(numbers, count, by);
        foreach (ref Operand<T> choice in Choices.AsSpan())
            any |= choice.Move(numbers, count, by);
        return any | Parts?.Move(numbers, count, by) == true;
    }
}

/// <summary>The operands of a call that does the work of several statements.</summary>
internal abstract unsafe class CallParts<T>
    where T : unmanaged
{
    /// <inheritdoc cref="Call{T}.Move"/>
    internal abstract bool Move(T* numbers, int count, nint by);

    /// <inheritdoc cref="Operand{T}.Move"/>
    private protected static bool Move(ref T* at, T* numbers, int count, nint by)
    {
        if (at < numbers || at >= numbers + count)
            return false;
        at += by;
        return true;
    }
}

/// <summary>A term with its operands found: see <see cref="Term"/>. Strides along its loop are in <c>Inner</c>.</summary>
internal unsafe struct LinkedTerm<T>
    where T : unmanaged
{
    internal Operand<T> Y, A, B;
    internal int Count;
    internal bool HasB, Adds;
    internal T Scale;
}
