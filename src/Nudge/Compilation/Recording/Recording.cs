// Builds an expression once, with inputs that stand for those of every example.

namespace Nudge;

/// <summary>An expression of one example as it was recorded.</summary>
internal sealed record Recording(Value[] Inputs, Value[] Roots, Tape Tape, double[] SampleInputs, int[] SampleIndices) : IDisposable
{
    public void Dispose() => Tape.Dispose();

    /// <summary>Records an expression. The inputs have numbers while recording, so that it can be checked afterwards.</summary>
    internal static Recording Of(ParameterList parameters, int inputs, int indices, Func<Value[], IndexValue[], Value[]> expression)
    {
        var rng = new Rng(1);
        var sampleInputs = new double[inputs];
        for (int i = 0; i < inputs; i++)
            sampleInputs[i] = rng.Uniform(0.25, 1);

        long start = new Value(0).Order;
        var numbers = new Value[inputs];
        for (int i = 0; i < inputs; i++)
            numbers[i] = Value.Placeholder(sampleInputs[i], i);
        var choices = new IndexValue[indices];
        for (int i = 0; i < indices; i++)
            choices[i] = new IndexValue(Value.Placeholder(0, i));
        Value[] roots = expression(numbers, choices);
        if (roots is null || roots.Length == 0 || Array.Exists(roots, root => root is null))
            throw new ArgumentException("The expression gave no value.", nameof(expression));
        return new Recording(numbers, roots, Tape.Build(roots, start, parameters), sampleInputs, new int[indices]);
    }
}
