// What goes into a run and comes out of it: parameters, examples, results and gradients.

using System.Runtime.CompilerServices;

namespace Nudge;

internal sealed unsafe partial class Engine<T>
{
    // A list whose parameters lie in several blocks is brought together for each run.
    internal AlignedArray<T>? Gather(out T* numbers)
    {
        if (_parameters.Segments.Length == 1)
        {
            numbers = _parameters.Segments[0].Data<T>();
            return null;
        }
        var gathered = new AlignedArray<T>(_parameters.Count);
        numbers = gathered.Pointer;
        int offset = 0;
        foreach (ParameterSegment segment in _parameters.Segments)
        {
            new ReadOnlySpan<T>(segment.Data<T>(), segment.Length).CopyTo(gathered.Span[offset..]);
            offset += segment.Length;
        }
        return gathered;
    }

    // Gradients are added where the parameters are, or brought together for a list whose parameters lie in several blocks.
    private T* BeginAccumulating(out AlignedArray<T>? gathered, out bool stale)
    {
        stale = false;
        foreach (ParameterSegment segment in _parameters.Segments)
            stale |= segment.BeginAccumulating();
        gathered = _parameters.Segments.Length == 1 ? null : new AlignedArray<T>(_parameters.Count);
        return gathered is null ? _parameters.Segments[0].Gradients<T>() : gathered.Pointer;
    }

    private void EndAccumulating(AlignedArray<T>? gathered, bool stale)
    {
        ReadOnlySpan<T> gradients = gathered is null ? [] : gathered.Span;
        foreach (ParameterSegment segment in gathered is null ? [] : _parameters.Segments)
        {
            T* sums = segment.Gradients<T>();
            for (int i = 0; i < segment.Length; i++)
                sums[i] += gradients[i];
            gradients = gradients[segment.Length..];
        }
        if (stale)
            StaleGradients.Report(_parameters[0]);
    }

    // Lane by lane an example; lanes beyond the batch repeat its last example, so that they stay finite, and count for nothing.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LoadExamples(Memory<T> memory, int start, int used, double* inputs, int* indices)
    {
        int lanes = memory.Lanes, size = Plan.InputCount;
        Transposition.TransposeFrom(used, size, inputs + (nint)start * size, size, memory.Varying.Pointer, lanes);
        if (used < lanes)
            RepeatLast(memory.Varying.Pointer, size, lanes, used);
        if (Plan.IndexBounds.Length > 0)
            LoadIndices(memory, start, used, indices);
    }

    private static void RepeatLast(T* rows, int count, int lanes, int used)
    {
        for (int lane = used; lane < lanes; lane++)
        {
            for (int i = 0; i < count; i++)
                rows[i * lanes + lane] = rows[i * lanes + used - 1];
        }
    }

    private void LoadIndices(Memory<T> memory, int start, int used, int* indices)
    {
        int lanes = memory.Lanes, indexCount = Plan.IndexBounds.Length;
        for (int i = 0; i < indexCount; i++)
        {
            int* row = memory.Indices.Pointer + i * lanes;
            for (int lane = 0; lane < lanes; lane++)
                row[lane] = indices[(start + Math.Min(lane, used - 1)) * indexCount + i];
        }
    }

    internal static void StoreRows(Memory<T> memory, Place[] places, AlignedArray<T> rows, T* numbers, int used, Span<double> to)
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

    private static double SumOf(Memory<T> memory, Place root, T* numbers, int used)
    {
        if (!root.IsVarying)
            return used * double.CreateTruncating(root.Space == Space.Parameters ? numbers[root.Index] : memory.Uniform.Pointer[root.Index]);
        return Sum(memory.Varying.Pointer + memory.OffsetOf(root.Index), used);
    }

    // Four sums, since one would wait for itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Sum(T* numbers, int count)
    {
        double sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
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

    private static void ClearSeeds(Memory<T> memory, Place[] roots)
    {
        foreach (Place root in roots)
        {
            if (root.IsVarying)
                new Span<T>(memory.VaryingGradients.Pointer + memory.OffsetOf(root.Index), memory.WidthOf(root.Index)).Clear();
        }
    }

    // Adds to the gradient of a result in the first lanes. One value may be the result of several steps.
    private static void Seed(Memory<T> memory, Place root, T* gradients, int used, T share)
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
