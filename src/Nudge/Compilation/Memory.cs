// The numbers of one run of a program. Each run has its own, so that a program can run on several threads at once.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nudge;

/// <summary>A pinned, zeroed, aligned array.</summary>
internal sealed unsafe class AlignedArray<T>
    where T : unmanaged
{
    private const int Alignment = 64;

    private readonly byte[] _bytes;

    internal AlignedArray(int length)
    {
        Length = length;
        _bytes = GC.AllocateArray<byte>(checked(length * sizeof(T)) + Alignment, pinned: true);
        nint start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));
        Pointer = (T*)((start + Alignment - 1) & ~(Alignment - 1));
    }

    internal int Length { get; }

    /// <summary>The first number; it stays where it is as long as this object is in use.</summary>
    internal T* Pointer { get; }

    internal Span<T> Span => new(Pointer, Length);
}

/// <summary>The numbers and gradients of all spaces, for a number of lanes.</summary>
internal sealed class Memory<T>(Plan plan, int parameters, int scratch, int lanes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal int Lanes { get; } = lanes;

    internal AlignedArray<T> Parameters { get; } = new(parameters);

    internal AlignedArray<T> ParameterGradients { get; } = new(parameters);

    internal AlignedArray<T> Uniform { get; } = new(plan.UniformSize);

    internal AlignedArray<T> UniformGradients { get; } = new(plan.UniformSize);

    internal AlignedArray<T> Varying { get; } = new(plan.VaryingSize * lanes);

    internal AlignedArray<T> VaryingGradients { get; } = new(plan.VaryingSize * lanes);

    internal AlignedArray<T> Scratch { get; } = new(scratch * lanes);

    /// <summary>The chosen place of each index input, in each lane.</summary>
    internal int[] Indices { get; } = new int[plan.IndexCount * lanes];
}
