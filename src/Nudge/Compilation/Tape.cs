// A recorded expression as flat arrays: one entry for each node, inputs before their users.

namespace Nudge;

/// <summary>
/// The nodes that a recorded expression needs, in creation order. Parameters, constants and inputs come as they are
/// met; what nothing needs is left out.
/// </summary>
internal sealed class Tape
{
    private readonly Dictionary<Value, int> _older = [];

    private Tape(int capacity)
    {
        Operations = new Operation[capacity];
        First = new int[capacity];
        Second = new int[capacity];
        Numbers = new double[capacity];
        Varying = new bool[capacity];
    }

    /// <summary>How many nodes there are.</summary>
    internal int Count { get; private set; }

    /// <summary>What each node is. A <see cref="Operation.Leaf"/> is an input of the recording.</summary>
    internal Operation[] Operations { get; }

    /// <summary>The first input; of a parameter or an input its number; of a select its place in <see cref="Choices"/>.</summary>
    internal int[] First { get; }

    /// <summary>The second input; of a select the number of its index.</summary>
    internal int[] Second { get; }

    /// <summary>The number that each node had while recording.</summary>
    internal double[] Numbers { get; }

    /// <summary>Whether it differs from example to example.</summary>
    internal bool[] Varying { get; }

    /// <summary>The nodes that each select chooses from.</summary>
    internal List<int[]> Choices { get; } = [];

    /// <summary>Flattens what was recorded.</summary>
    /// <param name="root">The result.</param>
    /// <param name="start">The creation order before the recording.</param>
    /// <param name="parameters">The place of each parameter.</param>
    /// <param name="inputs">The place of each input, and of each index.</param>
    internal static Tape Build(Value root, long start, IReadOnlyDictionary<Value, int> parameters, IReadOnlyDictionary<Value, int> inputs)
    {
        // Creation order puts inputs before users: the nodes are marked by a walk, and then taken in that order.
        var recent = new Value?[root.Order > start ? checked((int)(root.Order - start)) : 0];
        var older = new List<Value>();
        Mark(root, start, recent, older);
        older.Sort((a, b) => a.Order.CompareTo(b.Order));

        var tape = new Tape(older.Count + recent.Count(node => node is not null));
        var places = new int[recent.Length];
        foreach (Value node in older)
            tape._older[node] = tape.Add(node, start, places, parameters, inputs);
        for (int i = 0; i < recent.Length; i++)
        {
            if (recent[i] is { } node)
                places[i] = tape.Add(node, start, places, parameters, inputs);
        }
        return tape;
    }

    private static void Mark(Value root, long start, Value?[] recent, List<Value> older)
    {
        var seen = new HashSet<Value>();
        var stack = new Stack<Value>();
        Visit(root);
        while (stack.TryPop(out Value? node))
        {
            if (node.IsLeaf)
                continue;
            if (node.Operation == Operation.Select)
            {
                Visit(node.Second);
                foreach (Value choice in node.Choices)
                    Visit(choice);
                continue;
            }
            Visit(node.First);
            if (node.HasSecond)
                Visit(node.Second);
        }

        void Visit(Value node)
        {
            if (node.Order <= start)
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
            stack.Push(node);
        }
    }

    private int Add(Value node, long start, int[] places, IReadOnlyDictionary<Value, int> parameters, IReadOnlyDictionary<Value, int> inputs)
    {
        int place = Count++;
        Numbers[place] = node.Number;
        Operation operation = node.Operation;
        if (node.IsLeaf)
        {
            if (parameters.TryGetValue(node, out int number))
                (Operations[place], First[place]) = (Operation.Parameter, number);
            else if (inputs.TryGetValue(node, out number))
                (Operations[place], First[place], Varying[place]) = (Operation.Leaf, number, true);
            else if (node.IsRecorded)
                throw new InvalidOperationException($"{node.Label ?? "A value"} is the input of another recording.");
            else
                Operations[place] = Operation.Constant;
            return place;
        }
        Operations[place] = operation;
        if (operation == Operation.Select)
        {
            First[place] = Choices.Count;
            Second[place] = inputs[node.Second];
            Choices.Add(Array.ConvertAll(node.Choices, PlaceOf));
            Varying[place] = true;
            return place;
        }
        First[place] = PlaceOf(node.First);
        Second[place] = node.HasSecond ? PlaceOf(node.Second) : -1;
        Varying[place] = Varying[First[place]] || (node.HasSecond && Varying[Second[place]]);
        return place;

        int PlaceOf(Value value) => value.Order > start ? places[value.Order - start - 1] : _older[value];
    }
}
