// A recorded expression as flat arrays: one entry for each node, inputs before their users.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nudge;

/// <summary>
/// The nodes that a recorded expression needs: first all parameters, then the rest in creation order. Constants and
/// inputs come as they are met; what nothing needs is left out.
/// </summary>
internal sealed class Tape : IDisposable
{
    private readonly long _start;
    private readonly ParameterList _parameters;

    // What was made since the recording began and is needed, at its place in creation order; in chunks, which the garbage
    // collector takes more lightly than an array of millions.
    private Value?[][] _recent;

    private readonly Dictionary<Value, int> _older = [];
    private readonly Stack<Value> _unseen = new(); // older results, whose inputs are still to be looked at
    private readonly Dictionary<long, int> _constants = [];

    private const int ChunkSize = 1 << 13;

    private Tape(Value[] roots, long start, ParameterList parameters)
    {
        _start = start;
        _parameters = parameters;
        long last = start;
        foreach (Value root in roots)
            last = Math.Max(last, root.Order);
        _recent = new Value?[checked((int)((last - start + ChunkSize - 1) / ChunkSize))][];
        for (int i = 0; i < _recent.Length; i++)
            _recent[i] = new Value?[ChunkSize];
        int capacity = parameters.Count + Mark(roots) + _older.Count;
        Operations = new(capacity);
        First = new(capacity);
        Second = new(capacity);
        Varying = new(capacity);
        Uses = new(capacity);
        Uses.Span.Clear();
    }

    /// <summary>How many nodes there are.</summary>
    internal int Count { get; private set; }

    /// <summary>What each node is. A <see cref="Operation.Leaf"/> is an input of the recording.</summary>
    internal ScratchArray<Operation> Operations { get; }

    /// <summary>The first input; of a parameter, an input or a constant its number; of a select its place in <see cref="Choices"/>.</summary>
    internal ScratchArray<int> First { get; }

    /// <summary>The second input; of a select the number of its index.</summary>
    internal ScratchArray<int> Second { get; }

    /// <summary>The numbers of the constants.</summary>
    internal List<double> Numbers { get; } = [];

    /// <summary>Whether it differs from example to example.</summary>
    internal ScratchArray<bool> Varying { get; }

    /// <summary>How often a node is used, as an input or as a result; 2 stands for more, too.</summary>
    internal ScratchArray<byte> Uses { get; }

    /// <summary>The nodes that each select chooses from.</summary>
    internal List<int[]> Choices { get; } = [];

    /// <summary>The results.</summary>
    internal int[] Roots { get; private set; } = [];

    /// <summary>Flattens what was recorded.</summary>
    /// <param name="roots">The results.</param>
    /// <param name="start">The creation order before the recording.</param>
    /// <param name="parameters">What is differentiated by.</param>
    internal static Tape Build(Value[] roots, long start, ParameterList parameters)
    {
        var tape = new Tape(roots, start, parameters);
        tape.AddAll();
        tape.Roots = Array.ConvertAll(roots, tape.Use);
        tape._recent = [];
        return tape;
    }

    public void Dispose()
    {
        Operations.Dispose();
        First.Dispose();
        Second.Dispose();
        Varying.Dispose();
        Uses.Dispose();
    }

    // Creation order puts inputs before their users: going down it, whatever uses a node has been looked at before it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Mark(Value[] roots)
    {
        int count = 0;
        foreach (Value root in roots)
            count += Need(root);
        for (int chunk = _recent.Length - 1; chunk >= 0; chunk--)
        {
            Value?[] nodes = _recent[chunk];
            for (int i = nodes.Length - 1; i >= 0; i--)
            {
                if (nodes[i] is { IsLeaf: false } node)
                    count += NeedInputs(node);
            }
        }
        while (_unseen.TryPop(out Value? node))
            count += NeedInputs(node);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int NeedInputs(Value node)
    {
        // A divisor may become one more constant.
        int count = node.Operation == Operation.Divide ? 1 : 0;
        if (node.Operation != Operation.Select)
            return count + Need(node.First) + (node.HasSecond ? Need(node.Second) : 0);
        foreach (Value choice in node.Choices)
            count += Need(choice);
        return count;
    }

    // Gives 1 for a recent node that was not known to be needed.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Need(Value node)
    {
        if (node.Operation == Operation.Parameter || node.Order <= _start)
        {
            if (_parameters.PlaceOf(node) < 0)
                NeedOlder(node);
            return 0;
        }
        ulong age = (ulong)(node.Order - _start - 1);
        ref Value? place = ref _recent[age / ChunkSize][age % ChunkSize];
        if (place == node)
            return 0;
        if (place is not null)
            throw new InvalidOperationException("An expression must be recorded on one thread: two of its values have the same place in creation order.");
        place = node;
        return 1;
    }

    // Of older nodes only those that were computed have inputs of their own; older leaves are few or parameters.
    private void NeedOlder(Value node)
    {
        if (_older.TryAdd(node, -1) && !node.IsLeaf)
            _unseen.Push(node);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddAll()
    {
        for (int i = 0; i < _parameters.Count; i++)
        {
            Varying[i] = false;
            Append(Operation.Parameter, i, -1);
        }
        if (_older.Count > 0)
            AddOlder();
        foreach (Value?[] nodes in _recent)
        {
            foreach (Value? node in nodes)
            {
                if (node is not null)
                    node.PlaceOnTape = Add(node);
            }
        }
    }

    private void AddOlder()
    {
        Value[] older = [.. _older.Keys];
        Array.Sort(older, (a, b) => a.Order.CompareTo(b.Order));
        foreach (Value node in older)
            _older[node] = Add(node);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Add(Value node)
    {
        Operation operation = node.Operation;
        if (node.IsLeaf)
            return node.IsRecorded ? AddInput(node) : AddConstant(node.Number);
        if (operation == Operation.Select)
            return AddSelect(node);
        int first = Use(node.First), second = node.HasSecond ? Use(node.Second) : -1;
        if (operation == Operation.Power && Operations[second] == Operation.Constant && Numbers[First[second]] == 2)
        {
            (operation, second) = (Operation.Multiply, first);
            CountUse(first);
        }
        if (operation == Operation.Divide && Operations[second] == Operation.Constant && InverseOf(Numbers[First[second]]) is { } inverse)
        {
            (operation, second) = (Operation.Multiply, AddConstant(inverse));
            CountUse(second);
        }
        Varying[Count] = node.IsRecorded;
        return Append(operation, first, second);
    }

    // What is neither too small nor too great for a float32 is multiplied by instead: that is cheaper, and a product may be
    // a part of a sum.
    private static double? InverseOf(double number) => Math.Abs(number) is > 1e-30 and < 1e30 ? 1 / number : null;

    private int AddInput(Value node)
    {
        if (node.Order <= _start)
            throw new InvalidOperationException($"{node.Label ?? "A value"} is the input of another recording.");
        Varying[Count] = true;
        return Append(Operation.Leaf, node.PlaceOnTape, -1);
    }

    private int AddSelect(Value node)
    {
        int index = node.Second.PlaceOnTape;
        Choices.Add(Array.ConvertAll(node.Choices, Use));
        Varying[Count] = true;
        return Append(Operation.Select, Choices.Count - 1, index);
    }

    // A number stands once, however often it is written.
    private int AddConstant(double number)
    {
        ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(_constants, BitConverter.DoubleToInt64Bits(number), out bool known);
        if (known)
            return place;
        Varying[Count] = false;
        place = Append(Operation.Constant, Numbers.Count, -1);
        Numbers.Add(number);
        return place;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Append(Operation operation, int first, int second)
    {
        Operations[Count] = operation;
        First[Count] = first;
        Second[Count] = second;
        return Count++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Use(Value node)
    {
        int place = node.Operation == Operation.Parameter || node.Order <= _start ? PlaceOfOlder(node) : node.PlaceOnTape;
        CountUse(place);
        return place;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CountUse(int place) => Uses[place] = (byte)Math.Min(Uses[place] + 1, 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int PlaceOfOlder(Value node) => _parameters.PlaceOf(node) is >= 0 and int number ? number : _older[node];
}
