// Sums seen as wholes: chains of + and − become one sum of products, whoever wrote them and in whatever order.

namespace Nudge;

/// <summary>One term of a flattened sum: ±u·v, or ±u where v is −1.</summary>
internal readonly record struct FlatTerm(int U, int V, bool Negative);

/// <summary>
/// A tape whose additions, subtractions and negations are collected into sums of terms ±u·v and ±u. A node that only
/// one sum uses disappears into it.
/// </summary>
internal sealed class Flattening
{
    private readonly Tape _tape;
    private readonly int[] _uses, _start, _end;
    private FlatTerm[] _terms;
    private int _count;

    internal Flattening(Tape tape)
    {
        _tape = tape;
        _uses = CountUses(tape);
        Absorbed = new bool[tape.Count];
        _start = new int[tape.Count];
        _end = new int[tape.Count];
        _terms = new FlatTerm[tape.Count];
        // A user comes after what it uses, so going down a node's fate is known before its inputs are looked at.
        for (int i = tape.Count - 1; i >= 0; i--)
        {
            if (!IsSum(i))
                continue;
            Absorb(tape.First[i], i, negative: tape.Operations[i] == Operation.Negate);
            if (tape.Operations[i] != Operation.Negate)
                Absorb(tape.Second[i], i, negative: tape.Operations[i] == Operation.Subtract);
        }
        var stack = new Stack<(int Node, bool Negative)>();
        for (int i = 0; i < tape.Count; i++)
        {
            if (IsSum(i) && !Absorbed[i])
                Collect(i, stack);
        }
    }

    /// <summary>Whether a node has disappeared into a sum.</summary>
    internal bool[] Absorbed { get; }

    /// <summary>Whether a node is a sum: an addition, a subtraction or a negation.</summary>
    internal bool IsSum(int node) => _tape.Operations[node] is Operation.Add or Operation.Subtract or Operation.Negate;

    /// <summary>The terms of a sum.</summary>
    internal ReadOnlySpan<FlatTerm> TermsOf(int node) => _terms.AsSpan(_start[node], _end[node] - _start[node]);

    private static int[] CountUses(Tape tape)
    {
        var uses = new int[tape.Count];
        for (int i = 0; i < tape.Count; i++)
        {
            switch (OperationTable.Arity(tape.Operations[i]))
            {
                case 1 when tape.Operations[i] != Operation.Select:
                    uses[tape.First[i]]++;
                    break;
                case 2:
                    uses[tape.First[i]]++;
                    uses[tape.Second[i]]++;
                    break;
            }
        }
        foreach (int[] choices in tape.Choices)
        {
            foreach (int choice in choices)
                uses[choice]++;
        }
        foreach (int root in tape.Roots)
            uses[root]++;
        return uses;
    }

    // What is the same for all examples stays outside of sums that are not: it is computed once. A sum that is subtracted
    // stays a sum of its own: its products may be a row of a matrix product, which one with a minus is not.
    private void Absorb(int node, int user, bool negative)
    {
        bool fits = _tape.Operations[node] == Operation.Multiply || (IsSum(node) && !negative);
        if (fits && _uses[node] == 1 && _tape.Varying[node] == _tape.Varying[user])
            Absorbed[node] = true;
    }

    private void Collect(int sum, Stack<(int Node, bool Negative)> stack)
    {
        _start[sum] = _count;
        stack.Push((sum, false));
        while (stack.TryPop(out (int Node, bool Negative) item))
        {
            (int node, bool negative) = item;
            bool inside = node == sum || Absorbed[node];
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
        _end[sum] = _count;
    }
}
