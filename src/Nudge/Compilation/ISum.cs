// The first contribution to a gradient, or one more.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>How a contribution gets into a gradient.</summary>
internal unsafe interface ISum
{
    static abstract void Put<V, T>(V part, T* target)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The same for the first numbers of a vector.</summary>
    static abstract void Put<V, T>(V part, T* target, int count)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>The first contribution: it sets the gradient.</summary>
internal readonly unsafe struct FreshSum : ISum
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<V, T>(V part, T* target)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Store(part, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<V, T>(V part, T* target, int count)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => VectorTail<V, T>.Store(part, target, count);
}

/// <summary>One more contribution: it is added.</summary>
internal readonly unsafe struct RunningSum : ISum
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<V, T>(V part, T* target)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Store(V.Load(target) + part, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<V, T>(V part, T* target, int count)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => VectorTail<V, T>.Store(V.Load(target) + part, target, count);
}
