// Runs a plan over a batch: in chunks of lanes that fit the cache, with memory that is used again.

using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Nudge;

/// <summary>Runs a plan in one precision.</summary>
internal abstract class Engine(Plan plan)
{
    internal Plan Plan { get; } = plan;

    /// <summary>The mean result over a batch.</summary>
    internal abstract double Evaluate(int count, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices);

    /// <summary>The mean result over a batch, and its gradient with respect to the parameters.</summary>
    internal abstract double Differentiate(int count, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices, Span<double> gradients);
}

/// <inheritdoc/>
internal sealed class Engine<T>(Plan plan, int inputCount, ParameterList parameters) : Engine(plan)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Numbers and gradients of a chunk should stay in a second-level cache together.
    private const int ChunkBytes = 1 << 19;

    private readonly ConcurrentDictionary<int, ConcurrentBag<Executor<T>>> _executors = [];
    private readonly int _scratch = plan.Varying.OfType<ProductInstruction>().Select(product => product.Depth).DefaultIfEmpty(0).Max();

    internal override double Evaluate(int count, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices) =>
        Run(count, inputs, indices, [], differentiate: false);

    internal override double Differentiate(int count, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices, Span<double> gradients) =>
        Run(count, inputs, indices, gradients, differentiate: true);

    private double Run(int count, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices, Span<double> gradients, bool differentiate)
    {
        int lanes = LanesFor(count);
        ConcurrentBag<Executor<T>> free = _executors.GetOrAdd(lanes, _ => []);
        if (!free.TryTake(out Executor<T>? executor))
            executor = MakeExecutor(lanes);
        Memory<T> memory = executor.Memory;

        LoadParameters(memory);
        executor.Forward(Plan.Uniform);
        if (differentiate)
        {
            memory.ParameterGradients.Span.Clear();
            memory.UniformGradients.Span.Clear();
        }
        double sum = 0;
        for (int start = 0; start < count; start += lanes)
        {
            int used = Math.Min(lanes, count - start);
            LoadExamples(memory, start, used, inputs, indices);
            executor.Forward(Plan.Varying);
            sum += SumOfResults(memory, used);
            if (!differentiate)
                continue;
            memory.VaryingGradients.Span.Clear();
            Seed(memory, used, count);
            executor.Backward(Plan.Varying);
        }
        if (differentiate)
        {
            executor.Backward(Plan.Uniform);
            Span<T> computed = memory.ParameterGradients.Span;
            for (int i = 0; i < gradients.Length; i++)
                gradients[i] = double.CreateTruncating(computed[i]);
        }
        free.Add(executor);
        return sum / count;
    }

    private void LoadParameters(Memory<T> memory)
    {
        Span<T> numbers = memory.Parameters.Span;
        foreach (ParameterSegment segment in parameters.Segments)
        {
            Span<double> data = segment.Data;
            for (int i = 0; i < data.Length; i++)
                numbers[i] = T.CreateTruncating(data[i]);
            numbers = numbers[data.Length..];
        }
    }

    // Lane by lane an example; lanes beyond the batch repeat its last example, so that they stay finite, and count for nothing.
    private void LoadExamples(Memory<T> memory, int start, int used, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices)
    {
        Span<T> rows = memory.Varying.Span;
        int lanes = memory.Lanes, indexCount = Plan.IndexCount;
        for (int lane = 0; lane < lanes; lane++)
        {
            int example = start + Math.Min(lane, used - 1);
            ReadOnlySpan<double> numbers = inputs.Slice(example * inputCount, inputCount);
            for (int i = 0; i < numbers.Length; i++)
                rows[i * lanes + lane] = T.CreateTruncating(numbers[i]);
            for (int i = 0; i < indexCount; i++)
                memory.Indices[i * lanes + lane] = indices[example * indexCount + i];
        }
    }

    private double SumOfResults(Memory<T> memory, int used)
    {
        if (!Plan.Root.IsVarying)
            return used * double.CreateTruncating(Root(memory.Parameters, memory.Uniform));
        double sum = 0;
        foreach (T result in memory.Varying.Span.Slice(Plan.Root.Index * memory.Lanes, used))
            sum += double.CreateTruncating(result);
        return sum;
    }

    private void Seed(Memory<T> memory, int used, int count)
    {
        if (Plan.Root.IsVarying)
            memory.VaryingGradients.Span.Slice(Plan.Root.Index * memory.Lanes, used).Fill(T.One / T.CreateTruncating(count));
        else
            Root(memory.ParameterGradients, memory.UniformGradients) = T.One;
    }

    private ref T Root(AlignedArray<T> parameters, AlignedArray<T> uniform) =>
        ref (Plan.Root.Space == Space.Parameters ? parameters : uniform).Span[Plan.Root.Index];

    private int LanesFor(int count)
    {
        int width = WidthFor(count);
        int bytes = Math.Max(1, Plan.VaryingSize) * System.Runtime.CompilerServices.Unsafe.SizeOf<T>() * 2;
        int most = Math.Max(width, Math.Min(512, ChunkBytes / bytes) / width * width);
        return Math.Min(most, (count + width - 1) / width * width);
    }

    private static int WidthFor(int count) =>
        count <= Vector128<T>.Count ? Vector128<T>.Count
        : count <= Vector256<T>.Count || !Vector512.IsHardwareAccelerated ? Vector256<T>.Count
        : Vector512<T>.Count;

    private Executor<T> MakeExecutor(int lanes)
    {
        var memory = new Memory<T>(Plan, parameters.Count, _scratch, lanes);
        for (int i = 0; i < Plan.Constants.Length; i++)
            memory.Uniform.Span[i] = T.CreateTruncating(Plan.Constants[i]);
        return lanes % Vector512<T>.Count == 0 && Vector512.IsHardwareAccelerated ? new Executor<Wide512<T>, T>(memory)
            : lanes % Vector256<T>.Count == 0 ? new Executor<Wide256<T>, T>(memory)
            : new Executor<Wide128<T>, T>(memory);
    }
}
