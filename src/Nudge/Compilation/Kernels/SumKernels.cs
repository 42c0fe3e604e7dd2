// Lists of terms: sums and maxima that no nest of loops describes.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Terms of rows of lanes, and of single numbers.</summary>
internal static unsafe class SumKernels<V, T>
    where V : unmanaged, IVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Sums(ref Call<T> call)
    {
        int from = 0, width = call.IsPacked ? (call.Width + V.Count - 1) / V.Count * V.Count : call.Width;
        foreach (int end in call.Ends!)
        {
            ReadOnlySpan<LinkedTerm<T>> terms = call.Terms.AsSpan(from, end - from);
            ref readonly LinkedTerm<T> first = ref terms[0];
            if (!first.Y.IsRow)
                AddLanes(terms, call.Width);
            else if (first.Y.Inner == 0)
                SumRows(terms, width);
            else
                PutRows(first, width);
            from = end;
        }
    }

    // One row for all terms.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumRows(ReadOnlySpan<LinkedTerm<T>> terms, int width)
    {
        T* y = terms[0].Y.At;
        bool adds = terms[0].Adds;
        int i = 0;
        for (; V.Count > 1 && i + 4 * V.Count <= width; i += 4 * V.Count)
            SumTerms<Row4<V, T>>(terms, i, y + i, adds);
        for (; i < width; i += V.Count)
            SumTerms<Row1<V, T>>(terms, i, y + i, adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumTerms<TRow>(ReadOnlySpan<LinkedTerm<T>> terms, int at, T* y, bool adds)
        where TRow : unmanaged, IVectorRow<TRow, T>
    {
        TRow sum = adds ? TRow.Load(y) : default;
        foreach (ref readonly LinkedTerm<T> term in terms)
        {
            T scale = term.Scale;
            T* a = term.A.At + (term.A.IsRow ? at : 0), b = term.B.At + (term.B.IsRow ? at : 0);
            for (int i = 0; i < term.Count; i++, a += term.A.Inner, b += term.B.Inner)
            {
                if (!term.A.IsRow)
                    sum = TRow.MultiplyAdd(scale * *a, !term.HasB ? TRow.Create(T.One) : term.B.IsRow ? TRow.Load(b) : TRow.Create(*b), sum);
                else if (!term.HasB)
                    sum = TRow.MultiplyAdd(scale, TRow.Load(a), sum);
                else if (!term.B.IsRow)
                    sum = TRow.MultiplyAdd(scale * *b, TRow.Load(a), sum);
                else if (scale != T.One)
                    sum = TRow.MultiplyAdd(TRow.MultiplyAdd(scale, TRow.Load(a), default), TRow.Load(b), sum);
                else
                    sum = TRow.MultiplyAdd(TRow.Load(a), TRow.Load(b), sum);
            }
        }
        TRow.Store(sum, y);
    }

    // A row for each number of a term.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PutRows(in LinkedTerm<T> term, int width)
    {
        T* y = term.Y.At, a = term.A.At, b = term.B.At;
        V scale = V.Create(term.Scale);
        bool rowA = term.A.IsRow, rowB = term.B.IsRow, adds = term.Adds, hasB = term.HasB;
        for (int row = 0; row < term.Count; row++, y += term.Y.Inner, a += term.A.Inner, b += term.B.Inner)
        {
            for (int i = 0; i < width; i += V.Count)
            {
                V left = rowA ? V.Load(a + i) : V.Create(*a);
                left *= scale;
                if (!hasB)
                    V.Store(adds ? V.Load(y + i) + left : left, y + i);
                else
                    V.Store(V.MultiplyAdd(left, rowB ? V.Load(b + i) : V.Create(*b), adds ? V.Load(y + i) : default), y + i);
            }
        }
    }

    // One number for all lanes: the sum over them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddLanes(ReadOnlySpan<LinkedTerm<T>> terms, int width)
    {
        foreach (ref readonly LinkedTerm<T> term in terms)
        {
            T* y = term.Y.At, a = term.A.At, b = term.B.At;
            for (int i = 0; i < term.Count; i++, y += term.Y.Inner, a += term.A.Inner, b += term.B.Inner)
            {
                T sum = term.A.IsRow && term.B.IsRow ? VectorSums<V, T>.Dot(a, b, width)
                    : term.A.IsRow ? VectorSums<V, T>.Sum(a, width) * (term.HasB ? *b : T.One)
                    : term.B.IsRow ? VectorSums<V, T>.Sum(b, width) * *a
                    : *a * (term.HasB ? *b : T.One);
                T start = term.Adds || (i > 0 && term.Y.Inner == 0) ? *y : T.Zero;
                *y = start + term.Scale * sum;
            }
        }
    }

    // Of a single example the numbers of a term lie side by side.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void SumsAlong(ref Call<T> call)
    {
        int from = 0;
        foreach (int end in call.Ends!)
        {
            ReadOnlySpan<LinkedTerm<T>> terms = call.Terms.AsSpan(from, end - from);
            if (terms[0].Y.Inner == 0)
                SumAlong(terms);
            else
                PutAlong(terms[0]);
            from = end;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumAlong(ReadOnlySpan<LinkedTerm<T>> terms)
    {
        SixteenParts<V, T> parts = default;
        T sum = terms[0].Adds ? *terms[0].Y.At : T.Zero;
        bool isWide = false;
        foreach (ref readonly LinkedTerm<T> term in terms)
        {
            T* a = term.A.At, b = term.B.At;
            if (V.Count > 1 && term.Count >= Sixteen<T>.Parts && term.Scale == T.One && term.A.Inner == 1 && (!term.HasB || term.B.Inner == 1))
            {
                if (term.HasB)
                    VectorSums<V, T>.Add(ref parts, a, b, term.Count);
                else
                    VectorSums<V, T>.Add(ref parts, a, term.Count);
                isWide = true;
                continue;
            }
            T scale = term.Scale;
            for (int i = 0; i < term.Count; i++, a += term.A.Inner, b += term.B.Inner)
                sum = MultiplyAdd(scale * *a, term.HasB ? *b : T.One, sum);
        }
        *terms[0].Y.At = isWide ? sum + parts.Sum : sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutAlong(in LinkedTerm<T> term)
    {
        T* y = term.Y.At, a = term.A.At, b = term.B.At;
        bool rowA = term.A.Inner == 1, rowB = term.B.Inner == 1, adds = term.Adds;
        T scale = term.Scale;
        int i = 0;
        for (; i + V.Count <= term.Count; i += V.Count)
        {
            V left = (rowA ? V.Load(a + i) : V.Create(*a)) * V.Create(scale);
            V.Store(term.HasB ? V.MultiplyAdd(left, rowB ? V.Load(b + i) : V.Create(*b), adds ? V.Load(y + i) : default) : adds ? V.Load(y + i) + left : left, y + i);
        }
        for (; i < term.Count; i++)
        {
            T left = scale * a[rowA ? i : 0];
            y[i] = term.HasB ? MultiplyAdd(left, b[rowB ? i : 0], adds ? y[i] : T.Zero) : adds ? y[i] + left : left;
        }
    }

    // As the vectors do it: rounded once where the machine can.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T MultiplyAdd(T a, T b, T c) => Wide1<T>.Sum(Wide1<T>.MultiplyAdd(Wide1<T>.Create(a), Wide1<T>.Create(b), Wide1<T>.Create(c)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Maxima(ref Call<T> call)
    {
        int from = 0;
        foreach (int end in call.Ends!)
        {
            ReadOnlySpan<LinkedTerm<T>> terms = call.Terms.AsSpan(from, end - from);
            for (int row = 0; row < (terms[0].Y.Inner == 0 ? 1 : terms[0].Count); row++)
            {
                for (int i = 0; i < call.Width; i += V.Count)
                    MaximumAcross(terms, row, i);
            }
            from = end;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MaximumAcross(ReadOnlySpan<LinkedTerm<T>> terms, int row, int at)
    {
        ref readonly LinkedTerm<T> first = ref terms[0];
        T* start = first.A.At + row * first.A.Inner;
        V maximum = first.A.IsRow ? V.Load(start + at) : V.Create(*start);
        foreach (ref readonly LinkedTerm<T> term in terms)
        {
            if (first.Y.Inner != 0)
                break;
            T* a = term.A.At;
            for (int i = 0; i < term.Count; i++, a += term.A.Inner)
                maximum = V.Max(maximum, term.A.IsRow ? V.Load(a + at) : V.Create(*a));
        }
        V.Store(maximum, first.Y.At + row * first.Y.Inner + at);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void MaximaAlong(ref Call<T> call)
    {
        int from = 0;
        foreach (int end in call.Ends!)
        {
            ReadOnlySpan<LinkedTerm<T>> terms = call.Terms.AsSpan(from, end - from);
            ref readonly LinkedTerm<T> first = ref terms[0];
            if (first.Y.Inner != 0)
            {
                for (int i = 0; i < first.Count; i++)
                    first.Y.At[i] = first.A.At[i * first.A.Inner];
            }
            else
            {
                T maximum = *first.A.At;
                foreach (ref readonly LinkedTerm<T> term in terms)
                {
                    for (int i = 0; i < term.Count; i++)
                        maximum = T.Max(maximum, term.A.At[i * term.A.Inner]);
                }
                *first.Y.At = maximum;
            }
            from = end;
        }
    }
}
