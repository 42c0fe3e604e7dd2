// How a batch is cut, so that any number of threads, and of machines, makes the same sums.

namespace Nudge;

internal sealed unsafe partial class Engine<T>
{
    // Numbers and gradients of a chunk should stay in a second-level cache together, but few lanes make poor products.
    private const int ChunkBytes = 1 << 19, FewLanes = 64, MostLanes = 512;

    // A leaf is worth a thread from some tenths of a millisecond of work on. Clearing gradients of its own and adding them up costs a few
    // operations a parameter, of which the work should be a multiple.
    private const double LeafWork = 2e6, LeafWorkOfParameter = 300;

    private const int MostLeaves = 16;

    /// <summary>
    /// How many leaves a batch has: a power of two, by program and batch alone. Each leaf sums up what its examples give in their order,
    /// the first one on top of the gradients that are there; then the sum of leaf i + 1 is added to that of each even leaf i, of i + 2 to
    /// each fourth, and so on.
    /// </summary>
    private int LeavesFor(int count, int chunks)
    {
        double most = Math.Min(MostLeaves, Math.Min(chunks, _work * count / Math.Max(LeafWork, LeafWorkOfParameter * _parameters.Count)));
        int leaves = 1;
        while (2 * leaves <= most)
            leaves *= 2;
        return leaves;
    }

    // How many lanes a chunk has: as many as there are parts of a sum, or a half or a quarter of them for few examples.
    private int LanesFor(int count)
    {
        if (count <= Sixteen<T>.Parts)
            return FewLanesFor(count);
        int bytes = Math.Max(1, Plan.VaryingSize) * sizeof(T) * 2, parts = Sixteen<T>.Parts, tile = 4 * parts;
        int most = Math.Clamp(ChunkBytes / bytes, FewLanes, MostLanes) / tile * tile;
        return Math.Min(most, (count + parts - 1) / parts * parts);
    }

    private static int FewLanesFor(int count)
    {
        int parts = Sixteen<T>.Parts;
        return count == 1 ? 1 : count <= parts / 4 ? parts / 4 : count <= parts / 2 ? parts / 2 : parts;
    }

    private LeafGradients<T>? _leafGradients;

    private delegate double Leaf(Executor<T> executor, T* gradients, int leaf);

    /// <summary>The sum over the leaves of a batch. Each but the first adds to gradients of its own.</summary>
    private double RunLeaves(int leaves, int lanes, Program program, T* numbers, T* gradients, Leaf run)
    {
        var sums = new double[leaves];
        if (gradients == null)
        {
            ThreadTeam.Run(leaves, _threads, leaf =>
            {
                Executor<T> executor = Take(lanes);
                sums[leaf] = run(executor, null, leaf);
                PutBack(executor);
            });
            return SumOf(sums);
        }
        LeafGradients<T> own = Interlocked.Exchange(ref _leafGradients, null) ?? new(_parameters.Count, Plan.UniformSize);
        own.Prepare(leaves, gradients);
        ThreadTeam.Run(leaves, _threads, leaf =>
        {
            Executor<T> executor = Take(lanes);
            sums[leaf] = run(executor, own.Begin(leaf), leaf);
            own.End(leaf, executor.Memory.UniformGradients.Span);
            PutBack(executor);
        });
        own.AddHalves(_threads);
        FinishUniform(lanes, program, numbers, gradients, own.OfUniform);
        Volatile.Write(ref _leafGradients, own);
        return SumOf(sums);
    }

    // In the same tree as the gradients.
    private static double SumOf(double[] sums)
    {
        for (int step = 1; step < sums.Length; step *= 2)
        {
            for (int leaf = 0; leaf < sums.Length; leaf += 2 * step)
                sums[leaf] += sums[leaf + step];
        }
        return sums[0];
    }

    private void FinishUniform(int lanes, Program program, T* numbers, T* gradients, ReadOnlySpan<T> uniformGradients)
    {
        if (program.ToParameters.Uniform.Length == 0)
            return;
        Executor<T> executor = Take(lanes);
        executor.Link(program, numbers);
        executor.ForwardUniform();
        executor.LinkBackward(program.ToParameters, gradients, _parameters.Count);
        uniformGradients.CopyTo(executor.Memory.UniformGradients.Span);
        executor.BackwardUniform();
        PutBack(executor);
    }
}
