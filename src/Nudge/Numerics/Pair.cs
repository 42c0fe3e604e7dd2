// Sums and products with what rounding takes from them: two numbers that together are exact.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using static Nudge.VectorConstants;
using static Nudge.VectorMath;

namespace Nudge;

/// <summary>
/// Error-free transformations (Dekker 1971; Knuth, The Art of Computer Programming 4.2.2). The results are exact with and
/// without fused multiply-add, so that they are the same bits, too.
/// </summary>
internal static class Pair<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>a + b.</summary>
    [MethodImpl(Inline)]
    internal static V Add(V a, V b, out V error)
    {
        V sum = a + b, from = sum - a;
        error = (a - (sum - from)) + (b - from);
        return sum;
    }

    /// <summary>a + b, where the exponent of a is not less than that of b.</summary>
    [MethodImpl(Inline)]
    internal static V AddSmaller(V a, V b, out V error)
    {
        V sum = a + b;
        error = b - (sum - a);
        return sum;
    }

    /// <summary>a · b.</summary>
    [MethodImpl(Inline)]
    internal static V Multiply(V a, V b, out V error)
    {
        V product = a * b;
        if (Fma.IsSupported || AdvSimd.IsSupported)
        {
            error = V.MultiplyAdd(a, b, -product);
            return product;
        }
        V highA = Half(a, out V lowA), highB = Half(b, out V lowB);
        error = ((highA * highB - product) + highA * lowB + lowA * highB) + lowA * lowB;
        return product;
    }

    // The upper half of the digits, and the lower one.
    [MethodImpl(Inline)]
    private static V Half(V a, out V low)
    {
        V spread = a * Number<V, T>(typeof(T) == typeof(float) ? 4097 : 134217729), high = spread - (spread - a);
        low = a - high;
        return high;
    }
}
