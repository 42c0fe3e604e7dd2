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
            for (; i + V.Count <= step.Width; i += V.Count)
                V.Store(SumTerms<V>(terms, i), result + i);
            for (; i < step.Width; i++)
                Wide1<T>.Store(SumTerms<Wide1<T>>(terms, i), result + i);
            result += step.Width;
            from = end;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SumTerms<TVector>(ReadOnlySpan<LinkedTerm<T>> terms, int at)
        where TVector : unmanaged, IVector<TVector, T>
    {
        TVector sum = default;
        foreach (ref readonly LinkedTerm<T> term in terms)
        {
            TVector first = Load<TVector>(term.First, at);
            if (term.Negative)
                first = -first;
            sum = term.HasSecond ? TVector.MultiplyAdd(first, Load<TVector>(term.Second, at), sum) : sum + first;
        }
        return sum;
    }

    private static void BackwardSum(ref Step<T> step)
    {
        T* gradient = step.Result.Gradient;
        int from = 0;
        foreach (int end in step.Ends!)
        {
            foreach (ref LinkedTerm<T> term in step.Terms.AsSpan(from..end))
            {
                AddFactor(term.First, term.Second, term.HasSecond, term.Negative, gradient, step.Width);
                if (term.HasSecond)
                    AddFactor(term.Second, term.First, hasOther: true, term.Negative, gradient, step.Width);
            }
            gradient += step.Width;
            from = end;
        }
    }

    // The gradient of a factor += ± the gradient of the sum · the other factor; of one number, for all lanes together.
    private static void AddFactor(in Operand<T> target, in Operand<T> other, bool hasOther, bool negative, T* gradient, int width)
    {
        V total = default;
        Wide1<T> rest = default;
        int i = 0;
        for (; i + V.Count <= width; i += V.Count)
            AddSlope(target, Part<V>(other, hasOther, negative, gradient, i), i, ref total);
        for (; i < width; i++)
            AddSlope(target, Part<Wide1<T>>(other, hasOther, negative, gradient, i), i, ref rest);
        AddTotal(target, V.Sum(total) + Wide1<T>.Sum(rest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Part<TVector>(in Operand<T> other, bool hasOther, bool negative, T* gradient, int at)
        where TVector : unmanaged, IVector<TVector, T>
    {
        TVector part = TVector.Load(gradient + at);
        if (hasOther)
            part *= Load<TVector>(other, at);
        return negative ? -part : part;
    }

    /// <summary>A vector of a row, or of the one number that stands for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load<TVector>(in Operand<T> operand, int at)
        where TVector : unmanaged, IVector<TVector, T> =>
        operand.IsRow ? TVector.Load(operand.Number + at) : TVector.Create(*operand.Number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSlope<TVector>(in Operand<T> operand, TVector slope, int at, ref TVector total)
        where TVector : unmanaged, IVector<TVector, T>
    {
        if (operand.IsRow)
            TVector.Store(TVector.Load(operand.Gradient + at) + slope, operand.Gradient + at);
        else
            total += slope;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTotal(in Operand<T> operand, T total)
    {
        if (!operand.IsRow)
            *operand.Gradient += total;
    }
}
