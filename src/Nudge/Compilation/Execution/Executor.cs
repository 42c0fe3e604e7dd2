// Runs the calls of a program, forward and backward, over vectors of one width.

using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>The calls of a program, forward and, once it has been differentiated, backward.</summary>
internal sealed unsafe class LinkedProgram<T>
    where T : unmanaged
{
    internal required Call<T>[] Uniform { get; init; }

    internal required Call<T>[] Varying { get; init; }

    internal Call<T>[] UniformBackward { get; set; } = [];

    internal Call<T>[] VaryingBackward { get; set; } = [];

    /// <summary>How wide packed rows are: the positions of the documents it ran for last, forward and backward.</summary>
    internal int ForwardWidth { get; set; }

    /// <inheritdoc cref="ForwardWidth"/>
    internal int BackwardWidth { get; set; }

    /// <summary>What the backward calls are from.</summary>
    internal Differentiation? Differentiation { get; set; }

    /// <summary>Where the backward calls add the gradients of the parameters.</summary>
    internal T* Gradients { get; set; }

    /// <summary>Where the calls read the inputs.</summary>
    internal T* Inputs { get; set; }

    /// <summary>Which calls do so, forward and backward.</summary>
    internal int[] Readers { get; set; } = [];

    /// <inheritdoc cref="Readers"/>
    internal int[] BackwardReaders { get; set; } = [];
}

/// <summary>An executor of any width, with the numbers it works on.</summary>
internal abstract unsafe class Executor<T>(Memory<T> memory)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<Program, LinkedProgram<T>> _programs = [];
    private LinkedProgram<T>? _linked;
    private Program? _program;
    private T* _parameters;

    internal Memory<T> Memory { get; } = memory;

    /// <summary>Says what is to be run and where its parameters are.</summary>
    internal void Link(Program program, T* parameters)
    {
        if (program != _program || parameters != _parameters)
            LinkAnew(program, parameters);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LinkAnew(Program program, T* parameters)
    {
        if (parameters != _parameters)
            _programs.Clear();
        _program = program;
        _parameters = parameters;
        if (_programs.TryGetValue(program, out _linked))
            return;
        var spaces = new Spaces<T> { Parameters = parameters };
        // What is computed once is the same for sequences of all lengths.
        Call<T>[] uniform = _programs.Count > 0 ? _programs.Values.First().Uniform : Link(program.Plan.Uniform, spaces);
        _linked = new LinkedProgram<T> { Uniform = uniform, Varying = Link(program.Plan.Varying, spaces), Inputs = Memory.Inputs };
        _linked.Readers = ReadersIn(_linked.Varying);
        _programs.Add(program, _linked);
    }

    /// <summary>Says what its backward pass is and where the gradients of the parameters go.</summary>
    internal void LinkBackward(Differentiation differentiation, T* gradients)
    {
        if (_linked!.Differentiation != differentiation || _linked.Gradients != gradients)
            LinkBackwardAnew(_linked, differentiation, gradients);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LinkBackwardAnew(LinkedProgram<T> linked, Differentiation differentiation, T* gradients)
    {
        Memory.MakeRoomFor(differentiation);
        var spaces = new Spaces<T> { Parameters = _parameters, ParameterGradients = gradients };
        LinkedProgram<T>? alike = _programs.Values.FirstOrDefault(other => other.Differentiation is not null && other.Gradients == gradients);
        linked.UniformBackward = alike?.UniformBackward ?? Link(differentiation.Uniform, spaces);
        ReadInputs(Memory.Inputs);
        linked.VaryingBackward = Link(differentiation.Varying, spaces);
        linked.BackwardReaders = ReadersIn(linked.VaryingBackward);
        linked.Differentiation = differentiation;
        linked.BackwardWidth = 0;
        linked.Gradients = gradients;
    }

    private int[] ReadersIn(Call<T>[] calls) => [.. Enumerable.Range(0, calls.Length).Where(i => calls[i].Move(Memory.Inputs, Memory.InputsLength, 0))];

    /// <summary>Says where the rows of the inputs are, if they need not be copied to where the memory has its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ReadInputs(T* rows)
    {
        if (_linked!.Inputs != rows)
            MoveInputs(_linked, rows);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MoveInputs(LinkedProgram<T> linked, T* rows)
    {
        nint by = (nint)(rows - linked.Inputs);
        foreach (int reader in linked.Readers)
            linked.Varying[reader].Move(linked.Inputs, Memory.InputsLength, by);
        foreach (int reader in linked.BackwardReaders)
            linked.VaryingBackward[reader].Move(linked.Inputs, Memory.InputsLength, by);
        linked.Inputs = rows;
    }

    /// <summary>Says how wide packed rows are; once more after the backward pass is known.</summary>
    internal void SetPackedWidth(int width)
    {
        LinkedProgram<T> linked = _linked!;
        if (linked.ForwardWidth != width)
            SetPackedWidth(linked.Varying, linked.ForwardWidth = width);
        if (linked.BackwardWidth != width)
            SetPackedWidth(linked.VaryingBackward, linked.BackwardWidth = width);
    }

    private static void SetPackedWidth(Call<T>[] calls, int width)
    {
        foreach (ref Call<T> call in calls.AsSpan())
        {
            if (call.IsPacked)
                call.Width = width;
        }
    }

    /// <summary>Sets the gradient of a result to one number in the first lanes, to 0 in the others.</summary>
    internal abstract void SetSeed(T* row, int used, T share);

    /// <summary>Sets the gradients of the uniform numbers to 0, if anything adds to them.</summary>
    internal void ClearUniformGradients()
    {
        if (_linked!.UniformBackward.Length > 0)
            Memory.UniformGradients.Span.Clear();
    }

    internal void ForwardUniform()
    {
        if (_linked!.Uniform.Length > 0)
            Run(_linked.Uniform);
    }

    internal void ForwardVarying() => Run(_linked!.Varying);

    internal void BackwardUniform()
    {
        if (_linked!.UniformBackward.Length > 0)
            Run(_linked.UniformBackward);
    }

    internal void BackwardVarying() => Run(_linked!.VaryingBackward);

    /// <summary>While passes are verified, makes gradients of rows that nobody has written NaN, so that no test can miss one.</summary>
    internal void PoisonGradients()
    {
        if (Verifier.IsEnabled)
            Memory.VaryingGradients.Span.Fill(T.NaN);
    }

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

    private protected override Call<T>[] Link(Statement[] statements, Spaces<T> spaces) => new Linker<V, T>(Memory, spaces).Link(statements);
}
