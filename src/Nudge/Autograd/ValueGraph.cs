// Everything that some values are computed from, in the order of creation.

namespace Nudge;

/// <summary>The values below some roots, the roots included, each once and after all of its inputs.</summary>
internal sealed class ValueGraph
{
    private readonly Dictionary<Value, int> _indices;

    internal ValueGraph(IReadOnlyList<Value> roots)
    {
        // Values made on different threads can have the same order; the walk decides between those, the same each time.
        var found = new Dictionary<Value, int>();
        var waiting = new Stack<Value>(roots.Reverse());
        while (waiting.TryPop(out Value? value))
        {
            if (!found.TryAdd(value, found.Count))
                continue;
            for (int i = value.Inputs.Count - 1; i >= 0; i--)
                waiting.Push(value.Inputs[i]);
        }
        Values = [.. found.OrderBy(entry => entry.Key.Order).ThenBy(entry => entry.Value).Select(entry => entry.Key)];
        _indices = new Dictionary<Value, int>(Values.Length);
        for (int i = 0; i < Values.Length; i++)
            _indices.Add(Values[i], i);
    }

    internal Value[] Values { get; }

    internal int IndexOf(Value value) => _indices[value];

    internal bool TryIndexOf(Value value, out int index) => _indices.TryGetValue(value, out index);

    /// <summary>For each value, the indices of its inputs.</summary>
    internal int[][] InputIndices() => Array.ConvertAll(Values, value => value.Inputs.Select(IndexOf).ToArray());

    /// <summary>
    /// The last value with one value's number changed. What is detached, and what does not depend on the changed one,
    /// stays as it is.
    /// </summary>
    internal double Nudged(int changed, double number)
    {
        var numbers = new double[Values.Length];
        var differs = new bool[Values.Length];
        numbers[changed] = number;
        differs[changed] = true;
        for (int i = changed + 1; i < Values.Length; i++)
        {
            Value value = Values[i];
            if (value.IsLeaf || value.Operation == Operation.Detach)
                continue;
            if (value.Operation == Operation.Select)
            {
                int chosen = IndexOf(value.Choices[(int)value.Second.Number]);
                (numbers[i], differs[i]) = (numbers[chosen], differs[chosen]);
                continue;
            }
            int first = IndexOf(value.First), second = value.HasSecond ? IndexOf(value.Second) : first;
            differs[i] = differs[first] || differs[second];
            if (differs[i])
                numbers[i] = OperationTable.Apply(value.Operation, At(first), At(second));
        }
        return At(Values.Length - 1);

        double At(int index) => differs[index] ? numbers[index] : Values[index].Number;
    }
}
