// The sixteen parts of a long sum, in as many vectors as they fill.

using System.Numerics;
using System.Runtime.CompilerServices;
using static Nudge.VectorConstants;

namespace Nudge;

/// <summary>
/// The parts of a sum in the order of <see cref="Sixteen{T}"/>, held in vectors of 128, 256 or 512 bits: the same bits from each.
/// </summary>
internal unsafe struct SixteenParts<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private V _a, _b, _c, _d;

    /// <summary>How many numbers are taken at a time.</summary>
    internal static int Count
    {
        [MethodImpl(Inline)]
        get => Sixteen<T>.Parts;
    }

    /// <summary>Adds sixteen numbers.</summary>
    [MethodImpl(Inline)]
    internal void Add(T* x)
    {
        _a += V.Load(x);
        if (sizeof(V) is 32 or 16)
            _b += V.Load(x + V.Count);
        if (sizeof(V) == 16)
        {
            _c += V.Load(x + 2 * V.Count);
            _d += V.Load(x + 3 * V.Count);
        }
    }

    /// <summary>Adds the products of sixteen numbers.</summary>
    [MethodImpl(Inline)]
    internal void Add(T* x, T* y)
    {
        _a = V.MultiplyAdd(V.Load(x), V.Load(y), _a);
        if (sizeof(V) is 32 or 16)
            _b = V.MultiplyAdd(V.Load(x + V.Count), V.Load(y + V.Count), _b);
        if (sizeof(V) == 16)
        {
            _c = V.MultiplyAdd(V.Load(x + 2 * V.Count), V.Load(y + 2 * V.Count), _c);
            _d = V.MultiplyAdd(V.Load(x + 3 * V.Count), V.Load(y + 3 * V.Count), _d);
        }
    }

    /// <summary>Adds the first of sixteen numbers; for the others nothing, whatever stands there.</summary>
    [MethodImpl(Inline)]
    internal void AddFirst(T* x, int count)
    {
        _a += First(x, 0, count);
        if (sizeof(V) is 32 or 16)
            _b += First(x, 1, count);
        if (sizeof(V) == 16)
        {
            _c += First(x, 2, count);
            _d += First(x, 3, count);
        }
    }

    /// <summary>The same of products.</summary>
    [MethodImpl(Inline)]
    internal void AddFirst(T* x, T* y, int count)
    {
        _a = V.MultiplyAdd(First(x, 0, count), First(y, 0, count), _a);
        if (sizeof(V) is 32 or 16)
            _b = V.MultiplyAdd(First(x, 1, count), First(y, 1, count), _b);
        if (sizeof(V) == 16)
        {
            _c = V.MultiplyAdd(First(x, 2, count), First(y, 2, count), _c);
            _d = V.MultiplyAdd(First(x, 3, count), First(y, 3, count), _d);
        }
    }

    /// <summary>The sum of all parts.</summary>
    internal readonly T Sum
    {
        [MethodImpl(Inline)]
        get => V.Sum(Folded);
    }

    /// <summary>Four sums at once, side by side.</summary>
    [MethodImpl(Inline)]
    internal static void Store(in SixteenParts<V, T> a, in SixteenParts<V, T> b, in SixteenParts<V, T> c, in SixteenParts<V, T> d, T* to) =>
        VectorFolding<V, T, SumFold>.Store(a.Folded, b.Folded, c.Folded, d.Folded, to);

    // As many parts as one vector has: what is left to add up lies in it.
    private readonly V Folded
    {
        [MethodImpl(Inline)]
        get => sizeof(V) == 32 ? _a + _b : sizeof(V) == 16 ? (_a + _c) + (_b + _d) : _a;
    }

    [MethodImpl(Inline)]
    private static V First(T* x, int vector, int count)
    {
        int left = count - vector * V.Count;
        return left >= V.Count ? V.Load(x + vector * V.Count) : left <= 0 ? default : VectorTail<V, T>.First(V.Load(x + vector * V.Count), left);
    }
}
