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

    /// <summary>The result for one example and its gradient, which no parameter sees.</summary>
    internal abstract double Gradients(ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices, Span<double> gradients);

    /// <summary>The mean result over a batch; adds its gradient to that of the parameters.</summary>
    internal abstract double Differentiate(int count, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices);
}

/// <inheritdoc/>
internal sealed unsafe class Engine<T>(Plan plan, int inputCount, ParameterList parameters) : Engine(plan)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Numbers and gradients of a chunk should stay in a second-level cache together.
    private const int ChunkBytes = 1 << 19;

    private readonly ConcurrentDictionary<int, ConcurrentBag<Executor<T>>> _executors = [];
    private readonly int _scratch = plan.Varying.OfType<ProductInstruction>().Select(product => product.Depth).DefaultIfEmpty(0).Max();

    internal override double Evaluate(int count, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices) =>
        Run(count, inputs, indices, gradients: null);

    internal override double Gradients(ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices, Span<double> gradients)
    {
        var computed = new AlignedArray<T>(parameters.Count);
        double result = Run(1, inputs, indices, computed.Pointer);
        for (int i = 0; i < gradients.Length; i++)
            gradients[i] = double.CreateTruncating(computed.Span[i]);
        return result;
    }

    internal override double Differentiate(int count, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices)
    {
        bool stale = false;
        foreach (ParameterSegment segment in parameters.Segments)
            stale |= segment.BeginAccumulating();
        double loss;
        if (parameters.Segments.Length == 1)
        {
            loss = Run(count, inputs, indices, parameters.Segments[0].Gradients<T>());
        }
        else
        {
            var gradients = new AlignedArray<T>(parameters.Count);
            loss = Run(count, inputs, indices, gradients.Pointer);
            AddToSegments(gradients.Span);
        }
        if (stale)
            StaleGradients.Report(parameters[0]);
        return loss;
    }

    private double Run(int count, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices, T* gradients)
    {
        int lanes = LanesFor(count);
        if (!_executors.TryGetValue(lanes, out ConcurrentBag<Executor<T>>? free))
            free = _executors.GetOrAdd(lanes, _ => []);
        if (!free.TryTake(out Executor<T>? executor))
            executor = MakeExecutor(lanes);
        Memory<T> memory = executor.Memory;

        AlignedArray<T>? gathered = parameters.Segments.Length == 1 ? null : GatherSegments();
        T* numbers = gathered is null ? parameters.Segments[0].Data<T>() : gathered.Pointer;
        executor.Begin(Plan, numbers, gradients);
        executor.ForwardUniform();
        if (gradients != null)
            memory.UniformGradients.Span.Clear();
        double sum = 0;
        for (int start = 0; start < count; start += lanes)
        {
            int used = Math.Min(lanes, count - start);
            LoadExamples(memory, start, used, inputs, indices);
            executor.ForwardVarying();
            sum += SumOfResults(memory, numbers, used);
            if (gradients == null)
                continue;
            memory.VaryingGradients.Span.Clear();
            Seed(memory, gradients, used, count);
            executor.BackwardVarying();
        }
        if (gradients != null)
            executor.BackwardUniform();
        GC.KeepAlive(gathered);
        free.Add(executor);
        return sum / count;
    }

    // A list whose parameters lie in several blocks is brought together for each run.
    private AlignedArray<T> GatherSegments()
    {
        var numbers = new AlignedArray<T>(parameters.Count);
        int offset = 0;
        foreach (ParameterSegment segment in parameters.Segments)
        {
            new ReadOnlySpan<T>(segment.Data<T>(), segment.Length).CopyTo(numbers.Span[offset..]);
            offset += segment.Length;
        }
        return numbers;
    }

    private void AddToSegments(ReadOnlySpan<T> gradients)
    {
        foreach (ParameterSegment segment in parameters.Segments)
        {
            T* sums = segment.Gradients<T>();
            for (int i = 0; i < segment.Length; i++)
                sums[i] += gradients[i];
            gradients = gradients[segment.Length..];
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
                memory.Indices.Span[i * lanes + lane] = indices[example * indexCount + i];
        }
    }

    private double SumOfResults(Memory<T> memory, T* numbers, int used)
    {
        if (!Plan.Root.IsVarying)
            return used * double.CreateTruncating(Plan.Root.Space == Space.Parameters ? numbers[Plan.Root.Index] : memory.Uniform.Span[Plan.Root.Index]);
        double sum = 0;
        foreach (T result in memory.Varying.Span.Slice(Plan.Root.Index * memory.Lanes, used))
            sum += double.CreateTruncating(result);
        return sum;
    }

    private void Seed(Memory<T> memory, T* gradients, int used, int count)
    {
        T share = T.One / T.CreateTruncating(count);
        if (Plan.Root.IsVarying)
            memory.VaryingGradients.Span.Slice(Plan.Root.Index * memory.Lanes, used).Fill(share);
        else if (Plan.Root.Space == Space.Uniform)
            memory.UniformGradients.Span[Plan.Root.Index] += share * T.CreateTruncating(used);
        else
            gradients[Plan.Root.Index] += share * T.CreateTruncating(used);
    }

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
        var memory = new Memory<T>(Plan, _scratch, lanes);
        for (int i = 0; i < Plan.Constants.Length; i++)
            memory.Uniform.Span[i] = T.CreateTruncating(Plan.Constants[i]);
        return lanes % Vector512<T>.Count == 0 && Vector512.IsHardwareAccelerated ? new Executor<Wide512<T>, T>(memory)
            : lanes % Vector256<T>.Count == 0 ? new Executor<Wide256<T>, T>(memory)
            : new Executor<Wide128<T>, T>(memory);
    }
}
