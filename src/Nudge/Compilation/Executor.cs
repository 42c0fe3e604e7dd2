// Runs the instructions of a program, forward and backward, over vectors of one width.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>An executor of any width, with the numbers it works on.</summary>
internal abstract class Executor<T>(Memory<T> memory)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal Memory<T> Memory { get; } = memory;

    /// <summary>Runs instructions in order.</summary>
    internal abstract void Forward(Instruction[] instructions);

    /// <summary>Differentiates instructions, from the last to the first; gradients are added to.</summary>
    internal abstract void Backward(Instruction[] instructions);
}

/// <summary>
/// The interpreter. It runs a few hundred instructions at most, each over whole rows, so that reading an instruction
/// costs little beside doing it.
/// </summary>
internal sealed unsafe partial class Executor<V, T> : Executor<T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* _parameters, _uniform, _varying, _parameterGradients, _uniformGradients, _varyingGradients;
    private readonly int _lanes;

    internal Executor(Memory<T> memory)
        : base(memory)
    {
        _lanes = memory.Lanes;
        _parameters = memory.Parameters.Pointer;
        _uniform = memory.Uniform.Pointer;
        _varying = memory.Varying.Pointer;
        _parameterGradients = memory.ParameterGradients.Pointer;
        _uniformGradients = memory.UniformGradients.Pointer;
        _varyingGradients = memory.VaryingGradients.Pointer;
    }

    internal override void Forward(Instruction[] instructions)
    {
        foreach (Instruction instruction in instructions)
        {
            switch (instruction)
            {
                case UnaryInstruction unary:
                    Forward(unary);
                    break;
                case BinaryInstruction binary:
                    Forward(binary);
                    break;
                case ProductInstruction product:
                    ProductKernels<V, T>.Multiply(
                        product.Count, _lanes, Number(product.A), Number(product.B), Number(product.Result), MatricesOf(product));
                    break;
                case SumInstruction sum:
                    Forward(sum);
                    break;
                case GatherInstruction gather:
                    Forward(gather);
                    break;
                case SelectInstruction select:
                    Forward(select);
                    break;
            }
        }
    }

    internal override void Backward(Instruction[] instructions)
    {
        for (int i = instructions.Length - 1; i >= 0; i--)
        {
            switch (instructions[i])
            {
                case UnaryInstruction unary:
                    Backward(unary);
                    break;
                case BinaryInstruction binary:
                    Backward(binary);
                    break;
                case ProductInstruction product:
                    Backward(product);
                    break;
                case SumInstruction sum:
                    Backward(sum);
                    break;
                case GatherInstruction gather:
                    Backward(gather);
                    break;
                case SelectInstruction select:
                    Backward(select);
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T* Number(Place place) => place.Space switch
    {
        Space.Parameters => _parameters + place.Index,
        Space.Uniform => _uniform + place.Index,
        _ => _varying + (nint)place.Index * _lanes,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T* Gradient(Place place) => place.Space switch
    {
        Space.Parameters => _parameterGradients + place.Index,
        Space.Uniform => _uniformGradients + place.Index,
        _ => _varyingGradients + (nint)place.Index * _lanes,
    };

    private int WidthOf(Space space) => space == Space.Varying ? _lanes : 1;

    private ProductKernels<V, T>.Matrices MatricesOf(ProductInstruction product) =>
        new(product.RowStride, product.ColumnStride, _lanes, _lanes, product.Depth, product.Accumulate);

    private void Backward(ProductInstruction product)
    {
        T* gradient = Gradient(product.Result);
        if (product.DifferentiateB)
        {
            // ∂/∂B = Aᵀ · ∂/∂C: the same product with A's strides exchanged.
            ProductKernels<V, T>.Multiply(
                product.Depth, _lanes, Number(product.A), gradient, Gradient(product.B),
                new(product.ColumnStride, product.RowStride, _lanes, _lanes, product.Count, Accumulate: true));
        }
        ProductKernels<V, T>.MultiplyByTransposed(
            product.Count, _lanes, Gradient(product.A), Number(product.B), gradient, MatricesOf(product), Memory.Scratch.Pointer);
    }

    private void Forward(GatherInstruction gather)
    {
        T* result = Number(gather.Result);
        int width = WidthOf(gather.Result.Space);
        foreach (Place source in gather.Sources)
        {
            var row = new Span<T>(result, width);
            if (WidthOf(source.Space) == width)
                new ReadOnlySpan<T>(Number(source), width).CopyTo(row);
            else
                row.Fill(*Number(source));
            result += width;
        }
    }

    private void Backward(GatherInstruction gather)
    {
        T* gradient = Gradient(gather.Result);
        int width = WidthOf(gather.Result.Space);
        foreach (Place source in gather.Sources)
        {
            Accumulate(source, gradient, width);
            gradient += width;
        }
    }

    private void Forward(SelectInstruction select)
    {
        T* result = Number(select.Result);
        for (int lane = 0; lane < _lanes; lane++)
        {
            Place choice = select.Choices[Memory.Indices[select.IndexNumber * _lanes + lane]];
            result[lane] = choice.IsVarying ? Number(choice)[lane] : *Number(choice);
        }
    }

    private void Backward(SelectInstruction select)
    {
        T* gradient = Gradient(select.Result);
        for (int lane = 0; lane < _lanes; lane++)
        {
            Place choice = select.Choices[Memory.Indices[select.IndexNumber * _lanes + lane]];
            Gradient(choice)[choice.IsVarying ? lane : 0] += gradient[lane];
        }
    }

    /// <summary>Adds a row of gradients to an operand: lane by lane, or all lanes together where it has only one number.</summary>
    private void Accumulate(Place place, T* gradient, int width)
    {
        T* sum = Gradient(place);
        if (WidthOf(place.Space) < width)
        {
            *sum += SumOf(gradient, width);
            return;
        }
        int i = 0;
        for (; i + V.Count <= width; i += V.Count)
            V.Store(V.Load(sum + i) + V.Load(gradient + i), sum + i);
        for (; i < width; i++)
            sum[i] += gradient[i];
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
