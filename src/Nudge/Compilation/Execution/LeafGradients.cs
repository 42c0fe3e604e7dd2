// What the leaves of a batch give to the gradients, until it is added up.

using System.Numerics;

namespace Nudge;

/// <summary>Gradients of the parameters for each leaf of a batch, and of what is computed once for all examples.</summary>
/// <param name="parameters">How many parameters there are.</param>
/// <param name="uniform">How many numbers are computed once.</param>
internal sealed unsafe class LeafGradients<T>(int parameters, int uniform)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // To add them up takes a few microseconds.
    private const int FewParameters = 1 << 15;

    private readonly List<AlignedArray<T>> _own = []; // of all leaves but the first
    private readonly List<AlignedArray<T>> _uniform = [];
    private T* _first;
    private int[] _arrived = []; // at the first leaf of each second half of a sum, how many halves are ready
    private int _leaves;

    internal long Bytes => sizeof(T) * (_own.Sum(room => (long)room.Length) + _uniform.Sum(room => (long)room.Length));

    /// <summary>The gradients of what is computed once, when all has been added up.</summary>
    internal ReadOnlySpan<T> OfUniform => _uniform[0].Span;

    /// <summary>Makes room.</summary>
    /// <param name="leaves">For how many leaves: a power of two, and not 1.</param>
    /// <param name="first">What the first one adds to, and in the end has all.</param>
    internal void Prepare(int leaves, T* first)
    {
        _leaves = leaves;
        _first = first;
        _arrived = new int[leaves];
        while (_own.Count < leaves - 1)
            _own.Add(new(parameters));
        while (_uniform.Count < leaves)
            _uniform.Add(new(uniform));
    }

    /// <summary>Where a leaf adds its gradients.</summary>
    internal T* Begin(int leaf)
    {
        if (leaf > 0)
            _own[leaf - 1].Span.Clear();
        return Of(leaf);
    }

    /// <summary>
    /// A leaf is done. Whoever ends the second half of a sum adds it to the first, as long as its numbers are still in a cache;
    /// the last sum of all is left to <see cref="AddHalves"/>.
    /// </summary>
    internal void End(int leaf, ReadOnlySpan<T> ofUniform)
    {
        ofUniform.CopyTo(_uniform[leaf].Span);
        for (int step = 1; 2 * step < _leaves; step *= 2)
        {
            leaf = leaf / (2 * step) * (2 * step);
            if (Interlocked.Increment(ref _arrived[leaf + step]) == 1)
                return;
            ParameterView<T>.Add(parameters, Of(leaf + step), Of(leaf));
            ParameterView<T>.Add(uniform, _uniform[leaf + step].Pointer, _uniform[leaf].Pointer);
        }
    }

    /// <summary>Adds the second half of all leaves to the first: each thread a part of the parameters, since half of it is in another's cache.</summary>
    internal void AddHalves(int threads)
    {
        int half = _leaves / 2, parts = parameters < FewParameters ? 1 : threads;
        ThreadTeam.Run(parts, threads, part =>
        {
            int start = StartOf(part), count = StartOf(part + 1) - start;
            ParameterView<T>.Add(count, Of(half) + start, Of(0) + start);
        });
        ParameterView<T>.Add(uniform, _uniform[half].Pointer, _uniform[0].Pointer);

        int StartOf(int part) => (int)((long)parameters * part / parts);
    }

    private T* Of(int leaf) => leaf == 0 ? _first : _own[leaf - 1].Pointer;
}
