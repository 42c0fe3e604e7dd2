// A softmax is written as five things, and better done as one.

namespace Nudge;

/// <summary>
/// Finds softmaxes among instructions: the greatest of some numbers, taken off them, exponentials, their sum and the
/// division by it, where nothing else reads what is made in between.
/// </summary>
internal static class SoftmaxFinder
{
    /// <summary>The same instructions with each softmax as one.</summary>
    internal static List<Instruction> Find(List<Instruction> instructions, Place[] roots)
    {
        var found = new List<Instruction>(instructions.Count);
        for (int i = 0; i < instructions.Count;)
        {
            if (instructions[i] is GreatestInstruction greatest && new Match(instructions, i, greatest) is { Softmax: { } softmax } match && !match.IsReadElsewhere(roots))
            {
                found.Add(softmax);
                i = match.End;
            }
            else
            {
                found.Add(instructions[i++]);
            }
        }
        return found;
    }

    private sealed class Match
    {
        private readonly List<Instruction> _instructions;
        private readonly int _start;
        private readonly int[] _listOf; // each number's
        private readonly List<(int First, int Count)> _between = []; // rows that would not be computed any more

        internal Match(List<Instruction> instructions, int start, GreatestInstruction greatest)
        {
            _instructions = instructions;
            (_start, End) = (start, start + 1);
            int[] ends = EndsOf(greatest.Terms);
            _listOf = [.. ends.SelectMany((end, list) => Enumerable.Repeat(list, end - (list == 0 ? 0 : ends[list - 1])))];
            Place source = greatest.Terms[0].First;
            if (!AreLists(greatest.Terms, greatest.Ends, source, ends) || !source.IsVarying)
                return;
            _between.Add((greatest.Result.Index, ends.Length));
            if (TakeBinary(Operation.Subtract, source, greatest.Result) is not { } shifted)
                return;
            if (Take<UnaryInstruction>() is not { Operation: Operation.Exp } exp || exp.Count != _listOf.Length || !IsRow(exp.A, shifted))
                return;
            if (Take<SumInstruction>() is not { } sum || !AreLists(sum.Terms, sum.Ends, exp.Result, ends))
                return;
            if (TakeBinary(Operation.Divide, exp.Result, sum.Result) is not { } result)
                return;
            _between.AddRange([(shifted.Index, _listOf.Length), (exp.Result.Index, _listOf.Length), (sum.Result.Index, ends.Length)]);
            Softmax = new SoftmaxInstruction(result, source, ends);
        }

        internal SoftmaxInstruction? Softmax { get; }

        /// <summary>Where it goes on behind them.</summary>
        internal int End { get; private set; }

        internal bool IsReadElsewhere(Place[] roots)
        {
            if (Array.Exists(roots, IsBetween))
                return true;
            for (int i = 0; i < _instructions.Count; i++)
            {
                if ((i < _start || i >= End) && _instructions[i].Reads.Any(ReadsBetween))
                    return true;
            }
            return false;
        }

        private bool ReadsBetween((Run Run, int Count) read)
        {
            for (int i = 0; i < read.Count && read.Run.Start.IsVarying; i++)
            {
                if (IsBetween(new Place(read.Run.Space, read.Run.At(i))))
                    return true;
            }
            return false;
        }

        private bool IsBetween(Place place) => place.IsVarying && _between.Exists(rows => place.Index >= rows.First && place.Index < rows.First + rows.Count);

        private T? Take<T>()
            where T : Instruction => End < _instructions.Count ? _instructions[End++] as T : null;

        // Every number with the one that belongs to its list; where the results begin.
        private Place? TakeBinary(Operation operation, Place numbers, Place ofLists)
        {
            Place? start = null;
            for (int at = 0; at < _listOf.Length;)
            {
                if (Take<BinaryInstruction>() is not { } binary || binary.Operation != operation || at + binary.Count > _listOf.Length)
                    return null;
                start ??= binary.Result;
                if (binary.Result != start.Value.Offset(at) || binary.A.Space != numbers.Space || binary.B.Space != ofLists.Space)
                    return null;
                for (int i = 0; i < binary.Count; i++, at++)
                {
                    if (binary.A.At(i) != numbers.Index + at || binary.B.At(i) != ofLists.Index + _listOf[at])
                        return null;
                }
            }
            return start;
        }

        private bool IsRow(Run run, Place numbers)
        {
            for (int i = 0; i < _listOf.Length; i++)
            {
                if (new Place(run.Space, run.At(i)) != numbers.Offset(i))
                    return false;
            }
            return true;
        }

        private static int[] EndsOf(Term[] terms)
        {
            int end = 0;
            return Array.ConvertAll(terms, term => end += term.Count);
        }

        // Whether there is one run of plain terms to each result, each right after the one before.
        private static bool AreLists(Term[] terms, int[] counts, Place start, int[] ends)
        {
            if (terms.Length != counts.Length || terms.Length != ends.Length)
                return false;
            for (int i = 0; i < terms.Length; i++)
            {
                if (counts[i] != i + 1 || terms[i].Second is not null || terms[i].Negative || terms[i].First != start.Offset(ends[i] - terms[i].Count) || terms[i].Count != ends[i] - (i == 0 ? 0 : ends[i - 1]))
                    return false;
            }
            return true;
        }
    }
}
