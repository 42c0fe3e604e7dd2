// Rows divided by one row, as the powers of a softmax by their sum.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>yᵢ = aᵢ / b: b is inverted once for all rows.</summary>
internal static unsafe class SharedDivisor<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal static bool Fits(in Step<T> step) =>
        step.Operation == Operation.Divide && step.Rows > 1 && step.Width % V.Count == 0 && step.B.IsRow && step.B.Advance == 0 && step.A.IsRow && step.A.Advance != 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward(ref Step<T> step)
    {
        T* result = step.Result.Number;
        for (int repeat = 0; repeat < step.Repeats; repeat++, result += step.Rows * step.Result.Advance)
        {
            T* a = step.A.Number + repeat * step.A.Leap, b = step.B.Number + repeat * step.B.Leap;
            for (int i = 0; i < step.Width; i += V.Count)
            {
                V inverse = V.Create(T.One) / V.Load(b + i);
                T* from = a + i, to = result + i;
                for (int row = 0; row < step.Rows; row++, from += step.A.Advance, to += step.Result.Advance)
                    V.Store(V.Load(from) * inverse, to);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Backward(ref Step<T> step)
    {
        if (step.A.Slope == Slope.Set)
            AddSlopes<FreshSum>(ref step);
        else if (step.A.Slope == Slope.Add)
            AddSlopes<RunningSum>(ref step);
        if (step.B.Slope == Slope.Set)
            AddToDivisor<FreshSum>(ref step);
        else if (step.B.Slope == Slope.Add)
            AddToDivisor<RunningSum>(ref step);
    }

    // ∂/∂aᵢ = gᵢ / b.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSlopes<TSum>(ref Step<T> step)
        where TSum : struct, ISum
    {
        T* gradient = step.Result.Gradient;
        for (int repeat = 0; repeat < step.Repeats; repeat++, gradient += step.Rows * step.Result.Advance)
        {
            T* slope = step.A.Gradient + repeat * step.A.Leap, b = step.B.Number + repeat * step.B.Leap;
            for (int i = 0; i < step.Width; i += V.Count)
            {
                V inverse = V.Create(T.One) / V.Load(b + i);
                T* from = gradient + i, to = slope + i;
                for (int row = 0; row < step.Rows; row++, from += step.Result.Advance, to += step.A.Advance)
                    TSum.Put<V, T>(V.Load(from) * inverse, to);
            }
        }
    }

    // ∂/∂b = −Σ gᵢ yᵢ / b.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddToDivisor<TSum>(ref Step<T> step)
        where TSum : struct, ISum
    {
        T* result = step.Result.Number, gradient = step.Result.Gradient;
        nint size = step.Rows * step.Result.Advance;
        for (int repeat = 0; repeat < step.Repeats; repeat++, result += size, gradient += size)
        {
            T* slope = step.B.Gradient + repeat * step.B.Leap, b = step.B.Number + repeat * step.B.Leap;
            for (int i = 0; i < step.Width; i += V.Count)
            {
                V sum = default;
                for (nint at = i; at < size; at += step.Result.Advance)
                    sum = V.MultiplyAdd(V.Load(gradient + at), V.Load(result + at), sum);
                TSum.Put<V, T>(-sum / V.Load(b + i), slope + i);
            }
        }
    }
}
