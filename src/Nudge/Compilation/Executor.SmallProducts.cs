// Products of small matrices with one vector of lanes: whole in one method, since calls would cost more than the work.

using System.Runtime.CompilerServices;

namespace Nudge;

internal sealed unsafe partial class Executor<V, T>
{
    // Beyond, transposing pays.
    private const int SmallMatrix = 64;

    private static bool IsSmall(in Step<T> step) =>
        step.Width == V.Count && !step.IsPacked && step.Repeats == 1 && step.Rows * step.Shape.Depth <= SmallMatrix;

    private protected override bool IsLayer(in Step<T> product, in Step<T> function) =>
        product.Kind == StepKind.Product && IsSmall(product) && product.Operation == default
        && function.Kind == StepKind.Unary && function.Operation is Operation.Tanh or Operation.Sigmoid or Operation.Relu
        && function.A.Number == product.Result.Number && function.Result.Number == product.Result.Number
        && function.Repeats * function.Rows * function.Width == product.Rows * product.Width;

    private static delegate*<ref Step<T>, void> ForwardLayer(in Step<T> step) => step.Operation switch
    {
        Operation.Tanh => ForwardLayer<TanhOperation>(step),
        Operation.Sigmoid => ForwardLayer<SigmoidOperation>(step),
        Operation.Relu => ForwardLayer<ReluOperation>(step),
        default(Operation) => ForwardLayer<DetachOperation>(step), // which leaves the numbers as they are
        _ => throw new InvalidOperationException($"{step.Operation} is no function of a layer."),
    };

    private static delegate*<ref Step<T>, void> ForwardLayer<TFunction>(in Step<T> step)
        where TFunction : struct, IUnaryOperation =>
        QuadKernels.Fits(step) ? &QuadKernels.Forward<T, TFunction> : QuadKernels.FitsRow(step) ? &QuadKernels.ForwardRow<T, TFunction> : step.Rows < 4 ? &ForwardLastRows<TFunction> : &ForwardSmallProduct<TFunction>;

    private static delegate*<ref Step<T>, void> BackwardLayer(in Step<T> step) => step.Operation switch
    {
        Operation.Tanh => BackwardLayer<TanhOperation>(step),
        Operation.Sigmoid => BackwardLayer<SigmoidOperation>(step),
        Operation.Relu => BackwardLayer<ReluOperation>(step),
        default(Operation) => BackwardLayer<DetachOperation>(step),
        _ => throw new InvalidOperationException($"{step.Operation} is no function of a layer."),
    };

    private static delegate*<ref Step<T>, void> BackwardLayer<TFunction>(in Step<T> step)
        where TFunction : struct, IUnaryOperation =>
        QuadKernels.Fits(step) ? &QuadKernels.Backward<T, TFunction> : QuadKernels.FitsRow(step) ? &QuadKernels.BackwardRow<T, TFunction> : &BackwardSmallProduct<TFunction>;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardSmallProduct<TFunction>(ref Step<T> step)
        where TFunction : struct, IUnaryOperation
    {
        nint rowStride = step.Shape.RowStride, columnStride = step.Shape.ColumnStride;
        int rows = step.Rows, depth = step.Shape.Depth, row = 0;
        T* a = step.A.Number, result = step.Result.Number;
        for (; row + 4 <= rows; row += 4, a += 4 * rowStride, result += 4 * V.Count)
        {
            V sum0 = Start(ref step, row, result), sum1 = Start(ref step, row + 1, result + V.Count),
                sum2 = Start(ref step, row + 2, result + 2 * V.Count), sum3 = Start(ref step, row + 3, result + 3 * V.Count);
            T* b = step.B.Number, at = a, far = a + 2 * rowStride;
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
            ForwardLastRows<TFunction>(ref step);
    }

    // The rows that make no four. On its own, since the runtime inlines a function only so many times in one method.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardLastRows<TFunction>(ref Step<T> step)
        where TFunction : struct, IUnaryOperation
    {
        nint columnStride = step.Shape.ColumnStride;
        int depth = step.Shape.Depth;
        for (int row = step.Rows & ~3; row < step.Rows; row++)
        {
            T* a = step.A.Number + row * step.Shape.RowStride, b = step.B.Number, result = step.Result.Number + row * V.Count;
            // Two sums, since one would wait for itself.
            V sum = Start(ref step, row, result), other = default;
            int k = 0;
            for (; k + 2 <= depth; k += 2, a += 2 * columnStride, b += 2 * V.Count)
            {
                sum = V.MultiplyAdd(V.Create(*a), V.Load(b), sum);
                other = V.MultiplyAdd(V.Create(a[columnStride]), V.Load(b + V.Count), other);
            }
            if (k < depth)
                sum = V.MultiplyAdd(V.Create(*a), V.Load(b), sum);
            V.Store(TFunction.Apply<V, T>(sum + other), result);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Start(ref Step<T> step, int row, T* result) =>
        step.Bias.Number != null ? V.Create(step.Bias.Number[row * step.Shape.BiasStride]) : step.Shape.Accumulate ? V.Load(result) : default;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardSmallProduct<TFunction>(ref Step<T> step)
        where TFunction : struct, IUnaryOperation
    {
        // Who reads the gradients of the results first takes them through the function.
        if (step.B.Slope == Slope.None)
        {
            AddToMatrix<TFunction>(ref step);
            return;
        }
        AddToFactors<TFunction>(ref step);
        AddToMatrix<DetachOperation>(ref step);
    }

    // ∂/∂A = ∂/∂y · Bᵀ.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddToMatrix<TFunction>(ref Step<T> step)
        where TFunction : struct, IUnaryOperation
    {
        if (step.A.Slope != Slope.None && step.Shape.ColumnStride == 1)
        {
            AddToRows<TFunction>(ref step);
            return;
        }
        nint rowStride = step.Shape.RowStride, columnStride = step.Shape.ColumnStride;
        T* slope = step.A.Gradient, bias = step.Bias.Gradient;
        for (int row = 0; row < step.Rows; row++, slope += rowStride, bias += step.Shape.BiasStride)
        {
            V g = TakeThrough<TFunction>(ref step, row);
            if (step.Bias.Slope != Slope.None)
                *bias += V.Sum(g);
            T* b = step.B.Number;
            for (int k = 0; k < step.Shape.Depth && step.A.Slope != Slope.None; k++, b += V.Count)
                slope[k * columnStride] += V.Sum(g * V.Load(b));
        }
    }

    // Rows whose numbers lie side by side, four of them at a time. A bias that follows upon its row, as in a neuron, is one
    // more number of it, with the factor 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToRows<TFunction>(ref Step<T> step)
        where TFunction : struct, IUnaryOperation
    {
        int depth = step.Shape.Depth;
        bool hasBias = step.Bias.Slope != Slope.None, follows = hasBias && step.Bias.Gradient == step.A.Gradient + depth;
        T* slope = step.A.Gradient, bias = step.Bias.Gradient;
        for (int row = 0; row < step.Rows; row++, slope += step.Shape.RowStride, bias += step.Shape.BiasStride)
        {
            V g = TakeThrough<TFunction>(ref step, row);
            T* b = step.B.Number;
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
    private static void AddToFactors<TFunction>(ref Step<T> step)
        where TFunction : struct, IUnaryOperation
    {
        int depth = step.Shape.Depth, k = 0;
        if (depth >= 4)
        {
            AddToFourFactors<TFunction>(ref step, 0);
            for (k = 4; k + 4 <= depth; k += 4)
                AddToFourFactors<DetachOperation>(ref step, k);
        }
        else
        {
            AddToFactor<TFunction>(ref step, k++);
        }
        for (; k < depth; k++)
            AddToFactor<DetachOperation>(ref step, k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToFourFactors<TFunction>(ref Step<T> step, int k)
        where TFunction : struct, IUnaryOperation
    {
        nint rowStride = step.Shape.RowStride, columnStride = step.Shape.ColumnStride;
        T* at = step.A.Number + k * columnStride, far = at + 2 * columnStride, slope = step.B.Gradient + k * V.Count;
        V sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        if (step.B.Slope == Slope.Add)
        {
            (sum0, sum1) = (V.Load(slope), V.Load(slope + V.Count));
            (sum2, sum3) = (V.Load(slope + 2 * V.Count), V.Load(slope + 3 * V.Count));
        }
        for (int row = 0; row < step.Rows; row++, at += rowStride, far += rowStride)
        {
            V g = TakeThrough<TFunction>(ref step, row);
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
    private static void AddToFactor<TFunction>(ref Step<T> step, int k)
        where TFunction : struct, IUnaryOperation
    {
        T* a = step.A.Number + k * step.Shape.ColumnStride, slope = step.B.Gradient + k * V.Count;
        V sum = step.B.Slope == Slope.Add ? V.Load(slope) : default;
        for (int row = 0; row < step.Rows; row++, a += step.Shape.RowStride)
            sum = V.MultiplyAdd(V.Create(*a), TakeThrough<TFunction>(ref step, row), sum);
        V.Store(sum, slope);
    }

    // The gradient of a result, which has gone through the function then: whatever the product was added to needs it, too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V TakeThrough<TFunction>(ref Step<T> step, int row)
        where TFunction : struct, IUnaryOperation
    {
        T* gradient = step.Result.Gradient + row * V.Count;
        if (typeof(TFunction) == typeof(DetachOperation))
            return V.Load(gradient);
        V y = V.Load(step.Result.Number + row * V.Count), g = V.Load(gradient) * TFunction.Derivative<V, T>(y, y);
        V.Store(g, gradient);
        return g;
    }
}
