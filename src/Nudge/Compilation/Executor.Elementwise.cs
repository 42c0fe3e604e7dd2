// Operations of one and two inputs over rows: the few loops that all of them share.

using System.Runtime.CompilerServices;

namespace Nudge;

internal sealed unsafe partial class Executor<V, T>
{
    private void Forward(UnaryInstruction unary)
    {
        switch (unary.Operation)
        {
            case Operation.Detach:
                Forward<DetachOperation>(unary);
                break;
            case Operation.Negate:
                Forward<NegateOperation>(unary);
                break;
            case Operation.Exp:
                Forward<ExpOperation>(unary);
                break;
            case Operation.Log:
                Forward<LogOperation>(unary);
                break;
            case Operation.Sqrt:
                Forward<SqrtOperation>(unary);
                break;
            case Operation.Tanh:
                Forward<TanhOperation>(unary);
                break;
            case Operation.Sigmoid:
                Forward<SigmoidOperation>(unary);
                break;
            case Operation.Relu:
                Forward<ReluOperation>(unary);
                break;
            case Operation.Abs:
                Forward<AbsOperation>(unary);
                break;
            case Operation.Sin:
                Forward<SinOperation>(unary);
                break;
            case Operation.Cos:
                Forward<CosOperation>(unary);
                break;
            default:
                throw new InvalidOperationException($"{unary.Operation} is no operation of one input.");
        }
    }

    private void Backward(UnaryInstruction unary)
    {
        switch (unary.Operation)
        {
            case Operation.Detach:
                break;
            case Operation.Negate:
                Backward<NegateOperation>(unary);
                break;
            case Operation.Exp:
                Backward<ExpOperation>(unary);
                break;
            case Operation.Log:
                Backward<LogOperation>(unary);
                break;
            case Operation.Sqrt:
                Backward<SqrtOperation>(unary);
                break;
            case Operation.Tanh:
                Backward<TanhOperation>(unary);
                break;
            case Operation.Sigmoid:
                Backward<SigmoidOperation>(unary);
                break;
            case Operation.Relu:
                Backward<ReluOperation>(unary);
                break;
            case Operation.Abs:
                Backward<AbsOperation>(unary);
                break;
            case Operation.Sin:
                Backward<SinOperation>(unary);
                break;
            case Operation.Cos:
                Backward<CosOperation>(unary);
                break;
        }
    }

    private void Forward(BinaryInstruction binary)
    {
        switch (binary.Operation)
        {
            case Operation.Add:
                Forward<AddOperation>(binary);
                break;
            case Operation.Subtract:
                Forward<SubtractOperation>(binary);
                break;
            case Operation.Multiply:
                Forward<MultiplyOperation>(binary);
                break;
            case Operation.Divide:
                Forward<DivideOperation>(binary);
                break;
            case Operation.Power:
                Forward<PowerOperation>(binary);
                break;
            case Operation.Max:
                Forward<MaxOperation>(binary);
                break;
            case Operation.Min:
                Forward<MinOperation>(binary);
                break;
            default:
                throw new InvalidOperationException($"{binary.Operation} is no operation of two inputs.");
        }
    }

    private void Backward(BinaryInstruction binary)
    {
        switch (binary.Operation)
        {
            case Operation.Add:
                Backward<AddOperation>(binary);
                break;
            case Operation.Subtract:
                Backward<SubtractOperation>(binary);
                break;
            case Operation.Multiply:
                Backward<MultiplyOperation>(binary);
                break;
            case Operation.Divide:
                Backward<DivideOperation>(binary);
                break;
            case Operation.Power:
                Backward<PowerOperation>(binary);
                break;
            case Operation.Max:
                Backward<MaxOperation>(binary);
                break;
            case Operation.Min:
                Backward<MinOperation>(binary);
                break;
        }
    }

    // Where every operand advances with the results, all rows are one long row; otherwise each is a row of its own.
    private (int Rows, int Width) Shape(Instruction instruction, Run a, Run? b)
    {
        Space space = instruction.Result.Space;
        int width = WidthOf(space);
        bool together = AdvancesWith(a) && (b is not { } other || AdvancesWith(other));
        return together ? (1, instruction.Count * width) : (instruction.Count, width);

        bool AdvancesWith(Run run) => run.Stride == 1 && WidthOf(run.Space) == width;
    }

    private static Place At(Run run, int i) => run.Start with { Index = run.At(i) };

    private void Forward<TOperation>(UnaryInstruction unary)
        where TOperation : struct, IUnaryOperation
    {
        (int rows, int width) = Shape(unary, unary.A, null);
        T* result = Number(unary.Result);
        for (int row = 0; row < rows; row++, result += width)
        {
            T* a = Number(At(unary.A, row));
            int i = 0;
            for (; i + V.Count <= width; i += V.Count)
                V.Store(TOperation.Apply<V, T>(V.Load(a + i)), result + i);
            for (; i < width; i++)
                Wide1<T>.Store(TOperation.Apply<Wide1<T>, T>(Wide1<T>.Load(a + i)), result + i);
        }
    }

    private void Backward<TOperation>(UnaryInstruction unary)
        where TOperation : struct, IUnaryOperation
    {
        (int rows, int width) = Shape(unary, unary.A, null);
        T* result = Number(unary.Result), gradient = Gradient(unary.Result);
        for (int row = 0; row < rows; row++, result += width, gradient += width)
        {
            T* a = Number(At(unary.A, row)), slope = Gradient(At(unary.A, row));
            int i = 0;
            for (; i + V.Count <= width; i += V.Count)
                AddSlope<TOperation, V>(a + i, result + i, gradient + i, slope + i);
            for (; i < width; i++)
                AddSlope<TOperation, Wide1<T>>(a + i, result + i, gradient + i, slope + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSlope<TOperation, TVector>(T* a, T* result, T* gradient, T* slope)
        where TOperation : struct, IUnaryOperation
        where TVector : unmanaged, IVector<TVector, T>
    {
        TVector local = TOperation.Derivative<TVector, T>(TVector.Load(a), TVector.Load(result));
        TVector.Store(TVector.MultiplyAdd(TVector.Load(gradient), local, TVector.Load(slope)), slope);
    }

    private void Forward<TOperation>(BinaryInstruction binary)
        where TOperation : struct, IBinaryOperation
    {
        (int rows, int width) = Shape(binary, binary.A, binary.B);
        T* result = Number(binary.Result);
        for (int row = 0; row < rows; row++, result += width)
        {
            var a = new Operand(this, At(binary.A, row), binary.Result.Space);
            var b = new Operand(this, At(binary.B, row), binary.Result.Space);
            int i = 0;
            for (; i + V.Count <= width; i += V.Count)
                V.Store(TOperation.Apply<V, T>(a.Load<V>(i), b.Load<V>(i)), result + i);
            for (; i < width; i++)
                Wide1<T>.Store(TOperation.Apply<Wide1<T>, T>(a.Load<Wide1<T>>(i), b.Load<Wide1<T>>(i)), result + i);
        }
    }

    private void Backward<TOperation>(BinaryInstruction binary)
        where TOperation : struct, IBinaryOperation
    {
        (int rows, int width) = Shape(binary, binary.A, binary.B);
        T* result = Number(binary.Result), gradient = Gradient(binary.Result);
        for (int row = 0; row < rows; row++, result += width, gradient += width)
        {
            var a = new Operand(this, At(binary.A, row), binary.Result.Space);
            var b = new Operand(this, At(binary.B, row), binary.Result.Space);
            V totalA = default, totalB = default;
            int i = 0;
            for (; i + V.Count <= width; i += V.Count)
                AddSlopes<TOperation, V>(a, b, result, gradient, i, ref totalA, ref totalB);
            Wide1<T> restA = default, restB = default;
            for (; i < width; i++)
                AddSlopes<TOperation, Wide1<T>>(a, b, result, gradient, i, ref restA, ref restB);
            a.AddTotal(V.Sum(totalA) + Wide1<T>.Sum(restA));
            b.AddTotal(V.Sum(totalB) + Wide1<T>.Sum(restB));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSlopes<TOperation, TVector>(Operand a, Operand b, T* result, T* gradient, int i, ref TVector totalA, ref TVector totalB)
        where TOperation : struct, IBinaryOperation
        where TVector : unmanaged, IVector<TVector, T>
    {
        TOperation.Derivatives<TVector, T>(a.Load<TVector>(i), b.Load<TVector>(i), TVector.Load(result + i), out TVector localA, out TVector localB);
        TVector outer = TVector.Load(gradient + i);
        a.AddSlope(outer * localA, i, ref totalA);
        b.AddSlope(outer * localB, i, ref totalB);
    }

    /// <summary>A row of an operand, or one number that stands for a whole row.</summary>
    private readonly struct Operand
    {
        private readonly T* _number, _gradient;
        private readonly bool _isRow;

        internal Operand(Executor<V, T> executor, Place place, Space result)
        {
            _number = executor.Number(place);
            _gradient = executor.Gradient(place);
            _isRow = executor.WidthOf(place.Space) == executor.WidthOf(result);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal TVector Load<TVector>(int i)
            where TVector : unmanaged, IVector<TVector, T> =>
            _isRow ? TVector.Load(_number + i) : TVector.Create(*_number);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal void AddSlope<TVector>(TVector slope, int i, ref TVector total)
            where TVector : unmanaged, IVector<TVector, T>
        {
            if (_isRow)
                TVector.Store(TVector.Load(_gradient + i) + slope, _gradient + i);
            else
                total += slope;
        }

        internal void AddTotal(T total)
        {
            if (!_isRow)
                *_gradient += total;
        }
    }
}
