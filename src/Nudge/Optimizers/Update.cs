// The loop that all optimizers share: over parameters side by side, in either precision.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>The rule by which parameters change.</summary>
internal unsafe interface IUpdateRule
{
    /// <summary>Whether it reads or changes the two numbers that the optimizer keeps for each parameter.</summary>
    bool Remembers { get; }

    /// <summary>Changes parameters side by side, and the two numbers that the optimizer keeps for each.</summary>
    /// <param name="data">The parameters.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="firsts">The first number of each, if it remembers any.</param>
    /// <param name="seconds">The second number of each.</param>
    /// <param name="length">How many there are: a multiple of the vector's width, in which the last may be room that nobody uses.</param>
    void Apply<V, T>(T* data, T* gradients, T* firsts, T* seconds, int length)
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>A rule in plain numbers; see <see cref="Optimizer"/>.</summary>
internal delegate void OptimizerUpdate(Span<double> data, ReadOnlySpan<double> gradients, Span<double> firsts, Span<double> seconds);

/// <summary>The two numbers that an optimizer keeps for each parameter, and the loop over them.</summary>
internal sealed unsafe class OptimizerState(ParameterList parameters)
{
    // For each segment the first numbers of all its parameters, and then the second; none before they are needed.
    private readonly SharedNumbers?[] _memories = new SharedNumbers?[parameters.Segments.Length];

    /// <summary>Applies a rule to the parameters of a segment, in the precision of their gradients.</summary>
    internal void Update<TRule>(in TRule rule, int segment)
        where TRule : struct, IUpdateRule
    {
        if (parameters.Segments[segment].GradientPrecision == Precision.Double)
            Update<TRule, double>(rule, segment);
        else
            Update<TRule, float>(rule, segment);
    }

    /// <summary>Applies a rule of somebody else's to the parameters of a segment, in float64.</summary>
    internal void Update(OptimizerUpdate rule, int number)
    {
        ParameterSegment segment = parameters.Segments[number];
        SharedNumbers memory = MemoryOf(number, Precision.Double);
        int length = segment.Length;
        double* numbers = memory.Read<double>();
        rule(
            new Span<double>(segment.Data<double>(), length), new ReadOnlySpan<double>(segment.Gradients<double>(), length), new Span<double>(numbers, length),
            new Span<double>(numbers + SecondsOf(length), length));
        memory.Wrote<double>(0, memory.Count);
        segment.DataChanged<double>();
    }

    internal void CopyTo(Span<double> memory)
    {
        int place = 0;
        for (int i = 0; i < _memories.Length; i++)
        {
            int length = parameters.Segments[i].Length, second = SecondsOf(length);
            for (int j = 0; j < length; j++, place++)
            {
                memory[place] = _memories[i]?[j] ?? 0;
                memory[parameters.Count + place] = _memories[i]?[second + j] ?? 0;
            }
        }
    }

    internal void Load(ReadOnlySpan<double> memory)
    {
        int place = 0;
        for (int i = 0; i < _memories.Length; i++)
        {
            int length = parameters.Segments[i].Length, second = SecondsOf(length);
            SharedNumbers to = MemoryOf(i, Precision.Double);
            for (int j = 0; j < length; j++, place++)
            {
                to[j] = memory[place];
                to[second + j] = memory[parameters.Count + place];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Update<TRule, T>(in TRule rule, int number)
        where TRule : struct, IUpdateRule
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ParameterSegment segment = parameters.Segments[number];
        SharedNumbers? memory = rule.Remembers ? MemoryOf(number, sizeof(T) == sizeof(double) ? Precision.Double : Precision.Single) : null;
        T* data = segment.Data<T>(), gradients = segment.Gradients<T>();
        T* firsts = memory is null ? null : memory.Read<T>(), seconds = firsts + SecondsOf(segment.Length);
        // Where nobody else's numbers follow, up to the end of the widest vector.
        int length = segment.IsWholeBlock ? AlignedArray<T>.WithRoom(segment.Length) : segment.Length, done = 0;
        if (VectorWidth.Has512)
            Run<TRule, Wide512<T>, T>(rule, data, gradients, firsts, seconds, length, ref done);
        if (done < length && VectorWidth.Has256)
            Run<TRule, Wide256<T>, T>(rule, data, gradients, firsts, seconds, length, ref done);
        if (done < length && VectorWidth.Has128)
            Run<TRule, Wide128<T>, T>(rule, data, gradients, firsts, seconds, length, ref done);
        if (done < length)
            Run<TRule, Wide1<T>, T>(rule, data, gradients, firsts, seconds, length, ref done);
        memory?.Wrote<T>(0, memory.Count);
        segment.DataChanged<T>();
    }

    // As many as make whole vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TRule, V, T>(in TRule rule, T* data, T* gradients, T* firsts, T* seconds, int length, ref int done)
        where TRule : struct, IUpdateRule
        where V : unmanaged, IVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int whole = (length - done) / V.Count * V.Count;
        rule.Apply<V, T>(data + done, gradients + done, firsts + done, seconds + done, whole);
        done += whole;
    }

    // The second numbers begin behind the first and their room, at the beginning of a vector.
    private static int SecondsOf(int length) => AlignedArray<float>.WithRoom(length);

    private SharedNumbers MemoryOf(int segment, Precision owner) => Volatile.Read(ref _memories[segment]) ?? MakeMemory(segment, owner);

    private SharedNumbers MakeMemory(int segment, Precision owner)
    {
        var memory = new SharedNumbers(2 * SecondsOf(parameters.Segments[segment].Length), owner);
        return Interlocked.CompareExchange(ref _memories[segment], memory, null) ?? memory;
    }
}
