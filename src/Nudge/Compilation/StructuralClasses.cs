// Which nodes are alike: the same operation of alike inputs. Alike nodes are computed side by side.

namespace Nudge;

/// <summary>
/// Sorts the nodes of a tape into classes. Two nodes are alike if they are made by the same operation from alike
/// inputs; sums are alike if the same kinds of terms occur in them, however many. All inputs of a class belong to
/// classes with smaller numbers, so that classes can be computed one after the other.
/// </summary>
internal sealed class StructuralClasses
{
    private readonly Tape _tape;
    private readonly Flattening _sums;
    private readonly Dictionary<(ulong, ulong), int> _numbers = [];
    private readonly int[] _classOf;
    private readonly HashSet<ulong> _kinds = [];

    internal StructuralClasses(Tape tape, Flattening sums)
    {
        _tape = tape;
        _sums = sums;
        _classOf = new int[tape.Count];
        for (int i = 0; i < tape.Count; i++)
        {
            if (sums.Absorbed[i])
                continue;
            (ulong, ulong) key = KeyOf(i);
            if (!_numbers.TryGetValue(key, out int number))
            {
                number = Members.Count;
                _numbers.Add(key, number);
                Members.Add([]);
            }
            _classOf[i] = number;
            Members[number].Add(i);
        }
    }

    /// <summary>The nodes of each class, in creation order.</summary>
    internal List<List<int>> Members { get; } = [];

    private (ulong, ulong) KeyOf(int node)
    {
        Operation operation = _tape.Operations[node];
        ulong head = (ulong)operation << 1 | (_tape.Varying[node] ? 1UL : 0);
        if (_sums.IsSum(node))
            return SumKey(node);
        return OperationTable.Arity(operation) switch
        {
            0 => (head, 0),
            1 when operation == Operation.Select => (head, SelectKey(node)),
            1 => (head, Class(_tape.First[node])),
            _ => (head, Class(_tape.First[node]) << 32 | Class(_tape.Second[node])),
        };
    }

    // The set of the kinds of terms, mixed so that neither order nor number matters.
    private (ulong, ulong) SumKey(int node)
    {
        _kinds.Clear();
        ulong first = 0, second = 0;
        foreach ((int u, int v, bool negative) in _sums.TermsOf(node))
        {
            ulong a = Class(u), b = v < 0 ? uint.MaxValue : Class(v);
            ulong kind = (Math.Min(a, b) << 32 | Math.Max(a, b)) * 2 + (negative ? 1UL : 0);
            if (_kinds.Add(kind))
            {
                first += Mix(kind);
                second += Mix(kind ^ 0x9E3779B97F4A7C15);
            }
        }
        return (first << 8 | 0xFF, second);
    }

    private ulong SelectKey(int node)
    {
        ulong key = (ulong)_tape.Second[node];
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
