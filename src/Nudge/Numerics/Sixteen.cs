// The order of long sums: sixteen parts, and how they become one number. The same bits from vectors of any width.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Nudge.VectorConstants;

namespace Nudge;

/// <summary>
/// The sum of many numbers in one order, whatever adds them up. Part i, of sixteen in float32 and eight in float64, is the sum of
/// the numbers i, i + 16, i + 32, … in turn; then part i + 8 is added to part i, i + 4 to i, i + 2 to i, and 1 to 0. The parts
/// lie in one vector of 512 bits, in two of 256 or in four of 128: see <see cref="SixteenParts{V, T}"/>.
/// </summary>
internal static class Sixteen<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many parts there are: 16, of float64 8.</summary>
    internal static int Parts
    {
        [MethodImpl(Inline)]
        get => Vector512<T>.Count;
    }
}
