// Rows of nodes that are alike by shape: put in the order in which their operands advance, and written as loops where they do.

namespace Nudge;

internal sealed partial class Planner
{
    // From so many results on a loop is better than a list of sums.
    private const int LeastLoop = 4;

    // The same of values that are alike by history, of which there are few kinds: to go over all results more than a few times takes longer
    // than a list.
    private const int LeastLoopOfAlike = 8, MostLoopsOfAlike = 4;

    // Rows of which more than one in so many begins a new run are irregular.
    private const int RunsOfIrregular = 3;

    // How many interleaved rows are told from each other.
    private const int MostInterleaved = 16;

    // Rows are cut by what an operand is and where: a sign, a space, a place.
    private long CodeOf(int node, bool negative = false) => node < 0 ? -1 : CodeOf(_locations[node], negative);

    private static long CodeOf(Location place, bool negative) => (negative ? 1L << 48 : 0) + ((long)place.Space << 32) + place.Index;

    // The operands of a node, one after the other.
    private long[] OperandsOf(int node)
    {
        if (!_nodes.IsSum(node))
            return OperationTable.Arity(_nodes.Operations[node]) == 1 ? [CodeOf(_nodes.First[node])] : [CodeOf(_nodes.First[node]), CodeOf(_nodes.Second[node])];
        ReadOnlySpan<FlatTerm> terms = _nodes.TermsOf(node);
        var operands = new long[2 * terms.Length];
        for (int i = 0; i < terms.Length; i++)
            (operands[2 * i], operands[2 * i + 1]) = (CodeOf(terms[i].U, terms[i].Negative), CodeOf(terms[i].V));
        return operands;
    }

    /// <summary>Puts members in order: rows that are interleaved, as loops with several values a round make them, one after the other.</summary>
    private void Disentangle(Span<int> members)
    {
        if (members.Length < 2 * LeastLoop)
            return;
        long[][] operands = Array.ConvertAll(members.ToArray(), OperandsOf);
        int best = 1, least = RunsOf(operands, 1);
        for (int period = 2; period <= MostInterleaved && 2 * period <= operands.Length && least > operands.Length / 8; period++)
        {
            if (RunsOf(operands, period) is int runs && runs < least)
                (best, least) = (period, runs);
        }
        int[] before = members.ToArray();
        for (int row = 0, next = 0; row < best; row++)
        {
            for (int i = row; i < before.Length; i += best)
                members[next++] = before[i];
        }
    }

    // In how many runs operands advance by constant strides, from each member to the one that many further on.
    private static int RunsOf(long[][] operands, int period)
    {
        int runs = period;
        for (int i = 2 * period; i < operands.Length; i++)
        {
            if (!Advance(operands[i - 2 * period], operands[i - period], operands[i]))
                runs++;
        }
        return runs;
    }

    private static bool Advance(long[] first, long[] second, long[] third)
    {
        if (first.Length != second.Length || second.Length != third.Length)
            return false;
        for (int i = 0; i < first.Length; i++)
        {
            if (third[i] - second[i] != second[i] - first[i])
                return false;
        }
        return true;
    }

    /// <summary>Maps of rows; of operands that are anywhere lists of products, or maps of what has been brought together.</summary>
    private void EmitRows(Operation operation, Location start, Location[][] operands)
    {
        int count = operands[0].Length;
        List<Map> maps = MapsOf(operation, start, operands);
        if (_levels is not null || count < 2 * LeastLoop || maps.Count * RunsOfIrregular < count)
            maps.ForEach(Emit);
        else if (operation == Operation.Multiply)
            Emit(Sums.Of([.. Enumerable.Range(0, count).Select(i => new Term(start.Offset(i), false, operands[0][i], false, operands[1][i], false, 1, false))]));
        else
            MapsOf(operation, start, Array.ConvertAll(operands, BroughtTogether)).ForEach(Emit);
    }

    // Side by side, if they are not at one distance from each other as they are.
    private Location[] BroughtTogether(Location[] places)
    {
        int stride = places[1].Index - places[0].Index;
        bool isRow = true;
        for (int i = 1; i < places.Length && isRow; i++)
            isRow = places[i] == places[0].Offset(i * stride);
        if (isRow)
            return places;
        Location start = Allocate(places.Length, Array.Exists(places, place => place.IsVarying));
        Emit(Copy(start, places));
        return [.. Enumerable.Range(0, places.Length).Select(i => start.Offset(i))];
    }

    /// <summary>Sums as loops over results where their operands advance by constant strides; as lists of terms elsewhere.</summary>
    private void PlanLoops(Span<int> members)
    {
        if (_isByShape)
            Disentangle(members);
        int least = _isByShape ? LeastLoop : _levels is null ? LeastLoopOfAlike : int.MaxValue;
        if (members.Length < least)
        {
            EmitList(members, PutSideBySide(members));
            return;
        }
        long[][] operands = Array.ConvertAll(members.ToArray(), OperandsOf);
        if (RoundsOfMatrix(operands) is var rounds and >= LeastAcross)
        {
            Transposed([.. members], rounds).CopyTo(members);
            operands = Transposed([.. operands], rounds);
        }
        Location start = PutSideBySide(members);
        int listed = 0;
        for (int from = 0; from < operands.Length;)
        {
            int length = RunFrom(operands, from);
            if (length < LeastLoop)
            {
                from += length;
                continue;
            }
            int outer = 1;
            while (IsRound(operands, from, length, outer))
                outer++;
            List<Nest> loops = LoopsOf(members[from], members[from + 1], outer > 1 ? members[from + length] : members[from], start.Offset(from), new Extent(outer, length));
            if (!_isByShape && (outer * length < least || loops.Count > MostLoopsOfAlike))
            {
                from += length;
                continue;
            }
            EmitList(members[listed..from], start.Offset(listed));
            loops.ForEach(Emit);
            from += outer * length;
            listed = from;
        }
        EmitList(members[listed..], start.Offset(listed));
    }

    // How often the same matrix is multiplied with other numbers, if nothing else is done.
    private static int RoundsOfMatrix(long[][] operands)
    {
        int length = RunFrom(operands, 0), rounds = 1;
        if (length < 2)
            return 0;
        while (rounds * length < operands.Length && IsRound(operands, 0, length, rounds))
            rounds++;
        bool isMatrix = rounds * length == operands.Length && Enumerable.Range(0, operands[0].Length).Any(i => operands[0][i] == operands[(rounds - 1) * length][i] && operands[0][i] != operands[1][i]);
        return isMatrix ? rounds : 0;
    }

    private void EmitList(ReadOnlySpan<int> members, Location start)
    {
        if (members.Length > 0)
            Emit(TermsOf(members, start, products: true));
    }

    private static int RunFrom(long[][] operands, int from)
    {
        int to = from + 1;
        if (to < operands.Length && operands[to].Length == operands[from].Length)
            to++;
        while (to < operands.Length && to >= from + 2 && Advance(operands[to - 2], operands[to - 1], operands[to]))
            to++;
        return IsSameKind(operands, from, to) ? to - from : 1;
    }

    // The second of two may be elsewhere altogether.
    private static bool IsSameKind(long[][] operands, int from, int to)
    {
        for (int i = 0; i < operands[from].Length && to > from + 1; i++)
        {
            if (operands[from][i] >> 32 != operands[to - 1][i] >> 32)
                return false;
        }
        return true;
    }

    // Whether the members after some rounds are one more: each as far from the first round's as the second round's are.
    private static bool IsRound(long[][] operands, int from, int length, int rounds)
    {
        int at = from + rounds * length;
        if (at + length > operands.Length)
            return false;
        for (int i = 0; i < length; i++)
        {
            long[] first = operands[from + i], second = operands[from + length + i], next = operands[at + i];
            if (next.Length != first.Length || second.Length != first.Length)
                return false;
            for (int k = 0; k < first.Length; k++)
            {
                if (next[k] - first[k] != rounds * (operands[from + length][k] - operands[from][k]) || next[k] >> 32 != first[k] >> 32)
                    return false;
            }
        }
        // A round that could be longer is the beginning of something else.
        return at + length == operands.Length || !Advance(operands[at + length - 2], operands[at + length - 1], operands[at + length]);
    }

    // A nest for each term, or for terms that follow each other at constant strides, in all results.
    private List<Nest> LoopsOf(int first, int second, int other, Location start, Extent extent)
    {
        var loops = new List<Nest>();
        ReadOnlySpan<FlatTerm> terms = _nodes.TermsOf(first), inner = _nodes.TermsOf(second), outer = _nodes.TermsOf(other);
        for (int from = 0, to; from < terms.Length; from = to)
        {
            to = from + 1;
            while (to < terms.Length && IsNext(terms[from], terms[Math.Min(from + 1, terms.Length - 1)], terms[to], to - from)
                && Strides(terms, inner, outer, to) == Strides(terms, inner, outer, from))
            {
                to++;
            }
            FlatTerm term = terms[from], next = terms[Math.Min(from + 1, to - 1)];
            loops.Add(new Nest(
                extent with { Depth = to - from },
                new Address(start, extent.Outer == 1 ? 0 : extent.Inner, 1),
                AddressOf(term.U, inner[from].U, outer[from].U, next.U),
                term.V < 0 ? null : AddressOf(term.V, inner[from].V, outer[from].V, next.V),
                Adds: from > 0,
                term.Negative));
        }
        return loops;
    }

    private (int, int, int, int) Strides(ReadOnlySpan<FlatTerm> terms, ReadOnlySpan<FlatTerm> inner, ReadOnlySpan<FlatTerm> outer, int at) => (
        IndexOf(inner[at].U) - IndexOf(terms[at].U),
        IndexOf(outer[at].U) - IndexOf(terms[at].U),
        IndexOf(inner[at].V) - IndexOf(terms[at].V),
        IndexOf(outer[at].V) - IndexOf(terms[at].V));

    private bool IsNext(FlatTerm first, FlatTerm second, FlatTerm term, int by) =>
        CodeOf(term.U, term.Negative) - CodeOf(first.U, first.Negative) == by * (CodeOf(second.U, second.Negative) - CodeOf(first.U, first.Negative))
        && CodeOf(term.U, term.Negative) >> 32 == CodeOf(first.U, first.Negative) >> 32
        && term.V < 0 == first.V < 0
        && (term.V < 0 || (CodeOf(term.V) - CodeOf(first.V) == by * (CodeOf(second.V) - CodeOf(first.V)) && CodeOf(term.V) >> 32 == CodeOf(first.V) >> 32));

    private int IndexOf(int node) => node < 0 ? 0 : _locations[node].Index;

    private Address AddressOf(int node, int inner, int outer, int next) =>
        new(LocationOf(node), IndexOf(outer) - IndexOf(node), IndexOf(inner) - IndexOf(node), IndexOf(next) - IndexOf(node));
}
