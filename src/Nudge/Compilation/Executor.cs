// Runs the steps of a program, forward and backward, over vectors of one width.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>An executor of any width, with the numbers it works on.</summary>
internal abstract unsafe class Executor<T>(Memory<T> memory)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Step<T>[] _uniform = [], _varying = [], _uniformBackward = [], _varyingBackward = [];
    private T* _parameters, _gradients;
    private bool _isLinked, _isBackwardLinked;

    internal Memory<T> Memory { get; } = memory;

    /// <summary>Says where the parameters of a run are.</summary>
    internal void Link(Plan plan, T* parameters)
    {
        if (_isLinked && parameters == _parameters)
            return;
        var linker = new Linker<T>(Memory, parameters, null);
        _uniform = linker.Link(plan.Uniform);
        _varying = linker.Link(plan.Varying);
        foreach (Step<T>[] steps in new[] { _uniform, _varying })
        {
            foreach (ref Step<T> step in steps.AsSpan())
                step.Run = (nint)Forward(step);
        }
        _parameters = parameters;
        _isLinked = true;
        _isBackwardLinked = false;
    }

    /// <summary>Says where the gradients of the parameters go.</summary>
    internal void LinkBackward(Differentiation differentiation, T* gradients)
    {
        if (_isBackwardLinked && gradients == _gradients)
            return;
        var linker = new Linker<T>(Memory, _parameters, gradients);
        _uniformBackward = linker.Link(differentiation.Uniform);
        _varyingBackward = linker.Link(differentiation.Varying);
        foreach (Step<T>[] steps in new[] { _uniformBackward, _varyingBackward })
        {
            foreach (ref Step<T> step in steps.AsSpan())
                step.Run = (nint)Backward(step);
        }
        _gradients = gradients;
        _isBackwardLinked = true;
    }

    internal void ForwardUniform() => Run(_uniform);

    internal void ForwardVarying() => Run(_varying);

    internal void BackwardUniform() => Run(_uniformBackward);

    internal void BackwardVarying() => Run(_varyingBackward);

    /// <summary>The method that does a step.</summary>
    private protected abstract delegate*<ref Step<T>, void> Forward(in Step<T> step);

    /// <summary>The method that does a step of a backward pass.</summary>
    private protected abstract delegate*<ref Step<T>, void> Backward(in Step<T> step);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(Step<T>[] steps)
    {
        for (int i = 0; i < steps.Length; i++)
            ((delegate*<ref Step<T>, void>)steps[i].Run)(ref steps[i]);
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
    private protected override delegate*<ref Step<T>, void> Forward(in Step<T> step) => step.Kind switch
    {
        StepKind.Unary => ForwardUnary(step.Operation),
        StepKind.Binary => ForwardBinary(step.Operation),
        StepKind.Product when step.Width == 1 => &ForwardVectorProduct,
        StepKind.Product => &ForwardProduct,
        StepKind.Sum => &ForwardSum,
        StepKind.Gather => &ForwardGather,
        _ => &ForwardSelect,
    };

    private protected override delegate*<ref Step<T>, void> Backward(in Step<T> step) => step.Kind switch
    {
        StepKind.Unary => BackwardUnary(step.Operation),
        StepKind.Binary => BackwardBinary(step.Operation),
        StepKind.Product when step.Width == 1 => &BackwardVectorProduct,
        StepKind.Product => &BackwardProduct,
        StepKind.Sum => &BackwardSum,
        StepKind.Gather => &BackwardGather,
        StepKind.Clear => &Clear,
        _ => &BackwardSelect,
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardProduct(ref Step<T> step) =>
        ProductKernels<V, T>.Multiply(step.Rows, step.Width, step.A.Number, step.B.Number, step.Result.Number, step.Bias.Number, step.Shape);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardProduct(ref Step<T> step)
    {
        T* gradient = step.Result.Gradient;
        ProductShape shape = step.Shape;
        if (step.B.Slope != Slope.None)
        {
            // ∂/∂B = Aᵀ · ∂/∂C: the same product with A's strides exchanged.
            ProductKernels<V, T>.Multiply(
                shape.Depth, step.Width, step.A.Number, gradient, step.B.Gradient, null,
                new(shape.ColumnStride, shape.RowStride, shape.StrideC, shape.StrideB, 0, step.Rows, step.B.Slope == Slope.Add));
        }
        if (step.A.Slope != Slope.None)
            ProductKernels<V, T>.AddByTransposed(step.Rows, step.Width, step.A.Gradient, step.B.Number, gradient, shape, step.Scratch);
        if (step.Bias.Slope != Slope.None)
            ProductKernels<V, T>.AddRows(step.Rows, step.Width, step.Bias.Gradient, shape.BiasStride, null, gradient, shape.StrideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardVectorProduct(ref Step<T> step)
    {
        ProductShape shape = step.Shape;
        T* result = step.Result.Number;
        if (step.Bias.Number != null)
        {
            for (int row = 0; row < step.Rows; row++)
                result[row] = step.Bias.Number[row * shape.BiasStride];
        }
        VectorKernels<V, T>.Multiply(
            step.Rows, shape.Depth, step.A.Number, shape.RowStride, shape.ColumnStride, step.B.Number, result, shape.Accumulate || step.Bias.Number != null);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardVectorProduct(ref Step<T> step)
    {
        ProductShape shape = step.Shape;
        T* gradient = step.Result.Gradient;
        if (step.B.Slope != Slope.None)
        {
            VectorKernels<V, T>.Multiply(
                shape.Depth, step.Rows, step.A.Number, shape.ColumnStride, shape.RowStride, gradient, step.B.Gradient, step.B.Slope == Slope.Add);
        }
        if (step.A.Slope != Slope.None)
            VectorKernels<V, T>.AddOuterProduct(step.Rows, shape.Depth, gradient, step.B.Number, step.A.Gradient, shape.RowStride, shape.ColumnStride);
        if (step.Bias.Slope != Slope.None)
        {
            for (int row = 0; row < step.Rows; row++)
                step.Bias.Gradient[row * shape.BiasStride] += gradient[row];
        }
    }

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
            result += step.Width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardGather(ref Step<T> step)
    {
        T* gradient = step.Result.Gradient;
        foreach (ref LinkedTerm<T> term in step.Terms.AsSpan())
        {
            AddSlope(term.First, gradient, T.One, step.Width);
            gradient += step.Width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardSelect(ref Step<T> step)
    {
        for (int lane = 0; lane < step.Width; lane++)
        {
            ref Operand<T> choice = ref step.Terms![step.Indices[lane]].First;
            step.Result.Number[lane] = choice.Number[choice.IsRow ? lane : 0];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardSelect(ref Step<T> step)
    {
        for (int lane = 0; lane < step.Width; lane++)
        {
            ref Operand<T> choice = ref step.Terms![step.Indices[lane]].First;
            if (choice.Slope != Slope.None)
                choice.Gradient[choice.IsRow ? lane : 0] += step.Result.Gradient[lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Clear(ref Step<T> step) => new Span<T>(step.Result.Gradient, step.Width).Clear();
}
