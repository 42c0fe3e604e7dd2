// The expression itself, one operation of its tape after the other: what a compiled program is checked against.

using System.Runtime.CompilerServices;

namespace Nudge;

/// <summary>Evaluates and differentiates a tape for one example, at any numbers.</summary>
internal sealed class TapeSweep(Tape tape) : IDisposable
{
    private readonly ScratchArray<double> _values = new(tape.Count), _gradients = new(tape.Count), _magnitudes = new(tape.Count);

    public void Dispose()
    {
        _values.Dispose();
        _gradients.Dispose();
        _magnitudes.Dispose();
    }

    /// <summary>The value of a node.</summary>
    internal double ValueOf(int node) => _values[node];

    /// <summary>The gradient of a node.</summary>
    internal double GradientOf(int node) => _gradients[node];

    /// <summary>The sum of the magnitudes of what was added into the gradient of a node.</summary>
    internal double MagnitudeOf(int node) => _magnitudes[node];

    /// <summary>Computes all values.</summary>
    /// <param name="inputs">The numbers of the example.</param>
    /// <param name="indices">Its whole numbers.</param>
    /// <param name="parameters">The numbers of the parameters.</param>
    /// <param name="error">An error that every number gets, as rounding would give it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Forward(ReadOnlySpan<double> inputs, ReadOnlySpan<int> indices, ReadOnlySpan<double> parameters, RoundingError? error = null)
    {
        ReadOnlySpan<Operation> operations = tape.Operations.Span[..tape.Count];
        ReadOnlySpan<int> firsts = tape.First.Span, seconds = tape.Second.Span;
        Span<double> values = _values.Span;
        for (int i = 0; i < operations.Length; i++)
        {
            int first = firsts[i], second = seconds[i];
            double value = operations[i] switch
            {
                Operation.Leaf => inputs[first],
                Operation.Parameter => parameters[first],
                Operation.Constant => tape.Numbers[first],
                Operation.Select => values[tape.Choices[first][indices[second]]],
                Operation operation => OperationTable.Apply(operation, values[first], second < 0 ? 0 : values[second]),
            };
            values[i] = error is null ? value : error.Apply(value, isComputed: operations[i] > Operation.Parameter);
        }
    }

    /// <summary>Computes all gradients of the sum of some results.</summary>
    /// <param name="roots">The results.</param>
    /// <param name="indices">The whole numbers of the example.</param>
    /// <param name="error">An error that everything that is added into a gradient gets.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Backward(ReadOnlySpan<int> roots, ReadOnlySpan<int> indices, RoundingError? error = null)
    {
        Span<double> values = _values.Span, gradients = _gradients.Span, magnitudes = _magnitudes.Span;
        // −0 stands for no gradient at all, which not even an infinite slope makes something of; adding to it changes nothing.
        gradients.Fill(-0.0);
        magnitudes.Clear();
        foreach (int root in roots)
            Add(root, 1);
        for (int i = tape.Count - 1; i >= 0; i--)
        {
            Operation operation = tape.Operations[i];
            double gradient = gradients[i];
            if (operation <= Operation.Detach || (gradient == 0 && double.IsNegative(gradient)))
                continue;
            int first = tape.First[i], second = tape.Second[i];
            if (operation == Operation.Select)
            {
                Add(tape.Choices[first][indices[second]], gradient);
                continue;
            }
            (double a, double b) = OperationTable.Derivatives(operation, values[first], second < 0 ? 0 : values[second], values[i]);
            Add(first, error is null ? gradient * a : error.Apply(gradient * a, isComputed: true));
            if (second >= 0)
                Add(second, error is null ? gradient * b : error.Apply(gradient * b, isComputed: true));
        }
    }

    /// <summary>Whether a maximum, or what else has a corner, chooses otherwise than at other numbers.</summary>
    internal bool ChoosesOtherwise(TapeSweep other)
    {
        for (int i = 0; i < tape.Count; i++)
        {
            if (tape.Operations[i] is Operation.Max or Operation.Min or Operation.Relu or Operation.Abs && ChoiceAt(i) != other.ChoiceAt(i))
                return true;
        }
        return false;
    }

    /// <summary>The largest magnitude of all values and gradients.</summary>
    internal double Largest()
    {
        double largest = 0;
        for (int i = 0; i < tape.Count; i++)
            largest = Math.Max(largest, Math.Max(Math.Abs(_values[i]), Math.Abs(_gradients[i])));
        return largest;
    }

    private int ChoiceAt(int node)
    {
        double b = tape.Second[node] < 0 ? 0 : _values[tape.Second[node]];
        return _values[tape.First[node]].CompareTo(b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(int node, double gradient)
    {
        _gradients[node] += gradient;
        _magnitudes[node] += Math.Abs(gradient);
    }
}

/// <summary>Random errors of a relative size.</summary>
/// <param name="rng">Draws them.</param>
/// <param name="size">How large one is at most, relative to the number.</param>
/// <param name="ofLeaves">Whether inputs, parameters and constants have errors, too.</param>
internal sealed class RoundingError(Rng rng, double size, bool ofLeaves)
{
    internal double Apply(double number, bool isComputed) => isComputed || ofLeaves ? number * (1 + rng.Uniform(-size, size)) : number;
}
