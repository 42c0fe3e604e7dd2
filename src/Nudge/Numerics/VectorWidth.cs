// How wide vectors may be on this machine.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Nudge.VectorConstants;

namespace Nudge;

/// <summary>
/// Wider vectors than the machine has would be right, but slower than narrow ones. In a browser they would not even be
/// right: its compiler of hot loops copies structs of more than 16 bytes wrongly where source and target overlap.
/// </summary>
internal static class VectorWidth
{
    /// <summary>
    /// Whether to use 512 bits. The runtime is shy of them on processors whose clock falls with them. Measured there, matrix products
    /// gain more than they lose, so that whether they exist is what counts.
    /// </summary>
    internal static bool Has512
    {
        [MethodImpl(Inline)]
        get => Vector512.IsHardwareAccelerated || (Avx512F.IsSupported && Vector256.IsHardwareAccelerated);
    }

    /// <summary>Whether to use 256 bits.</summary>
    internal static bool Has256
    {
        [MethodImpl(Inline)]
        get => Vector256.IsHardwareAccelerated;
    }
}
