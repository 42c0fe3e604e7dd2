// Sums of products that are no matrix product: each result with a list of terms of its own.

namespace Nudge;

internal sealed unsafe partial class Executor<V, T>
{
    private void Forward(SumInstruction sum)
    {
        T* result = Number(sum.Result);
        int width = WidthOf(sum.Result.Space);
        foreach (Term[] terms in sum.Terms)
        {
            int i = 0;
            for (; i + V.Count <= width; i += V.Count)
                V.Store(SumTerms<V>(terms, i), result + i);
            for (; i < width; i++)
                Wide1<T>.Store(SumTerms<Wide1<T>>(terms, i), result + i);
            result += width;
        }
    }

    private TVector SumTerms<TVector>(Term[] terms, int at)
        where TVector : unmanaged, IVector<TVector, T>
    {
        TVector sum = default;
        foreach (Term term in terms)
        {
            TVector first = LoadTerm<TVector>(term.First, at);
            if (term.Negative)
                first = -first;
            sum = term.Second is { } second
                ? TVector.MultiplyAdd(first, LoadTerm<TVector>(second, at), sum)
                : sum + first;
        }
        return sum;
    }

    private TVector LoadTerm<TVector>(Place place, int at)
        where TVector : unmanaged, IVector<TVector, T> =>
        place.IsVarying ? TVector.Load(Number(place) + at) : TVector.Create(*Number(place));

    private void Backward(SumInstruction sum)
    {
        T* gradient = Gradient(sum.Result);
        int width = WidthOf(sum.Result.Space);
        foreach (Term[] terms in sum.Terms)
        {
            foreach (Term term in terms)
            {
                AddToTerm(term.First, term.Second, term.Negative, gradient, width);
                if (term.Second is { } second)
                    AddToTerm(second, term.First, term.Negative, gradient, width);
            }
            gradient += width;
        }
    }

    // gradient of target += ±gradient of the sum · the other factor
    private void AddToTerm(Place target, Place? other, bool negative, T* gradient, int width)
    {
        int i = 0;
        T* slope = Gradient(target);
        V total = default;
        for (; i + V.Count <= width; i += V.Count)
        {
            V part = Part<V>(other, negative, gradient, i);
            if (target.IsVarying)
                V.Store(V.Load(slope + i) + part, slope + i);
            else
                total += part;
        }
        T rest = T.Zero;
        for (; i < width; i++)
        {
            T part = Wide1<T>.Sum(Part<Wide1<T>>(other, negative, gradient, i));
            if (target.IsVarying)
                slope[i] += part;
            else
                rest += part;
        }
        if (!target.IsVarying)
            *slope += V.Sum(total) + rest;
    }

    private TVector Part<TVector>(Place? other, bool negative, T* gradient, int at)
        where TVector : unmanaged, IVector<TVector, T>
    {
        TVector part = TVector.Load(gradient + at);
        if (other is { } factor)
            part *= LoadTerm<TVector>(factor, at);
        return negative ? -part : part;
    }
}
