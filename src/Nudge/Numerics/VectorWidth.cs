// How wide vectors are: as wide as the processor has them, and no wider.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Nudge;

/// <summary>
/// The widths worth using here. A vector that the processor does not have is a structure made of smaller ones: slow, and in a
/// browser, whose runtime copies structures of more than 16 bytes wrongly once they are hot, not even right.
/// </summary>
internal static class VectorWidth
{
    /// <summary>
    /// Vectors of 512 bits. The runtime is shy of them on processors whose clock falls with them. Measured there, matrix products
    /// gain more than they lose, so that whether they exist is what counts.
    /// </summary>
    internal static bool Has512
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512F.IsSupported;
    }

    /// <summary>Vectors of 256 bits.</summary>
    internal static bool Has256
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.IsHardwareAccelerated;
    }

    /// <summary>Vectors of 128 bits. A browser has them, but its interpreter is faster with one number at a time.</summary>
    internal static bool Has128
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.IsHardwareAccelerated && !OperatingSystem.IsBrowser();
    }

    /// <summary>How many numbers of a type a vector has, for so many numbers: the narrowest that holds them, or else the widest.</summary>
    internal static int For<T>(int count) =>
        !Has128 ? 1
        : count <= Vector128<T>.Count || !Has256 ? Vector128<T>.Count
        : count <= Vector256<T>.Count || !Has512 ? Vector256<T>.Count
        : Vector512<T>.Count;
}
