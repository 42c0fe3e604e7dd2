// Runs the calls of a program, forward and backward, over vectors of one width.

using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Numbers that some calls use, and that may lie elsewhere from one run to the next: the calls are then told.</summary>
internal sealed unsafe class MovableNumbers<T>
    where T : unmanaged
{
    private readonly Call<T>[] _calls;
    private readonly int[] _users;
    private readonly int _count;
    private T* _at;

    /// <summary>Finds the calls that use some numbers.</summary>
    internal MovableNumbers(Call<T>[] calls, T* at, int count)
    {
        _calls = calls;
        _at = at;
        _count = count;
        _users = at == null ? [] : [.. Enumerable.Range(0, calls.Length).Where(i => calls[i].Move(at, count, 0))];
    }

    /// <summary>Says where they are; null while there are none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void MoveTo(T* at)
    {
        if (at != _at && at != null)
            MoveAnew(at);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MoveAnew(T* at)
    {
        foreach (int user in _users)
            _calls[user].Move(_at, _count, (nint)(at - _at));
        _at = at;
    }
}

/// <summary>Calls that run one after the other.</summary>
internal sealed unsafe class LinkedCalls<T>(Call<T>[] calls, T* inputs, int inputCount, T* gradients, int gradientCount)
    where T : unmanaged
{
    private int _packedWidth;

    internal Call<T>[] Calls { get; } = calls;

    /// <summary>The rows of the inputs.</summary>
    internal MovableNumbers<T> Inputs { get; } = new(calls, inputs, inputCount);

    /// <summary>Where the gradients of the parameters are added.</summary>
    internal MovableNumbers<T> Gradients { get; } = new(calls, gradients, gradientCount);

    /// <summary>Says how wide packed rows are: the positions of the documents that they run for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void SetPackedWidth(int width)
    {
        if (_packedWidth == width)
            return;
        _packedWidth = width;
        foreach (ref Call<T> call in Calls.AsSpan())
        {
            if (call.IsPacked)
                call.Width = width;
        }
    }
}

/// <summary>The calls of a program, forward and, once it has been differentiated, backward.</summary>
internal sealed class LinkedProgram<T>(LinkedCalls<T> uniform, LinkedCalls<T> forward)
    where T : unmanaged
{
    /// <summary>What is done once.</summary>
    internal LinkedCalls<T> Uniform { get; } = uniform;

    internal LinkedCalls<T> Forward { get; } = forward;

    internal LinkedCalls<T>? Backward { get; set; }

    /// <summary>The end of the backward pass, which is done once.</summary>
    internal LinkedCalls<T>? UniformBackward { get; set; }

    /// <summary>What the backward calls are from.</summary>
    internal Differentiation? Differentiation { get; set; }
}

/// <summary>An executor of any width, with the numbers it works on.</summary>
internal abstract unsafe class Executor<T>(Memory<T> memory)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<Program, LinkedProgram<T>> _programs = [];
    private LinkedProgram<T>? _linked;
    private readonly Dictionary<Statement[], LinkedCalls<T>> _uniform = new(ReferenceEqualityComparer.Instance); // the same for sequences of all lengths
    private Program? _program;
    private T* _parameters;

    internal Memory<T> Memory { get; } = memory;

    /// <summary>Says what is to be run and where its parameters are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Link(Program program, T* parameters)
    {
        if (program != _program || parameters != _parameters)
            LinkAnew(program, parameters);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LinkAnew(Program program, T* parameters)
    {
        if (parameters != _parameters)
        {
            _programs.Clear();
            _uniform.Clear();
        }
        _program = program;
        _parameters = parameters;
        if (_programs.TryGetValue(program, out _linked))
            return;
        var spaces = new Spaces<T> { Parameters = parameters };
        _linked = new LinkedProgram<T>(LinkedOnce(program.Plan.Uniform, spaces, 0), Linked(program.Plan.Varying, spaces, 0));
        _programs.Add(program, _linked);
    }

    /// <summary>Says what its backward pass is and where the gradients of the parameters go.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void LinkBackward(Differentiation differentiation, T* gradients, int gradientCount)
    {
        if (_linked!.Differentiation != differentiation)
            LinkBackwardAnew(_linked, differentiation, gradients, gradientCount);
        _linked.Backward!.Gradients.MoveTo(gradients);
        _linked.UniformBackward!.Gradients.MoveTo(gradients);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LinkBackwardAnew(LinkedProgram<T> linked, Differentiation differentiation, T* gradients, int gradientCount)
    {
        Memory.MakeRoomFor(differentiation);
        var spaces = new Spaces<T> { Parameters = _parameters, ParameterGradients = gradients };
        linked.UniformBackward = LinkedOnce(differentiation.Uniform, spaces, gradientCount);
        linked.Backward = Linked(differentiation.Varying, spaces, gradientCount);
        linked.Differentiation = differentiation;
    }

    private LinkedCalls<T> LinkedOnce(Statement[] statements, Spaces<T> spaces, int gradientCount)
    {
        if (!_uniform.TryGetValue(statements, out LinkedCalls<T>? linked))
            _uniform.Add(statements, linked = Linked(statements, spaces, gradientCount));
        return linked;
    }

    private LinkedCalls<T> Linked(Statement[] statements, Spaces<T> spaces, int gradientCount) =>
        new(Link(statements, spaces), Memory.Inputs, Memory.InputsLength, spaces.ParameterGradients, gradientCount);

    /// <summary>Says where the rows of the inputs are, if they need not be copied to where the memory has its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ReadInputs(T* rows)
    {
        _linked!.Forward.Inputs.MoveTo(rows);
        _linked.Backward?.Inputs.MoveTo(rows);
    }

    /// <summary>Says how wide packed rows are; once more after the backward pass is known.</summary>
    internal void SetPackedWidth(int width)
    {
        _linked!.Forward.SetPackedWidth(width);
        _linked.Backward?.SetPackedWidth(width);
    }

    /// <summary>Sets the gradient of a result to one number in the first lanes, to 0 in the others.</summary>
    internal abstract void SetSeed(T* row, int used, T share);

    /// <summary>Sets the gradients of the uniform numbers to 0, if anything adds to them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ClearUniformGradients()
    {
        if (_linked!.UniformBackward!.Calls.Length > 0)
            Memory.UniformGradients.Span.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ForwardUniform()
    {
        if (_linked!.Uniform.Calls.Length > 0)
            Run(_linked.Uniform.Calls);
    }

    internal void ForwardVarying() => Run(_linked!.Forward.Calls);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void BackwardUniform()
    {
        if (_linked!.UniformBackward!.Calls.Length > 0)
            Run(_linked.UniformBackward.Calls);
    }

    internal void BackwardVarying() => Run(_linked!.Backward!.Calls);

    /// <summary>While passes are verified, makes gradients of rows that nobody has written NaN, so that no test can miss one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PoisonGradients()
    {
        if (Verifier.IsEnabled)
            Memory.VaryingGradients.Span.Fill(T.NaN);
    }

    /// <summary>A program with emitted code in it, for executors of as many lanes.</summary>
    [RequiresDynamicCode("Emits methods.")]
    internal abstract Program Emit(Program program, Differentiation? backward);

    /// <summary>How many steps its code would have; 0 where none is made.</summary>
    internal abstract int StepsToEmit(Program program, Differentiation? backward);

    /// <summary>The calls that do statements.</summary>
    private protected abstract Call<T>[] Link(Statement[] statements, Spaces<T> spaces);

    // On its own, so that the little it needs stays in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run(Call<T>[] calls)
    {
        if (StepTimer.Current is { } timer)
        {
            RunTimed(calls, timer);
            return;
        }
        foreach (ref Call<T> call in calls.AsSpan())
            ((delegate*<ref Call<T>, void>)call.Kernel)(ref call);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunTimed(Call<T>[] calls, StepTimer timer)
    {
        foreach (ref Call<T> call in calls.AsSpan())
        {
            long began = Stopwatch.GetTimestamp();
            ((delegate*<ref Call<T>, void>)call.Kernel)(ref call);
            timer.End(call.Statement, began);
        }
    }
}

/// <summary>
/// The interpreter. A program has a few hundred calls at most, each over whole rows, so that going from one to the next costs
/// little beside doing it.
/// </summary>
internal sealed unsafe class Executor<V, T>(Memory<T> memory) : Executor<T>(memory)
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // In whole vectors, as it will be read: numbers that were written one by one would have to be waited for.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override void SetSeed(T* row, int used, T share)
    {
        int lanes = Memory.Lanes;
        if (used < lanes)
            new Span<T>(row, lanes).Clear();
        if (used < lanes || lanes == 1)
        {
            new Span<T>(row, used).Fill(share);
            return;
        }
        for (int i = 0; i < lanes; i += V.Count)
            V.Store(V.Create(share), row + i);
    }

    [RequiresDynamicCode("Emits methods.")]
    internal override Program Emit(Program program, Differentiation? backward)
    {
        return EmissionOf(program, backward).Emit();
    }

    internal override int StepsToEmit(Program program, Differentiation? backward) =>
        RowMachine.IsSupported(8 * sizeof(V)) ? EmissionOf(program, backward).Steps : 0;

    // Linked to this memory, operands are the same distances apart as in any other.
    private Emission<V, T> EmissionOf(Program program, Differentiation? backward)
    {
        if (backward is not null)
            Memory.MakeRoomFor(backward);
        return new(program, backward, new(Memory, default), Memory.Lanes);
    }

    private protected override Call<T>[] Link(Statement[] statements, Spaces<T> spaces) => new Linker<V, T>(Memory, spaces).Link(statements);
}
