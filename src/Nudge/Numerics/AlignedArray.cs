// An array that stays where it is and begins where vectors like it.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nudge;

/// <summary>
/// A pinned, zeroed array that begins at a cache line. Kernels may read and write some numbers past its end.
/// </summary>
internal sealed unsafe class AlignedArray<T>
    where T : unmanaged
{
    private const int Alignment = 64;

    private readonly byte[] _bytes;

    /// <summary>How many numbers past its end: as many as the widest vector has.</summary>
    internal static int Room => Alignment / sizeof(T);

    /// <summary>So many numbers, up to the end of the widest vector.</summary>
    internal static int WithRoom(int length) => (length + Room - 1) / Room * Room;

    internal AlignedArray(int length)
    {
        Length = length;
        _bytes = GC.AllocateArray<byte>(checked(length * sizeof(T) + 2 * Alignment), pinned: true);
        nint start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));
        Pointer = (T*)((start + Alignment - 1) & ~(Alignment - 1));
        // Without this the runtime may dissolve an object that stays in one method into its fields, see that nobody reads the
        // bytes again, and free them while the pointer is in use.
        GC.KeepAlive(this);
    }

    internal int Length { get; }

    /// <summary>The first number; it stays where it is as long as this object is in use.</summary>
    internal T* Pointer { get; }

    internal Span<T> Span => new(Pointer, Length);
}
