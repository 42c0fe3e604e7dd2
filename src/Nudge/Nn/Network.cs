// A module that turns numbers into numbers.

namespace Nudge;

/// <summary>A module with numbered inputs and outputs. Derive from it to train a network of your own.</summary>
public abstract class Network : Module
{
    /// <summary>How many inputs it takes.</summary>
    public abstract int InputCount { get; }

    /// <summary>How many outputs it gives.</summary>
    public abstract int OutputCount { get; }

    /// <summary>
    /// What it takes to make it again, as a text of its own: then it can be saved as a <see cref="TrainedModel"/>, and a function from
    /// this text makes it anew when the file is read (<see cref="ModelParts.Networks"/>). If not overridden null: it is not saved so.
    /// </summary>
    public virtual string? Architecture => null;

    /// <summary>The outputs for given inputs, always as an array, of one output too.</summary>
    /// <param name="inputs"><see cref="InputCount"/> values.</param>
    /// <exception cref="ArgumentException">There are more or fewer inputs than the network takes.</exception>
    public abstract Value[] Forward(params ReadOnlySpan<Value> inputs);

    /// <summary>The outputs for plain numbers.</summary>
    /// <param name="inputs"><see cref="InputCount"/> numbers.</param>
    public Value[] Forward(params ReadOnlySpan<double> inputs) => Forward(ToValues(inputs));

    /// <summary>The outputs as plain numbers.</summary>
    /// <param name="inputs"><see cref="InputCount"/> numbers.</param>
    public double[] Predict(params ReadOnlySpan<double> inputs) =>
        Array.ConvertAll(Forward(inputs), output => output.Data);

    /// <summary>Refuses any other number of inputs than it takes.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    protected void RequireInputs(ReadOnlySpan<Value> inputs)
    {
        if (inputs.Length != InputCount)
            throw new ArgumentException($"Expected {InputCount} inputs, got {inputs.Length}.", nameof(inputs));
    }

    /// <summary>Turns numbers into leaves.</summary>
    internal static Value[] ToValues(ReadOnlySpan<double> numbers)
    {
        var values = new Value[numbers.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = new Value(numbers[i]);
        return values;
    }
}
