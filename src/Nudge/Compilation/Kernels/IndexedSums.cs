// Lists of many terms of single numbers: from tables of where they are.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>A term of single numbers, y += scale · a · b: each operand is the number of its space and the place in it.</summary>
internal readonly record struct IndexedTerm<T>(uint Y, uint A, uint B, T Scale)
    where T : unmanaged
{
    /// <summary>How many bits a place has.</summary>
    internal const int PlaceBits = 28;

    /// <summary>Of y, that a sum begins: with 0, with what is there, or with −0, to which a number is added without a change.</summary>
    internal const uint Begins = 1u << 27, BeginsAdding = Begins | 1u << 26, BeginsCopying = Begins | 1u << 25;

    /// <summary>How many places can be told apart.</summary>
    internal const int MostPlaces = 1 << 25;
}

/// <summary>The operands of a list of terms.</summary>
/// <param name="terms">The terms.</param>
/// <param name="bases">Where each space begins; the first is a 1, for terms that are no products.</param>
internal sealed unsafe class IndexedSums<T>(IndexedTerm<T>[] terms, nint[] bases) : CallParts<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A short list is as fast one term at a time.
    private const int LeastTerms = 32;

    private static readonly AlignedArray<T> s_one = One();

    private static AlignedArray<T> One()
    {
        var one = new AlignedArray<T>(1);
        one.Span[0] = T.One;
        return one;
    }

    /// <summary>The operands of a list, if it is long and none of its terms is.</summary>
    /// <param name="terms">The list.</param>
    /// <param name="baseOf">Where a space begins.</param>
    internal static IndexedSums<T>? Of(Term[] terms, Func<Space, nint> baseOf)
    {
        if (terms.Length < LeastTerms || !Array.TrueForAll(terms, IsShort))
            return null;
        var bases = new nint[1 << (32 - IndexedTerm<T>.PlaceBits)];
        bases[0] = (nint)s_one.Pointer;
        foreach (Space space in terms.SelectMany(term => (Location[])[term.Y, term.A, term.B ?? term.A]).Select(place => place.Space).Distinct())
            bases[(int)space] = baseOf(space);
        var all = new List<IndexedTerm<T>>(terms.Length);
        for (int i = 0; i < terms.Length; i++)
        {
            Term term = terms[i];
            bool goesOn = i > 0 && !term.YAdvances && !terms[i - 1].YAdvances && term.Adds && term.Y == terms[i - 1].Y;
            for (int k = 0; k < term.Count; k++)
            {
                uint begins = goesOn || (k > 0 && !term.YAdvances) ? 0
                    : term.Adds ? IndexedTerm<T>.BeginsAdding
                    : term is { YAdvances: true, B: null } ? IndexedTerm<T>.BeginsCopying
                    : IndexedTerm<T>.Begins;
                all.Add(new(Code(term.Y, term.YAdvances, k) | begins, Code(term.A, term.AAdvances, k), term.B is { } b ? Code(b, term.BAdvances, k) : 0, T.CreateTruncating(term.Scale)));
            }
        }
        return new([.. all], bases);

        static uint Code(Location place, bool advances, int by) => (uint)place.Space << IndexedTerm<T>.PlaceBits | (uint)(place.Index + (advances ? by : 0));
    }

    // Longer ones are done in vectors.
    private static bool IsShort(Term term) =>
        term.Count < Sixteen<T>.Parts && Math.Max(term.Y.Index, Math.Max(term.A.Index, term.B?.Index ?? 0)) < IndexedTerm<T>.MostPlaces - Sixteen<T>.Parts;

    /// <summary>Adds them up, each sum in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Run()
    {
        T* y = null;
        T sum = T.Zero;
        fixed (nint* start = bases)
        {
            foreach (ref readonly IndexedTerm<T> term in terms.AsSpan())
            {
                if ((term.Y & IndexedTerm<T>.Begins) != 0)
                {
                    if (y != null)
                        *y = sum;
                    y = (T*)start[term.Y >> IndexedTerm<T>.PlaceBits] + (term.Y & (IndexedTerm<T>.MostPlaces - 1));
                    sum = (term.Y & IndexedTerm<T>.BeginsAdding) == IndexedTerm<T>.BeginsAdding ? *y
                        : (term.Y & IndexedTerm<T>.BeginsCopying) == IndexedTerm<T>.BeginsCopying ? T.NegativeZero
                        : T.Zero;
                }
                sum = SumKernels<Wide1<T>, T>.MultiplyAdd(term.Scale * *At(start, term.A), *At(start, term.B), sum);
            }
        }
        if (y != null)
            *y = sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* At(nint* start, uint code) => (T*)start[code >> IndexedTerm<T>.PlaceBits] + (code & ((1u << IndexedTerm<T>.PlaceBits) - 1));

    internal override bool Move(T* numbers, int count, nint by)
    {
        bool any = false;
        for (int i = 1; i < bases.Length; i++)
        {
            T* at = (T*)bases[i];
            any |= Move(ref at, numbers, count, by);
            bases[i] = (nint)at;
        }
        return any;
    }
}
