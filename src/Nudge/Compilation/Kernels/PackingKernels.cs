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
    // row the next level is written over them. Lanes are in Depth.
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
                V rest = isGradient ? default : V.Create(*from);
                for (int i = 0; i < call.Depth; i += V.Count)
                {
                    V part = VectorTail<V, T>.First(V.Load(from + i), Math.Clamp(count - i, 0, V.Count), rest);
                    V.Store(adds ? V.Load(to + i) + part : part, to + i);
                }
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
            {
                for (int i = 0; i < call.Depth; i += V.Count)
                    V.Store(V.Create(numbers[row * call.A.Inner]), to + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Collect(ref Call<T> call)
    {
        nint stride = call.Y.Inner;
        for (int level = 0; level < call.Outer; level++)
        {
            int start = call.Indices[level], count = call.Indices[level + 1] - start;
            T* slopes = call.A.At + level * call.A.Outer, gradient = call.Y.At + start;
            for (int row = 0; row < call.Inner; row++, gradient += stride)
                slopes[row * call.A.Inner] += VectorSums<V, T>.Sum(gradient, count);
        }
    }
}
