// Which nodes are alike: the same operation of alike inputs. Alike nodes are computed side by side.

using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>
/// Sorts the nodes of a flattened tape into classes. Two nodes are alike if they are made by the same operation from alike
/// inputs; sums, and maxima, are alike if the same kinds of terms occur in them, however many. All inputs of a class belong to
/// classes with smaller numbers, so that classes can be computed one after the other. By shape, nodes are alike more often: those that can
/// be computed at the same time by the same operation from the same kinds of leaves and computed numbers, whatever led to these.
/// </summary>
internal sealed class StructuralClasses : IDisposable
{
    private readonly Flattening _nodes;
    private readonly ScratchArray<int> _classOf, _members;
    private readonly ScratchArray<int>? _times; // by shape, how many operations lead to each node, one after the other
    private readonly int[] _ends; // of each class, in _members
    private ulong[] _kinds = new ulong[16];

    // The number of the class with each key, plus 1; what is 0 is free. A key is looked for from its hash on.
    private (ulong First, ulong Second)[] _keys = new (ulong, ulong)[64];
    private int[] _numbers = new int[64];

    internal StructuralClasses(Flattening nodes, bool byShape = false)
    {
        _nodes = nodes;
        _classOf = new(nodes.Count);
        _times = byShape ? TimesOf(nodes) : null;
        Classify();
        if (_times is { } times)
            PutInOrder(times);
        _ends = new int[Count];
        _members = new(nodes.Count);
        SortMembers();
    }

    /// <summary>How many classes there are.</summary>
    internal int Count { get; private set; }

    /// <summary>The nodes of a class, in creation order until they are put into another.</summary>
    internal Span<int> MembersOf(int number)
    {
        int start = number == 0 ? 0 : _ends[number - 1];
        return _members.Span.Slice(start, _ends[number] - start);
    }

    public void Dispose()
    {
        _classOf.Dispose();
        _times?.Dispose();
        _members.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ScratchArray<int> TimesOf(Flattening nodes)
    {
        var times = new ScratchArray<int>(nodes.Count);
        for (int i = 0; i < nodes.Count; i++)
        {
            int last = -1;
            if (nodes.IsSum(i) || nodes.IsMaximum(i))
            {
                foreach (FlatTerm term in nodes.TermsOf(i))
                    last = Math.Max(last, Math.Max(times[term.U], term.V < 0 ? -1 : times[term.V]));
            }
            else if (nodes.Operations[i] == Operation.Select)
            {
                foreach (int choice in nodes.Choices[nodes.First[i]])
                    last = Math.Max(last, times[choice]);
            }
            else if (OperationTable.Arity(nodes.Operations[i]) is var arity and > 0)
            {
                last = Math.Max(times[nodes.First[i]], arity == 1 ? -1 : times[nodes.Second[i]]);
            }
            times[i] = last + 1;
        }
        return times;
    }

    // Numbers classes by when their nodes can be computed.
    private void PutInOrder(ScratchArray<int> times)
    {
        var timeOf = new int[Count];
        for (int i = 0; i < _classOf.Length; i++)
            timeOf[_classOf[i]] = times[i];
        int[] order = [.. Enumerable.Range(0, Count).OrderBy(number => timeOf[number])];
        var numberOf = new int[Count];
        for (int i = 0; i < order.Length; i++)
            numberOf[order[i]] = i;
        for (int i = 0; i < _classOf.Length; i++)
            _classOf[i] = numberOf[_classOf[i]];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SortMembers()
    {
        foreach (int number in _classOf.Span)
            _ends[number]++;
        // From how many to where they begin; filling moves each beginning to the end.
        for (int number = 0, next = 0; number < _ends.Length; number++)
            (_ends[number], next) = (next, next + _ends[number]);
        for (int i = 0; i < _classOf.Length; i++)
            _members[_ends[_classOf[i]]++] = i;
    }

    // Most nodes are like the one before.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Classify()
    {
        (ulong, ulong) last = (ulong.MaxValue, ulong.MaxValue);
        int number = 0;
        for (int i = 0; i < _classOf.Length; i++)
        {
            (ulong, ulong) key = KeyOf(i);
            if (key != last)
                number = ClassOf(key);
            last = key;
            _classOf[i] = number;
        }
    }

    private int ClassOf((ulong First, ulong Second) key)
    {
        if (2 * Count >= _keys.Length)
            Grow();
        int at = SlotOf(key);
        if (_numbers[at] == 0)
            (_keys[at], _numbers[at]) = (key, ++Count);
        return _numbers[at] - 1;
    }

    private int SlotOf((ulong First, ulong Second) key)
    {
        int at = (int)Mix(key.First + Mix(key.Second)) & (_keys.Length - 1);
        while (_numbers[at] != 0 && _keys[at] != key)
            at = (at + 1) & (_keys.Length - 1);
        return at;
    }

    private void Grow()
    {
        ((ulong, ulong)[] keys, int[] numbers) = (_keys, _numbers);
        (_keys, _numbers) = (new (ulong, ulong)[2 * keys.Length], new int[2 * keys.Length]);
        for (int i = 0; i < keys.Length; i++)
        {
            if (numbers[i] == 0)
                continue;
            int at = SlotOf(keys[i]);
            (_keys[at], _numbers[at]) = (keys[i], numbers[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (ulong, ulong) KeyOf(int node)
    {
        Operation operation = _nodes.Operations[node];
        ulong head = (ulong)operation << 1 | (_nodes.Varying[node] ? 1UL : 0);
        ulong time = _times is { } times ? Mix((ulong)times[node] + 1) : 0;
        if (_nodes.IsSum(node))
            return KeyOfTerms(node, 0xFF, time);
        if (_nodes.IsMaximum(node))
            return KeyOfTerms(node, 0xFE, time);
        head += time << 8;
        return OperationTable.Arity(operation) switch
        {
            0 => (head, 0),
            1 when operation == Operation.Select => (head, SelectKey(node)),
            1 => (head, Class(_nodes.First[node])),
            _ => (head, Class(_nodes.First[node]) << 32 | Class(_nodes.Second[node])),
        };
    }

    // The set of the kinds of terms, mixed so that neither order nor number matters. Most terms are like the one before.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (ulong, ulong) KeyOfTerms(int node, ulong head, ulong time)
    {
        ulong first = 0, second = 0, last = ulong.MaxValue;
        int kinds = 0;
        foreach (FlatTerm term in _nodes.TermsOf(node))
        {
            ulong a = Class(term.U), b = term.V < 0 ? uint.MaxValue : Class(term.V);
            ulong kind = (Math.Min(a, b) << 32 | Math.Max(a, b)) * 2 + (term.Negative ? 1UL : 0);
            if (kind == last)
                continue;
            last = kind;
            if (Contains(_kinds.AsSpan(0, kinds), kind))
                continue;
            if (kinds == _kinds.Length)
                Array.Resize(ref _kinds, 2 * kinds);
            _kinds[kinds++] = kind;
            first += Mix(kind);
            second += Mix(kind ^ 0x9E3779B97F4A7C15);
        }
        return (first << 8 | head, second + time);
    }

    // There are few, as a rule.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Contains(ReadOnlySpan<ulong> kinds, ulong kind)
    {
        const int few = 8;
        for (int i = 0; i < kinds.Length && i < few; i++)
        {
            if (kinds[i] == kind)
                return true;
        }
        return kinds.Length > few && kinds[few..].Contains(kind);
    }

    // Which index it goes by makes no difference: the tokens of a document are looked up alike.
    private ulong SelectKey(int node)
    {
        ulong key = 0;
        foreach (int choice in _nodes.Choices[_nodes.First[node]])
            key = Mix(key ^ Class(choice));
        return key;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Class(int node) => _times is null ? (ulong)_classOf[node] : KindOf(node);

    // Of a leaf which, of anything else whether it is the same for all examples.
    private ulong KindOf(int node)
    {
        Operation operation = _nodes.Operations[node];
        return OperationTable.Arity(operation) == 0 && !_nodes.IsSum(node) && !_nodes.IsMaximum(node) ? 2 + (ulong)operation : _nodes.Varying[node] ? 1UL : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
