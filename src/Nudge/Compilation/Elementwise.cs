// Operations of one and two inputs over rows: the few loops that all of them share.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Finds the method of an elementwise step whose rows are no whole vectors, as those of a single example: the widest vectors that fit.</summary>
internal static unsafe class Elementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal static delegate*<ref Step<T>, void> Forward(in Step<T> step) =>
        step.Width >= Wide512<T>.Count && VectorWidth.Has512 ? Elementwise<Wide512<T>, T>.Forward(step)
        : step.Width >= Wide256<T>.Count && VectorWidth.Has256 ? Elementwise<Wide256<T>, T>.Forward(step)
        : step.Width > 1 && VectorWidth.Has128 ? Elementwise<Wide128<T>, T>.Forward(step)
        : Elementwise<Wide1<T>, T>.Forward(step);

    internal static delegate*<ref Step<T>, void> Backward(in Step<T> step) =>
        step.Width >= Wide512<T>.Count && VectorWidth.Has512 ? Elementwise<Wide512<T>, T>.Backward(step)
        : step.Width >= Wide256<T>.Count && VectorWidth.Has256 ? Elementwise<Wide256<T>, T>.Backward(step)
        : step.Width > 1 && VectorWidth.Has128 ? Elementwise<Wide128<T>, T>.Backward(step)
        : Elementwise<Wide1<T>, T>.Backward(step);
}

/// <summary>Elementwise steps over vectors of one width.</summary>
internal static unsafe class Elementwise<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal static delegate*<ref Step<T>, void> Forward(in Step<T> step) =>
        step.Kind == StepKind.Unary ? ForwardUnary(step.Operation)
        : SharedDivisor<V, T>.Fits(step) ? &SharedDivisor<V, T>.Forward
        : ForwardBinary(step.Operation);

    internal static delegate*<ref Step<T>, void> Backward(in Step<T> step) =>
        step.Kind == StepKind.Unary ? BackwardUnary(step.Operation)
        : SharedDivisor<V, T>.Fits(step) ? &SharedDivisor<V, T>.Backward
        : BackwardBinary(step.Operation);

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
        T* result = step.Result.Number;
        int width = WidthOf(step), whole = width / V.Count * V.Count;
        for (int repeat = 0; repeat < step.Repeats; repeat++)
        {
            T* a = step.A.Number + repeat * step.A.Leap;
            for (int row = 0; row < step.Rows; row++, result += step.Result.Advance, a += step.A.Advance)
            {
                for (int i = 0; i < whole; i += V.Count)
                    V.Store(TOperation.Apply<V, T>(V.Load(a + i)), result + i);
                if (whole < width)
                    VectorTail<V, T>.Store(TOperation.Apply<V, T>(V.Load(a + whole)), result + whole, width - whole);
            }
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
        T* result = step.Result.Number, gradient = step.Result.Gradient;
        int width = WidthOf(step), whole = width / V.Count * V.Count;
        for (int repeat = 0; repeat < step.Repeats; repeat++)
        {
            T* a = step.A.Number + repeat * step.A.Leap, slope = step.A.Gradient + repeat * step.A.Leap;
            for (int row = 0; row < step.Rows; row++)
            {
                for (int i = 0; i < whole; i += V.Count)
                    TSum.Put<V, T>(V.Load(gradient + i) * TOperation.Derivative<V, T>(V.Load(a + i), V.Load(result + i)), slope + i);
                if (whole < width)
                {
                    V part = V.Load(gradient + whole) * TOperation.Derivative<V, T>(V.Load(a + whole), V.Load(result + whole));
                    TSum.Put<V, T>(part, slope + whole, width - whole);
                }
                result += step.Result.Advance;
                gradient += step.Result.Advance;
                a += step.A.Advance;
                slope += step.A.Advance;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardBinary<TOperation>(ref Step<T> step)
        where TOperation : struct, IBinaryOperation
    {
        T* result = step.Result.Number;
        bool rowA = step.A.IsRow, rowB = step.B.IsRow;
        int width = WidthOf(step), whole = width / V.Count * V.Count;
        for (int repeat = 0; repeat < step.Repeats; repeat++)
        {
            T* a = step.A.Number + repeat * step.A.Leap, b = step.B.Number + repeat * step.B.Leap;
            for (int row = 0; row < step.Rows; row++, result += step.Result.Advance, a += step.A.Advance, b += step.B.Advance)
            {
                for (int i = 0; i < whole; i += V.Count)
                    V.Store(TOperation.Apply<V, T>(Load(a, rowA, i), Load(b, rowB, i)), result + i);
                if (whole < width)
                    VectorTail<V, T>.Store(TOperation.Apply<V, T>(Load(a, rowA, whole), Load(b, rowB, whole)), result + whole, width - whole);
            }
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Backward<TOperation, TSide>(ref Step<T> step, in Operand<T> target)
        where TOperation : struct, IBinaryOperation
        where TSide : struct, ISide
    {
        if (target.Slope == Slope.None)
            return;
        if (!target.IsRow)
            AddTotals<TOperation, TSide>(ref step, target);
        else if (target.Advance == 0 && step.Rows > 1 && target.Slope == Slope.Set)
            AddColumns<TOperation, TSide, FreshSum>(ref step, target);
        else if (target.Advance == 0 && step.Rows > 1)
            AddColumns<TOperation, TSide, RunningSum>(ref step, target);
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
        int width = WidthOf(step), whole = width / V.Count * V.Count;
        for (int repeat = 0; repeat < step.Repeats; repeat++)
        {
            T* slope = target.Gradient + repeat * target.Leap;
            Reader rows = new(ref step, repeat);
            for (int row = 0; row < step.Rows; row++, slope += target.Advance, rows.Next())
            {
                for (int i = 0; i < whole; i += V.Count)
                    TSum.Put<V, T>(rows.SlopeAt<TOperation, TSide>(i), slope + i);
                if (whole < width)
                    TSum.Put<V, T>(rows.SlopeAt<TOperation, TSide>(whole), slope + whole, width - whole);
            }
        }
    }

    // The gradient of a row that all results share is the sum over them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddColumns<TOperation, TSide, TSum>(ref Step<T> step, in Operand<T> target)
        where TOperation : struct, IBinaryOperation
        where TSide : struct, ISide
        where TSum : struct, ISum
    {
        int width = WidthOf(step);
        for (int repeat = 0; repeat < step.Repeats; repeat++)
        {
            T* slope = target.Gradient + repeat * target.Leap;
            for (int i = 0; i < width; i += V.Count)
            {
                V sum = default;
                Reader rows = new(ref step, repeat);
                for (int row = 0; row < step.Rows; row++, rows.Next())
                    sum += rows.SlopeAt<TOperation, TSide>(i);
                if (i + V.Count <= width)
                    TSum.Put<V, T>(sum, slope + i);
                else
                    TSum.Put<V, T>(sum, slope + i, width - i);
            }
        }
    }

    // The gradient of a number that all lanes share is the sum over them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTotals<TOperation, TSide>(ref Step<T> step, in Operand<T> target)
        where TOperation : struct, IBinaryOperation
        where TSide : struct, ISide
    {
        for (int repeat = 0; repeat < step.Repeats; repeat++)
        {
            T* slope = target.Gradient + repeat * target.Leap;
            Reader rows = new(ref step, repeat);
            int row = 0;
            if (target.Advance == 1 && VectorFolding<V, T, SumFold>.IsSupported)
            {
                for (; row + 4 <= step.Rows; row += 4, slope += 4)
                {
                    V a = Totals<TOperation, TSide>(ref rows, step.Width), b = Totals<TOperation, TSide>(ref rows, step.Width);
                    V c = Totals<TOperation, TSide>(ref rows, step.Width), d = Totals<TOperation, TSide>(ref rows, step.Width);
                    Wide128<T> sums = VectorFolding<V, T, SumFold>.Of(a, b, c, d);
                    Wide128<T>.Store(target.Slope == Slope.Set ? sums : Wide128<T>.Load(slope) + sums, slope);
                }
            }
            for (; row < step.Rows; row++, slope += target.Advance)
            {
                T sum = V.Sum(Totals<TOperation, TSide>(ref rows, step.Width));
                *slope = target.Slope == Slope.Set ? sum : *slope + sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Totals<TOperation, TSide>(ref Reader rows, int width)
        where TOperation : struct, IBinaryOperation
        where TSide : struct, ISide
    {
        V totals = default;
        int i = 0;
        for (; i + V.Count <= width; i += V.Count)
            totals += rows.SlopeAt<TOperation, TSide>(i);
        if (i < width)
            totals += VectorTail<V, T>.First(rows.SlopeAt<TOperation, TSide>(i), width - i);
        rows.Next();
        return totals;
    }

    // Packed rows have room up to the end of a vector.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WidthOf(in Step<T> step) => step.IsPacked ? (step.Width + V.Count - 1) / V.Count * V.Count : step.Width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Load(T* numbers, bool isRow, int at) => isRow ? V.Load(numbers + at) : V.Create(*numbers);

    /// <summary>Reads what the gradient of an operand is made of, row after row.</summary>
    private ref struct Reader
    {
        private readonly nint _advance, _advanceA, _advanceB;
        private readonly bool _rowA, _rowB;
        private T* _result, _gradient, _a, _b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Reader(ref Step<T> step, int repeat)
        {
            (_advance, _advanceA, _advanceB) = (step.Result.Advance, step.A.Advance, step.B.Advance);
            (_rowA, _rowB) = (step.A.IsRow, step.B.IsRow);
            nint before = repeat * step.Rows * _advance;
            _result = step.Result.Number + before;
            _gradient = step.Result.Gradient + before;
            _a = step.A.Number + repeat * step.A.Leap;
            _b = step.B.Number + repeat * step.B.Leap;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal void Next()
        {
            _result += _advance;
            _gradient += _advance;
            _a += _advanceA;
            _b += _advanceB;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal readonly V SlopeAt<TOperation, TSide>(int i)
            where TOperation : struct, IBinaryOperation
            where TSide : struct, ISide
        {
            V gradient = V.Load(_gradient + i);
            // Simple slopes need not all be read that the others may need.
            if (typeof(TOperation) == typeof(AddOperation))
                return gradient;
            if (typeof(TOperation) == typeof(SubtractOperation))
                return typeof(TSide) == typeof(First) ? gradient : -gradient;
            if (typeof(TOperation) == typeof(MultiplyOperation))
                return gradient * (typeof(TSide) == typeof(First) ? Load(_b, _rowB, i) : Load(_a, _rowA, i));
            TOperation.Derivatives<V, T>(Load(_a, _rowA, i), Load(_b, _rowB, i), V.Load(_result + i), out V slopeA, out V slopeB);
            return gradient * TSide.Pick(slopeA, slopeB);
        }
    }

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
