// Large arrays for the time of a compilation.

using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nudge;

/// <summary>
/// An array that is lent by the runtime's pool; its numbers are not cleared. New large arrays would make the garbage
/// collector look through all that is alive, again and again and just when a whole recorded expression is.
/// </summary>
internal sealed class ScratchArray<T> : IDisposable
    where T : unmanaged
{
    private byte[] _bytes;

    internal ScratchArray(int length)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(checked(length * Unsafe.SizeOf<T>()));
        Length = length;
    }

    internal int Length { get; private set; }

    /// <summary>All of it.</summary>
    internal Span<T> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(_bytes)), Length);
    }

    internal ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Span[index];
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }
}
