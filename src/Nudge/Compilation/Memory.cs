// The numbers of one run of a program. Each run has its own, so that a program can run on several threads at once.

using System.Numerics;

namespace Nudge;

/// <summary>The numbers and gradients of the uniform and the varying space, for a number of lanes.</summary>
internal sealed unsafe class Memory<T>(Plan plan, int scratch, int lanes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private AlignedArray<T>? _ownGradients;

    internal int Lanes { get; } = lanes;

    internal AlignedArray<T> Uniform { get; } = new(plan.UniformSize);

    internal AlignedArray<T> UniformGradients { get; } = new(plan.UniformSize);

    internal AlignedArray<T> Varying { get; } = new(plan.VaryingSize * lanes);

    internal AlignedArray<T> VaryingGradients { get; } = new(plan.VaryingSize * lanes);

    internal AlignedArray<T> Scratch { get; } = new(scratch * lanes);

    /// <summary>The chosen place of each index input, in each lane.</summary>
    internal AlignedArray<int> Indices { get; } = new(plan.IndexBounds.Length * lanes);

    /// <summary>What all this takes.</summary>
    internal long Bytes => sizeof(T) * ((long)Uniform.Length + UniformGradients.Length + Varying.Length + VaryingGradients.Length + Scratch.Length + (_ownGradients?.Length ?? 0))
        + sizeof(int) * (long)Indices.Length;

    /// <summary>Gradients of the parameters that no other run adds to, cleared where there are any.</summary>
    internal T* OwnGradients(int count)
    {
        _ownGradients ??= new AlignedArray<T>(count);
        _ownGradients.Span[..count].Clear();
        return _ownGradients.Pointer;
    }
}
