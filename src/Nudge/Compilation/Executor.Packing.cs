// From rows for each position to rows of all positions side by side, and back.

using System.Runtime.CompilerServices;

namespace Nudge;

internal sealed unsafe partial class Executor<V, T>
{
    // Lanes beyond the documents of a level repeat the first one, so that they stay finite. In a packed row the next level
    // is written over them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardRegroup(ref Step<T> step)
    {
        bool packs = step.Kind == StepKind.Pack;
        for (int level = 0; level < step.Repeats; level++)
        {
            int start = step.Indices[level], count = step.Indices[level + 1] - start;
            T* source = step.A.Number + (packs ? level * step.Rows * step.A.Advance : start);
            T* target = step.Result.Number + (packs ? start : level * step.Rows * step.Result.Advance);
            for (int row = 0; row < step.Rows; row++, source += step.A.Advance, target += step.Result.Advance)
                V.Store(VectorTail<V, T>.First(V.Load(source), count, V.Create(*source)), target);
        }
    }

    // Gradients beyond the documents of a level are 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardRegroup(ref Step<T> step)
    {
        bool packs = step.Kind == StepKind.Pack, isFirst = step.A.Slope == Slope.Set;
        for (int level = 0; level < step.Repeats; level++)
        {
            int start = step.Indices[level], count = step.Indices[level + 1] - start;
            T* source = step.Result.Gradient + (packs ? start : level * step.Rows * step.Result.Advance);
            T* target = step.A.Gradient + (packs ? level * step.Rows * step.A.Advance : start);
            for (int row = 0; row < step.Rows; row++, source += step.Result.Advance, target += step.A.Advance)
            {
                V part = VectorTail<V, T>.First(V.Load(source), count);
                V.Store(isFirst ? part : V.Load(target) + part, target);
            }
        }
    }
}
