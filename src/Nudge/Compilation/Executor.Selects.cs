// Look-ups: in each lane what its index names.

using System.Runtime.CompilerServices;

namespace Nudge;

internal sealed unsafe partial class Executor<V, T>
{
    // Rows of a table with so many numbers are better copied as they lie, and turned to lanes together.
    private const int LongRow = 8;

    private static bool IsTable(in Step<T> step) => step.Rows >= LongRow && Array.TrueForAll(step.Terms!, choice => choice.First.Advance == 1);

    // Of a single example, numbers lie side by side; a packed row may be as short as one number, and is a row all the same.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardTable(ref Step<T> step)
    {
        T* result = step.Result.Number;
        int* indices = step.Indices;
        nint stride = Memory<T>.StrideOfTransposed(step.Rows);
        for (int repeat = 0; repeat < step.Repeats; repeat++, indices += step.Width, result += step.Rows * step.Result.Advance)
        {
            if (step.Result.Advance == 1)
            {
                ref Operand<T> choice = ref step.Terms![*indices].First;
                Copy<FreshSum>(choice.Number + repeat * choice.Leap, result, step.Rows);
                continue;
            }
            for (int lane = 0; lane < step.Width; lane++)
            {
                ref Operand<T> choice = ref step.Terms![indices[lane]].First;
                Copy<FreshSum>(choice.Number + repeat * choice.Leap, step.Scratch + lane * stride, step.Rows);
            }
            Transposition.Transpose(step.Width, step.Rows, step.Scratch, stride, result, step.Result.Advance);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardTable(ref Step<T> step)
    {
        T* gradient = step.Result.Gradient;
        int* indices = step.Indices;
        nint stride = step.Result.Advance == 1 ? step.Rows : Memory<T>.StrideOfTransposed(step.Rows);
        for (int repeat = 0; repeat < step.Repeats; repeat++, indices += step.Width, gradient += step.Rows * step.Result.Advance)
        {
            T* rows = gradient;
            if (step.Result.Advance > 1)
                Transposition.Transpose(step.Rows, step.Width, gradient, step.Result.Advance, rows = step.Scratch, stride);
            for (int lane = 0; lane < step.Width; lane++)
            {
                ref Operand<T> choice = ref step.Terms![indices[lane]].First;
                if (choice.Slope != Slope.None)
                    Copy<RunningSum>(rows + lane * stride, choice.Gradient + repeat * choice.Leap, step.Rows);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<TSum>(T* from, T* to, int count)
        where TSum : struct, ISum
    {
        int i = 0;
        for (; i + V.Count <= count; i += V.Count)
            TSum.Put<V, T>(V.Load(from + i), to + i);
        if (i < count)
            TSum.Put<V, T>(V.Load(from + i), to + i, count - i);
    }

    // The numbers of a choice lie at a stride of their own: a row of a table, one number for each result.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardSelect(ref Step<T> step)
    {
        T* result = step.Result.Number;
        int* indices = step.Indices;
        for (int repeat = 0; repeat < step.Repeats; repeat++, indices += step.Width, result += step.Rows * step.Result.Advance)
        {
            for (int lane = 0; lane < step.Width; lane++)
            {
                ref Operand<T> choice = ref step.Terms![indices[lane]].First;
                T* from = choice.Number + repeat * choice.Leap + (choice.IsRow ? lane : 0), to = result + lane;
                for (int row = 0; row < step.Rows; row++, from += choice.Advance, to += step.Result.Advance)
                    *to = *from;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardSelect(ref Step<T> step)
    {
        T* gradient = step.Result.Gradient;
        int* indices = step.Indices;
        for (int repeat = 0; repeat < step.Repeats; repeat++, indices += step.Width, gradient += step.Rows * step.Result.Advance)
        {
            for (int lane = 0; lane < step.Width; lane++)
            {
                ref Operand<T> choice = ref step.Terms![indices[lane]].First;
                if (choice.Slope == Slope.None)
                    continue;
                T* to = choice.Gradient + repeat * choice.Leap + (choice.IsRow ? lane : 0), from = gradient + lane;
                for (int row = 0; row < step.Rows; row++, to += choice.Advance, from += step.Result.Advance)
                    *to += *from;
            }
        }
    }
}
