// Small layers of one vector of lanes, whole in one method, since calls would cost more than the work; and squared errors.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>What <see cref="LayerFinder{V, T}"/> finds.</summary>
internal static unsafe class LayerKernels<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether a layer can have a function.</summary>
    internal static bool Knows(Operation function) => function is Operation.Tanh or Operation.Sigmoid or Operation.Relu;

    /// <summary>The kernel of a layer with a function or none.</summary>
    internal static nint Forward(Layer<T> layer, Operation function) => function switch
    {
        Operation.Tanh => Forward<TanhOperation>(layer),
        Operation.Sigmoid => Forward<SigmoidOperation>(layer),
        Operation.Relu => Forward<ReluOperation>(layer),
        default(Operation) => Forward<DetachOperation>(layer), // which leaves the numbers as they are
        _ => throw new InvalidOperationException($"{function} is no function of a layer."),
    };

    /// <summary>The kernel of its gradients.</summary>
    internal static nint Backward(Layer<T> layer, Operation function) => function switch
    {
        Operation.Tanh => Backward<TanhOperation>(layer),
        Operation.Sigmoid => Backward<SigmoidOperation>(layer),
        Operation.Relu => Backward<ReluOperation>(layer),
        default(Operation) => Backward<DetachOperation>(layer),
        _ => throw new InvalidOperationException($"{function} is no function of a layer."),
    };

    private static nint Forward<TFunction>(Layer<T> layer)
        where TFunction : struct, IUnaryOperation =>
        Linker<V, T>.Pointer(QuadKernels.Fits(layer, V.Count) ? &QuadKernels.Forward<T, TFunction> : layer.Rows < 4 ? &ForwardLastRows<TFunction> : &ForwardRows<TFunction>);

    private static nint Backward<TFunction>(Layer<T> layer)
        where TFunction : struct, IUnaryOperation =>
        Linker<V, T>.Pointer(QuadKernels.Fits(layer, V.Count) ? &QuadKernels.Backward<T, TFunction> : &BackwardRows<TFunction>);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardRows<TFunction>(ref Call<T> call)
        where TFunction : struct, IUnaryOperation
    {
        Layer<T> layer = Unsafe.As<Layer<T>>(call.Parts!);
        nint rowStride = layer.RowStride, columnStride = layer.ColumnStride;
        int rows = layer.Rows, depth = layer.Depth, row = 0;
        T* a = layer.A, result = layer.Y;
        for (; row + 4 <= rows; row += 4, a += 4 * rowStride, result += 4 * V.Count)
        {
            V sum0 = Start(layer, row, result), sum1 = Start(layer, row + 1, result + V.Count),
                sum2 = Start(layer, row + 2, result + 2 * V.Count), sum3 = Start(layer, row + 3, result + 3 * V.Count);
            T* b = layer.B, at = a, far = a + 2 * rowStride;
            for (int k = 0; k < depth; k++, b += V.Count, at += columnStride, far += columnStride)
            {
                V x = V.Load(b);
                sum0 = V.MultiplyAdd(V.Create(at[0]), x, sum0);
                sum1 = V.MultiplyAdd(V.Create(at[rowStride]), x, sum1);
                sum2 = V.MultiplyAdd(V.Create(far[0]), x, sum2);
                sum3 = V.MultiplyAdd(V.Create(far[rowStride]), x, sum3);
            }
            V.Store(TFunction.Apply<V, T>(sum0), result);
            V.Store(TFunction.Apply<V, T>(sum1), result + V.Count);
            V.Store(TFunction.Apply<V, T>(sum2), result + 2 * V.Count);
            V.Store(TFunction.Apply<V, T>(sum3), result + 3 * V.Count);
        }
        if (row < rows)
            ForwardLastRows<TFunction>(ref call);
    }

    // The rows that make no four. On its own, since the runtime inlines a function only so many times in one method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardLastRows<TFunction>(ref Call<T> call)
        where TFunction : struct, IUnaryOperation
    {
        Layer<T> layer = Unsafe.As<Layer<T>>(call.Parts!);
        nint columnStride = layer.ColumnStride;
        int depth = layer.Depth;
        for (int row = layer.Rows & ~3; row < layer.Rows; row++)
        {
            T* a = layer.A + row * layer.RowStride, b = layer.B, result = layer.Y + row * V.Count;
            V sum = Start(layer, row, result);
            for (int k = 0; k < depth; k++, a += columnStride, b += V.Count)
                sum = V.MultiplyAdd(V.Create(*a), V.Load(b), sum);
            V.Store(TFunction.Apply<V, T>(sum), result);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Start(Layer<T> layer, int row, T* result) =>
        layer.Bias != null ? V.Create(layer.Bias[row * layer.BiasStride]) : layer.Adds ? V.Load(result) : default;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardRows<TFunction>(ref Call<T> call)
        where TFunction : struct, IUnaryOperation
    {
        Layer<T> layer = Unsafe.As<Layer<T>>(call.Parts!);
        // Who reads the gradients of the results first takes them through the function.
        if (layer.GradientOfB == null)
        {
            AddToMatrix<TFunction>(layer);
            return;
        }
        AddToFactors<TFunction>(layer);
        AddToMatrix<DetachOperation>(layer);
    }

    // ∂/∂A = ∂/∂y · Bᵀ.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddToMatrix<TFunction>(Layer<T> layer)
        where TFunction : struct, IUnaryOperation
    {
        if (layer.GradientOfA != null && layer.ColumnStride == 1)
        {
            AddToRows<TFunction>(layer);
            return;
        }
        nint rowStride = layer.RowStride, columnStride = layer.ColumnStride;
        T* slope = layer.GradientOfA, bias = layer.GradientOfBias;
        for (int row = 0; row < layer.Rows; row++, slope += rowStride, bias += layer.BiasStride)
        {
            V g = TakeThrough<TFunction>(layer, row);
            if (layer.GradientOfBias != null)
                *bias += V.Sum(g);
            T* b = layer.B;
            for (int k = 0; k < layer.Depth && layer.GradientOfA != null; k++, b += V.Count)
                slope[k * columnStride] += V.Sum(g * V.Load(b));
        }
    }

    // Rows whose numbers lie side by side, four of them at a time. A bias that follows upon its row, as in a neuron, is one
    // more number of it, with the factor 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToRows<TFunction>(Layer<T> layer)
        where TFunction : struct, IUnaryOperation
    {
        int depth = layer.Depth;
        bool hasBias = layer.GradientOfBias != null, follows = hasBias && layer.HasBiasInRows;
        T* slope = layer.GradientOfA, bias = layer.GradientOfBias;
        for (int row = 0; row < layer.Rows; row++, slope += layer.RowStride, bias += layer.BiasStride)
        {
            V g = TakeThrough<TFunction>(layer, row);
            T* b = layer.B;
            int k = 0;
            for (; k + 4 <= depth; k += 4, b += 4 * V.Count)
                VectorFolding<V, T, SumFold>.JoinTo(g * V.Load(b), g * V.Load(b + V.Count), g * V.Load(b + 2 * V.Count), g * V.Load(b + 3 * V.Count), slope + k);
            if (k + 3 == depth && follows)
            {
                VectorFolding<V, T, SumFold>.JoinTo(g * V.Load(b), g * V.Load(b + V.Count), g * V.Load(b + 2 * V.Count), g, slope + k);
                continue;
            }
            for (; k < depth; k++, b += V.Count)
                slope[k] += V.Sum(g * V.Load(b));
            if (hasBias)
                *bias += V.Sum(g);
        }
    }

    // ∂/∂b = Aᵀ · ∂/∂y, four rows of it at a time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToFactors<TFunction>(Layer<T> layer)
        where TFunction : struct, IUnaryOperation
    {
        int depth = layer.Depth, k = 0;
        if (depth >= 4)
        {
            AddToFourFactors<TFunction>(layer, 0);
            for (k = 4; k + 4 <= depth; k += 4)
                AddToFourFactors<DetachOperation>(layer, k);
        }
        else
        {
            AddToFactor<TFunction>(layer, k++);
        }
        for (; k < depth; k++)
            AddToFactor<DetachOperation>(layer, k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToFourFactors<TFunction>(Layer<T> layer, int k)
        where TFunction : struct, IUnaryOperation
    {
        nint rowStride = layer.RowStride, columnStride = layer.ColumnStride;
        T* at = layer.A + k * columnStride, far = at + 2 * columnStride, slope = layer.GradientOfB + k * V.Count;
        V sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        if (layer.Adds)
        {
            (sum0, sum1) = (V.Load(slope), V.Load(slope + V.Count));
            (sum2, sum3) = (V.Load(slope + 2 * V.Count), V.Load(slope + 3 * V.Count));
        }
        for (int row = 0; row < layer.Rows; row++, at += rowStride, far += rowStride)
        {
            V g = TakeThrough<TFunction>(layer, row);
            sum0 = V.MultiplyAdd(V.Create(at[0]), g, sum0);
            sum1 = V.MultiplyAdd(V.Create(at[columnStride]), g, sum1);
            sum2 = V.MultiplyAdd(V.Create(far[0]), g, sum2);
            sum3 = V.MultiplyAdd(V.Create(far[columnStride]), g, sum3);
        }
        V.Store(sum0, slope);
        V.Store(sum1, slope + V.Count);
        V.Store(sum2, slope + 2 * V.Count);
        V.Store(sum3, slope + 3 * V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToFactor<TFunction>(Layer<T> layer, int k)
        where TFunction : struct, IUnaryOperation
    {
        T* a = layer.A + k * layer.ColumnStride, slope = layer.GradientOfB + k * V.Count;
        V sum = layer.Adds ? V.Load(slope) : default;
        for (int row = 0; row < layer.Rows; row++, a += layer.RowStride)
            sum = V.MultiplyAdd(V.Create(*a), TakeThrough<TFunction>(layer, row), sum);
        V.Store(sum, slope);
    }

    // The gradient of a result, which has gone through the function then: whatever the product was added to needs it, too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V TakeThrough<TFunction>(Layer<T> layer, int row)
        where TFunction : struct, IUnaryOperation
    {
        T* gradient = layer.GradientOfY + row * V.Count;
        if (typeof(TFunction) == typeof(DetachOperation))
            return V.Load(gradient);
        V y = V.Load(layer.Y + row * V.Count), g = V.Load(gradient) * TFunction.Derivative<V, T>(y, y);
        V.Store(g, gradient);
        return g;
    }

    // What is in between is written too: others may read it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ForwardError(ref Call<T> call)
    {
        SquaredError<T> error = Unsafe.As<SquaredError<T>>(call.Parts!);
        T* a = error.A.At, b = error.B.At;
        bool rowA = error.A.IsRow, rowB = error.B.IsRow;
        V factor = error.Factor == null ? default : V.Create(*error.Factor);
        for (int i = 0; i < error.Width; i += V.Count)
        {
            V distance = (rowA ? V.Load(a + i) : V.Create(*a)) - (rowB ? V.Load(b + i) : V.Create(*b)), square = distance * distance;
            V.Store(distance, error.Difference + i);
            V.Store(square, error.Square + i);
            if (error.Factor != null)
                V.Store(square * factor, error.Y + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void BackwardError(ref Call<T> call)
    {
        SquaredError<T> error = Unsafe.As<SquaredError<T>>(call.Parts!);
        V factor = error.Factor == null ? default : V.Create(*error.Factor);
        for (int i = 0; i < error.Width; i += V.Count)
        {
            V gradient = V.Load(error.GradientOfY + i), difference = V.Load(error.Difference + i);
            if (error.Factor != null)
                gradient *= factor;
            V slope = V.MultiplyAdd(gradient, difference, gradient * difference);
            if (error.GradientOfA != null)
                V.Store(error.AddsToA ? V.Load(error.GradientOfA + i) + slope : slope, error.GradientOfA + i);
            if (error.GradientOfB != null)
                V.Store(error.AddsToB ? V.Load(error.GradientOfB + i) - slope : -slope, error.GradientOfB + i);
        }
    }
}
