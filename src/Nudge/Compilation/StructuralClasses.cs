// Which nodes are alike: the same operation of alike inputs. Alike nodes are computed side by side.

namespace Nudge;

/// <summary>
/// Sorts the nodes of a tape into classes. Two nodes are alike if they are made by the same operation from alike
/// inputs; sums, and greatest ones, are alike if the same kinds of terms occur in them, however many. All inputs of a class belong to
/// classes with smaller numbers, so that classes can be computed one after the other.
/// </summary>
internal sealed class StructuralClasses
{
    private readonly Tape _tape;
    private readonly Flattening _sums;
    private readonly Dictionary<(ulong, ulong), int> _numbers = [];
    private readonly int[] _classOf;
    private readonly HashSet<ulong> _kinds = [];
    private readonly List<int> _ends = [];
    private readonly int[] _members;

    internal StructuralClasses(Tape tape, Flattening sums)
    {
        _tape = tape;
        _sums = sums;
        _classOf = new int[tape.Count];
        int members = 0;
        for (int i = 0; i < tape.Count; i++)
        {
            if (sums.Absorbed[i])
                continue;
            _classOf[i] = ClassOf(i);
            _ends[_classOf[i]]++;
            members++;
        }
        _members = new int[members];
        SortMembers();
    }

    /// <summary>How many classes there are.</summary>
    internal int Count => _ends.Count;

    /// <summary>The nodes of a class, in creation order until they are put into another.</summary>
    internal Span<int> MembersOf(int number)
    {
        int start = number == 0 ? 0 : _ends[number - 1];
        return _members.AsSpan(start, _ends[number] - start);
    }

    private void SortMembers()
    {
        // From how many to where they begin; filling moves each beginning to the end.
        for (int number = 0, next = 0; number < _ends.Count; number++)
            (_ends[number], next) = (next, next + _ends[number]);
        for (int i = 0; i < _classOf.Length; i++)
        {
            if (!_sums.Absorbed[i])
                _members[_ends[_classOf[i]]++] = i;
        }
    }

    private int ClassOf(int node)
    {
        (ulong, ulong) key = KeyOf(node);
        if (!_numbers.TryGetValue(key, out int number))
        {
            number = _ends.Count;
            _numbers.Add(key, number);
            _ends.Add(0);
        }
        return number;
    }

    private (ulong, ulong) KeyOf(int node)
    {
        Operation operation = _tape.Operations[node];
        ulong head = (ulong)operation << 1 | (_tape.Varying[node] ? 1UL : 0);
        if (_sums.IsSum(node))
            return KeyOfTerms(node, 0xFF);
        if (_sums.IsGreatest(node))
            return KeyOfTerms(node, 0xFE);
        return OperationTable.Arity(operation) switch
        {
            0 => (head, 0),
            1 when operation == Operation.Select => (head, SelectKey(node)),
            1 => (head, Class(_tape.First[node])),
            _ => (head, Class(_tape.First[node]) << 32 | Class(_tape.Second[node])),
        };
    }

    // The set of the kinds of terms, mixed so that neither order nor number matters. Most terms are like the one before.
    private (ulong, ulong) KeyOfTerms(int node, ulong head)
    {
        _kinds.Clear();
        ulong first = 0, second = 0, last = ulong.MaxValue;
        foreach (FlatTerm term in _sums.TermsOf(node))
        {
            ulong a = Class(term.U), b = term.V < 0 ? uint.MaxValue : Class(term.V);
            ulong kind = (Math.Min(a, b) << 32 | Math.Max(a, b)) * 2 + (term.Negative ? 1UL : 0);
            if (kind == last)
                continue;
            last = kind;
            if (_kinds.Add(kind))
            {
                first += Mix(kind);
                second += Mix(kind ^ 0x9E3779B97F4A7C15);
            }
        }
        return (first << 8 | head, second);
    }

    // Which index it goes by makes no difference: the tokens of a document are looked up alike.
    private ulong SelectKey(int node)
    {
        ulong key = 0;
        foreach (int choice in _tape.Choices[_tape.First[node]])
            key = Mix(key ^ Class(choice));
        return key;
    }

    private ulong Class(int node) => (ulong)_classOf[node];

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
