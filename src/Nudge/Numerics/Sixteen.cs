// The order of long sums: sixteen parts, and how they become one number. The same bits from vectors of any width.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Nudge.VectorConstants;

namespace Nudge;

/// <summary>
/// The sum of many numbers in one order, whatever adds them up. Part i, of sixteen in float32 and eight in float64, is the sum of
/// the numbers i, i + 16, i + 32, … in turn; then part i + 8 is added to part i, i + 4 to i, i + 2 to i, and 1 to 0. The parts
/// lie in one vector of 512 bits, in two of 256, in four of 128, or one by one.
/// </summary>
internal static unsafe class Sixteen<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many parts there are: 16, of float64 8.</summary>
    internal static int Parts
    {
        [MethodImpl(Inline)]
        get => Vector512<T>.Count;
    }

    /// <summary>The sum of all parts in one vector.</summary>
    [MethodImpl(Inline)]
    internal static T Sum(Vector512<T> parts) => Sum(parts.GetLower(), parts.GetUpper());

    /// <summary>The sum of all parts in two vectors.</summary>
    [MethodImpl(Inline)]
    internal static T Sum(Vector256<T> a, Vector256<T> b) => Sum(a + b);

    /// <summary>The sum of all parts in four vectors.</summary>
    [MethodImpl(Inline)]
    internal static T Sum(Vector128<T> a, Vector128<T> b, Vector128<T> c, Vector128<T> d) => Sum((a + c) + (b + d));

    /// <summary>The sum of all parts, one by one, which are changed.</summary>
    internal static T Sum(T* parts)
    {
        for (int half = Parts / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
                parts[i] += parts[i + half];
        }
        return parts[0];
    }

    /// <summary>The sum of all parts in as many vectors of any width as they fill.</summary>
    [MethodImpl(Inline)]
    internal static T Sum<V>(V* vectors)
        where V : unmanaged, IVector<V, T>
    {
        if (sizeof(V) == 64)
            return Sum(((Vector512<T>*)vectors)[0]);
        if (sizeof(V) == 32)
            return Sum(((Vector256<T>*)vectors)[0], ((Vector256<T>*)vectors)[1]);
        var parts = (Vector128<T>*)vectors;
        return sizeof(V) == 16 ? Sum(parts[0], parts[1], parts[2], parts[3]) : Sum((T*)vectors);
    }

    [MethodImpl(Inline)]
    private static T Sum(Vector256<T> parts) => Sum(parts.GetLower() + parts.GetUpper());

    [MethodImpl(Inline)]
    private static T Sum(Vector128<T> parts)
    {
        if (typeof(T) == typeof(double))
            return parts[0] + parts[1];
        Vector128<T> pair = parts + Vector128.Shuffle(parts.AsSingle(), Vector128.Create(2, 3, 0, 1)).As<float, T>();
        return pair[0] + pair[1];
    }
}
