// Sums of products that are no matrix product: each result with a list of terms of its own.

using System.Runtime.CompilerServices;

namespace Nudge;

internal sealed unsafe partial class Executor<V, T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardSum(ref Step<T> step)
    {
        T* result = step.Result.Number;
        int from = 0;
        foreach (int end in step.Ends!)
        {
            SumAcross(step.Terms.AsSpan(from..end), result, WholeVectors(step.Width));
            result += step.Result.Advance;
            from = end;
        }
    }

    // Of one number each, the terms lie side by side.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardSumAlong(ref Step<T> step)
    {
        T* result = step.Result.Number;
        LinkedTerm<T>[] terms = step.Terms!;
        int[] ends = step.Ends!;
        int row = 0, term = 0;
        for (; row + 4 <= ends.Length; row += 4, result += 4)
        {
            V a = SumAlong(terms, ref term, ends[row]), b = SumAlong(terms, ref term, ends[row + 1]);
            V c = SumAlong(terms, ref term, ends[row + 2]), d = SumAlong(terms, ref term, ends[row + 3]);
            VectorFolding<V, T, SumFold>.Store(a, b, c, d, result);
        }
        for (; row < ends.Length; row++)
            *result++ = V.Sum(SumAlong(terms, ref term, ends[row]));
    }

    // What is left to do is to add up the numbers of a vector.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SumAlong(LinkedTerm<T>[] terms, ref int at, int end)
    {
        V sum = default;
        for (; at < end; at++)
        {
            ref LinkedTerm<T> term = ref terms[at];
            V part = term.HasSecond ? Dots(term.First.Number, term.Second.Number, term.Count) : Sums(term.First.Number, term.Count);
            sum = term.Negative ? sum - part : sum + part;
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumAcross(ReadOnlySpan<LinkedTerm<T>> terms, T* result, int width)
    {
        int i = 0;
        for (; i + 4 * V.Count <= width; i += 4 * V.Count)
            SumTerms<Row4<V, T>>(terms, i, result + i);
        for (; i < width; i += V.Count)
            SumTerms<Row1<V, T>>(terms, i, result + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumTerms<TRow>(ReadOnlySpan<LinkedTerm<T>> terms, int at, T* result)
        where TRow : unmanaged, IVectorRow<TRow, T>
    {
        TRow sum = default;
        foreach (ref readonly LinkedTerm<T> term in terms)
        {
            T sign = term.Negative ? -T.One : T.One;
            T* first = term.First.Number + (term.First.IsRow ? at : 0), second = term.Second.Number + (term.Second.IsRow ? at : 0);
            for (int i = 0; i < term.Count; i++, first += term.First.Advance, second += term.Second.Advance)
            {
                if (!term.First.IsRow)
                    sum = TRow.MultiplyAdd(sign * *first, term.HasSecond ? TRow.Load(second) : TRow.Create(T.One), sum);
                else if (!term.HasSecond)
                    sum = TRow.MultiplyAdd(sign, TRow.Load(first), sum);
                else if (!term.Second.IsRow)
                    sum = TRow.MultiplyAdd(sign * *second, TRow.Load(first), sum);
                else if (term.Negative)
                    sum = TRow.MultiplyAdd(TRow.MultiplyAdd(sign, TRow.Load(first), default), TRow.Load(second), sum);
                else
                    sum = TRow.MultiplyAdd(TRow.Load(first), TRow.Load(second), sum);
            }
        }
        TRow.Store(sum, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardGreatest(ref Step<T> step)
    {
        T* result = step.Result.Number;
        int from = 0;
        foreach (int end in step.Ends!)
        {
            ReadOnlySpan<LinkedTerm<T>> terms = step.Terms.AsSpan(from..end);
            for (int i = 0; i < step.Width; i += V.Count)
                GreatestAcross(terms, i, result + i);
            result += step.Result.Advance;
            from = end;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardGreatestAlong(ref Step<T> step)
    {
        T* result = step.Result.Number;
        LinkedTerm<T>[] terms = step.Terms!;
        int[] ends = step.Ends!;
        int row = 0, term = 0;
        for (; row + 4 <= ends.Length; row += 4, result += 4)
        {
            V a = GreatestAlong(terms, ref term, ends[row]), b = GreatestAlong(terms, ref term, ends[row + 1]);
            V c = GreatestAlong(terms, ref term, ends[row + 2]), d = GreatestAlong(terms, ref term, ends[row + 3]);
            VectorFolding<V, T, MaxFold>.Store(a, b, c, d, result);
        }
        for (; row < ends.Length; row++)
            *result++ = MaxFold.One<V, T>(GreatestAlong(terms, ref term, ends[row]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V GreatestAlong(LinkedTerm<T>[] terms, ref int at, int end)
    {
        V greatest = V.Create(*terms[at].First.Number);
        for (; at < end; at++)
        {
            T* numbers = terms[at].First.Number;
            int count = terms[at].Count, i = 0;
            for (; i + V.Count <= count; i += V.Count)
                greatest = V.Max(greatest, V.Load(numbers + i));
            if (i < count)
                greatest = V.Max(greatest, VectorTail<V, T>.First(V.Load(numbers + i), count - i, greatest));
        }
        return greatest;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GreatestAcross(ReadOnlySpan<LinkedTerm<T>> terms, int at, T* result)
    {
        V greatest = Load(terms[0].First.Number, terms[0].First.IsRow, at);
        foreach (ref readonly LinkedTerm<T> term in terms)
        {
            T* number = term.First.Number;
            for (int i = 0; i < term.Count; i++, number += term.First.Advance)
                greatest = MaxOperation.Apply<V, T>(greatest, Load(number, term.First.IsRow, at));
        }
        V.Store(greatest, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load(T* numbers, bool isRow, int at) => isRow ? V.Load(numbers + at) : V.Create(*numbers);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardSum(ref Step<T> step)
    {
        T* gradient = step.Result.Gradient;
        int from = 0;
        foreach (int end in step.Ends!)
        {
            foreach (ref LinkedTerm<T> term in step.Terms.AsSpan(from..end))
                AddSlopes(term, gradient, step.Width);
            gradient += step.Result.Advance;
            from = end;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardSumAlong(ref Step<T> step)
    {
        T* gradient = step.Result.Gradient;
        LinkedTerm<T>[] terms = step.Terms!;
        int term = 0;
        foreach (int end in step.Ends!)
        {
            for (; term < end; term++)
                AddSlopesAlong(terms[term], *gradient);
            gradient++;
        }
    }

    // Side by side: the one gradient of the sum goes to all terms.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSlopesAlong(in LinkedTerm<T> term, T gradient)
    {
        T scale = term.Negative ? -gradient : gradient;
        if (!term.HasSecond)
        {
            AddEqually(term.First, scale, term.Count);
            return;
        }
        AddScaled(term.First, term.Second.Number, term.IsSquare ? scale + scale : scale, term.Count);
        if (!term.IsSquare)
            AddScaled(term.Second, term.First.Number, scale, term.Count);
    }

    private static void AddSlopes(in LinkedTerm<T> term, T* gradient, int width)
    {
        if (!term.HasSecond && term.First.IsRow && width > 1)
        {
            if (term.First.Slope == Slope.Set)
                AddToAll<FreshSum>(term, gradient, width);
            else if (term.First.Slope == Slope.Add)
                AddToAll<RunningSum>(term, gradient, width);
            return;
        }
        T sign = term.Negative ? -T.One : T.One;
        Operand<T> first = term.First, second = term.Second;
        for (int i = 0; i < term.Count; i++)
        {
            if (!term.HasSecond)
            {
                AddSlope(first, gradient, sign, width);
            }
            else
            {
                AddSlope(first, second, gradient, term.IsSquare ? sign + sign : sign, width);
                if (!term.IsSquare)
                    AddSlope(second, first, gradient, sign, width);
            }
            Advance(ref first);
            Advance(ref second);
        }
    }

    // The gradient of the sum is that of each term.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddToAll<TSum>(in LinkedTerm<T> term, T* gradient, int width)
        where TSum : struct, ISum
    {
        for (int i = 0; i < width; i += V.Count)
        {
            V part = term.Negative ? -V.Load(gradient + i) : V.Load(gradient + i);
            T* target = term.First.Gradient + i;
            for (int row = 0; row < term.Count; row++, target += term.First.Advance)
                TSum.Put<V, T>(part, target);
        }
    }

    private static void Advance(ref Operand<T> operand)
    {
        operand.Number += operand.Advance;
        operand.Gradient += operand.Advance;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddScaled(in Operand<T> target, T* other, T scale, int count)
    {
        if (target.Slope == Slope.Set)
            PutScaled<FreshSum>(V.Create(scale), other, target.Gradient, count);
        else if (target.Slope == Slope.Add)
            PutScaled<RunningSum>(V.Create(scale), other, target.Gradient, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutScaled<TSum>(V scale, T* other, T* target, int count)
        where TSum : struct, ISum
    {
        int i = 0;
        for (; i + V.Count <= count; i += V.Count)
            TSum.Put<V, T>(scale * V.Load(other + i), target + i);
        if (i < count)
            TSum.Put<V, T>(scale * V.Load(other + i), target + i, count - i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddEqually(in Operand<T> target, T amount, int count)
    {
        if (target.Slope == Slope.Set)
            Put<FreshSum>(amount, target.Gradient, count);
        else if (target.Slope == Slope.Add)
            Put<RunningSum>(amount, target.Gradient, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TSum>(T amount, T* target, int count)
        where TSum : struct, ISum
    {
        V part = V.Create(amount);
        int i = 0;
        for (; i + V.Count <= count; i += V.Count)
            TSum.Put<V, T>(part, target + i);
        // Reading a vector that overlaps one just written in part would wait for it.
        for (; i + Wide128<T>.Count <= count; i += Wide128<T>.Count)
            TSum.Put<Wide128<T>, T>(Wide128<T>.Create(amount), target + i);
        for (; i < count; i++)
            TSum.Put<Wide1<T>, T>(Wide1<T>.Create(amount), target + i);
    }

    // The gradient of a factor (+)= scale · the gradient of the sum · the other factor; of one number, for all lanes together.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSlope(in Operand<T> target, in Operand<T> other, T* gradient, T scale, int width)
    {
        if (target.Slope == Slope.None)
            return;
        if (!other.IsRow)
            AddSlope(target, gradient, scale * *other.Number, width);
        else if (target.IsRow && target.Slope == Slope.Set)
            Scale<FreshSum>(target.Gradient, gradient, other.Number, scale, WholeVectors(width));
        else if (target.IsRow)
            Scale<RunningSum>(target.Gradient, gradient, other.Number, scale, WholeVectors(width));
        else
            *target.Gradient += scale * Dot(gradient, other.Number, width);
    }

    // The gradient of a term (+)= scale · the gradient of the sum.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSlope(in Operand<T> target, T* gradient, T scale, int width)
    {
        if (target.Slope == Slope.None)
            return;
        int whole = width == 1 ? 1 : WholeVectors(width);
        if (!target.IsRow)
            *target.Gradient += scale * Sum(gradient, width);
        else if (target.Slope == Slope.Set)
            Scale<FreshSum>(target.Gradient, gradient, null, scale, whole);
        else
            Scale<RunningSum>(target.Gradient, gradient, null, scale, whole);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
        if (i < width)
        {
            V part = V.Load(a + i) * wide;
            TSum.Put<V, T>(b == null ? part : part * V.Load(b + i), target + i, width - i);
        }
    }

    private static T Sum(T* numbers, int count) => V.Sum(Sums(numbers, count));

    private static T Dot(T* a, T* b, int count) => V.Sum(Dots(a, b, count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sums(T* numbers, int count)
    {
        V sums = default;
        int i = 0;
        for (; i + V.Count <= count; i += V.Count)
            sums += V.Load(numbers + i);
        return i < count ? sums + VectorTail<V, T>.First(V.Load(numbers + i), count - i) : sums;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Dots(T* a, T* b, int count)
    {
        V sums = default;
        int i = 0;
        for (; i + V.Count <= count; i += V.Count)
            sums = V.MultiplyAdd(V.Load(a + i), V.Load(b + i), sums);
        return i < count
            ? V.MultiplyAdd(VectorTail<V, T>.First(V.Load(a + i), count - i), VectorTail<V, T>.First(V.Load(b + i), count - i), sums)
            : sums;
    }
}
