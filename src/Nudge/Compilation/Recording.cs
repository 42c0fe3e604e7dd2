// Builds an expression once, with inputs that stand for those of every example.

namespace Nudge;

/// <summary>A loss of one example as it was recorded.</summary>
internal sealed record Recording(Value Root, Tape Tape, double[] SampleInputs, int[] SampleIndices)
{
    /// <summary>Records a loss. The inputs have numbers while recording, so that it can be checked afterwards.</summary>
    internal static Recording Of(ParameterList parameters, int inputs, int indices, Func<Value[], IndexValue[], Value> loss)
    {
        var rng = new Rng(1);
        var sampleInputs = new double[inputs];
        for (int i = 0; i < inputs; i++)
            sampleInputs[i] = rng.Uniform(0.25, 1);
        var sampleIndices = new int[indices];

        Value[] numbers = Array.ConvertAll(sampleInputs, Value.Placeholder);
        Value[] choices = Array.ConvertAll(sampleIndices, index => Value.Placeholder(index));
        long start = new Value(0).Order;
        Value root = loss(numbers, Array.ConvertAll(choices, placeholder => new IndexValue(placeholder)));
        ArgumentNullException.ThrowIfNull(root, nameof(loss));

        Dictionary<Value, int> inputPlaces = Enumerate(numbers), parameterPlaces = Enumerate(parameters);
        foreach ((Value choice, int place) in Enumerate(choices))
            inputPlaces.Add(choice, place);
        return new Recording(root, Tape.Build(root, start, parameterPlaces, inputPlaces), sampleInputs, sampleIndices);
    }

    private static Dictionary<Value, int> Enumerate(IReadOnlyList<Value> values)
    {
        var places = new Dictionary<Value, int>(values.Count);
        for (int i = 0; i < values.Count; i++)
            places.Add(values[i], i);
        return places;
    }
}
