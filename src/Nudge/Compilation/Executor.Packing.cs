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

    // A number for all lanes of a level, over whose end the next level is written.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardSpread(ref Step<T> step)
    {
        T* numbers = step.A.Number;
        for (int level = 0; level < step.Repeats; level++, numbers += step.A.Leap)
        {
            T* target = step.Result.Number + step.Indices[level];
            for (int row = 0; row < step.Rows; row++, target += step.Result.Advance)
                V.Store(V.Create(numbers[row * step.A.Advance]), target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardSpread(ref Step<T> step)
    {
        T* slopes = step.A.Gradient;
        nint advance = step.Result.Advance;
        for (int level = 0; level < step.Repeats; level++, slopes += step.A.Leap)
        {
            int start = step.Indices[level], count = step.Indices[level + 1] - start, row = 0;
            T* gradient = step.Result.Gradient + start;
            if (step.A.Advance == 1 && VectorFolding<V, T, SumFold>.IsSupported)
            {
                for (; row + 4 <= step.Rows; row += 4, gradient += 4 * advance)
                {
                    V a = VectorTail<V, T>.First(V.Load(gradient), count), b = VectorTail<V, T>.First(V.Load(gradient + advance), count);
                    V c = VectorTail<V, T>.First(V.Load(gradient + 2 * advance), count), d = VectorTail<V, T>.First(V.Load(gradient + 3 * advance), count);
                    Wide128<T>.Store(Wide128<T>.Load(slopes + row) + VectorFolding<V, T, SumFold>.Of(a, b, c, d), slopes + row);
                }
            }
            for (; row < step.Rows; row++, gradient += advance)
                slopes[row * step.A.Advance] += V.Sum(VectorTail<V, T>.First(V.Load(gradient), count));
        }
    }
}
