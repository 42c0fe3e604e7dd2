// Bit patterns and options that the vectors of all widths share.

using System.Runtime.CompilerServices;

namespace Nudge;

internal static class VectorConstants
{
    internal const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The bits of √½ in float32: subtracting them makes the exponent field round at √2 instead of 2.</summary>
    internal const int FloatSqrtHalf = 0x3f3504f3;

    /// <summary>The bits of √½ in float64.</summary>
    internal const long DoubleSqrtHalf = 0x3fe6a09e667f3bcd;
}
