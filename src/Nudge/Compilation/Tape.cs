// A recorded expression as flat arrays: one entry for each node, inputs before their users.

using System.Runtime.InteropServices;

namespace Nudge;

/// <summary>
/// The nodes that a recorded expression needs, in creation order. Parameters, constants and inputs come as they are
/// met; what nothing needs is left out.
/// </summary>
internal sealed class Tape
{
    private readonly long _start;
    private readonly ParameterList _parameters;
    private readonly int[] _parameterPlaces;
    private readonly Dictionary<Value, int> _older = [];
    private readonly Dictionary<long, int> _constants = [];

    private Tape(int capacity, long start, ParameterList parameters)
    {
        _start = start;
        _parameters = parameters;
        _parameterPlaces = new int[parameters.Count];
        Operations = new Operation[capacity];
        First = new int[capacity];
        Second = new int[capacity];
        Varying = new bool[capacity];
    }

    /// <summary>How many nodes there are.</summary>
    internal int Count { get; private set; }

    /// <summary>What each node is. A <see cref="Operation.Leaf"/> is an input of the recording.</summary>
    internal Operation[] Operations { get; }

    /// <summary>The first input; of a parameter, an input or a constant its number; of a select its place in <see cref="Choices"/>.</summary>
    internal int[] First { get; }

    /// <summary>The second input; of a select the number of its index.</summary>
    internal int[] Second { get; }

    /// <summary>The numbers of the constants.</summary>
    internal List<double> Numbers { get; } = [];

    /// <summary>Whether it differs from example to example.</summary>
    internal bool[] Varying { get; }

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
        // Creation order puts inputs before users: what the results need is marked, and then taken in that order.
        long last = roots.Max(root => root.Order);
        var recent = new Value?[last > start ? checked((int)(last - start)) : 0];
        var older = new List<Value>();
        var isMet = new bool[parameters.Count];
        int count = Mark(roots, start, parameters, recent, older, isMet);
        older.Sort((a, b) => a.Order.CompareTo(b.Order));

        var tape = new Tape(count, start, parameters);
        for (int i = 0; i < isMet.Length; i++)
        {
            if (isMet[i])
                tape.AddParameter(i);
        }
        foreach (Value node in older)
            tape.Add(node);
        foreach (Value? node in recent)
        {
            if (node is not null)
                tape.Add(node);
        }
        tape.Roots = Array.ConvertAll(roots, tape.PlaceOf);
        return tape;
    }

    // Of older nodes only those that were computed have inputs of their own; older leaves are few or parameters.
    private static int Mark(Value[] roots, long start, ParameterList parameters, Value?[] recent, List<Value> older, bool[] isMet)
    {
        int count = 0;
        var seen = new HashSet<Value>();
        var stack = new Stack<Value>();
        foreach (Value root in roots)
            Visit(root);
        while (stack.TryPop(out Value? node))
        {
            if (node.Operation == Operation.Select)
            {
                foreach (Value choice in node.Choices)
                    Visit(choice);
                continue;
            }
            Visit(node.First);
            if (node.HasSecond)
                Visit(node.Second);
        }
        return count;

        void Visit(Value node)
        {
            if (parameters.PlaceOf(node) is >= 0 and int parameter)
            {
                if (isMet[parameter])
                    return;
                isMet[parameter] = true;
            }
            else if (node.Operation == Operation.Parameter || node.Order <= start)
            {
                if (!seen.Add(node))
                    return;
                older.Add(node);
            }
            else
            {
                ref Value? place = ref recent[node.Order - start - 1];
                if (place == node)
                    return;
                if (place is not null)
                    throw new InvalidOperationException("An expression must be recorded on one thread: two of its values have the same place in creation order.");
                place = node;
            }
            count++;
            if (!node.IsLeaf)
                stack.Push(node);
        }
    }

    private void AddParameter(int number)
    {
        Operations[Count] = Operation.Parameter;
        First[Count] = number;
        _parameterPlaces[number] = Count++;
    }

    private void Add(Value node)
    {
        Operation operation = node.Operation;
        bool isConstant = node.IsLeaf && !node.IsRecorded;
        int place = isConstant ? AddConstant(node.Number) : Count++;
        switch (operation)
        {
            case Operation.Leaf when node.IsRecorded:
                if (node.Order <= _start)
                    throw new InvalidOperationException($"{node.Label ?? "A value"} is the input of another recording.");
                Operations[place] = operation;
                First[place] = node.PlaceOnTape;
                Varying[place] = true;
                break;
            case Operation.Leaf or Operation.Constant or Operation.Parameter:
                break;
            case Operation.Select:
                Operations[place] = operation;
                First[place] = Choices.Count;
                Second[place] = node.Second.PlaceOnTape;
                Choices.Add(Array.ConvertAll(node.Choices, PlaceOf));
                Varying[place] = true;
                break;
            default:
                int first = PlaceOf(node.First), second = node.HasSecond ? PlaceOf(node.Second) : -1;
                if (operation == Operation.Power && Operations[second] == Operation.Constant && Numbers[First[second]] == 2)
                    (operation, second) = (Operation.Multiply, first);
                Operations[place] = operation;
                First[place] = first;
                Second[place] = second;
                Varying[place] = Varying[first] || (second >= 0 && Varying[second]);
                break;
        }
        if (node.Order > _start && operation != Operation.Parameter)
            node.PlaceOnTape = place;
        else
            _older[node] = place;
    }

    // A number stands once, however often it is written.
    private int AddConstant(double number)
    {
        ref int place = ref CollectionsMarshal.GetValueRefOrAddDefault(_constants, BitConverter.DoubleToInt64Bits(number), out bool known);
        if (known)
            return place;
        place = Count++;
        Operations[place] = Operation.Constant;
        First[place] = Numbers.Count;
        Numbers.Add(number);
        return place;
    }

    private int PlaceOf(Value node)
    {
        if (node.Operation == Operation.Parameter && _parameters.PlaceOf(node) is >= 0 and int number)
            return _parameterPlaces[number];
        return node.Order > _start && node.Operation != Operation.Parameter ? node.PlaceOnTape : _older[node];
    }
}
