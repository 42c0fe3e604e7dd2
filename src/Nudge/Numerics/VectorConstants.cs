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

    /// <summary>The exponent fields of 1.</summary>
    internal const int FloatBias = 127, DoubleBias = 1023;

    /// <summary>1.5 · 2²³: added to a small whole number, it leaves that number in the last bits.</summary>
    internal const float FloatInLastBits = 12582912;

    /// <summary>1.5 · 2⁵².</summary>
    internal const double DoubleInLastBits = 6755399441055744;
}
