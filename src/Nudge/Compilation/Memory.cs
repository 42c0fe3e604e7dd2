// The numbers of one run of a program. Each run has its own, so that a program can run on several threads at once.

using System.Numerics;

namespace Nudge;

/// <summary>The numbers and gradients of the uniform and the varying space, for a number of lanes.</summary>
internal sealed class Memory<T>(Plan plan, int scratch, int lanes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal int Lanes { get; } = lanes;

    internal AlignedArray<T> Uniform { get; } = new(plan.UniformSize);

    internal AlignedArray<T> UniformGradients { get; } = new(plan.UniformSize);

    internal AlignedArray<T> Varying { get; } = new(plan.VaryingSize * lanes);

    internal AlignedArray<T> VaryingGradients { get; } = new(plan.VaryingSize * lanes);

    internal AlignedArray<T> Scratch { get; } = new(scratch * lanes);

    /// <summary>The chosen place of each index input, in each lane.</summary>
    internal AlignedArray<int> Indices { get; } = new(plan.IndexCount * lanes);
}
