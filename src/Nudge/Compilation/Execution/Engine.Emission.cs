// From interpreted calls to emitted code, once it pays.

using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Nudge;

internal sealed unsafe partial class Engine<T>
{
    private readonly EmittedPrograms _emitted;
    private readonly EmittedProgram?[] _forOutputs = new EmittedProgram?[MostLanes + 1]; // by lanes

    [MethodImpl(MethodImplOptions.NoInlining)]
    private double RunUndecided(EmittedProgram emitted, Executor<T> executor, Division cut, T* numbers, T* gradients, int from, int to, Examples examples)
    {
        if (emitted.MayBeDue)
            DecideLeaf(emitted, executor, cut, numbers, gradients != null, from, to, examples);
        long began = emitted.BeginRun();
        double sum = RunLeaf(emitted.Program ?? Programs.Whole, executor, cut, numbers, gradients, from, to, examples);
        emitted.EndRun(began);
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DecideLeaf(EmittedProgram emitted, Executor<T> executor, Division cut, T* numbers, bool differentiates, int from, int to, Examples examples) =>
        Decide(emitted, executor, differentiates ? Programs.Whole.ToParameters : null, program =>
        {
            var own = new AlignedArray<T>(_parameters.Count);
            double sum = RunLeaf(program, executor, cut, numbers, differentiates ? own.Pointer : null, from, to, examples);
            T[] uniform = [.. executor.Memory.UniformGradients.Span];
            if (differentiates)
                executor.BackwardUniform();
            T[] all = [.. own.Span, .. uniform, T.CreateTruncating(sum)];
            GC.KeepAlive(own);
            return all;
        });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DecideOutputs(EmittedProgram emitted, Executor<T> executor, int used, T* numbers, Examples examples) => Decide(emitted, executor, null, program =>
    {
        executor.Link(program, numbers);
        executor.ForwardUniform();
        LoadExamples(executor, 0, used, examples);
        executor.ForwardVarying();
        return RowsOf(executor.Memory, executor.Memory.Varying, Plan.Roots);
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DecideInputGradients(EmittedProgram emitted, Executor<T> executor, int used, T* numbers, Examples examples) =>
        Decide(emitted, executor, Programs.Whole.ToInputs, program =>
        {
            executor.Link(program, numbers);
            executor.LinkBackward(program.ToInputs, null, 0);
            executor.ForwardUniform();
            LoadExamples(executor, 0, used, examples);
            executor.ForwardVarying();
            BackwardToInputs(executor);
            return [.. RowsOf(executor.Memory, executor.Memory.Varying, Plan.Roots), .. executor.Memory.VaryingGradients.Span[..executor.Memory.InputsLength]];
        });

    private static T[] RowsOf(Memory<T> memory, AlignedArray<T> rows, Location[] places) =>
        [.. places.Where(place => place.IsVarying).SelectMany(place => rows.Span.Slice(place.Index * memory.Lanes, memory.Lanes).ToArray())];

    // What will run is checked: on the examples at hand it gives the bits of the interpreter, and sooner, or is not used.
    private void Decide(EmittedProgram emitted, Executor<T> executor, Differentiation? backward, Func<Program, T[]> run)
    {
        if (!RuntimeFeature.IsDynamicCodeCompiled || !emitted.IsDue(() => executor.StepsToEmit(Programs.Whole, backward)))
            return;
        Program program = executor.Emit(Programs.Whole, backward);
        T[] before = run(Programs.Whole);
        executor.Memory.Forget(); // or what is not stored would be found all the same
        T[] own = run(program), after = run(Programs.Whole);
        if (!HasSameBits(before, after))
            emitted.Postpone();
        else if (!HasSameBits(before, own) && Verifier.IsEnabled)
            throw new InvalidOperationException("Emitted code does not give the bits of the statements.");
        else if (HasSameBits(before, own) && (emitted.IsWantedAtOnce || IsFaster(() => run(program), () => run(Programs.Whole))))
            emitted.Settle(program, backward is null ? null : backward.IsToParameters ? program.ToParameters : program.ToInputs);
        else
            emitted.Settle(null, null);
    }

    // By the fastest of a few runs each, in turn.
    private static bool IsFaster(Action own, Action other)
    {
        (long ofOwn, long ofOther) = (long.MaxValue, long.MaxValue);
        for (int i = 0; i < 5; i++)
        {
            ofOwn = Math.Min(ofOwn, TimeOf(own));
            ofOther = Math.Min(ofOther, TimeOf(other));
        }
        return ofOwn < ofOther;

        static long TimeOf(Action run)
        {
            long began = Stopwatch.GetTimestamp();
            run();
            return Stopwatch.GetTimestamp() - began;
        }
    }

    // Of what is no number the bits may differ: they say which of two operands it comes from.
    private static bool HasSameBits(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (a[i] != b[i] ? !(T.IsNaN(a[i]) && T.IsNaN(b[i])) : T.IsNegative(a[i]) != T.IsNegative(b[i]))
                return false;
        }
        return true;
    }
}
