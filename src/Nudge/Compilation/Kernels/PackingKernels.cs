// From rows for each position to rows of all positions side by side, and back.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Rows by level and packed rows: see <see cref="Packing"/>.</summary>
internal static unsafe class PackingKernels<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Lanes beyond the documents of a level repeat the first one, so that they stay finite; their gradients are 0. In a packed
    // row the next level is written over them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Regroup(ref Call<T> call)
    {
        bool packs = call.Width == 1, isGradient = call.Negative, adds = call.Adds;
        for (int level = 0; level < call.Outer; level++)
        {
            int start = call.Indices[level], count = call.Indices[level + 1] - start;
            T* from = call.A.At + (packs ? level * call.Inner * call.A.Inner : start);
            T* to = call.Y.At + (packs ? start : level * call.Inner * call.Y.Inner);
            for (int row = 0; row < call.Inner; row++, from += call.A.Inner, to += call.Y.Inner)
            {
                V part = V.Load(from);
                part = isGradient ? VectorTail<V, T>.First(part, count) : VectorTail<V, T>.First(part, count, V.Create(*from));
                V.Store(adds ? V.Load(to) + part : part, to);
            }
        }
    }

    // A number for all lanes of a level, over whose end the next level is written.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Spread(ref Call<T> call)
    {
        for (int level = 0; level < call.Outer; level++)
        {
            T* numbers = call.A.At + level * call.A.Outer, to = call.Y.At + call.Indices[level];
            for (int row = 0; row < call.Inner; row++, to += call.Y.Inner)
                V.Store(V.Create(numbers[row * call.A.Inner]), to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Collect(ref Call<T> call)
    {
        nint stride = call.Y.Inner;
        for (int level = 0; level < call.Outer; level++)
        {
            int start = call.Indices[level], count = call.Indices[level + 1] - start, row = 0;
            T* slopes = call.A.At + level * call.A.Outer, gradient = call.Y.At + start;
            if (call.A.Inner == 1 && VectorFolding<V, T, SumFold>.IsSupported)
            {
                for (; row + 4 <= call.Inner; row += 4, gradient += 4 * stride)
                {
                    V a = VectorTail<V, T>.First(V.Load(gradient), count), b = VectorTail<V, T>.First(V.Load(gradient + stride), count);
                    V c = VectorTail<V, T>.First(V.Load(gradient + 2 * stride), count), d = VectorTail<V, T>.First(V.Load(gradient + 3 * stride), count);
                    Wide128<T>.Store(Wide128<T>.Load(slopes + row) + VectorFolding<V, T, SumFold>.Of(a, b, c, d), slopes + row);
                }
            }
            for (; row < call.Inner; row++, gradient += stride)
                slopes[row * call.A.Inner] += V.Sum(VectorTail<V, T>.First(V.Load(gradient), count));
        }
    }
}
