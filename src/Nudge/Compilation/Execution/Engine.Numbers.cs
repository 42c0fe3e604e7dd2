// What goes into a run and comes out of it: parameters, examples, results and gradients.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Nudge;

internal sealed unsafe partial class Engine<T>
{
    /// <summary>Where the examples of a run are: one after the other, or prepared, and of those all or some rows.</summary>
    private unsafe struct Examples
    {
        internal double* Inputs;
        internal int* Indices;
        internal CompiledData<T>? Data;
        internal int* Rows;

        /// <summary>Of all that have been prepared, the blocks that lie as a chunk is read.</summary>
        internal AlignedArray<T>? Blocks;

        internal readonly int IndexOf(int example) => Rows == null ? example : Rows[example];
    }

    // Lane by lane an example; lanes beyond the batch repeat its last example, so that they stay finite, and count for nothing.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void LoadExamples(Executor<T> executor, int start, int used, in Examples examples)
    {
        long began = StepTimer.Begin();
        Memory<T> memory = executor.Memory;
        executor.ReadInputs(LoadInputs(memory, start, used, examples));
        if (Plan.IndexBounds.Length > 0)
            LoadIndices(memory, start, used, examples);
        StepTimer.End(StepPart.Batch, began);
    }

    // Returns where they are: examples that lie as they are read stay where they are. Few are copied, since a call that does
    // several statements of so few lanes does not move.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T* LoadInputs(Memory<T> memory, int start, int used, in Examples examples)
    {
        int lanes = memory.Lanes, size = Plan.InputCount;
        T* rows = memory.Inputs;
        if (examples.Blocks is { } blocks)
        {
            T* block = blocks.Pointer + (nint)start * size;
            if (lanes > Sixteen<T>.Parts && !_hasInputAsRoot)
                return block;
            new ReadOnlySpan<T>(block, memory.InputsLength).CopyTo(new Span<T>(rows, memory.InputsLength));
            return rows;
        }
        if (examples.Data is { } data)
            Pick(memory, data, start, used, examples);
        else
            Transposition.TransposeFrom(used, size, examples.Inputs + (nint)start * size, size, rows, lanes);
        if (used < lanes)
            RepeatLast(rows, size, lanes, used);
        return rows;
    }

    // Rows as they lie, and then turned to lanes together.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pick(Memory<T> memory, CompiledData<T> data, int start, int used, in Examples examples)
    {
        int size = Plan.InputCount;
        T* picked = memory.ScratchFor(used * size);
        for (int lane = 0; lane < used; lane++)
            data.Row(examples.IndexOf(start + lane)).CopyTo(new Span<T>(picked + lane * size, size));
        Transposition.Transpose(used, size, picked, size, memory.Varying.Pointer, memory.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RepeatLast(T* rows, int count, int lanes, int used)
    {
        for (int lane = used; lane < lanes; lane++)
        {
            for (int i = 0; i < count; i++)
                rows[i * lanes + lane] = rows[i * lanes + used - 1];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LoadIndices(Memory<T> memory, int start, int used, in Examples examples)
    {
        int lanes = memory.Lanes, indexCount = Plan.IndexBounds.Length;
        for (int i = 0; i < indexCount; i++)
        {
            int* row = memory.Indices.Pointer + i * lanes;
            for (int lane = 0; lane < lanes; lane++)
                row[lane] = examples.Indices[examples.IndexOf(start + Math.Min(lane, used - 1)) * indexCount + i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void StoreRows(Memory<T> memory, Location[] places, AlignedArray<T> rows, T* numbers, int used, Span<double> to)
    {
        for (int i = 0; i < places.Length; i++)
        {
            for (int lane = 0; lane < used; lane++)
            {
                T number = places[i].Space switch
                {
                    Space.Varying => rows.Pointer[places[i].Index * memory.Lanes + lane],
                    Space.Uniform => memory.Uniform.Pointer[places[i].Index],
                    _ => numbers[places[i].Index],
                };
                to[lane * places.Length + i] = double.CreateTruncating(number);
            }
        }
    }

    private static double SumOf(Memory<T> memory, Location root, T* numbers, int used)
    {
        if (!root.IsVarying)
            return used * double.CreateTruncating(root.Space == Space.Parameters ? numbers[root.Index] : memory.Uniform.Pointer[root.Index]);
        return Sum(memory.Varying.Pointer + memory.OffsetOf(root.Index), used);
    }

    // Of a few numbers four sums, and of many eight, since one would wait for itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Sum(T* numbers, int count)
    {
        double sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
        if (count >= 32)
        {
            int eights = count / 8 * 8;
            sum0 = SumOfEights(numbers, eights);
            numbers += eights;
            count -= eights;
        }
        for (; count >= 4; count -= 4, numbers += 4)
        {
            sum0 += double.CreateTruncating(numbers[0]);
            sum1 += double.CreateTruncating(numbers[1]);
            sum2 += double.CreateTruncating(numbers[2]);
            sum3 += double.CreateTruncating(numbers[3]);
        }
        for (; count > 0; count--, numbers++)
            sum0 += double.CreateTruncating(*numbers);
        return sum0 + sum1 + (sum2 + sum3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SumOfEights(T* numbers, int count)
    {
        Vector128<double> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (int i = 0; i < count; i += 8)
        {
            (Vector128<double> a, Vector128<double> b) = Four(numbers + i);
            (Vector128<double> c, Vector128<double> d) = Four(numbers + i + 4);
            (sum0, sum1, sum2, sum3) = (sum0 + a, sum1 + b, sum2 + c, sum3 + d);
        }
        return Vector128.Sum(sum0 + sum1 + (sum2 + sum3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<double> Lower, Vector128<double> Upper) Four(T* numbers) =>
        typeof(T) == typeof(float) ? Vector128.Widen(Vector128.Load((float*)numbers)) : (Vector128.Load((double*)numbers), Vector128.Load((double*)numbers + 2));

    private static void ClearSeeds(Memory<T> memory, Location[] roots)
    {
        foreach (Location root in roots)
        {
            if (root.IsVarying)
                new Span<T>(memory.VaryingGradients.Pointer + memory.OffsetOf(root.Index), memory.WidthOf(root.Index)).Clear();
        }
    }

    // Adds to the gradient of a result in the first lanes. One value may be the result of several steps.
    private static void Seed(Memory<T> memory, Location root, T* gradients, int used, T share)
    {
        if (root.IsVarying)
        {
            T* row = memory.VaryingGradients.Pointer + memory.OffsetOf(root.Index);
            for (int lane = 0; lane < used; lane++)
                row[lane] += share;
        }
        else if (root.Space == Space.Uniform)
        {
            memory.UniformGradients.Pointer[root.Index] += share * T.CreateTruncating(used);
        }
        else
        {
            gradients[root.Index] += share * T.CreateTruncating(used);
        }
    }
}
