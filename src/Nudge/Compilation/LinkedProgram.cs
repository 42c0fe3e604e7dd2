// A program with its operands found in the memory of one executor.

namespace Nudge;

/// <summary>The steps of a program, forward and, once it has been differentiated, backward.</summary>
internal sealed unsafe class LinkedProgram<T>
    where T : unmanaged
{
    internal required Step<T>[] Uniform { get; init; }

    internal required Step<T>[] Varying { get; init; }

    internal Step<T>[] UniformBackward { get; set; } = [];

    internal Step<T>[] VaryingBackward { get; set; } = [];

    /// <summary>How wide packed rows are: the positions of the documents it ran for last, forward and backward.</summary>
    internal int ForwardWidth { get; set; }

    internal int BackwardWidth { get; set; }

    /// <summary>What the backward steps are from.</summary>
    internal Differentiation? Differentiation { get; set; }

    /// <summary>Where the backward steps add the gradients of the parameters.</summary>
    internal T* Gradients { get; set; }
}
