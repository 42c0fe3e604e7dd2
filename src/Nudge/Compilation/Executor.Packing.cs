// From rows for each position to rows of all positions side by side, and back.

using System.Runtime.CompilerServices;

namespace Nudge;

internal sealed unsafe partial class Executor<V, T>
{
    // Lanes beyond the documents of a level are written, too: by what the next level writes, or where no document is.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardPack(ref Step<T> step)
    {
        T* source = step.A.Number;
        for (int level = 0; level < step.Repeats; level++)
        {
            T* target = step.Result.Number + step.Indices[level];
            for (int row = 0; row < step.Rows; row++, source += step.A.Advance, target += step.Result.Advance)
                V.Store(V.Load(source), target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardPack(ref Step<T> step)
    {
        T* target = step.A.Gradient;
        for (int level = 0; level < step.Repeats; level++)
        {
            T* source = step.Result.Gradient + step.Indices[level];
            int count = step.Indices[level + 1] - step.Indices[level];
            for (int row = 0; row < step.Rows; row++, target += step.A.Advance, source += step.Result.Advance)
            {
                V part = VectorTail<V, T>.First(V.Load(source), count);
                V.Store(step.A.Slope == Slope.Set ? part : V.Load(target) + part, target);
            }
        }
    }

    // Lanes beyond the documents of a level repeat the first one, so that they stay finite.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardUnpack(ref Step<T> step)
    {
        T* target = step.Result.Number;
        for (int level = 0; level < step.Repeats; level++)
        {
            T* source = step.A.Number + step.Indices[level];
            int count = step.Indices[level + 1] - step.Indices[level];
            for (int row = 0; row < step.Rows; row++, target += step.Result.Advance, source += step.A.Advance)
                V.Store(VectorTail<V, T>.First(V.Load(source), count, V.Create(*source)), target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardUnpack(ref Step<T> step)
    {
        T* source = step.Result.Gradient;
        for (int level = 0; level < step.Repeats; level++)
        {
            T* target = step.A.Gradient + step.Indices[level];
            int count = step.Indices[level + 1] - step.Indices[level];
            for (int row = 0; row < step.Rows; row++, source += step.Result.Advance, target += step.A.Advance)
            {
                V part = VectorTail<V, T>.First(V.Load(source), count);
                V.Store(step.A.Slope == Slope.Set ? part : V.Load(target) + part, target);
            }
        }
    }
}
