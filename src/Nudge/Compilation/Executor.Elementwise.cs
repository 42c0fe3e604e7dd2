// Operations of one and two inputs over rows: the few loops that all of them share.

using System.Runtime.CompilerServices;

namespace Nudge;

internal sealed unsafe partial class Executor<V, T>
{
    private static delegate*<ref Step<T>, void> ForwardUnary(Operation operation) => operation switch
    {
        Operation.Detach => &ForwardUnary<DetachOperation>,
        Operation.Negate => &ForwardUnary<NegateOperation>,
        Operation.Exp => &ForwardUnary<ExpOperation>,
        Operation.Log => &ForwardUnary<LogOperation>,
        Operation.Sqrt => &ForwardUnary<SqrtOperation>,
        Operation.Tanh => &ForwardUnary<TanhOperation>,
        Operation.Sigmoid => &ForwardUnary<SigmoidOperation>,
        Operation.Relu => &ForwardUnary<ReluOperation>,
        Operation.Abs => &ForwardUnary<AbsOperation>,
        Operation.Sin => &ForwardUnary<SinOperation>,
        Operation.Cos => &ForwardUnary<CosOperation>,
        _ => throw new InvalidOperationException($"{operation} is no operation of one input."),
    };

    private static delegate*<ref Step<T>, void> BackwardUnary(Operation operation) => operation switch
    {
        Operation.Negate => &BackwardUnary<NegateOperation>,
        Operation.Exp => &BackwardUnary<ExpOperation>,
        Operation.Log => &BackwardUnary<LogOperation>,
        Operation.Sqrt => &BackwardUnary<SqrtOperation>,
        Operation.Tanh => &BackwardUnary<TanhOperation>,
        Operation.Sigmoid => &BackwardUnary<SigmoidOperation>,
        Operation.Relu => &BackwardUnary<ReluOperation>,
        Operation.Abs => &BackwardUnary<AbsOperation>,
        Operation.Sin => &BackwardUnary<SinOperation>,
        Operation.Cos => &BackwardUnary<CosOperation>,
        _ => throw new InvalidOperationException($"{operation} is no operation of one input with a slope."),
    };

    private static delegate*<ref Step<T>, void> ForwardBinary(Operation operation) => operation switch
    {
        Operation.Add => &ForwardBinary<AddOperation>,
        Operation.Subtract => &ForwardBinary<SubtractOperation>,
        Operation.Multiply => &ForwardBinary<MultiplyOperation>,
        Operation.Divide => &ForwardBinary<DivideOperation>,
        Operation.Power => &ForwardBinary<PowerOperation>,
        Operation.Max => &ForwardBinary<MaxOperation>,
        Operation.Min => &ForwardBinary<MinOperation>,
        _ => throw new InvalidOperationException($"{operation} is no operation of two inputs."),
    };

    private static delegate*<ref Step<T>, void> BackwardBinary(Operation operation) => operation switch
    {
        Operation.Add => &BackwardBinary<AddOperation>,
        Operation.Subtract => &BackwardBinary<SubtractOperation>,
        Operation.Multiply => &BackwardBinary<MultiplyOperation>,
        Operation.Divide => &BackwardBinary<DivideOperation>,
        Operation.Power => &BackwardBinary<PowerOperation>,
        Operation.Max => &BackwardBinary<MaxOperation>,
        Operation.Min => &BackwardBinary<MinOperation>,
        _ => throw new InvalidOperationException($"{operation} is no operation of two inputs."),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardUnary<TOperation>(ref Step<T> step)
        where TOperation : struct, IUnaryOperation
    {
        T* result = step.Result.Number, a = step.A.Number;
        for (int row = 0; row < step.Rows; row++, result += step.Width, a += step.A.Advance)
        {
            int i = 0;
            for (; i + V.Count <= step.Width; i += V.Count)
                V.Store(TOperation.Apply<V, T>(V.Load(a + i)), result + i);
            for (; i < step.Width; i++)
                Wide1<T>.Store(TOperation.Apply<Wide1<T>, T>(Wide1<T>.Load(a + i)), result + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardUnary<TOperation>(ref Step<T> step)
        where TOperation : struct, IUnaryOperation
    {
        if (step.A.Slope == Slope.Set)
            BackwardUnary<TOperation, FreshSum>(ref step);
        else
            BackwardUnary<TOperation, RunningSum>(ref step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardUnary<TOperation, TSum>(ref Step<T> step)
        where TOperation : struct, IUnaryOperation
        where TSum : struct, ISum
    {
        T* result = step.Result.Number, gradient = step.Result.Gradient, a = step.A.Number, slope = step.A.Gradient;
        for (int row = 0; row < step.Rows; row++)
        {
            int i = 0;
            for (; i + V.Count <= step.Width; i += V.Count)
                TSum.Put<V, T>(V.Load(gradient + i) * TOperation.Derivative<V, T>(V.Load(a + i), V.Load(result + i)), slope + i);
            for (; i < step.Width; i++)
            {
                TSum.Put<Wide1<T>, T>(
                    Wide1<T>.Load(gradient + i) * TOperation.Derivative<Wide1<T>, T>(Wide1<T>.Load(a + i), Wide1<T>.Load(result + i)), slope + i);
            }
            result += step.Width;
            gradient += step.Width;
            a += step.A.Advance;
            slope += step.A.Advance;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardBinary<TOperation>(ref Step<T> step)
        where TOperation : struct, IBinaryOperation
    {
        T* result = step.Result.Number, a = step.A.Number, b = step.B.Number;
        bool rowA = step.A.IsRow, rowB = step.B.IsRow;
        for (int row = 0; row < step.Rows; row++, result += step.Width, a += step.A.Advance, b += step.B.Advance)
        {
            int i = 0;
            for (; i + V.Count <= step.Width; i += V.Count)
                V.Store(TOperation.Apply<V, T>(Load<V>(a, rowA, i), Load<V>(b, rowB, i)), result + i);
            for (; i < step.Width; i++)
                Wide1<T>.Store(TOperation.Apply<Wide1<T>, T>(Load<Wide1<T>>(a, rowA, i), Load<Wide1<T>>(b, rowB, i)), result + i);
        }
    }

    // One operand after the other: what only the other one needs is not computed.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardBinary<TOperation>(ref Step<T> step)
        where TOperation : struct, IBinaryOperation
    {
        Backward<TOperation, First>(ref step, step.A);
        Backward<TOperation, Second>(ref step, step.B);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward<TOperation, TSide>(ref Step<T> step, in Operand<T> target)
        where TOperation : struct, IBinaryOperation
        where TSide : struct, ISide
    {
        if (target.Slope == Slope.None)
            return;
        if (!target.IsRow)
            AddTotals<TOperation, TSide>(ref step, target);
        else if (target.Slope == Slope.Set)
            AddSlopes<TOperation, TSide, FreshSum>(ref step, target);
        else
            AddSlopes<TOperation, TSide, RunningSum>(ref step, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSlopes<TOperation, TSide, TSum>(ref Step<T> step, in Operand<T> target)
        where TOperation : struct, IBinaryOperation
        where TSide : struct, ISide
        where TSum : struct, ISum
    {
        T* slope = target.Gradient;
        for (int row = 0; row < step.Rows; row++, slope += target.Advance)
        {
            int i = 0;
            for (; i + V.Count <= step.Width; i += V.Count)
                TSum.Put<V, T>(SlopeAt<TOperation, TSide, V>(ref step, row, i), slope + i);
            for (; i < step.Width; i++)
                TSum.Put<Wide1<T>, T>(SlopeAt<TOperation, TSide, Wide1<T>>(ref step, row, i), slope + i);
        }
    }

    // The gradient of a number that all lanes share is the sum over them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTotals<TOperation, TSide>(ref Step<T> step, in Operand<T> target)
        where TOperation : struct, IBinaryOperation
        where TSide : struct, ISide
    {
        T* slope = target.Gradient;
        for (int row = 0; row < step.Rows; row++, slope += target.Advance)
        {
            V totals = default;
            int i = 0;
            for (; i + V.Count <= step.Width; i += V.Count)
                totals += SlopeAt<TOperation, TSide, V>(ref step, row, i);
            T total = V.Sum(totals);
            for (; i < step.Width; i++)
                total += Wide1<T>.Sum(SlopeAt<TOperation, TSide, Wide1<T>>(ref step, row, i));
            *slope += total;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SlopeAt<TOperation, TSide, TVector>(ref Step<T> step, int row, int i)
        where TOperation : struct, IBinaryOperation
        where TSide : struct, ISide
        where TVector : unmanaged, IVector<TVector, T>
    {
        nint offset = (nint)row * step.Width + i;
        TVector a = Load<TVector>(step.A.Number + row * step.A.Advance, step.A.IsRow, i);
        TVector b = Load<TVector>(step.B.Number + row * step.B.Advance, step.B.IsRow, i);
        TOperation.Derivatives<TVector, T>(a, b, TVector.Load(step.Result.Number + offset), out TVector slopeA, out TVector slopeB);
        return TVector.Load(step.Result.Gradient + offset) * TSide.Pick(slopeA, slopeB);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load<TVector>(T* numbers, bool isRow, int at)
        where TVector : unmanaged, IVector<TVector, T> => isRow ? TVector.Load(numbers + at) : TVector.Create(*numbers);

    /// <summary>Which of two operands.</summary>
    private interface ISide
    {
        static abstract TVector Pick<TVector>(TVector first, TVector second);
    }

    private readonly struct First : ISide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Pick<TVector>(TVector first, TVector second) => first;
    }

    private readonly struct Second : ISide
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Pick<TVector>(TVector first, TVector second) => second;
    }
}
