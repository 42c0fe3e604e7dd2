// Sums of products that are no matrix product: each result with a list of terms of its own.

using System.Runtime.CompilerServices;

namespace Nudge;

internal sealed unsafe partial class Executor<V, T>
{
    private static void ForwardSum(ref Step<T> step)
    {
        T* result = step.Result.Number;
        int from = 0;
        foreach (int end in step.Ends!)
        {
            ReadOnlySpan<LinkedTerm<T>> terms = step.Terms.AsSpan(from..end);
            int i = 0;
            for (; i + 4 * V.Count <= step.Width; i += 4 * V.Count)
                SumTerms<Row4<V, T>>(terms, i, result + i);
            for (; i + V.Count <= step.Width; i += V.Count)
                SumTerms<Row1<V, T>>(terms, i, result + i);
            for (; i < step.Width; i++)
                SumTerms<Row1<Wide1<T>, T>>(terms, i, result + i);
            result += step.Width;
            from = end;
        }
    }

    private static void SumTerms<TRow>(ReadOnlySpan<LinkedTerm<T>> terms, int at, T* result)
        where TRow : unmanaged, IVectorRow<TRow, T>
    {
        TRow sum = default;
        foreach (ref readonly LinkedTerm<T> term in terms)
        {
            T sign = term.Negative ? -T.One : T.One;
            if (!term.HasSecond)
                sum = TRow.MultiplyAdd(sign, Load<TRow>(term.First, at), sum);
            else if (!term.First.IsRow)
                sum = TRow.MultiplyAdd(sign * *term.First.Number, Load<TRow>(term.Second, at), sum);
            else if (!term.Second.IsRow)
                sum = TRow.MultiplyAdd(sign * *term.Second.Number, Load<TRow>(term.First, at), sum);
            else if (term.Negative)
                sum = TRow.MultiplyAdd(TRow.MultiplyAdd(sign, Load<TRow>(term.First, at), default), Load<TRow>(term.Second, at), sum);
            else
                sum = TRow.MultiplyAdd(Load<TRow>(term.First, at), Load<TRow>(term.Second, at), sum);
        }
        TRow.Store(sum, result);
    }

    /// <summary>A row of vectors, or of the one number that stands for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRow Load<TRow>(in Operand<T> operand, int at)
        where TRow : unmanaged, IVectorRow<TRow, T> =>
        operand.IsRow ? TRow.Load(operand.Number + at) : TRow.Create(*operand.Number);

    private static void BackwardSum(ref Step<T> step)
    {
        T* gradient = step.Result.Gradient;
        int from = 0;
        foreach (int end in step.Ends!)
        {
            foreach (ref LinkedTerm<T> term in step.Terms.AsSpan(from..end))
            {
                T sign = term.Negative ? -T.One : T.One;
                if (!term.HasSecond)
                {
                    AddSlope(term.First, gradient, sign, step.Width);
                }
                else if (term.IsSquare)
                {
                    AddSlope(term.First, term.Second, gradient, sign + sign, step.Width);
                }
                else
                {
                    AddSlope(term.First, term.Second, gradient, sign, step.Width);
                    AddSlope(term.Second, term.First, gradient, sign, step.Width);
                }
            }
            gradient += step.Width;
            from = end;
        }
    }

    // The gradient of a factor (+)= scale · the gradient of the sum · the other factor; of one number, for all lanes together.
    private static void AddSlope(in Operand<T> target, in Operand<T> other, T* gradient, T scale, int width)
    {
        if (target.Slope == Slope.None)
            return;
        if (!other.IsRow)
            AddSlope(target, gradient, scale * *other.Number, width);
        else if (target.IsRow && target.Slope == Slope.Set)
            Scale<FreshSum>(target.Gradient, gradient, other.Number, scale, width);
        else if (target.IsRow)
            Scale<RunningSum>(target.Gradient, gradient, other.Number, scale, width);
        else
            *target.Gradient += scale * Dot(gradient, other.Number, width);
    }

    // The gradient of a term (+)= scale · the gradient of the sum.
    private static void AddSlope(in Operand<T> target, T* gradient, T scale, int width)
    {
        if (target.Slope == Slope.None)
            return;
        if (!target.IsRow)
            *target.Gradient += scale * Sum(gradient, width);
        else if (target.Slope == Slope.Set)
            Scale<FreshSum>(target.Gradient, gradient, null, scale, width);
        else
            Scale<RunningSum>(target.Gradient, gradient, null, scale, width);
    }

    private static void Scale<TSum>(T* target, T* a, T* b, T scale, int width)
        where TSum : struct, ISum
    {
        V wide = V.Create(scale);
        int i = 0;
        for (; i + V.Count <= width; i += V.Count)
        {
            V part = V.Load(a + i) * wide;
            TSum.Put<V, T>(b == null ? part : part * V.Load(b + i), target + i);
        }
        for (; i < width; i++)
        {
            var part = Wide1<T>.Load(a + i) * Wide1<T>.Create(scale);
            TSum.Put<Wide1<T>, T>(b == null ? part : part * Wide1<T>.Load(b + i), target + i);
        }
    }

    private static T Sum(T* numbers, int count)
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

    private static T Dot(T* a, T* b, int count)
    {
        V sums = default;
        int i = 0;
        for (; i + V.Count <= count; i += V.Count)
            sums = V.MultiplyAdd(V.Load(a + i), V.Load(b + i), sums);
        T sum = V.Sum(sums);
        for (; i < count; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
