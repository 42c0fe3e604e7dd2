// Runs the steps of a program, forward and backward, over vectors of one width.

using System.Numerics;

namespace Nudge;

/// <summary>An executor of any width, with the numbers it works on.</summary>
internal abstract unsafe class Executor<T>(Memory<T> memory)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Step<T>[] _uniform = [], _varying = [];
    private T* _parameters, _gradients;
    private bool _isLinked;

    internal Memory<T> Memory { get; } = memory;

    /// <summary>Says where the parameters of a run are, and where their gradients go; null for none.</summary>
    internal void Begin(Plan plan, T* parameters, T* gradients)
    {
        if (_isLinked && parameters == _parameters && (gradients == null || gradients == _gradients))
            return;
        var linker = new Linker<T>(Memory, parameters, gradients);
        _uniform = linker.Link(plan.Uniform);
        _varying = linker.Link(plan.Varying);
        _parameters = parameters;
        _gradients = gradients;
        _isLinked = true;
    }

    internal void ForwardUniform() => Forward(_uniform);

    internal void ForwardVarying() => Forward(_varying);

    internal void BackwardUniform() => Backward(_uniform);

    internal void BackwardVarying() => Backward(_varying);

    private protected abstract void Forward(Step<T>[] steps);

    private protected abstract void Backward(Step<T>[] steps);
}

/// <summary>
/// The interpreter. A program has a few hundred steps at most, each over whole rows, so that reading a step costs
/// little beside doing it.
/// </summary>
internal sealed unsafe partial class Executor<V, T>(Memory<T> memory) : Executor<T>(memory)
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected override void Forward(Step<T>[] steps)
    {
        for (int i = 0; i < steps.Length; i++)
        {
            ref Step<T> step = ref steps[i];
            switch (step.Kind)
            {
                case StepKind.Unary:
                    ForwardUnary(ref step);
                    break;
                case StepKind.Binary:
                    ForwardBinary(ref step);
                    break;
                case StepKind.Product:
                    ProductKernels<V, T>.Multiply(step.Rows, step.Width, step.A.Number, step.B.Number, step.Result.Number, step.Bias, step.Shape);
                    break;
                case StepKind.Sum:
                    ForwardSum(ref step);
                    break;
                case StepKind.Gather:
                    ForwardGather(ref step);
                    break;
                case StepKind.Select:
                    ForwardSelect(ref step);
                    break;
            }
        }
    }

    private protected override void Backward(Step<T>[] steps)
    {
        for (int i = steps.Length - 1; i >= 0; i--)
        {
            ref Step<T> step = ref steps[i];
            switch (step.Kind)
            {
                case StepKind.Unary:
                    BackwardUnary(ref step);
                    break;
                case StepKind.Binary:
                    BackwardBinary(ref step);
                    break;
                case StepKind.Product:
                    BackwardProduct(ref step);
                    break;
                case StepKind.Sum:
                    BackwardSum(ref step);
                    break;
                case StepKind.Gather:
                    BackwardGather(ref step);
                    break;
                case StepKind.Select:
                    BackwardSelect(ref step);
                    break;
            }
        }
    }

    private void BackwardProduct(ref Step<T> step)
    {
        T* gradient = step.Result.Gradient;
        ProductShape shape = step.Shape;
        if (shape.DifferentiateB)
        {
            // ∂/∂B = Aᵀ · ∂/∂C: the same product with A's strides exchanged.
            ProductKernels<V, T>.Multiply(
                shape.Depth, step.Width, step.A.Number, gradient, step.B.Gradient, null,
                new(shape.ColumnStride, shape.RowStride, shape.StrideC, shape.StrideB, 0, step.Rows, Accumulate: true));
        }
        ProductKernels<V, T>.MultiplyByTransposed(
            step.Rows, step.Width, step.A.Gradient, step.B.Number, gradient, shape, Memory.Scratch.Pointer);
        if (step.BiasGradient != null)
        {
            for (int row = 0; row < step.Rows; row++)
                step.BiasGradient[row * shape.BiasStride] += SumOf(gradient + row * shape.StrideC, step.Width);
        }
    }

    private static void ForwardGather(ref Step<T> step)
    {
        T* result = step.Result.Number;
        foreach (ref LinkedTerm<T> term in step.Terms.AsSpan())
        {
            var row = new Span<T>(result, step.Width);
            if (term.First.IsRow)
                new ReadOnlySpan<T>(term.First.Number, step.Width).CopyTo(row);
            else
                row.Fill(*term.First.Number);
            result += step.Width;
        }
    }

    private static void BackwardGather(ref Step<T> step)
    {
        T* gradient = step.Result.Gradient;
        foreach (ref LinkedTerm<T> term in step.Terms.AsSpan())
        {
            AddFactor(term.First, default, hasOther: false, negative: false, gradient, step.Width);
            gradient += step.Width;
        }
    }

    private static void ForwardSelect(ref Step<T> step)
    {
        for (int lane = 0; lane < step.Width; lane++)
        {
            ref Operand<T> choice = ref step.Terms![step.Indices[lane]].First;
            step.Result.Number[lane] = choice.Number[choice.IsRow ? lane : 0];
        }
    }

    private static void BackwardSelect(ref Step<T> step)
    {
        for (int lane = 0; lane < step.Width; lane++)
        {
            ref Operand<T> choice = ref step.Terms![step.Indices[lane]].First;
            choice.Gradient[choice.IsRow ? lane : 0] += step.Result.Gradient[lane];
        }
    }

    private static T SumOf(T* numbers, int count)
    {
        V sums = default;
        int i = 0;
        for (; i + V.Count <= count; i += V.Count)
            sums += V.Load(numbers + i);
        T sum = V.Sum(sums);
        for (; i < count; i++)
            sum += numbers[i];
        return sum;
    }
}
