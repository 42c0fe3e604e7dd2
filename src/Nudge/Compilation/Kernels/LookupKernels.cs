// Look-ups: in each lane what its index names.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Look-ups, and where gradients of what was looked up go.</summary>
internal static unsafe class LookupKernels<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Rows of a table with so many numbers are better copied as they lie, and turned to lanes together.
    private const int LongRow = 8;

    internal static bool IsTable(int rows, Location[] choices, int stride) => rows >= LongRow && stride == 1 && !choices[0].IsVarying;

    // Of a single example, numbers lie side by side; a packed row may be as short as one number, and is a row all the same.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void SelectTable(ref Call<T> call)
    {
        T* result = call.Y.At;
        int* indices = call.Indices;
        nint stride = Memory<T>.StrideOfTransposed(call.Inner);
        for (int repeat = 0; repeat < call.Outer; repeat++, indices += call.Width, result += call.Inner * call.Y.Inner)
        {
            if (call.Y.Inner == 1)
            {
                ref Operand<T> choice = ref call.Choices![*indices];
                Copy(choice.At + repeat * choice.Outer, result, call.Inner);
                continue;
            }
            for (int lane = 0; lane < call.Width; lane++)
            {
                ref Operand<T> choice = ref call.Choices![indices[lane]];
                Copy(choice.At + repeat * choice.Outer, call.Scratch + lane * stride, call.Inner);
            }
            Transposition.Transpose(call.Width, call.Inner, call.Scratch, stride, result, call.Y.Inner);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ScatterTable(ref Call<T> call)
    {
        T* gradient = call.Y.At;
        int* indices = call.Indices;
        nint stride = call.Y.Inner == 1 ? call.Inner : Memory<T>.StrideOfTransposed(call.Inner);
        for (int repeat = 0; repeat < call.Outer; repeat++, indices += call.Width, gradient += call.Inner * call.Y.Inner)
        {
            T* rows = gradient;
            if (call.Y.Inner > 1)
                Transposition.Transpose(call.Inner, call.Width, gradient, call.Y.Inner, rows = call.Scratch, stride);
            for (int lane = 0; lane < call.Width; lane++)
            {
                ref Operand<T> choice = ref call.Choices![indices[lane]];
                if (choice.At != null)
                    Add(rows + lane * stride, choice.At + repeat * choice.Outer, call.Inner);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(T* from, T* to, int count)
    {
        int i = 0;
        for (; i + V.Count <= count; i += V.Count)
            V.Store(V.Load(from + i), to + i);
        if (i < count)
            VectorTail<V, T>.Store(V.Load(from + i), to + i, count - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(T* from, T* to, int count)
    {
        int i = 0;
        for (; i + V.Count <= count; i += V.Count)
            V.Store(V.Load(to + i) + V.Load(from + i), to + i);
        if (i < count)
            VectorTail<V, T>.Store(V.Load(to + i) + V.Load(from + i), to + i, count - i);
    }

    // The numbers of a choice lie at a stride of their own: a row of a table, one number for each result.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Select(ref Call<T> call)
    {
        T* result = call.Y.At;
        int* indices = call.Indices;
        for (int repeat = 0; repeat < call.Outer; repeat++, indices += call.Width, result += call.Inner * call.Y.Inner)
        {
            for (int lane = 0; lane < call.Width; lane++)
            {
                ref Operand<T> choice = ref call.Choices![indices[lane]];
                T* from = choice.At + repeat * choice.Outer + (choice.IsRow ? lane : 0), to = result + lane;
                for (int row = 0; row < call.Inner; row++, from += choice.Inner, to += call.Y.Inner)
                    *to = *from;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Scatter(ref Call<T> call)
    {
        T* gradient = call.Y.At;
        int* indices = call.Indices;
        for (int repeat = 0; repeat < call.Outer; repeat++, indices += call.Width, gradient += call.Inner * call.Y.Inner)
        {
            for (int lane = 0; lane < call.Width; lane++)
            {
                ref Operand<T> choice = ref call.Choices![indices[lane]];
                if (choice.At == null)
                    continue;
                T* to = choice.At + repeat * choice.Outer + (choice.IsRow ? lane : 0), from = gradient + lane;
                for (int row = 0; row < call.Inner; row++, to += choice.Inner, from += call.Y.Inner)
                    *to += *from;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Clear(ref Call<T> call)
    {
        for (int row = 0; row < call.Inner; row++)
            new Span<T>(call.Y.At + row * call.Y.Inner, call.Width).Clear();
    }
}
