// Runs the steps of a program, forward and backward, over vectors of one width.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>An executor of any width, with the numbers it works on.</summary>
internal abstract unsafe class Executor<T>(Memory<T> memory)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<Program, LinkedProgram<T>> _programs = [];
    private LinkedProgram<T>? _linked;
    private Program? _program;
    private T* _parameters;

    internal Memory<T> Memory { get; } = memory;

    /// <summary>What it has been linked to.</summary>
    internal LinkedProgram<T> Linked => _linked!;

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
        var linker = new Linker<T>(Memory, parameters, forwardOnly: true, null);
        // What is computed once is the same for sequences of all lengths.
        Step<T>[] uniform = _programs.Count > 0 ? _programs.Values.First().Uniform : Forward(linker.Link(program.Plan.Uniform));
        _linked = new LinkedProgram<T> { Uniform = uniform, Varying = Forward(Join(linker.Link(program.Plan.Varying), isBackward: false)) };
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
        var linker = new Linker<T>(Memory, _parameters, forwardOnly: false, gradients);
        LinkedProgram<T>? alike = _programs.Values.FirstOrDefault(other => other.Differentiation is not null && other.Gradients == gradients);
        linked.UniformBackward = alike?.UniformBackward ?? Backward(linker.Link(differentiation.Uniform));
        linked.VaryingBackward = Backward(Join(linker.Link(differentiation.Varying), isBackward: true));
        linked.Differentiation = differentiation;
        linked.BackwardWidth = 0;
        linked.Gradients = gradients;
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

    private static void SetPackedWidth(Step<T>[] steps, int width)
    {
        foreach (ref Step<T> step in steps.AsSpan())
        {
            if (step.IsPacked)
                step.Width = width;
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

    /// <summary>The method that does a step.</summary>
    private protected abstract delegate*<ref Step<T>, void> Forward(in Step<T> step);

    /// <summary>The method that does a step of a backward pass.</summary>
    private protected abstract delegate*<ref Step<T>, void> Backward(in Step<T> step);

    /// <summary>Whether one step can do the product and a function in its place.</summary>
    private protected abstract bool IsLayer(in Step<T> product, in Step<T> function);

    /// <summary>Whether one step can do a difference, its square and maybe the product with a number.</summary>
    private protected abstract bool IsSquaredError(Step<T>[] parts);

    // Backward they come in the opposite order.
    private Step<T>[] Join(Step<T>[] steps, bool isBackward)
    {
        var joined = new List<Step<T>>(steps.Length);
        for (int i = 0; i < steps.Length; i++)
        {
            Step<T> step = steps[i];
            if (SquaredErrorAt(steps, i, isBackward) is { } parts)
            {
                joined.Add(parts[0] with { Kind = StepKind.SquaredError, Parts = parts });
                i += parts.Length - 1;
            }
            else if (joined.Count > 0 && !isBackward && IsLayer(joined[^1], step))
            {
                joined[^1] = joined[^1] with { Operation = step.Operation };
            }
            else if (joined.Count > 0 && isBackward && IsLayer(step, joined[^1]))
            {
                joined[^1] = step with { Operation = joined[^1].Operation };
            }
            else
            {
                joined.Add(step);
            }
        }
        return [.. joined];
    }

    private Step<T>[]? SquaredErrorAt(Step<T>[] steps, int start, bool isBackward)
    {
        for (int count = Math.Min(3, steps.Length - start); count >= 2; count--)
        {
            Step<T>[] parts = steps[start..(start + count)];
            if (isBackward)
                Array.Reverse(parts);
            if (IsSquaredError(parts))
                return parts;
        }
        return null;
    }

    private Step<T>[] Forward(Step<T>[] steps)
    {
        foreach (ref Step<T> step in steps.AsSpan())
            step.Run = (nint)Forward(step);
        return steps;
    }

    private Step<T>[] Backward(Step<T>[] steps)
    {
        foreach (ref Step<T> step in steps.AsSpan())
            step.Run = (nint)Backward(step);
        return steps;
    }

    // On its own, so that the little it needs stays in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run(Step<T>[] steps)
    {
        if (StepTimer.Current is not null)
        {
            RunTimed(steps);
            return;
        }
        foreach (ref Step<T> step in steps.AsSpan())
            ((delegate*<ref Step<T>, void>)step.Run)(ref step);
    }

    private static void RunTimed(Step<T>[] steps)
    {
        foreach (ref Step<T> step in steps.AsSpan())
        {
            long began = StepTimer.Begin();
            ((delegate*<ref Step<T>, void>)step.Run)(ref step);
            StepTimer.End(step.Kind is StepKind.Product or StepKind.LaneProduct ? StepPart.Products : StepPart.Maps, began);
        }
    }
}

/// <summary>
/// The interpreter. A program has a few hundred steps at most, each over whole rows, so that going from one step to the
/// next costs little beside doing it.
/// </summary>
internal sealed unsafe partial class Executor<V, T>(Memory<T> memory) : Executor<T>(memory)
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

    private protected override delegate*<ref Step<T>, void> Forward(in Step<T> step) => step.Kind switch
    {
        StepKind.Unary or StepKind.Binary when step.Width % V.Count != 0 => Elementwise<T>.Forward(step),
        StepKind.Unary or StepKind.Binary => Elementwise<V, T>.Forward(step),
        StepKind.SquaredError => &ForwardSquaredError,
        StepKind.Product when IsSmall(step) => ForwardLayer(step),
        StepKind.Product when step.Width > 1 => &ForwardProduct,
        StepKind.Product when step.Repeats == 1 => &ForwardVectorProduct,
        StepKind.Product => &ForwardSideBySide,
        StepKind.LaneProduct when HasHeads(step) => &ForwardHeads,
        StepKind.LaneProduct when HasTransposedHeads(step) => &ForwardTransposedHeads,
        StepKind.LaneProduct => &ForwardLaneProduct,
        StepKind.Sum when step.Width == 1 => &ForwardSumAlong,
        StepKind.Sum => &ForwardSum,
        StepKind.Greatest when step.Width == 1 => &ForwardGreatestAlong,
        StepKind.Greatest => &ForwardGreatest,
        StepKind.Softmax when step.Width == 1 => &ForwardSoftmaxAlong,
        StepKind.Softmax => &ForwardSoftmax,
        StepKind.Gather => &ForwardGather,
        StepKind.Pack or StepKind.Unpack => &ForwardRegroup,
        StepKind.Spread => &ForwardSpread,
        _ when IsTable(step) => &ForwardTable,
        _ => &ForwardSelect,
    };

    private protected override delegate*<ref Step<T>, void> Backward(in Step<T> step) => step.Kind switch
    {
        StepKind.Unary or StepKind.Binary when step.Width % V.Count != 0 => Elementwise<T>.Backward(step),
        StepKind.Unary or StepKind.Binary => Elementwise<V, T>.Backward(step),
        StepKind.SquaredError => &BackwardSquaredError,
        StepKind.Product when IsSmall(step) => BackwardLayer(step),
        StepKind.Product when step.Width > 1 => &BackwardProduct,
        StepKind.Product when step.Repeats == 1 => &BackwardVectorProduct,
        StepKind.Product => &BackwardSideBySide,
        StepKind.LaneProduct when HasHeads(step) => &BackwardHeads,
        StepKind.LaneProduct when HasTransposedHeads(step) => &BackwardTransposedHeads,
        StepKind.LaneProduct => &BackwardLaneProduct,
        StepKind.Sum when step.Width == 1 => &BackwardSumAlong,
        StepKind.Sum => &BackwardSum,
        StepKind.Softmax when step.Width == 1 => &BackwardSoftmaxAlong,
        StepKind.Softmax => &BackwardSoftmax,
        StepKind.Gather => &BackwardGather,
        StepKind.Pack or StepKind.Unpack => &BackwardRegroup,
        StepKind.Spread => &BackwardSpread,
        StepKind.Clear => &Clear,
        _ when IsTable(step) => &BackwardTable,
        _ => &BackwardSelect,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardGather(ref Step<T> step)
    {
        T* result = step.Result.Number;
        foreach (ref LinkedTerm<T> term in step.Terms.AsSpan())
        {
            if (step.Width == 1)
                *result = *term.First.Number;
            else if (term.First.IsRow)
                new ReadOnlySpan<T>(term.First.Number, step.Width).CopyTo(new Span<T>(result, step.Width));
            else
                new Span<T>(result, step.Width).Fill(*term.First.Number);
            result += step.Result.Advance;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardGather(ref Step<T> step)
    {
        T* gradient = step.Result.Gradient;
        foreach (ref LinkedTerm<T> term in step.Terms.AsSpan())
        {
            AddSlope(term.First, gradient, T.One, step.Width);
            gradient += step.Result.Advance;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Clear(ref Step<T> step)
    {
        for (int row = 0; row < step.Rows; row++)
            new Span<T>(step.Result.Gradient + row * step.Result.Advance, step.Width).Clear();
    }
}
