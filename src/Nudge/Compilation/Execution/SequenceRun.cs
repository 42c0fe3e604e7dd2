// Sequences computed a step at a time: what was computed for earlier steps stays where it is.

using System.Numerics;

namespace Nudge;

/// <summary>Sequences side by side in any precision.</summary>
internal abstract class SequenceRun
{
    /// <summary>Computes a step.</summary>
    /// <param name="step">Which, from 0; those before it have been computed.</param>
    /// <param name="tokens">The token of each sequence at this step.</param>
    /// <param name="results">The results of the step for each sequence, one sequence after the other.</param>
    internal abstract void Run(int step, ReadOnlySpan<int> tokens, Span<double> results);
}

/// <inheritdoc/>
internal sealed unsafe class SequenceRun<T>(Engine<T> engine, Executor<T> executor, int count) : SequenceRun
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal override void Run(int step, ReadOnlySpan<int> tokens, Span<double> results)
    {
        Memory<T> memory = executor.Memory;
        int* row = memory.Indices.Pointer + step * memory.Lanes;
        for (int lane = 0; lane < memory.Lanes; lane++)
            row[lane] = lane < count ? tokens[lane] : 0;
        T* numbers = engine.Parameters.Read();
        Program program = engine.Programs.ForStep(step);
        executor.Link(program, numbers);
        if (step == 0)
            executor.ForwardUniform();
        executor.ForwardVarying();
        Engine<T>.StoreRows(memory, program.Plan.Roots, memory.Varying, numbers, count, results);
        GC.KeepAlive(this);
    }
}
