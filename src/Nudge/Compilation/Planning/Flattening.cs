// Sums seen as wholes: chains of + and − become one sum of products, whoever wrote them and in whatever order. So do
// chains of max that no gradient flows through: the maximum of many.

using System.Runtime.CompilerServices;

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
/// maxima are collected into lists of terms u. A node that only one of them uses disappears into it: few of the nodes of
/// a tape are left, and they are numbered anew, inputs before their users.
/// </summary>
internal sealed class Flattening : IDisposable
{
    private readonly Tape _tape;
    private readonly ScratchArray<Role> _roles;
    private readonly ScratchArray<int> _numbers; // from a place on the tape to a number here
    private readonly ScratchArray<bool> _usedOnce;
    private readonly ScratchArray<FlatTerm> _terms;
    private int[] _stack = new int[64];

    internal Flattening(Tape tape)
    {
        _tape = tape;
        _roles = new(tape.Count);
        _roles.Span.Clear();
        (Count, int terms) = DecideRoles();
        _terms = new(terms);
        _numbers = new(tape.Count);
        _usedOnce = new(Count);
        Operations = new(Count);
        First = new(Count);
        Second = new(Count);
        Varying = new(Count);
        Choices = new int[tape.Choices.Count][];
        Collect();
        Roots = Array.ConvertAll(tape.Roots, root => _numbers[root]);
    }

    private enum Role : byte
    {
        Own,
        Absorbed,
        AbsorbedInMaximum,
    }

    /// <summary>How many nodes are left.</summary>
    internal int Count { get; }

    /// <summary>What each node is, as on the tape.</summary>
    internal ScratchArray<Operation> Operations { get; }

    /// <summary>The first input, as on the tape; of a sum or a maximum, where its terms begin.</summary>
    internal ScratchArray<int> First { get; }

    /// <summary>The second input, as on the tape; of a sum or a maximum, how many terms it has.</summary>
    internal ScratchArray<int> Second { get; }

    /// <summary>Whether it differs from example to example.</summary>
    internal ScratchArray<bool> Varying { get; }

    /// <summary>The nodes that each select chooses from.</summary>
    internal int[][] Choices { get; }

    /// <summary>The results.</summary>
    internal int[] Roots { get; }

    /// <summary>The numbers of the constants.</summary>
    internal List<double> Numbers => _tape.Numbers;

    /// <summary>Whether a node is a sum: an addition, a subtraction or a negation.</summary>
    internal bool IsSum(int node) => IsSum(Operations[node]);

    /// <summary>Whether exactly one node, or a result, needs a node.</summary>
    internal bool IsUsedOnce(int node) => _usedOnce[node];

    /// <summary>Whether a node is the maximum of its terms, one or many, through which no gradient flows.</summary>
    internal bool IsMaximum(int node) => Operations[node] == Operation.Detach;

    /// <summary>The terms of a sum or a maximum.</summary>
    internal ReadOnlySpan<FlatTerm> TermsOf(int node) => _terms.Span.Slice(First[node], Second[node]);

    public void Dispose()
    {
        _roles.Dispose();
        _numbers.Dispose();
        _usedOnce.Dispose();
        _terms.Dispose();
        Operations.Dispose();
        First.Dispose();
        Second.Dispose();
        Varying.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSum(Operation operation) => operation is Operation.Add or Operation.Subtract or Operation.Negate;

    // A user comes after what it uses, so going down a node's role is known before its inputs are looked at. Gives how many
    // nodes will be left, and how many terms: each addition joins two, whether it stands alone or within another.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (int Nodes, int Terms) DecideRoles()
    {
        ReadOnlySpan<Operation> operations = _tape.Operations.Span;
        ReadOnlySpan<int> first = _tape.First.Span, second = _tape.Second.Span;
        ReadOnlySpan<Role> roles = _roles.Span;
        int nodes = 0, terms = 0;
        for (int i = roles.Length - 1; i >= 0; i--)
        {
            Operation operation = operations[i];
            bool isMax = roles[i] == Role.AbsorbedInMaximum, isBinary = isMax || operation is Operation.Add or Operation.Subtract;
            if (isMax)
            {
                AbsorbMax(first[i], i);
                AbsorbMax(second[i], i);
            }
            else if (IsSum(operation))
            {
                Absorb(first[i], i, negative: operation == Operation.Negate);
                if (isBinary)
                    Absorb(second[i], i, negative: operation == Operation.Subtract);
            }
            else if (operation == Operation.Detach)
            {
                AbsorbMax(first[i], i);
            }
            terms += isBinary ? 1 : 0;
            if (roles[i] >= Role.Absorbed)
                continue;
            nodes++;
            terms += isBinary || operation is Operation.Negate or Operation.Detach ? 1 : 0;
        }
        return (nodes, terms);
    }

    // What is the same for all examples stays outside of sums that are not: it is computed once. A sum that is subtracted
    // stays a sum of its own: its products may be a row of a matrix product, which one with a minus is not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Absorb(int node, int user, bool negative)
    {
        Operation operation = _tape.Operations[node];
        bool fits = operation == Operation.Multiply || (IsSum(operation) && !negative);
        if (fits && _tape.Uses[node] == 1 && _tape.Varying[node] == _tape.Varying[user])
            _roles[node] = Role.Absorbed;
    }

    // A max that only one node uses, where that node is a part of the same list or cuts off its gradient.
    private void AbsorbMax(int node, int user)
    {
        if (_tape.Operations[node] == Operation.Max && _tape.Uses[node] == 1 && _tape.Varying[node] == _tape.Varying[user])
            _roles[node] = Role.AbsorbedInMaximum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect()
    {
        int count = 0, terms = 0;
        for (int i = 0; i < _tape.Count; i++)
        {
            if (_roles[i] >= Role.Absorbed)
                continue;
            _numbers[i] = count;
            Operation operation = Operations[count] = _tape.Operations[i];
            Varying[count] = _tape.Varying[i];
            _usedOnce[count] = _tape.Uses[i] == 1;
            if (IsSum(operation) || operation == Operation.Detach)
            {
                First[count] = terms;
                terms = CollectTerms(i, terms);
                Second[count] = terms - First[count];
            }
            else
            {
                CopyInputs(i, count, operation);
            }
            count++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CopyInputs(int place, int number, Operation operation)
    {
        int first = _tape.First[place], second = _tape.Second[place], arity = OperationTable.Arity(operation);
        if (operation == Operation.Select)
            Choices[first] = Array.ConvertAll(_tape.Choices[first], choice => _numbers[choice]);
        First[number] = operation == Operation.Select || arity == 0 ? first : _numbers[first];
        Second[number] = arity == 2 ? _numbers[second] : second;
    }

    // Second inputs wait on a stack, so that the terms come from left to right; a node and its sign share a number.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int CollectTerms(int root, int terms)
    {
        ReadOnlySpan<Operation> operations = _tape.Operations.Span;
        ReadOnlySpan<int> first = _tape.First.Span, second = _tape.Second.Span, numbers = _numbers.Span;
        int[] stack = _stack;
        int node = root, sign = 0, depth = 0, start = terms;
        while (true)
        {
            bool inside = node == root || _roles[node] >= Role.Absorbed;
            Operation operation = operations[node];
            if (inside && operation != Operation.Multiply)
            {
                if (depth == stack.Length)
                    Array.Resize(ref stack, 2 * depth);
                if (operation is not (Operation.Negate or Operation.Detach))
                    stack[depth++] = second[node] << 1 | (operation == Operation.Subtract ? sign ^ 1 : sign);
                sign ^= operation == Operation.Negate ? 1 : 0;
                node = first[node];
                continue;
            }
            if (!IsZero(node) || !IsSum(operations[root]))
                _terms[terms++] = inside ? new(numbers[first[node]], numbers[second[node]], sign != 0) : new(numbers[node], -1, sign != 0);
            if (depth == 0)
                break;
            int next = stack[--depth];
            (node, sign) = (next >> 1, next & 1);
        }
        _stack = stack;
        if (terms == start)
            _terms[terms++] = new(numbers[node], -1, negative: false);
        return terms;
    }

    // What a sum may begin with: it is left out.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsZero(int node) => _tape.Operations[node] == Operation.Constant && _tape.Numbers[_tape.First[node]] == 0;
}
