// The multilayer perceptron.

using System.Globalization;
using System.Text;

namespace Nudge;

/// <summary>
/// A multilayer perceptron: layers one after the other. <c>new Mlp(3, [4, 4, 1], new Rng(1))</c> is the lesson's, with
/// 41 parameters and tanh everywhere.
/// </summary>
public sealed class Mlp : Network
{
    /// <summary>A multilayer perceptron.</summary>
    /// <param name="inputs">How many inputs it has, at least 1.</param>
    /// <param name="outputs">How many neurons each layer has; the last one's are the outputs.</param>
    /// <param name="rng">Where the starting numbers come from: the same seed gives the same network everywhere.</param>
    /// <param name="activation">The activation of all layers, or of all but the last; tanh if left out.</param>
    /// <param name="outputActivation">The activation of the last layer; that of the others if left out.</param>
    /// <param name="initialization">How the numbers start; <see cref="Initialization.Uniform"/> if left out.</param>
    /// <exception cref="ArgumentException">There is no layer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no input, or a layer has no neuron.</exception>
    public Mlp(
        int inputs,
        IReadOnlyList<int> outputs,
        Rng rng,
        Activation? activation = null,
        Activation? outputActivation = null,
        Initialization? initialization = null)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        if (outputs.Count == 0)
            throw new ArgumentException("Expected at least one layer, got none.", nameof(outputs));
        var layers = new Layer[outputs.Count];
        for (int i = 0; i < layers.Length; i++)
        {
            Activation? own = i == layers.Length - 1 ? outputActivation ?? activation : activation;
            layers[i] = new Layer(i == 0 ? inputs : outputs[i - 1], outputs[i], rng, own, initialization);
        }
        Layers = AddModules("layers", layers);
    }

    /// <summary>The layers, from the inputs to the outputs.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <inheritdoc/>
    public override int InputCount => Layers[0].InputCount;

    /// <inheritdoc/>
    public override int OutputCount => Layers[^1].OutputCount;

    /// <inheritdoc/>
    public override Value[] Forward(params ReadOnlySpan<Value> inputs)
    {
        Value[] signal = Layers[0].Forward(inputs);
        for (int i = 1; i < Layers.Count; i++)
            signal = Layers[i].Forward(signal);
        return signal;
    }

    /// <summary>The layer table: inputs, outputs, activation and parameters of each layer.</summary>
    public override string ToString()
    {
        var table = new StringBuilder();
        Row("layer", "inputs", "outputs", "activation", "parameters");
        for (int i = 0; i < Layers.Count; i++)
        {
            Layer layer = Layers[i];
            Row(Text(i), Text(layer.InputCount), Text(layer.OutputCount), layer.Activation.Name, Text(layer.ParameterCount));
        }
        table.Append(CultureInfo.InvariantCulture, $"{"total",-5}  {Text(ParameterCount),43}");
        return table.ToString();

        void Row(string layer, string inputs, string outputs, string activation, string parameters) =>
            table.Append(CultureInfo.InvariantCulture, $"{layer,-5}  {inputs,8}  {outputs,8}  {activation,-10}  {parameters,11}\n");

        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
