// Sums seen as wholes: chains of + and − become one sum of products, whoever wrote them and in whatever order. So do
// chains of max that no gradient flows through: the greatest of many.

namespace Nudge;

/// <summary>One term of a flattened sum: ±u·v, or ±u where v is −1.</summary>
internal readonly struct FlatTerm(int u, int v, bool negative)
{
    // There are as many terms as nodes: v and the sign share a number.
    private readonly int _second = (v + 1) << 1 | (negative ? 1 : 0);

    internal int U { get; } = u;

    internal int V => (_second >> 1) - 1;

    internal bool Negative => (_second & 1) != 0;
}

/// <summary>
/// A tape whose additions, subtractions and negations are collected into sums of terms ±u·v and ±u, and whose detached
/// maxima are collected into lists of terms u. A node that only one of them uses disappears into it.
/// </summary>
internal sealed class Flattening
{
    private readonly Tape _tape;
    private readonly byte[] _uses; // 2 stands for more, too
    private readonly bool[] _greatest;
    private readonly int[] _list; // of a sum or a greatest, its place in _starts
    private readonly List<int> _starts = [0];
    private FlatTerm[] _terms;
    private int _count;

    internal Flattening(Tape tape)
    {
        _tape = tape;
        _uses = CountUses(tape);
        Absorbed = new bool[tape.Count];
        _greatest = new bool[tape.Count];
        _list = new int[tape.Count];
        _terms = new FlatTerm[tape.Count];
        // A user comes after what it uses, so going down a node's fate is known before its inputs are looked at.
        for (int i = tape.Count - 1; i >= 0; i--)
        {
            if (IsSum(i))
            {
                Absorb(tape.First[i], i, negative: tape.Operations[i] == Operation.Negate);
                if (tape.Operations[i] != Operation.Negate)
                    Absorb(tape.Second[i], i, negative: tape.Operations[i] == Operation.Subtract);
            }
            else if (_greatest[i])
            {
                Absorbed[tape.First[i]] = IsGreatestFor(tape.First[i], i);
                Absorbed[tape.Second[i]] = IsGreatestFor(tape.Second[i], i);
            }
            else if (tape.Operations[i] == Operation.Detach)
            {
                IsGreatestFor(tape.First[i], i);
            }
        }
        var stack = new Stack<(int Node, bool Negative)>();
        for (int i = 0; i < tape.Count; i++)
        {
            if ((IsSum(i) || _greatest[i]) && !Absorbed[i])
                Collect(i, stack);
        }
    }

    /// <summary>Whether a node has disappeared into a sum or a greatest.</summary>
    internal bool[] Absorbed { get; }

    /// <summary>Whether a node is a sum: an addition, a subtraction or a negation.</summary>
    internal bool IsSum(int node) => _tape.Operations[node] is Operation.Add or Operation.Subtract or Operation.Negate;

    /// <summary>Whether exactly one node, or a result, needs a node.</summary>
    internal bool IsUsedOnce(int node) => _uses[node] == 1;

    /// <summary>Whether a node is the greatest of its terms.</summary>
    internal bool IsGreatest(int node) => _greatest[node];

    /// <summary>The terms of a sum or a greatest.</summary>
    internal ReadOnlySpan<FlatTerm> TermsOf(int node) => _terms.AsSpan(_starts[_list[node]].._starts[_list[node] + 1]);

    private static byte[] CountUses(Tape tape)
    {
        var uses = new byte[tape.Count];
        for (int i = 0; i < tape.Count; i++)
        {
            switch (OperationTable.Arity(tape.Operations[i]))
            {
                case 1 when tape.Operations[i] != Operation.Select:
                    Count(tape.First[i]);
                    break;
                case 2:
                    Count(tape.First[i]);
                    Count(tape.Second[i]);
                    break;
            }
        }
        foreach (int[] choices in tape.Choices)
        {
            foreach (int choice in choices)
                Count(choice);
        }
        foreach (int root in tape.Roots)
            Count(root);
        return uses;

        void Count(int node) => uses[node] = (byte)Math.Min(uses[node] + 1, 2);
    }

    // What is the same for all examples stays outside of sums that are not: it is computed once. A sum that is subtracted
    // stays a sum of its own: its products may be a row of a matrix product, which one with a minus is not.
    private void Absorb(int node, int user, bool negative)
    {
        bool fits = _tape.Operations[node] == Operation.Multiply || (IsSum(node) && !negative);
        if (fits && _uses[node] == 1 && _tape.Varying[node] == _tape.Varying[user])
            Absorbed[node] = true;
    }

    // A max that only one node uses, where that node is a part of the same list or cuts off its gradient.
    private bool IsGreatestFor(int node, int user) =>
        _greatest[node] |= _tape.Operations[node] == Operation.Max && _uses[node] == 1 && _tape.Varying[node] == _tape.Varying[user];

    private void Collect(int root, Stack<(int Node, bool Negative)> stack)
    {
        _list[root] = _starts.Count - 1;
        stack.Push((root, false));
        while (stack.TryPop(out (int Node, bool Negative) item))
        {
            (int node, bool negative) = item;
            bool inside = node == root || Absorbed[node];
            if (inside && _greatest[root])
            {
                stack.Push((_tape.Second[node], false));
                stack.Push((_tape.First[node], false));
                continue;
            }
            if (inside && IsSum(node))
            {
                Operation operation = _tape.Operations[node];
                if (operation != Operation.Negate)
                    stack.Push((_tape.Second[node], negative ^ (operation == Operation.Subtract)));
                stack.Push((_tape.First[node], negative ^ (operation == Operation.Negate)));
                continue;
            }
            if (_count == _terms.Length)
                Array.Resize(ref _terms, 2 * _count);
            _terms[_count++] = inside ? new(_tape.First[node], _tape.Second[node], negative) : new(node, -1, negative);
        }
        _starts.Add(_count);
    }
}
