// Runs a plan over a batch: in chunks of lanes that fit the cache, with memory that is used again.

using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Nudge;

/// <summary>Runs a plan in one precision.</summary>
internal abstract class Engine(PlannedPrograms programs)
{
    internal PlannedPrograms Programs { get; } = programs;

    internal Plan Plan => Programs.Plan;

    /// <summary>Compiles what was recorded.</summary>
    /// <param name="recording">What was recorded.</param>
    /// <param name="parameters">What it is differentiated by.</param>
    /// <param name="precision">The numbers to compute with.</param>
    /// <param name="rootsInStep">Of a sequence, how many results each of its steps gives; 0 where there are no steps.</param>
    internal static Engine For(Recording recording, ParameterList parameters, Precision precision, int rootsInStep = 0)
    {
        Plan plan = Planner.Plan(recording.Tape, recording.SampleInputs.Length, recording.SampleIndices.Length, rootsInStep);
        return For(new PlannedPrograms(plan, rootsInStep), parameters, precision);
    }

    /// <summary>Makes programs ready to run.</summary>
    internal static Engine For(PlannedPrograms programs, ParameterList parameters, Precision precision) => precision == Precision.Single
        ? new Engine<float>(programs, parameters, Environment.ProcessorCount)
        : new Engine<double>(programs, parameters, Environment.ProcessorCount);

    /// <summary>The mean of the result over a batch.</summary>
    internal abstract double Evaluate(int count, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices);

    /// <summary>The mean of the result over a batch; adds its gradient to that of the parameters.</summary>
    internal abstract double Differentiate(int count, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices);

    /// <summary>Room for examples as this engine reads them, whose numbers are still to be written.</summary>
    internal abstract CompiledData Prepare(int count, int[] indices);

    /// <summary>Whether data has been prepared for programs with examples of this kind.</summary>
    internal abstract bool Knows(CompiledData data);

    /// <summary>The mean of the result over all examples that have been prepared, or over some of them.</summary>
    internal abstract double Evaluate(CompiledData data, ReadOnlySpan<int> rows);

    /// <summary>The same; adds its gradient to that of the parameters.</summary>
    internal abstract double Differentiate(CompiledData data, ReadOnlySpan<int> rows);

    /// <summary>The mean of all results that documents of different lengths have: one for each token but the first.</summary>
    internal abstract double Evaluate(int[][] documents);

    /// <summary>The same; adds its gradient to that of the parameters.</summary>
    internal abstract double Differentiate(int[][] documents);

    /// <summary>Opens sequences that are computed side by side, a step of each at a time.</summary>
    internal abstract SequenceRun Open(int count);

    /// <summary>All results for each example, one example after the other.</summary>
    internal abstract void Outputs(int count, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices, Span<double> outputs);

    /// <summary>The result for each example, and its gradient in the inputs.</summary>
    internal abstract void InputGradients(int count, ReadOnlySpan<double> inputs, Span<double> outputs, Span<double> gradients);

    /// <summary>How wide the vectors are that a batch runs with.</summary>
    internal abstract int VectorBitsFor(int count);

    /// <summary>How many statements run as emitted code by now, over all programs for some number of lanes and kind of run.</summary>
    internal abstract int StatementsEmitted { get; }

    /// <summary>The bytes that the runs up to now have left for the next ones.</summary>
    internal abstract long BytesHeld { get; }
}

/// <inheritdoc/>
internal sealed unsafe partial class Engine<T> : Engine
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ConcurrentDictionary<int, ConcurrentBag<Executor<T>>> _executors = [];
    private readonly ParameterList _parameters;
    private readonly int _threads, _vectorBits;
    private readonly double _work;
    private readonly bool _hasInputAsRoot;
    private Executor<T>? _last;
    private Division? _division;

    /// <summary>An engine.</summary>
    /// <param name="programs">What to run.</param>
    /// <param name="parameters">What it reads and is differentiated by.</param>
    /// <param name="threads">How many leaves of a batch run at once.</param>
    /// <param name="vectorBits">128, 256 or 512, or 1 for one number at a time: how wide all vectors are, with or without instructions for it. 0 leaves it to the machine and the batch.</param>
    /// <param name="emission">When to emit code.</param>
    internal Engine(PlannedPrograms programs, ParameterList parameters, int threads, int vectorBits = 0, EmissionMode emission = EmissionMode.WhenItPays)
        : base(programs)
    {
        _emitted = new(programs.RootsInStep > 0 ? EmissionMode.Never : emission);
        _vectorBits = vectorBits;
        _parameters = parameters;
        Parameters = new ParameterView<T>(parameters);
        _threads = threads;
        _work = 3 * Plan.Varying.Sum(statement => statement.Work);
        _hasInputAsRoot = Array.Exists(Plan.Roots, root => root.Space == Space.Varying && root.Index < Plan.InputCount);
    }

    internal override int VectorBitsFor(int count) => 8 * sizeof(T) * WidthFor(LanesFor(count));

    internal override int StatementsEmitted => _emitted.Statements;

    /// <summary>What runs read, and add gradients to.</summary>
    internal ParameterView<T> Parameters { get; }

    internal override long BytesHeld => (_leafGradients?.Bytes ?? 0) + (_last?.Memory.Bytes ?? 0) + _executors.Values.Sum(free => free.Sum(executor => executor.Memory.Bytes));

    internal override double Evaluate(int count, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices)
    {
        T* numbers = Parameters.Read();
        double result = Run(count, inputs, indices, numbers, gradients: null);
        GC.KeepAlive(Parameters);
        return result;
    }

    internal override double Differentiate(int count, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices)
    {
        T* gradients = Parameters.BeginGradients(out Value? stale);
        double loss = Run(count, inputs, indices, Parameters.Read(), gradients);
        Parameters.EndGradients(stale);
        return loss;
    }

    internal override CompiledData Prepare(int count, int[] indices) => new CompiledData<T>(count, Plan.InputCount, indices);

    internal override bool Knows(CompiledData data) =>
        data is CompiledData<T> own && own.NumbersOfExample == Plan.InputCount && data.Indices.Length == data.Count * Plan.IndexBounds.Length;

    internal override double Evaluate(CompiledData data, ReadOnlySpan<int> rows)
    {
        double result = Run(data, rows, Parameters.Read(), gradients: null);
        GC.KeepAlive(Parameters);
        return result;
    }

    internal override double Differentiate(CompiledData data, ReadOnlySpan<int> rows)
    {
        T* gradients = Parameters.BeginGradients(out Value? stale);
        double loss = Run(data, rows, Parameters.Read(), gradients);
        Parameters.EndGradients(stale);
        return loss;
    }

    internal override void Outputs(int count, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices, Span<double> outputs)
    {
        // Single points and batches may come in turn, from several threads: none of them makes a division anew.
        int lanes = LanesFor(count);
        EmittedProgram emitted = _forOutputs[lanes] ??= _emitted.For(lanes, RunKind.Results);
        Executor<T> executor = Rent(lanes);
        T* numbers = Parameters.Read();
        fixed (double* x = inputs)
        fixed (int* k = indices)
        {
            var examples = new Examples { Inputs = x, Indices = k };
            if (emitted.MayBeDue)
                DecideOutputs(emitted, executor, Math.Min(lanes, count), numbers, examples);
            long began = emitted.BeginRun();
            executor.Link(emitted.Program ?? Programs.Whole, numbers);
            executor.ForwardUniform();
            for (int start = 0; start < count; start += lanes)
            {
                int used = Math.Min(lanes, count - start);
                LoadExamples(executor, start, used, examples);
                executor.ForwardVarying();
                StoreRows(executor.Memory, Plan.Roots, executor.Memory.Varying, numbers, used, outputs.Slice(start * Plan.Roots.Length, used * Plan.Roots.Length));
            }
            emitted.EndRun(began);
        }
        GC.KeepAlive(Parameters);
        Return(executor);
    }

    internal override void InputGradients(int count, ReadOnlySpan<double> inputs, Span<double> outputs, Span<double> gradients)
    {
        Division cut = DivisionOf(count);
        int lanes = cut.Lanes, size = Plan.InputCount;
        Executor<T> executor = Rent(lanes);
        Memory<T> memory = executor.Memory;
        T* numbers = Parameters.Read();
        Location[] inputRows = [.. Enumerable.Range(0, size).Select(i => new Location(Space.Varying, i))];
        fixed (double* x = inputs)
        {
            var examples = new Examples { Inputs = x };
            if (cut.ForInputGradients.MayBeDue)
                DecideInputGradients(cut.ForInputGradients, executor, Math.Min(lanes, count), numbers, examples);
            long began = cut.ForInputGradients.BeginRun();
            Program program = cut.ForInputGradients.Program ?? Programs.Whole;
            executor.Link(program, numbers);
            executor.LinkBackward(program.ToInputs, null, 0);
            executor.ForwardUniform();
            for (int start = 0; start < count; start += lanes)
            {
                int used = Math.Min(lanes, count - start);
                LoadExamples(executor, start, used, examples);
                executor.ForwardVarying();
                StoreRows(memory, Plan.Roots, memory.Varying, numbers, used, outputs.Slice(start, used));
                BackwardToInputs(executor);
                StoreRows(memory, inputRows, memory.VaryingGradients, numbers, used, gradients.Slice(start * size, used * size));
            }
            cut.ForInputGradients.EndRun(began);
        }
        GC.KeepAlive(Parameters);
        Return(executor);
    }

    private void BackwardToInputs(Executor<T> executor)
    {
        int lanes = executor.Memory.Lanes;
        executor.PoisonGradients();
        if (Plan.Roots[0].IsVarying)
            executor.Memory.VaryingGradients.Span.Slice(Plan.Roots[0].Index * lanes, lanes).Fill(T.One);
        executor.BackwardVarying();
    }

    private double Run(int count, ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices, T* numbers, T* gradients)
    {
        fixed (double* x = inputs)
        fixed (int* k = indices)
            return Run(DivisionOf(count), new Examples { Inputs = x, Indices = k }, numbers, gradients);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Run(Division cut, in Examples examples, T* numbers, T* gradients)
    {
        double sum = cut.Leaves == 1 ? RunAlone(cut, numbers, gradients, examples) : RunLeaves(cut, numbers, gradients, examples);
        return sum / cut.Count;
    }

    private double Run(CompiledData data, ReadOnlySpan<int> rows, T* numbers, T* gradients)
    {
        fixed (int* k = data.Indices)
        fixed (int* r = rows)
        {
            var prepared = (CompiledData<T>)data;
            Division cut = DivisionOf(r == null ? data.Count : rows.Length);
            AlignedArray<T>? blocks = r == null ? prepared.Blocks(cut.Lanes) : null;
            double result = Run(cut, new Examples { Indices = k, Data = prepared, Rows = r, Blocks = blocks }, numbers, gradients);
            GC.KeepAlive(blocks);
            return result;
        }
    }

    // Batches are mostly as large as the one before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Division DivisionOf(int count)
    {
        Division? cut = _division;
        if (cut?.Count == count)
            return cut;
        int lanes = LanesFor(count);
        return _division = new Division(
            count,
            lanes,
            LeavesFor(count, (count + lanes - 1) / lanes),
            T.One / T.CreateTruncating(count),
            _emitted.For(lanes, RunKind.Results),
            _emitted.For(lanes, RunKind.ParameterGradients),
            _emitted.For(lanes, RunKind.InputGradients));
    }

    /// <summary>How a batch is cut, the share of an example in its mean, and the emitted code for it.</summary>
    private sealed record Division(int Count, int Lanes, int Leaves, T Share, EmittedProgram ForResults, EmittedProgram ForGradients, EmittedProgram ForInputGradients);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double RunAlone(Division cut, T* numbers, T* gradients, in Examples examples)
    {
        Executor<T> executor = Rent(cut.Lanes);
        double sum = RunLeaf(executor, cut, numbers, gradients, 0, cut.Count, examples);
        Finish(executor, gradients);
        return sum;
    }

    private double RunLeaves(Division cut, T* numbers, T* gradients, Examples examples) =>
        RunLeaves(cut.Leaves, cut.Lanes, Programs.Whole, numbers, gradients, (executor, own, leaf) =>
        {
            int chunks = (cut.Count + cut.Lanes - 1) / cut.Lanes;
            int start = (int)((long)chunks * leaf / cut.Leaves) * cut.Lanes, end = (int)((long)chunks * (leaf + 1) / cut.Leaves) * cut.Lanes;
            return RunLeaf(executor, cut, numbers, own, start, Math.Min(cut.Count, end), examples);
        });

    private void Finish(Executor<T> executor, T* gradients)
    {
        if (gradients != null)
            executor.BackwardUniform();
        Return(executor);
    }

    /// <summary>The sum of the results of some of the examples of a batch; gradients as their share in the mean of all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double RunLeaf(Executor<T> executor, Division cut, T* numbers, T* gradients, int from, int to, in Examples examples)
    {
        EmittedProgram emitted = gradients != null ? cut.ForGradients : cut.ForResults;
        if (emitted.IsSettled)
            return RunLeaf(emitted.Program ?? Programs.Whole, executor, cut, numbers, gradients, from, to, examples);
        return RunUndecided(emitted, executor, cut, numbers, gradients, from, to, examples);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private double RunLeaf(Program program, Executor<T> executor, Division cut, T* numbers, T* gradients, int from, int to, in Examples examples)
    {
        Memory<T> memory = executor.Memory;
        executor.Link(program, numbers);
        executor.ForwardUniform();
        if (gradients != null)
        {
            executor.LinkBackward(program.ToParameters, gradients, _parameters.Count);
            executor.ClearUniformGradients();
        }
        Location root = Plan.Roots[0];
        nint offset = root.IsVarying ? memory.OffsetOf(root.Index) : -1;
        T* results = memory.Varying.Pointer + offset;
        double sum = 0;
        for (int start = from; start < to; start += memory.Lanes)
        {
            int used = Math.Min(memory.Lanes, to - start);
            LoadExamples(executor, start, used, examples);
            executor.ForwardVarying();
            sum += offset >= 0 ? Sum(results, used) : SumOf(memory, root, numbers, used);
            if (gradients == null)
                continue;
            executor.PoisonGradients();
            if (offset >= 0)
                executor.SetSeed(memory.VaryingGradients.Pointer + offset, used, cut.Share);
            else
                Seed(memory, root, gradients, used, cut.Share);
            executor.BackwardVarying();
        }
        return sum;
    }

    // The widest vectors that the machine has and the lanes fill. Numbers of a single example lie side by side.
    private int WidthFor(int lanes)
    {
        int most = _vectorBits > 0 ? Math.Max(1, _vectorBits / (8 * sizeof(T)))
            : VectorWidth.Has512 ? Vector512<T>.Count
            : VectorWidth.Has256 ? Vector256<T>.Count
            : VectorWidth.Has128 ? Vector128<T>.Count
            : 1;
        return lanes == 1 ? most : Math.Min(most, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Executor<T> Rent(int lanes)
    {
        if (Interlocked.Exchange(ref _last, null) is { } last)
        {
            if (last.Memory.Lanes == lanes)
                return last;
            PutBack(last);
        }
        return Take(lanes);
    }

    // One that this thread has put back, if there is any: its numbers are in the cache of this core.
    private Executor<T> Take(int lanes) =>
        BagOf(lanes).TryTake(out Executor<T>? executor) ? executor : MakeExecutor(Programs.PlanFor(lanes), lanes);

    private void PutBack(Executor<T> executor) => BagOf(executor.Memory.Lanes).Add(executor);

    // The last one that comes back is the first to be taken. Two threads that find the place empty may lose one of theirs,
    // which is then made again: cheaper than to be sure.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Return(Executor<T> executor)
    {
        if (_last is null)
            Volatile.Write(ref _last, executor);
        else if (Interlocked.Exchange(ref _last, executor) is { } other)
            PutBack(other);
    }

    private ConcurrentBag<Executor<T>> BagOf(int lanes) => _executors.GetOrAdd(lanes, static _ => []);

    private Executor<T> MakeExecutor(Plan plan, int lanes)
    {
        var memory = new Memory<T>(plan, lanes);
        for (int i = 0; i < plan.Constants.Length; i++)
            memory.Uniform.Span[i] = T.CreateTruncating(plan.Constants[i]);
        int width = WidthFor(lanes);
        return width == Vector512<T>.Count ? new Executor<Wide512<T>, T>(memory)
            : width == Vector256<T>.Count ? new Executor<Wide256<T>, T>(memory)
            : width == Vector128<T>.Count ? new Executor<Wide128<T>, T>(memory)
            : new Executor<Wide1<T>, T>(memory);
    }
}
