// A softmax is written as five things, and better done as one.

namespace Nudge;

/// <summary>
/// Finds softmaxes among statements: the maximum of some numbers, taken off them, exponentials, their sum and the
/// division by it, where nothing else reads what is made in between.
/// </summary>
internal static class SoftmaxFinder
{
    /// <summary>The same statements with each softmax as one.</summary>
    /// <param name="statements">The statements.</param>
    /// <param name="roots">The results of all.</param>
    /// <param name="levels">Of a sequence, which of its steps needs each row first; null otherwise.</param>
    internal static List<Statement> Find(List<Statement> statements, Location[] roots, List<int>? levels)
    {
        var found = new List<Statement>(statements.Count);
        for (int i = 0; i < statements.Count;)
        {
            if (statements[i] is Maxima maxima && new Match(statements, i, maxima) is { Softmax: { } softmax } match && !match.IsReadElsewhere(roots) && (levels is null || AreWhole(softmax, levels)))
            {
                found.Add(softmax);
                i = match.End;
            }
            else
            {
                found.Add(statements[i++]);
            }
        }
        return found;
    }

    // A shorter sequence must not end within a list.
    private static bool AreWhole(SoftmaxLists softmax, List<int> levels)
    {
        for (int list = 0, start = 0; list < softmax.Ends.Length; start = softmax.Ends[list++])
        {
            if (levels[softmax.Y.Index + start] != levels[softmax.Y.Index + softmax.Ends[list] - 1])
                return false;
        }
        return true;
    }

    private sealed class Match
    {
        private readonly List<Statement> _statements;
        private readonly int _start;
        private readonly int[] _listOf; // each number's
        private readonly List<(int First, int Count)> _between = []; // rows that would not be computed any more

        internal Match(List<Statement> statements, int start, Maxima maxima)
        {
            _statements = statements;
            (_start, End) = (start, start + 1);
            int[] ends = EndsOf(maxima.Terms);
            _listOf = [.. ends.SelectMany((end, list) => Enumerable.Repeat(list, end - (list == 0 ? 0 : ends[list - 1])))];
            Location source = maxima.Terms[0].A;
            if (!AreLists(maxima.Terms, source, ends) || !source.IsVarying)
                return;
            _between.Add((maxima.Result.Index, ends.Length));
            if (TakeMaps(Operation.Subtract, source, maxima.Result) is not { } shifted)
                return;
            if (TakeMaps(Operation.Exp, shifted, null) is not { } powers)
                return;
            if (Take<Sums>() is not { } sums || !AreLists(sums.Terms, powers, ends))
                return;
            if (TakeMaps(Operation.Divide, powers, sums.Result) is not { } result)
                return;
            _between.AddRange([(shifted.Index, _listOf.Length), (powers.Index, _listOf.Length), (sums.Result.Index, ends.Length)]);
            Softmax = new SoftmaxLists(result, source, ends);
        }

        internal SoftmaxLists? Softmax { get; }

        /// <summary>Where it goes on behind them.</summary>
        internal int End { get; private set; }

        internal bool IsReadElsewhere(Location[] roots)
        {
            if (Array.Exists(roots, IsBetween))
                return true;
            for (int i = 0; i < _statements.Count; i++)
            {
                if ((i < _start || i >= End) && _statements[i].Reads.Any(region => region.Address.IsVarying && region.Locations.Any(IsBetween)))
                    return true;
            }
            return false;
        }

        private bool IsBetween(Location place) => place.IsVarying && _between.Exists(rows => place.Index >= rows.First && place.Index < rows.First + rows.Count);

        private T? Take<T>()
            where T : Statement => End < _statements.Count ? _statements[End++] as T : null;

        // Every number, with the one that belongs to its list where there is one; where the results begin.
        private Location? TakeMaps(Operation operation, Location numbers, Location? ofLists)
        {
            Location? start = null;
            for (int at = 0; at < _listOf.Length;)
            {
                if (Take<Map>() is not { Kind: MapKind.Apply } map || map.Operation != operation || at + map.Count > _listOf.Length)
                    return null;
                start ??= map.Result;
                if (map.Result != start.Value.Offset(at))
                    return null;
                for (int i = 0; i < map.Count; i++, at++)
                {
                    (int outer, int inner) = Math.DivRem(i, map.Extent.Inner);
                    if (map.Operands[0].At(outer, inner) != numbers.Offset(at) || (ofLists is { } lists && map.Operands[1].At(outer, inner) != lists.Offset(_listOf[at])))
                        return null;
                }
            }
            return start;
        }

        // Where each list of terms ends: lists of one number each may be written as one term that goes from result to result.
        private static int[] EndsOf(Term[] terms)
        {
            var ends = new List<int>();
            int end = 0;
            foreach (Term term in terms)
            {
                for (int i = term.YAdvances ? 1 : term.Count; i <= term.Count; i++)
                    ends.Add(end + i);
                end += term.Count;
            }
            return [.. ends];
        }

        // Whether there is one run of plain terms to each result, each right after the one before.
        private static bool AreLists(Term[] terms, Location start, int[] ends)
        {
            int result = 0, at = 0;
            foreach (Term term in terms)
            {
                if (term.Y != terms[0].Y.Offset(result) || term.Adds || term.B is not null || term.Scale != 1 || (term.Count > 1 && !term.AAdvances) || term.A != start.Offset(at))
                    return false;
                result += term.YAdvances ? term.Count : 1;
                at += term.Count;
            }
            return EndsOf(terms).AsSpan().SequenceEqual(ends);
        }
    }
}
