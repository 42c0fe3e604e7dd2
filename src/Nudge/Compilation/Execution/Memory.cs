// The numbers of one run of a program. Each run has its own, so that a program can run on several threads at once.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>The numbers and gradients of the uniform and the varying space, for a number of lanes.</summary>
internal sealed unsafe class Memory<T>(Plan plan, int lanes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _firstPacked = RowsOf(plan);
    private readonly List<AlignedArray<T>> _outgrown = []; // what calls that have been linked may still use
    private AlignedArray<T>? _varyingGradients;

    internal int Lanes { get; } = lanes;

    internal AlignedArray<T> Uniform { get; } = new(plan.UniformSize);

    internal AlignedArray<T> UniformGradients { get; } = new(plan.UniformSize);

    /// <summary>Rows of lanes, and after them the packed rows.</summary>
    internal AlignedArray<T> Varying { get; } = new(RowsOf(plan) * lanes + (plan.VaryingSize - RowsOf(plan)) * PitchOf(plan, lanes));

    /// <summary>The rows of the inputs, which are the first.</summary>
    internal T* Inputs => Varying.Pointer;

    /// <summary>How many numbers these are.</summary>
    internal int InputsLength { get; } = plan.InputCount * lanes;

    /// <summary>How far it is from one packed row to the next: as many lanes as there are in all packed levels together.</summary>
    internal int Pitch { get; } = PitchOf(plan, lanes);

    /// <summary>The gradients of the varying numbers, which a run without any does not hold.</summary>
    internal AlignedArray<T> VaryingGradients => _varyingGradients ??= new(Varying.Length);

    /// <summary>Rows of lanes that live from one statement to the next.</summary>
    internal AlignedArray<T> Temporary { get; private set; } = new(0);

    /// <summary>Packed ones.</summary>
    internal AlignedArray<T> PackedTemporary { get; private set; } = new(0);

    /// <summary>Single numbers.</summary>
    internal AlignedArray<T> UniformTemporary { get; private set; } = new(0);

    /// <summary>Room for what a kernel transposes.</summary>
    internal AlignedArray<T> Scratch { get; private set; } = new(0);

    /// <summary>The chosen place of each index input, in each lane.</summary>
    internal AlignedArray<int> Indices { get; } = new(plan.IndexBounds.Length * lanes);

    /// <summary>The same of each index that packed rows go by.</summary>
    internal AlignedArray<int> PackedIndices { get; } = new((plan.Packed?.IndexNumbers.Length ?? 0) * PitchOf(plan, lanes));

    /// <summary>Where each packed level begins in a packed row, and where the last one ends.</summary>
    internal AlignedArray<int> LevelStarts { get; } = new(plan.Packed is { } packed ? packed.Levels + 1 : 0);

    private static int RowsOf(Plan plan) => plan.Packed?.Start ?? plan.VaryingSize;

    private static int PitchOf(Plan plan, int lanes) => (plan.Packed?.Levels ?? 0) * lanes;

    /// <summary>Where a row begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int OffsetOf(int row) => IsPacked(row) ? _firstPacked * Lanes + (row - _firstPacked) * Pitch : row * Lanes;

    /// <summary>How far it is to the next one.</summary>
    internal int WidthOf(int row) => IsPacked(row) ? Pitch : Lanes;

    /// <summary>Whether a row is packed.</summary>
    internal bool IsPacked(int row) => row >= _firstPacked;

    /// <summary>What all this takes.</summary>
    internal long Bytes => sizeof(T) * ((long)Uniform.Length + UniformGradients.Length + Varying.Length + (_varyingGradients?.Length ?? 0)
            + Scratch.Length + Temporary.Length + PackedTemporary.Length + UniformTemporary.Length + _outgrown.Sum(room => room.Length))
        + sizeof(int) * ((long)Indices.Length + PackedIndices.Length + LevelStarts.Length);

    /// <summary>Makes room for the temporary rows of a backward pass.</summary>
    internal void MakeRoomFor(Differentiation differentiation)
    {
        Temporary = WithRoom(Temporary, differentiation.Temporaries * Lanes);
        PackedTemporary = WithRoom(PackedTemporary, differentiation.PackedTemporaries * Pitch);
        UniformTemporary = WithRoom(UniformTemporary, differentiation.UniformTemporaries);
    }

    /// <summary>Makes what has been computed no number.</summary>
    internal void Forget()
    {
        Uniform.Span[plan.Constants.Length..].Fill(T.NaN);
        UniformTemporary.Span.Fill(T.NaN);
        Varying.Span[InputsLength..].Fill(T.NaN);
        _varyingGradients?.Span.Fill(T.NaN);
        Temporary.Span.Fill(T.NaN);
    }

    /// <summary>Scratch of a size at least.</summary>
    internal T* ScratchFor(int size) => (Scratch = WithRoom(Scratch, size)).Pointer;

    private AlignedArray<T> WithRoom(AlignedArray<T> room, int size)
    {
        if (size <= room.Length)
            return room;
        _outgrown.Add(room);
        return new(size);
    }

    /// <summary>
    /// How far apart the rows of a transposed matrix are. Written one below the other, rows at a distance of a power of two
    /// would push each other out of the cache.
    /// </summary>
    internal static int StrideOfTransposed(int length) => length * sizeof(T) % 512 == 0 ? length + Wide512<T>.Count : length;
}
