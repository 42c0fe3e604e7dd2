// Documents of different lengths through one program: what a shorter one does not need is not computed.

using System.Runtime.CompilerServices;

namespace Nudge;

internal sealed unsafe partial class Engine<T>
{
    internal override double Evaluate(int[][] documents) => Run(documents, null);

    internal override double Differentiate(int[][] documents)
    {
        T* gradients = Parameters.BeginGradients(out Value? stale);
        double loss = Run(documents, gradients);
        Parameters.EndGradients(stale);
        return loss;
    }

    // All at once: what was computed for each has to stay.
    internal override SequenceRun Open(int count)
    {
        int width = count == 1 ? 1 : WidthFor(count);
        return new SequenceRun<T>(this, MakeExecutor(Plan, (count + width - 1) / width * width), count);
    }

    private double Run(int[][] documents, T* gradients)
    {
        // Lanes beside each other have about the same length, and one vector of them wastes least.
        int[][] ordered = documents.Length == 1 ? documents : ByLength(documents);
        int predictions = 0;
        foreach (int[] document in ordered)
            predictions += document.Length - 1;
        int lanes = FewLanesFor(Math.Min(documents.Length, Sixteen<T>.Parts)), chunks = (ordered.Length + lanes - 1) / lanes;
        T* numbers = Parameters.Read();
        int leaves = LeavesFor(ordered.Length, chunks);
        double sum = leaves == 1 ? RunAlone(lanes, numbers, gradients, ordered, predictions) : RunLeaves(leaves, lanes, numbers, gradients, ordered, predictions);
        GC.KeepAlive(Parameters);
        return sum / predictions;
    }

    // The longest first, and those of one length in their order.
    private static int[][] ByLength(int[][] documents)
    {
        var keys = new long[documents.Length];
        for (int i = 0; i < keys.Length; i++)
            keys[i] = ((long)-documents[i].Length << 32) | (uint)i;
        int[][] ordered = [.. documents];
        Array.Sort(keys, ordered);
        return ordered;
    }

    private double RunAlone(int lanes, T* numbers, T* gradients, int[][] documents, int predictions)
    {
        Executor<T> executor = Rent(lanes);
        double sum = RunChunks(executor, numbers, gradients, documents, predictions, leaf: 0, leaves: 1);
        Finish(executor, gradients);
        return sum;
    }

    private double RunLeaves(int leaves, int lanes, T* numbers, T* gradients, int[][] documents, int predictions) => RunLeaves(
        leaves,
        lanes,
        Programs.ForLength(documents[0].Length - 1, lanes),
        numbers,
        gradients,
        (executor, own, leaf) => RunChunks(executor, numbers, own, documents, predictions, leaf, leaves));

    // Every so many chunks, so that each leaf has long documents and short ones.
    private double RunChunks(Executor<T> executor, T* numbers, T* gradients, int[][] documents, int predictions, int leaf, int leaves)
    {
        int lanes = executor.Memory.Lanes;
        double sum = 0;
        for (int start = leaf * lanes; start < documents.Length; start += leaves * lanes)
        {
            ReadOnlySpan<int[]> chunk = documents.AsSpan(start, Math.Min(lanes, documents.Length - start));
            sum += RunChunk(executor, numbers, gradients, chunk, predictions, isFirst: start == leaf * lanes);
        }
        return sum;
    }

    private double RunChunk(Executor<T> executor, T* numbers, T* gradients, ReadOnlySpan<int[]> documents, int predictions, bool isFirst)
    {
        Memory<T> memory = executor.Memory;
        Program program = Programs.ForLength(documents[0].Length - 1, memory.Lanes);
        executor.Link(program, numbers);
        if (isFirst)
            executor.ForwardUniform();
        long began = StepTimer.Begin();
        LoadTokens(memory, documents);
        PackedRows? packed = program.Plan.Packed;
        int width = packed is null ? 0 : LoadPackedTokens(memory, packed, documents);
        StepTimer.End(StepPart.Batch, began);
        executor.SetPackedWidth(width);
        executor.ForwardVarying();
        Location[] roots = program.Plan.Roots;
        double sum = 0;
        for (int step = 0; step < roots.Length; step++)
            sum += SumOf(memory, roots[step], numbers, CountAt(step, packed, width, documents));
        if (gradients == null)
            return sum;
        executor.LinkBackward(program.ToParameters, gradients, _parameters.Count);
        executor.SetPackedWidth(width);
        if (isFirst)
            executor.ClearUniformGradients();
        executor.PoisonGradients();
        if (memory.Lanes > 1)
            SettleEnded(memory, program.LevelRows, documents);
        ClearSeeds(memory, roots);
        T share = T.One / T.CreateTruncating(predictions);
        for (int step = 0; step < roots.Length; step++)
            Seed(memory, roots[step], gradients, CountAt(step, packed, width, documents), share);
        executor.BackwardVarying();
        return sum;
    }

    // What a lane computes where its document has ended gets no gradient. Not being finite it would count all the same, since 0 · ∞ is
    // NaN: it becomes 1, at which all slopes are finite.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SettleEnded(Memory<T> memory, LevelRows[] rows, ReadOnlySpan<int[]> documents)
    {
        int lanes = memory.Lanes, level = -1, live = lanes;
        foreach (LevelRows stretch in rows)
        {
            if (stretch.Level != level)
                live = CountLongerThan(documents, level = stretch.Level);
            if (live == lanes)
                continue;
            T* ended = memory.Varying.Pointer + stretch.Start * lanes + live;
            for (int row = 0; row < stretch.Count; row++, ended += lanes)
                new Span<T>(ended, lanes - live).Fill(T.One);
        }
    }

    // How many numbers a result has: one for each document, or, packed, one for each place.
    private static int CountAt(int step, PackedRows? packed, int width, ReadOnlySpan<int[]> documents) =>
        step == packed?.FirstLevel && packed.Root is not null ? width : CountLongerThan(documents, step);

    // Level after level, the tokens of the documents that have it. Returns how many places that are.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int LoadPackedTokens(Memory<T> memory, PackedRows packed, ReadOnlySpan<int[]> documents)
    {
        int steps = documents[0].Length - 1, at = 0;
        for (int step = packed.FirstLevel; step < steps; step++)
        {
            memory.LevelStarts.Pointer[step - packed.FirstLevel] = at;
            int count = CountLongerThan(documents, step);
            for (int i = 0; i < packed.IndexNumbers.Length; i++)
            {
                int* row = memory.PackedIndices.Pointer + i * memory.Pitch + at;
                for (int lane = 0; lane < count; lane++)
                    row[lane] = documents[lane][step - packed.FirstLevel + packed.IndexNumbers[i]];
            }
            at += count;
        }
        memory.LevelStarts.Pointer[Math.Max(0, steps - packed.FirstLevel)] = at;
        return at;
    }

    // How many documents, of some that stand in order of length, predict a token at a step.
    private static int CountLongerThan(ReadOnlySpan<int[]> documents, int step)
    {
        int count = documents.Length;
        while (count > 0 && documents[count - 1].Length - 1 <= step)
            count--;
        return count;
    }

    // Where a document has ended, and in lanes without one, the first token stands: what comes of it counts for nothing.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LoadTokens(Memory<T> memory, ReadOnlySpan<int[]> documents)
    {
        int lanes = memory.Lanes, longest = documents[0].Length;
        for (int lane = 0; lane < lanes; lane++)
        {
            ReadOnlySpan<int> document = lane < documents.Length ? documents[lane] : [];
            int* index = memory.Indices.Pointer + lane;
            for (int i = 0; i < longest; i++, index += lanes)
                *index = i < document.Length ? document[i] : 0;
        }
    }
}
