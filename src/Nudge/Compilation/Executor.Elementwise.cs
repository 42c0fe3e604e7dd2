// Operations of one and two inputs over rows: the few loops that all of them share.

using System.Runtime.CompilerServices;

namespace Nudge;

internal sealed unsafe partial class Executor<V, T>
{
    private static void ForwardUnary(ref Step<T> step)
    {
        switch (step.Operation)
        {
            case Operation.Detach:
                ForwardUnary<DetachOperation>(ref step);
                break;
            case Operation.Negate:
                ForwardUnary<NegateOperation>(ref step);
                break;
            case Operation.Exp:
                ForwardUnary<ExpOperation>(ref step);
                break;
            case Operation.Log:
                ForwardUnary<LogOperation>(ref step);
                break;
            case Operation.Sqrt:
                ForwardUnary<SqrtOperation>(ref step);
                break;
            case Operation.Tanh:
                ForwardUnary<TanhOperation>(ref step);
                break;
            case Operation.Sigmoid:
                ForwardUnary<SigmoidOperation>(ref step);
                break;
            case Operation.Relu:
                ForwardUnary<ReluOperation>(ref step);
                break;
            case Operation.Abs:
                ForwardUnary<AbsOperation>(ref step);
                break;
            case Operation.Sin:
                ForwardUnary<SinOperation>(ref step);
                break;
            case Operation.Cos:
                ForwardUnary<CosOperation>(ref step);
                break;
            default:
                throw new InvalidOperationException($"{step.Operation} is no operation of one input.");
        }
    }

    private static void BackwardUnary(ref Step<T> step)
    {
        switch (step.Operation)
        {
            case Operation.Detach:
                break;
            case Operation.Negate:
                BackwardUnary<NegateOperation>(ref step);
                break;
            case Operation.Exp:
                BackwardUnary<ExpOperation>(ref step);
                break;
            case Operation.Log:
                BackwardUnary<LogOperation>(ref step);
                break;
            case Operation.Sqrt:
                BackwardUnary<SqrtOperation>(ref step);
                break;
            case Operation.Tanh:
                BackwardUnary<TanhOperation>(ref step);
                break;
            case Operation.Sigmoid:
                BackwardUnary<SigmoidOperation>(ref step);
                break;
            case Operation.Relu:
                BackwardUnary<ReluOperation>(ref step);
                break;
            case Operation.Abs:
                BackwardUnary<AbsOperation>(ref step);
                break;
            case Operation.Sin:
                BackwardUnary<SinOperation>(ref step);
                break;
            case Operation.Cos:
                BackwardUnary<CosOperation>(ref step);
                break;
        }
    }

    private static void ForwardBinary(ref Step<T> step)
    {
        switch (step.Operation)
        {
            case Operation.Add:
                ForwardBinary<AddOperation>(ref step);
                break;
            case Operation.Subtract:
                ForwardBinary<SubtractOperation>(ref step);
                break;
            case Operation.Multiply:
                ForwardBinary<MultiplyOperation>(ref step);
                break;
            case Operation.Divide:
                ForwardBinary<DivideOperation>(ref step);
                break;
            case Operation.Power:
                ForwardBinary<PowerOperation>(ref step);
                break;
            case Operation.Max:
                ForwardBinary<MaxOperation>(ref step);
                break;
            case Operation.Min:
                ForwardBinary<MinOperation>(ref step);
                break;
            default:
                throw new InvalidOperationException($"{step.Operation} is no operation of two inputs.");
        }
    }

    private static void BackwardBinary(ref Step<T> step)
    {
        switch (step.Operation)
        {
            case Operation.Add:
                BackwardBinary<AddOperation>(ref step);
                break;
            case Operation.Subtract:
                BackwardBinary<SubtractOperation>(ref step);
                break;
            case Operation.Multiply:
                BackwardBinary<MultiplyOperation>(ref step);
                break;
            case Operation.Divide:
                BackwardBinary<DivideOperation>(ref step);
                break;
            case Operation.Power:
                BackwardBinary<PowerOperation>(ref step);
                break;
            case Operation.Max:
                BackwardBinary<MaxOperation>(ref step);
                break;
            case Operation.Min:
                BackwardBinary<MinOperation>(ref step);
                break;
        }
    }

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

    private static void BackwardUnary<TOperation>(ref Step<T> step)
        where TOperation : struct, IUnaryOperation
    {
        T* result = step.Result.Number, gradient = step.Result.Gradient, a = step.A.Number, slope = step.A.Gradient;
        for (int row = 0; row < step.Rows; row++)
        {
            int i = 0;
            for (; i + V.Count <= step.Width; i += V.Count)
                AddSlope<TOperation, V>(a + i, result + i, gradient + i, slope + i);
            for (; i < step.Width; i++)
                AddSlope<TOperation, Wide1<T>>(a + i, result + i, gradient + i, slope + i);
            result += step.Width;
            gradient += step.Width;
            a += step.A.Advance;
            slope += step.A.Advance;
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

    private static void ForwardBinary<TOperation>(ref Step<T> step)
        where TOperation : struct, IBinaryOperation
    {
        T* result = step.Result.Number;
        Operand<T> a = step.A, b = step.B;
        for (int row = 0; row < step.Rows; row++, result += step.Width)
        {
            int i = 0;
            for (; i + V.Count <= step.Width; i += V.Count)
                V.Store(TOperation.Apply<V, T>(Load<V>(a, i), Load<V>(b, i)), result + i);
            for (; i < step.Width; i++)
                Wide1<T>.Store(TOperation.Apply<Wide1<T>, T>(Load<Wide1<T>>(a, i), Load<Wide1<T>>(b, i)), result + i);
            Advance(ref a);
            Advance(ref b);
        }
    }

    private static void BackwardBinary<TOperation>(ref Step<T> step)
        where TOperation : struct, IBinaryOperation
    {
        T* result = step.Result.Number, gradient = step.Result.Gradient;
        Operand<T> a = step.A, b = step.B;
        for (int row = 0; row < step.Rows; row++, result += step.Width, gradient += step.Width)
        {
            V totalA = default, totalB = default;
            int i = 0;
            for (; i + V.Count <= step.Width; i += V.Count)
                AddSlopes<TOperation, V>(a, b, result, gradient, i, ref totalA, ref totalB);
            Wide1<T> restA = default, restB = default;
            for (; i < step.Width; i++)
                AddSlopes<TOperation, Wide1<T>>(a, b, result, gradient, i, ref restA, ref restB);
            AddTotal(a, V.Sum(totalA) + Wide1<T>.Sum(restA));
            AddTotal(b, V.Sum(totalB) + Wide1<T>.Sum(restB));
            Advance(ref a);
            Advance(ref b);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSlopes<TOperation, TVector>(
        in Operand<T> a, in Operand<T> b, T* result, T* gradient, int i, ref TVector totalA, ref TVector totalB)
        where TOperation : struct, IBinaryOperation
        where TVector : unmanaged, IVector<TVector, T>
    {
        TOperation.Derivatives<TVector, T>(Load<TVector>(a, i), Load<TVector>(b, i), TVector.Load(result + i), out TVector localA, out TVector localB);
        TVector outer = TVector.Load(gradient + i);
        AddSlope(a, outer * localA, i, ref totalA);
        AddSlope(b, outer * localB, i, ref totalB);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(ref Operand<T> operand)
    {
        operand.Number += operand.Advance;
        operand.Gradient += operand.Advance;
    }
}
